"""The feeds: what Atom (RFC 4287) and JSON Feed 1.1 ask for, and ids that no host and no time moves."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fakes.archive import NOW
from fakes.reading import Reading, reading

A = "{http://www.w3.org/2005/Atom}"
CHOICES = ("", "?page=1", "?label=edu", "?field=editor", "?page=2", "?label=校车&kind=removed")
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d-\d\d)?:\S+")


@pytest.fixture(scope="module")
def live(archive: Path) -> Iterator[Reading]:
    with reading(archive) as live:
        yield live


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
