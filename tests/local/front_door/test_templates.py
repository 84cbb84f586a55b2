"""Every template of deploy/openapi.yaml, rendered as API Gateway's Velocity would render it."""

import json
from base64 import b64decode, b64encode
from ipaddress import IPv4Address, IPv6Address, ip_network
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.openapi import read
from jars.trouble import Trouble
from tests.local.front_door.engines import ENGINES, Case, velocity
from tests.local.front_door.hostile_values import VALUES
from tests.places import ROOT

PATHS = read(ROOT / "deploy" / "openapi.yaml")["paths"]
INTEGRATIONS = [
    operation["x-amazon-apigateway-integration"]
    for item in PATHS.values()
    for operation in item.values()
    if isinstance(operation, dict)
]
PUT = PATHS["/v1/beacons"]["post"]["x-amazon-apigateway-integration"]
RECORD = PUT["requestTemplates"]["application/json"]
REFUSAL = PUT["responses"][r"4\d{2}"]["responseTemplates"]["application/json"]
TEMPLATES = sorted(
    {
        template
        for integration in INTEGRATIONS
        for holder in (integration, *integration["responses"].values())
        for key in ("requestTemplates", "responseTemplates")
        for template in holder.get(key, {}).values()
    }
)
VARIABLES = {
    "stream": "beacons",
    "kill": "off",
    "refused_sessions": "a,66454545556",
    "sampled_out": "0,1",
    "allowed_origins": "https://a.example,https://b.example",
}
PREFIXES = {
    "203.0.113.7": "203.0.113.0/24",
    "2001:db8:85a3:8d3:1319:8a2e:370:7348": "2001:db8:85a3::/48",
    "2001:db8:85a3::8a2e:370:7334": "2001:db8:85a3::/48",
    "2001:db8:85a3:1::7334": "2001:db8:85a3::/48",
    "2001:db8::1": "2001:db8::/48",
    "2001:DB8:0:0:1::": "2001:DB8:0::/48",
    "1::3:4:5:6:7:8": "1::/48",
    "::1": "::/48",
    "::": "::/48",
    "fe80::1%eth0": "fe80::/48",
    "::ffff:203.0.113.7": "203.0.113.0/24",
    "64:ff9b::203.0.113.7": "203.0.113.0/24",
    "test-invoke-source-ip": "",
    "1:2:3:4:5:6:7:": "",
    "1.2.3": "",
    "": "",
}
ERRORS = ("Serialization", "Validation", "ProvisionedThroughputExceeded", "ResourceNotFound", "AccessDenied")


def envelope(case: Case) -> dict[str, object]:
    put = json.loads(case.here()[0])
    assert set(put) == {"StreamName", "PartitionKey", "Data"}
    found = json.loads(b64decode(put["Data"], validate=True))
    assert isinstance(found, dict)
    return found


def everywhere(template: str, value: str) -> Case:
    """A request that says the same thing wherever a client can say something."""
    names = ("Origin", "origin", "Content-Type", "CloudFront-Viewer-Country", "User-Agent", value)
    return Case(
        template,
        body=value,
        query={"session": value, "player": value, value: value, "CMCD": f'e=ps,sid="{value}",sn=1'},
        header=dict.fromkeys(names, value),
        path={"target": value},
        source_ip=value,
        user_agent=value,
    )


def cases() -> list[Case]:
    """Each template with everything hostile, and all the ways a session, an address or an error may look."""
    found = [everywhere(template, value) for template, value in product(TEMPLATES, VALUES)]
    found += [Case(RECORD, query={"CMCD": f'e=ps,sid="{value}",sn=1'}, stage=VARIABLES) for value in VALUES]
    found += [Case(RECORD, source_ip=address) for address in PREFIXES]
    bodies = [f'{{"__type":"{error}Exception","message":"$x #end"}}' for error in ERRORS]
    sites = ("", "https://a.example", "https://c.example")
    for template, body, site, stage in product(TEMPLATES, bodies, sites, ({}, VARIABLES)):
        found.append(Case(template, body=body, header={"Origin": site} if site else {}, stage=stage))
    found += [Case(RECORD, query={"session": session}, stage=VARIABLES) for session in ("a", "b", "b1", "x2")]
    return found


@pytest.mark.parametrize("version", ENGINES)
def test_every_template_renders_as_in_apache_velocity_whatever_comes(version: str) -> None:
    asked = cases()
    try:
        found = velocity(version, asked)
    except Trouble as trouble:
        pytest.skip(f"Apache Velocity {version} cannot be had: {trouble}")
    assert found == [case.here() for case in asked]


@pytest.mark.parametrize("value", VALUES)
def test_no_value_of_a_client_breaks_the_json_or_another_field(value: str) -> None:
    found = envelope(everywhere(RECORD, value))
    assert list(found) == [
        "v", "recv_at", "request_id", "path", "content_type", "user_agent", "ip_prefix", "country", "body",
    ]  # fmt: skip
    assert (found["v"], found["recv_at"], found["request_id"]) == (1, 1795455862908, "r-1")


@given(
    body=st.binary(max_size=300),
    texts=st.lists(st.text(max_size=40), min_size=5, max_size=5),
)
def test_any_bytes_come_out_as_they_went_in_beside_any_texts(body: bytes, texts: list[str]) -> None:
    session, agent, site, target, kind = texts
    case = Case(
        RECORD,
        body=b64encode(body).decode(),
        query={"session": session, "cdn": site},
        header={"Content-Type": kind, "Origin": site},
        path={"target": target},
        user_agent=agent,
    )
    found = envelope(case)
    assert b64decode(str(found["body"]), validate=True) == body
    assert len(found) == 9


@pytest.mark.parametrize("address", PREFIXES)
def test_an_address_is_cut_before_it_enters_the_stream(address: str) -> None:
    assert envelope(Case(RECORD, source_ip=address))["ip_prefix"] == PREFIXES[address]


@given(st.ip_addresses())
def test_an_address_becomes_the_network_of_24_or_48_bits_around_it(
    address: IPv4Address | IPv6Address,
) -> None:
    prefix = str(envelope(Case(RECORD, source_ip=str(address)))["ip_prefix"])
    assert address in ip_network(prefix)
    assert prefix.endswith("/24" if address.version == 4 else "/48")


def test_only_what_is_named_is_kept_of_a_query() -> None:
    query = {"token": "secret", "player": "hls.js", "CMCD": 'sid="a b"', "session": "s"}
    found = envelope(Case(RECORD, query=query, path={"target": "state"}))
    assert found["path"] == "/v1/cmcd/state?player=hls.js&CMCD=sid%3D%22a+b%22"


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({"session": "66454545556"}, "66454545556"),
        ({"CMCD": 'bl=3,sid="a-b",sn=1'}, "a-b"),
        ({"CMCD": 'sid="a-b"'}, "a-b"),
        ({"CMCD": 'com.example-sid="no"'}, "r-1"),
        ({"session": "s", "CMCD": 'sid="a-b"'}, "s"),
        ({"session": "ä/b"}, "__b"),
        ({"session": "x" * 300}, "x" * 128),
        ({}, "r-1"),
    ],
)
def test_records_of_a_session_have_one_partition_key_if_the_request_tells_it(
    query: dict[str, str], key: str
) -> None:
    assert json.loads(Case(RECORD, query=query).here()[0])["PartitionKey"] == key
