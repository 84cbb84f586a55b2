"""Each client is told the stand-in's address in the form it can use."""

import pytest

from local.timestream.endpoints import describe_endpoints

URL = "http://127.0.0.1:8087"


def address(user_agent: str) -> object:
    [endpoint] = describe_endpoints(URL, user_agent)["Endpoints"]
    return endpoint["Address"]


@pytest.mark.parametrize(
    "user_agent",
    [
        "Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux",
        "Botocore/1.44.5",
        "aws-cli/2.30.0 md/awscrt#0.27.6",
        "aws-sdk-go/1.55.5 (go1.23; linux; amd64)",
        "aws-sdk-go-v2/1.41.0 os/linux lang/go#1.25",
        "aws-sdk-java/2.34.0 Linux/6.1",
    ],
)
def test_a_client_that_keeps_a_scheme_gets_a_url(user_agent: str) -> None:
    assert address(user_agent) == URL


@pytest.mark.parametrize("user_agent", ["aws-sdk-js/3.940.0 ua/2.1 os/linux lang/js", "", "curl/8.5.0"])
def test_any_other_client_gets_a_bare_host_as_from_the_service(user_agent: str) -> None:
    assert address(user_agent) == "127.0.0.1"
