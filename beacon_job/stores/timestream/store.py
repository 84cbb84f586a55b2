"""Timestream for LiveAnalytics as a store. The only module that knows botocore, the core of boto3.

botocore finds credentials, region and endpoint and signs requests. Its validation and serialisation of every
record, ten times the cost of all else, are left out: `limits` and `grouping` do that. So is its HTTP session,
which sends head and body apart without TCP_NODELAY: that costs 40 ms wherever acknowledgements are delayed.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.discovery import EndpointDiscoveryRefreshFailed
from botocore.exceptions import BotoCoreError, ClientError, CredentialRetrievalError, NoRegionError
from botocore.httpsession import ProxyConfiguration, get_cert_path
from botocore.session import Session
from botocore.utils import get_environ_proxies

from beacon_job.stores.counters import Counters
from beacon_job.stores.delivery import Submitter, monotonic_ms
from beacon_job.stores.retry import RetryPolicy
from beacon_job.stores.store import Refused, Store, StoreDenied
from beacon_job.stores.timestream.answers import Answer, read_answer
from beacon_job.stores.timestream.requests import Request, encode, plan
from beacon_job.types.point import Point


@dataclass(frozen=True)
class TimestreamConfig:
    """Where to write and how hard to try."""

    region: str
    """Empty: botocore's own way (`AWS_DEFAULT_REGION`, profile)."""
    database: str
    tables: Mapping[str, str] = field(default_factory=dict)
    """Logical name of a table (`events`, `qoe`, `sessions`) -> its name in Timestream."""
    endpoint_url: str | None = None
    """A VPC endpoint or a stand-in. None: botocore's own way, with `AWS_ENDPOINT_URL*` and discovery."""
    connections: int = 16
    """Requests under way at once; 16 to 32 keep one core busy."""
    request_timeout_ms: int = 10_000
    """For one try, connecting included."""
    retry_budget_ms: int = 60_000
    """How long one request is tried again; keep it well under the checkpoint timeout."""


class Endpoint:
    """Where to write to and as whom, found the way botocore finds it.

    An endpoint that is configured is used as it is. Otherwise the service is asked where to write
    (endpoint discovery), at the address botocore knows or `AWS_ENDPOINT_URL*` gives.
    """

    def __init__(self, session: Session, config: TimestreamConfig) -> None:
        timeout_s = config.request_timeout_ms / 1_000
        try:
            self._client = session.create_client(
                "timestream-write",
                region_name=config.region or None,
                endpoint_url=config.endpoint_url,
                config=Config(
                    connect_timeout=timeout_s, read_timeout=timeout_s, retries={"total_max_attempts": 1}
                ),
            )
        except NoRegionError:
            message = "no AWS region for Timestream: set aws.region of the store, or AWS_DEFAULT_REGION"
            raise StoreDenied(message) from None
        except BotoCoreError as error:
            # Half a pair of keys, a profile that does not exist, a broken configuration file.
            message = f"no AWS client for Timestream: {error}"
            raise StoreDenied(message) from None
        self._credentials = session.get_credentials()
        if self._credentials is None:
            message = (
                "no AWS credentials for Timestream: give the job a role, or set AWS_ACCESS_KEY_ID "
                "and AWS_SECRET_ACCESS_KEY"
            )
            raise StoreDenied(message)
        self.region: str = self._client.meta.region_name
        self.known_url: str = self._client.meta.endpoint_url
        """The configured endpoint, or the one that discovery asks."""
        self._configured = config.endpoint_url is not None
        self._lock = threading.Lock()
        self._discovered_url = ""
        self._good_until_ms = 0.0
        self._failed_at_ms, self._failure = 0.0, Exception()

    def url(self) -> str:
        """Where to write now. Raises what botocore raises."""
        if self._configured:
            return self.known_url
        asked_at_ms = monotonic_ms()
        with self._lock:
            if self._failed_at_ms > asked_at_ms:
                # Somebody asked in vain while we waited: one timeout for all, not one after the other.
                raise self._failure
            if monotonic_ms() >= self._good_until_ms:
                self._discover()
            return self._discovered_url

    def forget(self) -> None:
        """Discover anew before the next request: the service said that the address is no longer good."""
        with self._lock:
            self._discovered_url, self._good_until_ms = "", 0.0

    def _discover(self) -> None:
        try:
            address, minutes = self._ask()
        except (BotoCoreError, ClientError) as error:
            if not self._discovered_url:
                self._failed_at_ms, self._failure = monotonic_ms(), error
                raise
            # Writing still works at the old address; ask again in a minute.
            self._good_until_ms = monotonic_ms() + 60_000
            return
        self._discovered_url = address if address.startswith("http") else f"https://{address}"
        self._good_until_ms = monotonic_ms() + 60_000 * minutes

    def _ask(self) -> tuple[str, int]:
        """The address and for how many minutes it is good."""
        try:
            found = self._client.describe_endpoints()["Endpoints"][0]
            return found["Address"], found["CachePeriodInMinutes"]
        except LookupError as error:
            raise EndpointDiscoveryRefreshFailed from error

    def sign(self, url: str, content: bytes) -> dict[str, str]:
        """The headers of a WriteRecords call, signed with the credentials of this moment."""
        request = AWSRequest(
            "POST",
            url,
            {
                "Content-Type": "application/x-amz-json-1.0",
                "X-Amz-Target": "Timestream_20181101.WriteRecords",
            },
            content,
        )
        try:
            credentials = self._credentials.get_frozen_credentials()
        except RuntimeError as error:
            # botocore's way to say that what it was given anew has expired as well.
            provider = self._credentials.method
            raise CredentialRetrievalError(provider=provider, error_msg=str(error)) from error
        SigV4Auth(credentials, "timestream", self.region).add_auth(request)
        return dict(request.headers.items())


