"""Claims about pages whose structure is nonsense: each ends as a reading, within bounds, in a process that has limits."""

import os
import random
import re
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.shipped import load_library
from core.model import Capture, Reading
from core.normalize import fingerprint
from core.read import page_reader
from govwatch.demo import article

ROOT = Path(__file__).parents[2]
URLS = ("http://www.sc.gov.cn/10462/10464/2023/5/22/a1.shtml", "http://www.example.gov.cn/art/2023/5/22/t1.html")
NOW = datetime(2024, 7, 14, tzinfo=UTC)
LIBRARY = load_library()
LINE = "会议要求,各乡镇要在汛期前排查临水临崖路段,能立即整改的马上整改;暂时不能整改的设立警示标志,专人值守。"
P = f"<p>{LINE}</p>"
FEW = P * 10
DICE = random.Random(7)

CPU_S, MEMORY_BYTES = 5, 400_000_000
"""Hard limits with room for a slow machine; measured on a common one: at most 1.3 s, and 130 MB more memory."""

READER = f"""
import os, resource, struct, sys
from datetime import UTC, datetime
from config.shipped import load_library
from core.model import Capture
from core.read import page_reader

library, now = load_library(), datetime(2024, 7, 14, tzinfo=UTC)
reader = page_reader({URLS[1]!r}, "", library.profiles, library.rules)

def read(body, media):
    return reader.read(Capture(reader.url, reader.url, 200, (), body, now, now, media=media)).quality.kind.value

read({(P * 20).encode()!r}, "html")
while len(head := sys.stdin.buffer.read(12)) == 12:
    size, media = struct.unpack(">Q4s", head)
    body = sys.stdin.buffer.read(size)
    if pid := os.fork():
        status = os.waitpid(pid, 0)[1]
        if status:
            print("ended by", status, flush=True)
        continue
    here = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (here + {MEMORY_BYTES},) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, ({CPU_S}, {CPU_S}))
    try:
        answer = read(body, media.decode())
    except BaseException as error:
        answer = f"raised {{error!r}}"
    print(answer, flush=True)
    os._exit(0)
"""


def page(body: str, head: str = "") -> bytes:
    return f"<html><head><title>青石镇</title>{head}</head><body>{body}</body></html>".encode()


def many(form: str, count: int) -> str:
    return "".join(form.format(at) for at in range(count))


