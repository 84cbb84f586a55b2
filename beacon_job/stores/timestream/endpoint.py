"""Where to write in Timestream and as whom: botocore's session, endpoint discovery and signature."""

import threading

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.discovery import EndpointDiscoveryRefreshFailed
from botocore.exceptions import BotoCoreError, ClientError, CredentialRetrievalError, NoRegionError
from botocore.session import Session

from beacon_job.stores.delivery import monotonic_ms
from beacon_job.stores.store import StoreDenied
from beacon_job.stores.timestream.settings import TimestreamSettings


class Endpoint:
    """Where to write to and as whom, found the way botocore finds it.

    An endpoint that is configured is used as it is. Otherwise the service is asked where to write
    (endpoint discovery), at the address botocore knows or `AWS_ENDPOINT_URL*` gives.
    """

    def __init__(self, session: Session, settings: TimestreamSettings) -> None:
        timeout_s = settings.request_timeout_ms / 1_000
        try:
            self._client = session.create_client(
                "timestream-write",
                region_name=settings.region or None,
                endpoint_url=settings.endpoint_url,
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
        self._configured = settings.endpoint_url is not None
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
