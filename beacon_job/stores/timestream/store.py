"""Timestream for LiveAnalytics as a store.

botocore finds credentials, region and endpoint and signs requests (`endpoint`). Its validation and
serialisation of every record, ten times the cost of all else, are left out: `limits` and `requests` do that.
So is its HTTP session, which sends head and body apart without TCP_NODELAY: that costs 40 ms wherever
acknowledgements are delayed.
"""

from collections.abc import Sequence

import urllib3
from botocore.exceptions import BotoCoreError, ClientError
from botocore.httpsession import ProxyConfiguration, get_cert_path
from botocore.session import Session
from botocore.utils import get_environ_proxies

from beacon_job.stores.delivery import Delivery, Outcome, RetryPolicy, monotonic_ms
from beacon_job.stores.store import Counters, Refused
from beacon_job.stores.timestream.answers import Answer, outcome, read_answer
from beacon_job.stores.timestream.endpoint import Endpoint
from beacon_job.stores.timestream.requests import Request, encode, plan
from beacon_job.stores.timestream.settings import TimestreamSettings
from beacon_job.types.point import Point


class TimestreamStore:
    """A Store (see `stores.store.Store`). One per subtask; it keeps its connections."""

    def __init__(self, settings: TimestreamSettings) -> None:
        self._settings = settings
        self.counters = Counters()
        session = Session()
        self._endpoint = Endpoint(session, settings)
        self._http = _connections(session, self._endpoint.known_url, settings)
        policy = RetryPolicy(settings.retry_budget_ms)
        self._delivery = Delivery(self._send, settings.connections, policy, self.counters)

    def write(self, points: Sequence[Point]) -> list[Refused]:
        """See `stores.store.Store`."""
        planned = plan(points)
        self.counters.seen(points)
        self.counters.add(repeated=planned.repeated)
        return self._delivery.deliver(planned.requests, planned.refused)

    def close(self) -> None:
        """See `stores.store.Store`."""
        self._delivery.close()
        self._http.clear()

    def _send(self, request: Request) -> Outcome:
        table = self._settings.table(request.table)
        answer = self._call(*encode(request, self._settings.database, table))
        where = f"Timestream table {self._settings.database}.{table} in {self._endpoint.region}"
        return outcome(answer, [record for _, record in request.rows], where)

    def _call(self, content: bytes, units: int) -> Answer:
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


def _connections(session: Session, url: str, settings: TimestreamSettings) -> urllib3.PoolManager:
    """Kept connections; certificates are checked, `AWS_CA_BUNDLE` and proxies of the environment are used."""
    proxies = ProxyConfiguration(get_environ_proxies(url))
    proxy = proxies.proxy_url_for(url)
    timeout = urllib3.Timeout(total=settings.request_timeout_ms / 1_000)
    ca_certs = session.get_config_variable("ca_bundle") or get_cert_path(True)
    if proxy:
        return urllib3.ProxyManager(
            proxy,
            proxy_headers=proxies.proxy_headers_for(proxy),
            maxsize=settings.connections,
            timeout=timeout,
            ca_certs=ca_certs,
        )
    return urllib3.PoolManager(maxsize=settings.connections, timeout=timeout, ca_certs=ca_certs)
