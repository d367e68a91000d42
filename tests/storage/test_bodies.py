"""The bytes of a capture are kept once, come back as they were, and tell when they were altered."""

import random
from hashlib import sha256
from pathlib import Path

import pytest
from fakes.checks import DAY, T0, URL, A, B, C, capture, keep, reading, see, see_bad, watched

from config.settings import Retention
from core.errors import StorageError
from core.model import Hop, QualityKind
from govwatch.demo.article import article_html
from storage.pack import pack, pack_alike, pack_text, pack_text_alike, unpack, unpack_text
from storage.retention import prune
from storage.rows import PackedBody, PageDraft
from storage.write import Transaction, open_reading, open_store


def test_one_body_is_kept_once(watching: tuple[Transaction, int]) -> None:
    tx, page = watching
    other = tx.put_page(PageDraft(f"{URL}?2"), T0)
    for number in (page, other):
        for day in range(3):
            see(tx, number, A, T0 + day * DAY, body=b"the very same bytes")
    assert tx._rows("select count(*) from body")[0][0] == 1
    assert tx._rows("select count(*) from capture")[0][0] == 6


def test_a_capture_without_its_body_is_kept_and_read_only_where_that_body_is_kept(
    watching: tuple[Transaction, int],
) -> None:
    tx, page = watching
    kept, other = capture(A, T0, body=b"as served"), capture(A, T0 + DAY, body=b"never kept").without_body()
    see(tx, page, A, T0, body=b"as served")
    assert tx.with_body(kept.without_body()) == tx.with_body(kept) == kept
    number = keep(tx, page, kept.without_body(), reading(A), T0 + DAY).capture
    assert tx.capture(number or 0).body == b"as served"
    with pytest.raises(StorageError, match="there is no body"):
        keep(tx, page, other, reading(A), T0 + 2 * DAY)
    with pytest.raises(StorageError, match="there is no body"):
        tx.with_body(other)


@pytest.mark.parametrize("body", [b"", b"\x00\xff" * 10, "云岭县".encode("gb18030"), b"x" * 3_000_000])
def test_a_capture_is_read_back_as_it_was(watching: tuple[Transaction, int], body: bytes) -> None:
    tx, page = watching
    kept = capture(
        A,
        T0,
        body=body,
        final_url=f"{URL}?b",
        status=203,
        headers=(("Set-Cookie", "a=1"), ("Set-Cookie", "b=\xff")),
        redirects=(Hop(URL, 302),),
        ip="192.0.2.1",
        tls="unverified",
        wire_bytes=7,
        wire_sha256="ab",
        defect="gzip body ends early",
    )
    number = keep(tx, page, kept, reading(A), T0).capture
    assert tx.capture(number or 0) == kept


@pytest.mark.parametrize(
    ("altered", "said"),
    [
        ("update body set packed = substr(packed, 1, 10)", "is damaged"),
        ("update body set packed = x''", "is damaged"),
        ("update body set packed = (select packed from body order by bytes desc limit 1)", "was altered"),
    ],
)
def test_a_body_that_was_altered_is_told(watching: tuple[Transaction, int], altered: str, said: str) -> None:
    tx, page = watching
    first = see(tx, page, A, T0, body=b"short").capture
    see(tx, page, B, T0 + DAY, body=b"a longer one")
    tx._connection.execute(altered)
    with pytest.raises(StorageError, match=said):
        tx.capture(first or 0)


def test_a_capture_that_is_not_there_is_told(watching: tuple[Transaction, int]) -> None:
    tx, _ = watching
    with pytest.raises(StorageError, match="there is no capture 7"):
        tx.capture(7)


def test_a_body_packed_beforehand_is_kept_as_it_would_have_been_and_read_back_whole(
    watching: tuple[Transaction, int],
) -> None:
    tx, page = watching
    near = tx.put_page(PageDraft(f"{URL}?2"), T0)
    frame = random.Random(1).randbytes(15_000).hex()
    first = capture(A, T0, body=f"{frame}1".encode())
    assert tx.packed_body(page, first) is None
    see(tx, page, A, T0, body=first.body)
    own = tx.packed_body(page, first)
    assert own == PackedBody(first.body_sha256, b"", len(first.body))
    assert tx.put_packed_body(first.body_sha256, own)
    for number, body, base in (
        (page, f"{frame}1 noise".encode(), first.body_sha256),
        (near, f"{frame}2".encode(), first.body_sha256),
        (near, f"{frame}2 noise".encode(), first.body_sha256),
        (near, random.Random(2).randbytes(15_000), None),
        (page, b"", first.body_sha256),
    ):
        one = capture(A, T0 + DAY, body=body)
        packed = tx.packed_body(number, one)
        assert packed
        assert (packed.base, packed.size) == (base, len(body))
        assert not base or len(packed.packed) < 100
        assert tx.put_packed_body(one.body_sha256, packed)
        assert tx.put_packed_body(one.body_sha256, packed)
        kept = keep(tx, number, one.without_body(), reading(A), T0 + DAY).capture
        assert tx.capture(kept or 0).body == body
    assert tx._rows("select count(*) from body")[0][0] == 6
    gone = PackedBody(sha256(b"not kept").digest(), b"packed", 9)
    assert not tx.put_packed_body(sha256(b"new").digest(), gone)


