"""DescribeEndpoints: the address a client is sent to, in the form that this client can use. Pure.

The service answers with a bare host name, to which a client adds `https://`. Some clients keep an address
that has a scheme, and need one here, where there is no TLS; the others take what comes for a host name.
"""

from urllib.parse import urlsplit

_TAKE_URLS = ("boto3/", "botocore/", "aws-cli/", "aws-sdk-go", "aws-sdk-java/")
"""What the User-Agent of clients contains that take a URL."""
_CACHE_MINUTES = 1440


def describe_endpoints(url: str, user_agent: str) -> dict[str, list[dict[str, str | int]]]:
    """The answer to a client of this name by a server at this URL."""
    takes_urls = any(name in user_agent.lower() for name in _TAKE_URLS)
    address = url if takes_urls else urlsplit(url).hostname or url
    return {"Endpoints": [{"Address": address, "CachePeriodInMinutes": _CACHE_MINUTES}]}
