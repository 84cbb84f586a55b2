"""What the contract is held against: the stand-in, or the real service.

With BEACON_CONTRACT_REAL=1, AWS_REGION and credentials that may create and delete databases, the same tests
run against Amazon Timestream, in a throwaway database of their own.
"""

import uuid
from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config

from local.timestream.testing import TimestreamServer
from tests.contract.service import REAL, Service, pause, read_by_query, read_from_stand_in

# Invalid requests must reach the service, so botocore must not find them first.
CONFIG = Config(parameter_validation=False, retries={"mode": "standard", "max_attempts": 5})
MAGNETIC = {"EnableMagneticStoreWrites": True}
SHORT = {"MemoryStoreRetentionPeriodInHours": 1, "MagneticStoreRetentionPeriodInDays": 1}
BY_SESSION = [{"Type": "DIMENSION", "Name": "session_id", "EnforcementInRecord": "REQUIRED"}]


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    database = f"beacon-contract-{uuid.uuid4().hex[:8]}"
    if not REAL:
        with TimestreamServer(tmp_path_factory.mktemp("timestream")) as server:
            dummy = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
            client = boto3.client("timestream-write", endpoint_url=server.url, config=CONFIG, **dummy)
            client.create_database(DatabaseName=database)
            yield Service(client, database, read_from_stand_in)
        return
    client = boto3.client("timestream-write", config=CONFIG)
    client.create_database(DatabaseName=database)
    service = Service(client, database, read_by_query)
    try:
        yield service
    finally:
        for table in service.tables:
            pause()
            client.delete_table(DatabaseName=database, TableName=table)
        pause()
        client.delete_database(DatabaseName=database)


@pytest.fixture
def session_id() -> str:
    """Every test writes as a session of its own, so that they can share tables."""
    return uuid.uuid4().hex


@pytest.fixture
def table(service: Service) -> str:
    """Memory store of one hour, no magnetic writes."""
    return service.table("memory", RetentionProperties=SHORT)


@pytest.fixture
def magnetic_table(service: Service) -> str:
    return service.table("magnetic", RetentionProperties=SHORT, MagneticStoreWriteProperties=MAGNETIC)


@pytest.fixture
def keyed_table(service: Service) -> str:
    """Partitioned by session_id, which every record must have."""
    return service.table("keyed", Schema={"CompositePartitionKey": BY_SESSION})