HTML: dict[str, Callable[[], bytes]] = {
    "100,000 nested tags": lambda: page("<div>" * 100_000 + P + "</div>" * 100_000),
    "90,000 nested tags": lambda: page("<div>" * 90_000 + P),
    "90,000 nested letter styles": lambda: page("<b><font>" * 45_000 + P),
    "90,000 nested styles around text": lambda: page("<span>会议要求,一二三四。" * 90_000 + P),
    "100,000 nested tables": lambda: page("<table><tr><td>文" * 100_000 + "</td></tr></table>" * 100_000),
    "30,000 nested tables": lambda: page("<table><tr><td>文" * 30_000 + P),
    "90,000 unclosed tables": lambda: page("<table>" * 90_000 + P),
    "90,000 unclosed items": lambda: page("<ul><li>" * 45_000 + P),
    "90,000 unclosed links": lambda: page("<a href=x>" * 90_000 + P),
    "90,000 unclosed forms": lambda: page("<form>" * 90_000 + P),
    "800,000 closing tags": lambda: page("</div>" * 800_000 + P),
    "tags closed crosswise": lambda: page("<b><p><i><div></b></p></i></div>" * 20_000),
    "styles reopened in every paragraph": lambda: page("<b><i><u><s><p>文,好" * 18_000),
    "90,000 styles deep down": lambda: page("<font>" * 2_000 + "<span>会议要求,一二三四五六七。</span>" * 80_000),
    "90,000 boxes deep down": lambda: page("<div>" * 2_000 + "<div>会议要求,一二三四五六七。</div>" * 80_000),
    "text at every depth": lambda: page(("<div>会议要求,一二三四五六七。" * 2_000 + "</div>" * 2_000) * 40),
    "deep select": lambda: page("<select><optgroup><option>" * 30_000 + P),
    "500,000 options": lambda: page("<select>" + "<option>文" * 500_000),
    "90,000 options": lambda: page("<select>" + "<option>文" * 90_000),
    "a line of 5 MB": lambda: page("<p>" + "会议要求各乡镇" * 240_000),
    "a line of 5 MB without a tag": lambda: b"a" * 5_000_000,
    "5 MB of blanks": lambda: page("<p>文" + " " * 5_000_000 + "文"),
    "5 MB of different blanks": lambda: page("<p>文" + " \t\n\u3000\xa0" * 500_000 + "文"),
    "5 MB of <p>": lambda: page("<p>" * 1_660_000),
    "90,000 <p>": lambda: page("<p>" * 90_000),
    "90,000 short paragraphs": lambda: page("<p class='a' style='color:red'>文,好。" * 90_000),
    "30,000 paragraphs": lambda: page(P * 30_000),
    "5 MB of <br>": lambda: page("文<br>" * 700_000),
    "90,000 <br>": lambda: page("文,好。<br>" * 90_000),
    "90,000 cells": lambda: page("<table>" + "<tr><td>文<td>字" * 30_000),
    "90,000 cells in one row": lambda: page("<table><tr>" + "<td>文" * 90_000),
    "90,000 headlines": lambda: page("<h1>青石镇</h1>" * 90_000 + FEW),
    "a headline of 3 MB": lambda: page("<h1>" + "青石镇" * 330_000 + "</h1>" + FEW),
    "a window title of 4 MB": lambda: f"<title>{'- _' * 1_300_000}</title><body>{FEW}".encode(),
    "a window title of brackets": lambda: f"<title>{'<' * 4_000_000}</title><body>{FEW}".encode(),
    "a window title of blanks": lambda: f"<title>青{' 	' * 2_000_000}石</title><body>{FEW}".encode(),
    "NUL bytes": lambda: b"\0" * 5_000_000,
    "NUL bytes between": lambda: page("\0文\0<p\0>" * 90_000),
    "lone surrogates as entities": lambda: page(f"<p>&#xD800;&#55357;&#x110000;&#0;&#xFFFFFFFFFF;{LINE}</p>" * 20_000),
    "5 MB of entities": lambda: page("<p>" + "&nbsp;&#8203;" * 380_000 + "文,"),
    "no body": lambda: b"<html><head><title>t</title></head></html>",
    "a head of 300,000 meta tags": lambda: b"<html><head>" + b"<meta name=a content=b>" * 300_000,
    "a head of 90,000 meta tags": lambda: b"<html><head>" + b"<meta name=ArticleTitle content=b>" * 90_000,
    "a meta tag that never ends": lambda: b"<meta charset" + b" " * 4_000_000,
    "only comments": lambda: "<!-- 注释 -->".encode() * 400_000,
    "a comment that never ends": lambda: b"<!--" * 1_900_000,
    "declarations in declarations": lambda: b"<!DOCTYPE html [" + b"<!ENTITY a '&a;&a;'>" * 200_000 + b"]><p>&a;",
    "8 MB of random bytes": lambda: DICE.randbytes(8 << 20),
    "8 MB of random markup": lambda: bytes(DICE.choices(b"<>/=\"' abpdivtrl&;!-", k=1 << 20)) * 8,
    "a million attributes": lambda: page(f"<div {many('a{:x}=1 ', 700_000)}{'b ' * 300_000}>{P}</div>"),
    "25,000 attributes in little room": lambda: page(f"<div {many('{:x} ', 25_000)}>{P}"),
    "300,000 attributes of 30,000 tags": lambda: page("<p a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9 j=0>文,好" * 30_000),
    "90,000 equal ids": lambda: page("<p id='articleattribute'>文,好" * 90_000),
    "90,000 article containers": lambda: page("<div id='cmsArticleContent'>文</div>" * 90_000),
    "90,000 tag names": lambda: page(many("<x{0}>文</x{0}>", 90_000)),
    "a tag name of 4 MB": lambda: page(f"<{'a' * 4_000_000}>{P}"),
    "an attribute of 5 MB": lambda: page(f'<a href="{"x" * 5_000_000}">{P}'),
    "a link of a million endings": lambda: page(f"<a href=x>{'.pdf(' * 1_000_000}</a>{P}"),
    "a style of 5 MB": lambda: page(f"<p style='{'display: ' * 500_000}'>{FEW}"),
    "90,000 almost hidden paragraphs": lambda: page(f"<p style='display:{' ' * 40}none'>文" * 90_000),
    "200,000 links": lambda: page(many("<a href='/f/{0}.pdf'>附件{0}.pdf</a>", 200_000)),
    "90,000 links": lambda: page(FEW + many("<a href='/f/{0}.pdf'>附件{0}.pdf</a>", 90_000)),
    "90,000 links in the article": lambda: page(f"<ucapcontent>{P}{many('<a href=/{0}.pdf>附件{0}</a>', 90_000)}"),
    "a script that looks like a challenge": lambda: page(f"<script>{'document.cookie   ' * 280_000}</script>"),
    "scripts in scripts": lambda: page("<script>" * 600_000),
    "90,000 placeholders": lambda: page("<p>{{a}}" * 90_000),
    "a paragraph of combining marks": lambda: page("<p>e" + "\u0301" * 2_400_000),
    "UTF-16 with a byte too many": lambda: b"\xff\xfe" + page(P * 20_000).decode().encode("utf-16le") + b"x",
    "GBK with broken bytes": lambda: page(P * 30_000).decode().encode("gbk").replace(b"\xa3\xac", b"\xff"),
}
TEXT: dict[str, Callable[[], bytes]] = {
    "5 MB of labels": lambda: ("青石镇\n来源：云岭县\n责任编辑：苏可明\n" * 60_000).encode(),
    "5 MB of empty labels": lambda: "青石镇\n来源：\n".encode() * 200_000,
    "a line of labels": lambda: "来源：责任编辑：".encode() * 200_000,
    "5 MB of empty lines": lambda: b"\n" * 5_000_000 + b"x",
    "5 MB of blanks": lambda: b" " * 5_000_000 + b"x",
    "3 MB of bullets": lambda: " • *".encode() * 500_000,
    "the article 100,000 times": lambda: "青石镇\n2023-05-22\n".encode() * 100_000,
}


