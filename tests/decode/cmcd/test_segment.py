"""Which segment a request is for."""

import pytest

from beacon_job.decode.cmcd.segment import segment_of


@pytest.mark.parametrize(
    ("url", "following", "number"),
    [
        ("/v/s004.m4s?CMCD=x", "", 4),
        ("https://cdn.example/a/b/12.ts?token=9", "", 12),
        ("/v/chunk-stream0-00012.m4s", "", 12),
        ("/v/segment_12_720p.ts", "segment_13_720p.ts", 12),
        ("/v/seg-12-v1-a1.ts", "../v/seg-13-v1-a1.ts", 12),
        ("/v/seg-12-v1-a1.ts", "..%2Fv%2Fseg-13-v1-a1.ts", 12),
        ("/v/t=360000.m4s", "", 360_000),
        ("/v/seg-12-v1-a1.ts", "", 12),
        ("/v/segment_12_720p.ts", "", 12),
        ("/v/media_w815_b500000_12.ts", "", 12),
        ("/v/v7.m4s", "", 7),
        ("GET /v/s04.m4s?CMCD=x HTTP/2.0", "", 4),
    ],
)
def test_the_number_in_the_name_is_that_in_which_the_next_differs_or_the_last(url, following, number):
    assert segment_of(url, following) == {"segment_number": number}


def test_a_name_without_a_number_has_a_checksum_that_no_query_and_no_host_changes():
    (checksum,) = segment_of("https://cdn.example/v/abc.m4s?token=1").values()
    assert segment_of("https://cdn.example/v/abc.m4s?token=2") == {"segment_checksum": checksum}
    assert segment_of("https://cdn.example/v/abd.m4s") != {"segment_checksum": checksum}


def test_a_number_of_too_many_digits_is_no_number():
    assert "segment_checksum" in segment_of("/v/12345678901234567890.m4s")


@pytest.mark.parametrize("url", ["", "/", "/v/", "?CMCD=x"])
def test_where_there_is_no_name_there_is_nothing(url):
    assert segment_of(url) == {}