def test_a_number_that_another_body_got_misleads_nobody_who_reads_for_long(file: Path) -> None:
    old = random.Random(1).randbytes(15_000).hex().encode()
    new = old[:15_000] + b"a number used again" + old[15_000:]
    with open_store(file) as store, open_reading(file) as kept:
        with store.transaction() as tx:
            page = tx.put_page(PageDraft(URL), T0)
            see(tx, page, A, T0, body=old)
        kept.packed_body(page, capture(A, T0, body=old + b" noise"))
        one = capture(A, T0 + DAY, body=new + b" noise")
        with store.transaction() as tx:
            tx._change("update body set sha256 = ?, packed = ?, bytes = ?", sha256(new).digest(), pack(new), len(new))
        with store.transaction() as tx:
            packed = kept.packed_body(page, one)
            assert packed
            assert tx.put_packed_body(one.body_sha256, packed)
            assert tx.with_body(one.without_body()) == one


def test_nothing_is_packed_against_a_body_that_was_damaged_while_it_was_at_hand(file: Path) -> None:
    kept_body = random.Random(1).randbytes(15_000).hex().encode()
    with open_store(file) as store, open_reading(file) as kept:
        with store.transaction() as tx:
            page = tx.put_page(PageDraft(URL), T0)
            see(tx, page, A, T0, body=kept_body)
        one = capture(A, T0 + DAY, body=kept_body + b" noise")
        assert kept.packed_body(page, one)
        with store.transaction() as tx:
            tx._change("update body set packed = cast(substr(packed, 1, 200) || x'00' || substr(packed, 202) as blob)")
        with pytest.raises(StorageError, match=r"altered|damaged"):
            kept.packed_body(page, one)


def test_a_body_that_differs_little_is_kept_as_its_difference_and_read_back_whole(
    watching: tuple[Transaction, int],
) -> None:
    bodies = [article_html(noise=number) for number in range(40)]
    bodies += [
        article_html(paragraphs=[f"另一篇文章的第{n}段：{n * n}。" for n in range(400)], noise=n) for n in range(3)
    ]
    bodies += [b"", b"x", article_html(noise=99)]
    tx, page = watching
    for day, body in enumerate(bodies):
        see(tx, page, A if day % 7 else B, T0 + day * DAY, body=body)
    assert [tx.capture(number + 1).body for number in range(len(bodies))] == bodies
    kept = tx._rows("select base is null as is_keyframe, bytes, length(packed) as packed from body")
    assert sum(row["is_keyframe"] for row in kept) <= 6
    assert all(row["packed"] < row["bytes"] / 8 for row in kept if not row["is_keyframe"] and row["bytes"] > 1)


def test_the_first_capture_of_a_page_is_a_difference_from_the_first_good_one_of_its_host(
    watching: tuple[Transaction, int],
) -> None:
    tx, page = watching
    frame, other = (random.Random(seed).randbytes(15_000).hex() for seed in (1, 2))
    see_bad(tx, page, QualityKind.BLOCKED, T0)
    see(tx, page, A, T0, body=f"{frame}1".encode())
    for number in range(2, 6):
        near = tx.put_page(PageDraft(f"{URL}?{number}"), T0)
        see(tx, near, A, T0, body=f"{frame if number < 5 else other}{number}".encode())
        see(tx, near, A, T0 + DAY, body=f"{frame if number < 5 else other}{number} noise".encode())
    far = tx.put_page(PageDraft("https://another.gov.cn/"), T0)
    see(tx, far, A, T0, body=f"{frame}6".encode())
    assert [
        (row["base"], row["packed"] < 100) for row in tx._rows("select base, length(packed) as packed from body")
    ] == [
        (None, True),
        (None, False),
        *[(2, True)] * 6,
        *[(None, False), (9, True), (None, False)],
    ]
    assert tx.capture(8).body == f"{frame}4 noise".encode()


def test_pages_of_many_hosts_in_turns_are_each_packed_against_the_frame_of_their_own(
    watching: tuple[Transaction, int],
) -> None:
    tx, _ = watching
    hosts = [random.Random(host).randbytes(15_000).hex() for host in range(50)]
    for number in range(3):
        for host, frame in enumerate(hosts):
            page = tx.put_page(PageDraft(f"https://host{host}.gov.cn/{number}"), T0)
            see(tx, page, A, T0, body=f"{frame}{number}".encode())
    bases = [row["base"] for row in tx._rows("select base from body order by id")]
    assert bases == [None] * 50 + list(range(1, 51)) * 2
    for at in range(150):
        number, host = divmod(at, 50)
        assert tx.capture(at + 1).body == f"{hosts[host]}{number}".encode()


def served(number: int) -> tuple[tuple[str, str], ...]:
    """Return header fields as a server sends them, some of which differ from one answer to the next."""
    noise = random.Random(number).randbytes(8).hex()
    return (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT"),
        ("Strict-Transport-Security", "max-age=63072000; includeSubDomains; preload"),
        ("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; frame-ancestors 'self'"),
        ("Set-Cookie", f"session={noise}; Path=/; HttpOnly"),
    )


