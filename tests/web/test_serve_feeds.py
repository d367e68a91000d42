"""The feeds: what Atom (RFC 4287) and JSON Feed 1.1 ask for, and ids that no host and no time moves."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from fakes.archive import FIRST as A_TEXT
from fakes.archive import NOW
from fakes.checks import DAY, T0, see
from fakes.payloads import PAYLOADS
from fakes.reading import Reading, reading
from msgspec.structs import replace

from storage.rows import PageDraft
from storage.write import open_store

A = "{http://www.w3.org/2005/Atom}"
CHOICES = ("", "?page=1", "?label=edu", "?field=editor", "?page=2", "?label=校车&kind=removed")
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d-\d\d)?:\S+")


@pytest.fixture(scope="module")
def live(archive: Path) -> Iterator[Reading]:
    with reading(archive) as live:
        yield live


RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
ONE, AT_MOST_ONE, ANY = (1, 1), (0, 1), (0, 10**6)
FEED_RULES = {
    "id": ONE,
    "title": ONE,
    "updated": ONE,
    "author": (1, 10**6),
    "generator": AT_MOST_ONE,
    "icon": AT_MOST_ONE,
    "logo": AT_MOST_ONE,
    "rights": AT_MOST_ONE,
    "subtitle": AT_MOST_ONE,
    "link": ANY,
    "category": ANY,
    "contributor": ANY,
    "entry": ANY,
}
"""How often each element may stand in a feed (RFC 4287, 4.1.1); an author, since the entries have none."""
ENTRY_RULES = {
    "id": ONE,
    "title": ONE,
    "updated": ONE,
    "link": (1, 10**6),
    "summary": AT_MOST_ONE,
    "published": AT_MOST_ONE,
    "rights": AT_MOST_ONE,
    "source": AT_MOST_ONE,
    "category": ANY,
}
"""The same of an entry (4.1.2); one link at least, since there is no content."""


def breaches(atom: bytes) -> list[str]:
    """Return what a feed has against RFC 4287, as the feed validator of the W3C looks for it."""
    feed = ElementTree.fromstring(atom)
    found = [] if feed.tag == f"{A}feed" else ["the root is no feed"]
    parts = [(feed, FEED_RULES), *((entry, ENTRY_RULES) for entry in feed.findall(f"{A}entry"))]
    for element, rules in parts:
        names = [child.tag.removeprefix(A) for child in element]
        found += [f"{name} may not stand here" for name in names if name not in rules]
        found += [
            f"{name}: {names.count(name)}"
            for name, (low, high) in rules.items()
            if not low <= names.count(name) <= high
        ]
        found += [
            f"no date: {one.text}" for one in element.findall(f"{A}updated") if not RFC3339.fullmatch(one.text or "")
        ]
        found += [f"no IRI: {one.text}" for one in element.findall(f"{A}id") if not urlsplit(one.text or "").scheme]
        found += [
            f"{one.tag} holds markup" for name in ("title", "summary") for one in element.findall(A + name) if len(one)
        ]
        links = [(one.get("rel"), one.get("type"), one.get("hreflang")) for one in element.findall(f"{A}link")]
        found += ["two links alternate of one type"] if len(set(links)) < len(links) else []
        found += [f"link: {one.attrib}" for one in element.findall(f"{A}link") if not is_link(one)]
    ids = [one.text for one in feed.iter(f"{A}id")]
    return found + [f"an id stands twice: {one}" for one in ids if ids.count(one) > 1]


def is_link(link: ElementTree.Element) -> bool:
    parts = urlsplit(link.get("href", ""))
    return bool(parts.scheme and parts.netloc and MEDIA_TYPE.fullmatch(link.get("type", "")))


JSON_FEED = {"version": str, "title": str, "items": list, "home_page_url": str, "feed_url": str}
ITEM = {"id": str, "url": str, "title": str, "content_text": str, "date_published": str}


def json_breaches(body: bytes) -> list[str]:
    """Return what a feed has against JSON Feed 1.1: what must be there, of which type, and nothing that it does not know."""
    feed = json.loads(body)
    found = [f"{key}: {feed.get(key)!r}" for key, kind in JSON_FEED.items() if not isinstance(feed.get(key), kind)]
    found += [f"unknown: {key}" for key in feed if key not in JSON_FEED]
    for item in feed["items"]:
        found += [f"{key}: {item.get(key)!r}" for key, kind in ITEM.items() if not isinstance(item.get(key), kind)]
        found += [f"unknown: {key}" for key in item if key not in ITEM]
        found += [] if RFC3339.fullmatch(item["date_published"]) else [f"no date: {item['date_published']}"]
        found += [] if urlsplit(item["url"]).netloc else [f"no address: {item['url']}"]
    ids = [item["id"] for item in feed["items"]]
    return found + [f"an id stands twice: {one}" for one in ids if ids.count(one) > 1]


@pytest.mark.parametrize("choice", CHOICES)
def test_the_feeds_validate(live: Reading, choice: str) -> None:
    assert breaches(live.ask(f"/feed.atom{choice}").body) == []
    assert json_breaches(live.ask(f"/feed.json{choice}").body) == []


def test_the_feeds_of_hostile_pages_validate(tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db") as store, store.transaction() as tx:
        for number, payload in enumerate((*PAYLOADS[::3], "]]>", "\x00\x0b\ufffe", "")):
            page = tx.put_page(PageDraft(f"https://evil.test/{payload}#{number}", name=payload, labels=(payload,)), T0)
            see(tx, page, A_TEXT, T0)
            see(tx, page, replace(A_TEXT, title=payload, editor=payload), T0 + DAY)
    with reading(tmp_path / "a.db") as hostile:
        for choice in ("", "?label=]]>", "?host=evil.test"):
            assert breaches(hostile.ask(f"/feed.atom{choice}").body) == []
            assert json_breaches(hostile.ask(f"/feed.json{choice}").body) == []


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda atom: atom.replace(b"<updated>", b"<updated>x", 1), "no date"),
        (lambda atom: atom.replace(b"<author><name>govwatch</name></author>", b""), "author: 0"),
        (lambda atom: atom.replace(b"tag:www", b"www"), "no IRI"),
        (lambda atom: atom.replace(b"<summary", b"<p/><summary", 1), "p may not stand here"),
        (lambda atom: re.sub(rb"<id>tag:www[^<]*", b"<id>tag:x", atom), "an id stands twice"),
    ],
)
def test_the_rules_find_what_breaks_them(live: Reading, broken, said: str) -> None:
    assert [one for one in breaches(broken(live.ask("/feed.atom").body)) if said in one]


def feeds(live: Reading, choice: str, **headers: str) -> tuple[ElementTree.Element, dict]:
    atom, other = (live.ask(f"/feed.{form}{choice}", **headers) for form in ("atom", "json"))
    assert atom.headers["content-type"].startswith("application/atom+xml")
    assert other.headers["content-type"].startswith("application/feed+json")
    return ElementTree.fromstring(atom.body), json.loads(other.body)


def text(element: ElementTree.Element, name: str) -> str:
    (found,) = element.findall(A + name)
    return found.text or ""


@pytest.mark.parametrize("choice", CHOICES)
def test_an_atom_feed_has_what_the_rfc_asks_for(live: Reading, choice: str) -> None:
    feed, _ = feeds(live, choice)
    assert TAG.fullmatch(text(feed, "id"))
    assert text(feed, "title").startswith("govwatch")
    assert datetime.fromisoformat(text(feed, "updated")).tzinfo
    assert feed.find(f"{A}author/{A}name") is not None
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{A}link")}
    assert set(links) == {"self", "alternate"}
    assert links["self"].startswith(f"{live.address}/feed.atom")
    for entry in feed.findall(f"{A}entry"):
        assert TAG.fullmatch(text(entry, "id"))
        assert text(entry, "title")
        assert text(entry, "summary")
        assert datetime.fromisoformat(text(entry, "updated")) <= datetime.fromisoformat(text(feed, "updated"))
        assert entry.find(f"{A}link").get("href").startswith(f"{live.address}/changes/")


@pytest.mark.parametrize("choice", CHOICES)
def test_a_json_feed_has_the_same_entries(live: Reading, choice: str) -> None:
    feed, other = feeds(live, choice)
    assert other["version"] == "https://jsonfeed.org/version/1.1"
    assert other["title"] == text(feed, "title")
    assert [item["id"] for item in other["items"]] == [text(entry, "id") for entry in feed.findall(f"{A}entry")]
    assert all(
        item["content_text"] and item["url"] and datetime.fromisoformat(item["date_published"])
        for item in other["items"]
    )


def test_a_feed_of_a_choice_holds_only_that(live: Reading) -> None:
    numbers = {
        choice: [item["url"].rpartition("/")[2] for item in feeds(live, choice)[1]["items"]] for choice in CHOICES
    }
    assert list(numbers.values()) == [
        ["6", "5", "4", "3", "2", "1"],
        ["6", "5", "4", "3", "2", "1"],
        ["6", "5", "4", "3", "2", "1"],
        ["6", "3", "1"],
        [],
        ["4"],
    ]


def test_ids_are_each_their_own_and_the_same_under_another_name_at_another_time(live: Reading, archive: Path) -> None:
    ids = [item["id"] for item in feeds(live, "")[1]["items"]]
    assert len(set(ids)) == 6
    with reading(archive, now=NOW + timedelta(days=400)) as later:
        feed, other = feeds(later, "", host="localhost")
    assert [item["id"] for item in other["items"]] == ids
    assert text(feed, "id") == text(feeds(live, "")[0], "id")


def test_a_view_names_its_feeds(live: Reading) -> None:
    for path, query in (("/", ""), ("/pages/1", "?page=1"), ("/changes?field=editor", "?field=editor")):
        named = re.findall(
            r'<link rel="alternate" type="application/(\S+)" title="[^"]+" href="([^"]+)">', live.ask(path).text
        )
        assert named == [("atom+xml", f"/feed.atom{query}"), ("feed+json", f"/feed.json{query}")]
