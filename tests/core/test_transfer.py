"""What `unwrap` promises about content codings."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.transfer import TOO_LARGE, unwrap

GZIP = (("Content-Encoding", "gzip"),)
DEFLATE = (("content-encoding", "deflate"),)
TEXT = "责任编辑:白婉苹".encode() * 50


def raw_deflate(body: bytes) -> bytes:
    """Compress without the zlib wrapper, as some servers do."""
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


@given(st.binary(max_size=5000))
def test_what_was_packed_comes_back(body: bytes) -> None:
    assert unwrap(gzip.compress(body), GZIP, 5000) == (body, "")
    assert unwrap(zlib.compress(body), DEFLATE, 5000) == (body, "")


@given(st.integers(min_value=1, max_value=len(gzip.compress(TEXT)) - 1))
def test_gzip_cut_anywhere_is_told_and_the_bytes_are_kept(cut: int) -> None:
    wire = gzip.compress(TEXT)[:cut]
    assert unwrap(wire, GZIP, 10_000) == (wire, "gzip body ends early")


@pytest.mark.parametrize("headers", [(), (("Content-Encoding", "identity"),), (("Content-Encoding", ""),)])
def test_an_uncoded_body_stays_as_it_is(headers: tuple[tuple[str, str], ...]) -> None:
    assert unwrap(TEXT, headers, 10) == (TEXT, "")


def test_several_members_and_padding_after_them_are_read() -> None:
    packed = gzip.compress(b"one") + gzip.compress(b"two")
    assert unwrap(packed, GZIP, 10) == (b"onetwo", "")
    assert unwrap(packed + b"\0\0\0", GZIP, 10) == (b"onetwo", "")


def test_a_damaged_second_member_is_a_defect() -> None:
    packed = gzip.compress(b"one") + gzip.compress(b"two")[:-3]
    assert unwrap(packed, GZIP, 10) == (packed, "gzip body ends early")


def test_padding_must_not_hide_a_bomb_in_a_second_member() -> None:
    packed = gzip.compress(b"one") + gzip.compress(b"0" * 100)
    assert unwrap(packed, GZIP, 50) == (packed, TOO_LARGE)


def test_raw_deflate_is_read() -> None:
    assert unwrap(raw_deflate(TEXT), DEFLATE, 10_000) == (TEXT, "")


def test_stacked_codings_come_off_in_reverse() -> None:
    wire = gzip.compress(zlib.compress(TEXT))
    assert unwrap(wire, (("Content-Encoding", "deflate, x-gzip"),), 10_000) == (TEXT, "")


@pytest.mark.parametrize(
    ("wire", "defect"),
    [
        (gzip.compress(TEXT)[:-8] + b"\0\0\0\0" + gzip.compress(TEXT)[-4:], "gzip checksum wrong"),
        (gzip.compress(TEXT)[:-4] + b"\0\0\0\0", "gzip length wrong"),
        (b"<html>plain", "body is not gzip although its header says so"),
        (gzip.compress(b"")[:10] + b"\xff" * 20, "gzip body damaged"),
    ],
)
def test_damage_is_told_in_words(wire: bytes, defect: str) -> None:
    assert unwrap(wire, GZIP, 10_000) == (wire, defect)


def test_deflate_damage_is_told() -> None:
    wire = zlib.compress(TEXT)
    assert unwrap(wire[:-2], DEFLATE, 10_000) == (wire[:-2], "deflate body ends early")
    assert unwrap(wire[:-1] + b"\0", DEFLATE, 10_000)[1] == "deflate checksum wrong"


def test_a_bomb_is_stopped_at_the_limit() -> None:
    wire = gzip.compress(b"0" * 10_000_000)
    assert unwrap(wire, GZIP, 100_000) == (wire, TOO_LARGE)


def test_a_body_of_exactly_the_limit_passes() -> None:
    assert unwrap(gzip.compress(b"0" * 100), GZIP, 100) == (b"0" * 100, "")


def test_an_unknown_coding_is_told() -> None:
    assert unwrap(b"x", (("Content-Encoding", "br"),), 10) == (b"x", "content coding 'br' is not known")


def test_an_empty_body_under_a_coding_is_empty() -> None:
    assert unwrap(b"", GZIP, 10) == (b"", "")
