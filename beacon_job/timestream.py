"""Timestream for LiveAnalytics as a store. The only module that knows boto3, botocore and HTTP.

botocore finds credentials, region and endpoints, signs requests and speaks HTTP(S). Its validation and
serialisation of every record, ten times the cost of all else, are left out: `limits` and `grouping` do that.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import boto3
import msgspec
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies

from beacon_job.classify import Answer, RejectedRecord
from beacon_job.counters import Counters
from beacon_job.grouping import Request, body, plan, write_units
from beacon_job.point import Point
from beacon_job.retry import RetryPolicy
from beacon_job.store import Refused, Store, StoreDenied
from beacon_job.submit import Submitter, monotonic_ms

_HEADERS = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "Timestream_20181101.WriteRecords"}


@dataclass(frozen=True)
class TimestreamConfig:
    """Where to write and how hard to try."""

    region: str
    database: str
    tables: Mapping[str, str] = field(default_factory=dict)
    """Logical name of a table (`events`, `qoe`, `sessions`) -> its name in Timestream."""
    endpoint_url: str | None = None
    """A VPC endpoint or a stand-in. None: botocore's own way, with `AWS_ENDPOINT_URL*` and discovery."""
    connections: int = 16
    """Requests under way at once; 16 to 32 keep one core busy."""
    request_timeout_ms: int = 10_000
    retry_budget_ms: int = 60_000
    """Keep it well under the checkpoint timeout."""


class _Rejection(msgspec.Struct, frozen=True):
    """The body of an answer other than 200."""

    type: str = msgspec.field(name="__type", default="")
    message: str = ""
    Message: str = ""
    RejectedRecords: tuple[RejectedRecord, ...] = ()


_rejection = msgspec.json.Decoder(_Rejection).decode


class _Endpoint:
    """The address to write to, as botocore would find it."""

    def __init__(self, config: TimestreamConfig) -> None:
        session = boto3.session.Session(region_name=config.region or None)
        try:
            self._client = session.client(
                "timestream-write",
                endpoint_url=config.endpoint_url,
                config=Config(
                    connect_timeout=config.request_timeout_ms / 1_000,
                    read_timeout=config.request_timeout_ms / 1_000,
                    retries={"mode": "standard", "total_max_attempts": 1},
                ),
            )
        except NoRegionError:
            message = "no AWS region for Timestream: set aws.region of the store, or AWS_DEFAULT_REGION"
            raise StoreDenied(message) from None
        self.region: str = self._client.meta.region_name
        self._fixed: str | None = config.endpoint_url
        self._lock = threading.Lock()
        self._found = ""
        self._good_until_s = 0.0

    def url(self) -> str:
        """A given endpoint, or the one discovery names, until its time is up. Raises as botocore does."""
        if self._fixed:
            return self._fixed
        with self._lock:
            if time.monotonic() >= self._good_until_s:
                endpoint = self._client.describe_endpoints()["Endpoints"][0]
                address = endpoint["Address"]
                self._found = address if address.startswith("http") else f"https://{address}"
                self._good_until_s = time.monotonic() + 60 * endpoint["CachePeriodInMinutes"]
            return self._found

    def forget(self) -> None:
        """Discover anew before the next request."""
        with self._lock:
            self._good_until_s = 0.0


class TimestreamStore:
    """A Store (see `store.Store`). One per subtask; it keeps its connections."""

    def __init__(self, config: TimestreamConfig) -> None:
        self._config = config
        self.counters = Counters()
        self._endpoint = _Endpoint(config)
        session = boto3.session.Session()
        self._credentials = session.get_credentials()
        if self._credentials is None:
            message = (
                "no AWS credentials for Timestream: give the job a role, or set AWS_ACCESS_KEY_ID "
                "and AWS_SECRET_ACCESS_KEY"
            )
            raise StoreDenied(message)
        url = config.endpoint_url or f"https://timestream.{self._endpoint.region}.amazonaws.com"
        self._http = URLLib3Session(
            proxies=get_environ_proxies(url),
            timeout=config.request_timeout_ms / 1_000,
            max_pool_connections=config.connections,
        )
        self._submitter = Submitter(
            self._send, self._describe, config.connections, RetryPolicy(config.retry_budget_ms), self.counters
        )

    def write(self, points: Sequence[Point]) -> list[Refused]:
        """See `store.Store`."""
        if not points:
            return []
        planned = plan(points)
        self.counters.seen(max(point.time_ns for point in points))
        self.counters.add(repeated=planned.repeated)
        refused = planned.refused + self._submitter.submit(planned.requests)
        for item in refused:
            self.counters.refuse(item.kind)
        return sorted(refused, key=lambda item: item.index)

    def close(self) -> None:
        """See `store.Store`."""
        self._submitter.close()
        self._http.close()

    def _describe(self, request: Request) -> str:
        database, table = self._config.database, self._config.tables[request.table]
        return (
            f"Timestream table {database}.{table} in {self._endpoint.region} cannot be written (it must exist, "
            f"and the job's role needs timestream:WriteRecords on it and timestream:DescribeEndpoints on *)"
        )

    def _send(self, request: Request) -> Answer:
        content = body(request, self._config.database, self._config.tables[request.table])
        started_ms = monotonic_ms()
        try:
            signed = AWSRequest("POST", self._endpoint.url(), dict(_HEADERS), content)
            credentials = self._credentials.get_frozen_credentials()
            SigV4Auth(credentials, "timestream", self._endpoint.region).add_auth(signed)
            response = self._http.send(signed.prepare())
        except ClientError as error:
            return Answer(0, error.response["Error"]["Code"], f"endpoint discovery: {error}")
        except NoCredentialsError as error:
            return Answer(0, "MissingAuthenticationToken", str(error))
        except BotoCoreError as error:
            return Answer(0, type(error).__name__, str(error))
        finally:
            self.counters.request(monotonic_ms() - started_ms, len(content))
        self.counters.add(write_units=write_units(request))
        answer = _answer(response.status_code, response.headers, response.content)
        if answer.code == "InvalidEndpointException":
            self._endpoint.forget()
        return answer


def open_store(config: TimestreamConfig) -> Store:
    """The store that the job writes to; a module for another store has the same function."""
    return TimestreamStore(config)


def _answer(status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    """What an HTTP answer says; a 200 that is not JSON is none of the service's."""
    try:
        if status == 200:
            msgspec.json.decode(content)
            return Answer(200)
        said = _rejection(content)
    except msgspec.DecodeError:
        return Answer(status if status != 200 else 0, "", repr(content[:200]))
    code = said.type or headers.get("x-amzn-errortype", "")
    name = code.rpartition("#")[2].partition(":")[0]
    return Answer(status, name, said.message or said.Message, said.RejectedRecords)