def test_headers_of_a_host_are_differences_from_those_of_its_first_good_capture(
    watching: tuple[Transaction, int],
) -> None:
    tx, page = watching
    see_bad(tx, page, QualityKind.BLOCKED, T0)
    see(tx, page, A, T0, headers=served(1))
    see(tx, page, A, T0 + DAY, headers=served(2))
    near, far = (tx.put_page(PageDraft(url), T0) for url in (f"{URL}?2", "https://another.gov.cn/"))
    see(tx, near, A, T0, headers=served(3))
    see(tx, near, B, T0 + DAY, headers=served(4))
    see(tx, far, A, T0, headers=served(5))
    kept = tx._rows("select base, length(headers) as bytes from capture order by id")
    assert [row["base"] for row in kept] == [None, None, 2, 2, 2, None]
    assert all(row["bytes"] < 50 for row in kept if row["base"])
    told = [tx.capture(number).headers for number in range(2, 7)]
    assert told == [served(number) for number in range(1, 6)]


def test_headers_follow_the_server_of_their_host_and_not_what_was_saved_of_it(
    watching: tuple[Transaction, int],
) -> None:
    tx, page = watching
    other = (("X-Token", random.Random(1).randbytes(200).hex()),)
    see(tx, page, A, T0, origin="import")
    see(tx, page, A, T0 + DAY, headers=served(1))
    see(tx, page, B, T0 + 2 * DAY, headers=served(2))
    see(tx, page, B, T0 + 3 * DAY, headers=served(3))
    see(tx, page, B, T0 + 4 * DAY, headers=other)
    see(tx, page, C, T0 + 5 * DAY, headers=other)
    see(tx, page, C, T0 + 6 * DAY, headers=other)
    assert [row["base"] for row in tx._rows("select base from capture order by id")] == [
        None,
        None,
        None,
        3,
        None,
        None,
        6,
    ]
    assert tx.capture(7).headers == other


def test_the_headers_of_a_host_are_not_let_go(file: Path) -> None:
    with watched(file) as (tx, page):
        for day in range(9):
            see(tx, page, A, T0 + day * DAY, headers=served(day))
        see(tx, tx.put_page(PageDraft(f"{URL}?2"), T0), A, T0 + 9 * DAY, headers=served(9))
    assert prune(file, Retention(captures_after_s=0, capture_every_s=30 * 86_400), T0 + 99 * DAY).noise == 6
    with open_store(file) as store:
        assert [row["base"] for row in store.reading()._rows("select base from capture order by id")] == [None, 1, 1, 1]
        assert store.reading().capture(10).headers == served(9)


@pytest.mark.parametrize("headers", [b"[]", b'[["a","1"]]'])
def test_texts_packed_against_a_short_one_read_back_whole(headers: bytes) -> None:
    frame = pack_text(headers)
    for number in range(3):
        assert unpack_text(pack_text_alike(headers + b"%d" % number, frame), frame) == headers + b"%d" % number


def test_the_frame_of_a_host_is_not_let_go(file: Path) -> None:
    frame = random.Random(1).randbytes(15_000).hex()
    with watched(file) as (tx, page):
        for day in range(4):
            see(tx, page, A, T0 + day * DAY, body=f"{frame}{day}".encode())
    with open_store(file) as store:
        store.reading()._rows("pragma foreign_keys = off")
        with store.transaction() as tx:
            tx._rows("delete from capture")
    assert prune(file, Retention(), T0).bodies == 3
    with open_store(file) as store:
        assert [row["frame"] for row in store.reading()._rows("select frame from host")] == [1]
        assert len(store.reading()._chain(1)) == 1


def test_no_body_needs_many_others_however_often_a_page_is_edited(watching: tuple[Transaction, int]) -> None:
    tx, page = watching
    frame, lines = random.Random(1).randbytes(15_000).hex(), list[str]()
    for day in range(60):
        lines.append(random.Random(day).randbytes(60).hex())
        see(tx, page, B if day % 2 else A, T0 + day * DAY, body=f"{frame}{lines}".encode())
    needed = [len(tx._chain(row["id"])) for row in tx._rows("select id from body")]
    assert max(needed) == 6
    assert tx.capture(60).body == f"{frame}{lines}".encode()


def test_a_large_body_is_kept_as_its_difference_too() -> None:
    old = random.Random(7).randbytes(3_000_000)
    new = old[:1000] + b"x" + old[1000:]
    packed = pack(new, old)
    assert len(packed) < 10_000
    assert unpack(packed, sha256(new).digest(), old) == new


@pytest.mark.parametrize("frame_bytes", [0, 7, 36_000, 70_000])
def test_pages_packed_one_after_the_other_against_a_frame_are_small_and_read_back_whole(frame_bytes: int) -> None:
    frame = random.Random(7).randbytes(frame_bytes)
    for number in range(3):
        page = frame + b"%d" % number
        packed = pack_alike(page, frame)
        assert len(packed) < 100
        assert unpack(packed, sha256(page).digest(), frame) == page