class TimestreamStore:
    """A Store (see `store.Store`). One per subtask; it keeps its connections."""

    def __init__(self, config: TimestreamConfig) -> None:
        self._config = config
        self.counters = Counters()
        session = Session()
        self._endpoint = Endpoint(session, config)
        self._http = _connections(session, self._endpoint.known_url, config)
        policy = RetryPolicy(config.retry_budget_ms)
        self._submitter = Submitter(self._send, self._describe, config.connections, policy, self.counters)

    def write(self, points: Sequence[Point]) -> list[Refused]:
        """See `store.Store`."""
        if not points:
            return []
        planned = plan(points)
        self.counters.seen(max([point.time_ns for point in points]))
        self.counters.add(repeated=planned.repeated)
        refused = planned.refused + self._submitter.submit(planned.requests)
        for item in refused:
            self.counters.refuse(item.kind)
        return sorted(refused, key=lambda item: item.index)

    def close(self) -> None:
        """See `store.Store`."""
        self._submitter.close()
        self._http.clear()

    def _describe(self, request: Request) -> str:
        database, table = self._config.database, self._config.tables[request.table]
        return f"Timestream table {database}.{table} in {self._endpoint.region}"

    def _send(self, request: Request) -> Answer:
        content, units = encode(request, self._config.database, self._config.tables[request.table])
        started_ms = monotonic_ms()
        try:
            url = self._endpoint.url()
            headers = self._endpoint.sign(url, content)
            response = self._http.urlopen(
                "POST", url, body=content, headers=headers, redirect=False, retries=False
            )
        except ClientError as error:
            return Answer(0, error.response["Error"]["Code"], str(error))
        except (BotoCoreError, urllib3.exceptions.HTTPError) as error:
            return Answer(0, type(error).__name__, str(error))
        finally:
            self.counters.request(monotonic_ms() - started_ms, len(content))
        answer = read_answer(response.status, response.headers, response.data)
        if answer.status == 200 or answer.rejected:
            self.counters.add(write_units=units)
        if answer.code == "InvalidEndpointException":
            self._endpoint.forget()
        return answer


def open_store(config: TimestreamConfig) -> Store:
    """The store that the job writes to; a module for another store has the same function."""
    return TimestreamStore(config)


def _connections(session: Session, url: str, config: TimestreamConfig) -> urllib3.PoolManager:
    """Kept connections; certificates are checked, `AWS_CA_BUNDLE` and proxies of the environment are used."""
    proxies = ProxyConfiguration(get_environ_proxies(url))
    proxy = proxies.proxy_url_for(url)
    timeout = urllib3.Timeout(total=config.request_timeout_ms / 1_000)
    ca_certs = session.get_config_variable("ca_bundle") or get_cert_path(True)
    if proxy:
        return urllib3.ProxyManager(
            proxy,
            proxy_headers=proxies.proxy_headers_for(proxy),
            maxsize=config.connections,
            timeout=timeout,
            ca_certs=ca_certs,
        )
    return urllib3.PoolManager(maxsize=config.connections, timeout=timeout, ca_certs=ca_certs)