def examples() -> list[str]:
    """Return the words that the rules, the labels and the dates are looking for: what they all but match is worst."""
    words = [block for rule in LIBRARY.rules for example in rule.examples for block in example.before]
    words += [
        "来源：",
        "信 息 来 源 ：",
        "责任编辑：",
        "责 编：",
        "发布时间：",
        "作者：",
        "字体：",
        "来源 | ",
        "【责任编辑：",
    ]
    return [
        *words,
        "2023-05-22 14:50",
        "2023年13月45日",
        "２０２３．５．２２",
        "2023 - 05 - 22 T 14 ∶",
        "日期",
        "附件：",
        "——",
    ]


RUNS = (
    " ",
    "\u3000",
    "1",
    "2019",
    "2023-",
    "（",
    "【",
    "】",
    "：",
    "来源：",
    "来 源",
    "打印",
    "大 ",
    "A+",
    ">",
    "—",
    "日",
    "<br>",
)


def hostile_blocks(run: str, around: Literal["p", "h1", "td", "div"]) -> bytes:
    lines = [f"{word}{run * (200 // len(run))}{end}" for word in examples() for end in ("", "。")]
    lines += [f"{word[:half]}{run * (250 // len(run))}" for word in examples() for half in (1, len(word) // 2)]
    block = "".join(f"<{around}>{line}</{around}>" for line in lines)
    return page(block * max(1, 2_000_000 // len(block.encode())) + "<p>" + "".join(lines) * 30)


class Limited:
    """A process that reads each body it is given in a child of its own, under hard limits."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", READER]
        # Unmeasured by coverage, which several times over outlasts the limit.
        unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=ROOT, env=unmeasured, **pipes)

    def read(self, body: bytes, media: str = "html") -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(struct.pack(">Q4s", len(body), media.encode()) + body)
        self.process.stdin.flush()
        return self.process.stdout.readline().decode().strip()


@pytest.fixture(scope="module")
def limited() -> Iterator[Limited]:
    if sys.platform != "linux":
        pytest.skip("the limits of a process are set the Linux way")
    started = Limited()
    with started.process:
        yield started
        assert started.process.stdin is not None
        started.process.stdin.close()


KINDS = ("ok", "suspect", "partial", "blocked", "gone", "error-page")


@pytest.mark.parametrize("name", HTML)
def test_nonsense_ends_as_a_reading_within_bounds(limited: Limited, name: str) -> None:
    assert limited.read(HTML[name]()) in KINDS


@pytest.mark.parametrize("name", TEXT)
def test_a_text_of_nonsense_ends_as_a_reading_within_bounds(limited: Limited, name: str) -> None:
    assert limited.read(TEXT[name](), "text") in KINDS


@pytest.mark.parametrize("run", RUNS)
def test_no_pattern_is_slow_on_what_it_all_but_matches(limited: Limited, run: str) -> None:
    around = ("p", "h1", "td", "div")[RUNS.index(run) % 4]
    assert limited.read(hostile_blocks(run, around)) in KINDS


def read(body: bytes, media: Literal["html", "text"] = "html", label: str = "", url: str = URLS[0]) -> Reading:
    headers = (("Content-Type", f"text/html; charset={label}"),) if label else ()
    capture = Capture(url, url, 200, headers, body, NOW, NOW, media=media)
    return page_reader(url, "", LIBRARY.profiles, LIBRARY.rules).read(capture)


def check(reading: Reading) -> None:
    """What is told of a page can always be hashed, and written down as UTF-8."""
    assert reading.quality.kind in KINDS
    if reading.text is not None:
        assert len(fingerprint(reading.text)) == 17
        told = [reading.text.title, reading.text.source, reading.text.editor, *reading.text.body]
        told += [part for link in reading.text.attachments or () for part in (link.name, link.url)]
        assert "\0" not in "".join(part or "" for part in told).encode("utf-8").decode()
    "".join(given.value for given in reading.evidence).encode("utf-8")


Edits = list[tuple[str, int, int, bytes]]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(("cut", "double", "insert", "swap", "end")),
        st.integers(0, 20_000),
        st.integers(0, 3_000),
        st.sampled_from(
            (b"", b"<", b">", b"</div>", b"<table><tr>", b"\0", b"\xff", b"&#xD800;", b"'", b"<!--", b"<br>")
        ),
    ),
    min_size=1,
    max_size=6,
)


def edited(body: bytes, edits: Edits) -> bytes:
    for how, at, count, piece in edits:
        before, part, after = body[:at], body[at : at + count], body[at + count :]
        body = {
            "cut": before + after,
            "double": before + part * 2 + after,
            "insert": before + piece * (1 + count % 50) + part + after,
            "swap": after + piece + part + before,
            "end": before,
        }[how]
    return body


@settings(deadline=None)
@given(st.sampled_from(("utf-8", "gb18030", "utf-16")), EDITS, st.booleans(), st.sampled_from(URLS))
def test_a_mutilated_article_is_never_an_error(charset: str, edits: Edits, plain: bool, url: str) -> None:
    body = article.article_text() if plain else article.article_html(charset=charset)
    check(read(edited(body, edits), "text" if plain else "html", url=url))


@settings(deadline=None)
@given(st.binary(max_size=2_000), st.sampled_from(("html", "text")), st.text(max_size=20))
def test_arbitrary_bytes_are_never_an_error(body: bytes, media: Literal["html", "text"], label: str) -> None:
    check(read(body, media, label))


PIECES = """
<p> </p> <div id='articlecontent'> <td> <tr> <table> <a href='//[x'> <a href='javascript:1.pdf'> <ucaptitle> <h1> <title>
<base href='http://['> <meta name='PubDate' content='2023-05-22'> <ul id=articleattribute> <li> <!doctype x> <!-- -->
<meta http-equiv=refresh content='0;url=//['> <script>location.href='http://[/';</script> &#0;&#xDFFF; &#xE000;
来源： 责任编辑: 2023-02-30 25:61 2023年5月22日 【 】 | 附件.pdf {{ <a href='a.pdf#['>
"""
PIECE = st.one_of(st.sampled_from(re.findall(r"<[^>]*>|\S+", PIECES)), st.just(LINE), st.text(max_size=4))


@settings(deadline=None)
@given(st.lists(PIECE, max_size=40), st.sampled_from(URLS))
def test_any_order_of_tags_and_labels_is_never_an_error(pieces: list[str], url: str) -> None:
    check(read("".join(pieces).encode("utf-8", "surrogatepass"), url=url))
