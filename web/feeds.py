"""Changes as feeds: Atom (RFC 4287) and JSON Feed 1.1. An entry's id never changes, whatever host serves it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from reports.plain import ZONE, safe
from web.links import ROUTES
from web.views import ChangeView, shown_title

ENTRIES = 50
ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def entry_id(view: ChangeView) -> str:
    """Return the tag URI (RFC 4151) of a change: its page's host, the day it was seen, its number; none ever moves."""
    report = view.report
    host = _host(report.url)
    is_name = host.isascii() and host.replace(".", "").replace("-", "").isalnum()
    day = report.seen_at.astimezone(ZONE).date().isoformat()
    return f"tag:{host if is_name else 'govwatch.invalid'},{day}:govwatch/change/{report.change}"


def atom(views: Sequence[ChangeView], title: str, base: str, query: str) -> str:
    """Return an Atom feed. `base`: the address of the application, `query`: what was chosen."""
    own = f"{base}/feed.atom{query}"
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>{_text(feed_id(query))}</id>",
        f"<title>{_text(title)}</title>",
        f"<updated>{_newest(views).isoformat()}</updated>",
        "<author><name>govwatch</name></author>",
        f'<link rel="self" type="{ATOM}" href={_attribute(own)}/>',
        f'<link rel="alternate" type="text/html" href={_attribute(f"{base}{ROUTES.changes}{query}")}/>',
        *(_entry(view, base) for view in views),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def json_feed(views: Sequence[ChangeView], title: str, base: str, query: str) -> str:
    """Return a JSON Feed, with the same ids as the Atom feed."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": safe(title),
        "home_page_url": f"{base}{ROUTES.changes}{query}",
        "feed_url": f"{base}/feed.json{query}",
        "items": [
            {
                "id": entry_id(view),
                "url": base + ROUTES.change(view.report.change or 0),
                "title": safe(_title(view)),
                "content_text": safe(_said(view)),
                "date_published": view.report.seen_at.isoformat(),
            }
            for view in views
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def feed_id(query: str) -> str:
    """Return the id of a feed."""
    return f"tag:govwatch.invalid,2026:changes{query}"


def _entry(view: ChangeView, base: str) -> str:
    report = view.report
    return "\n".join(
        [
            "<entry>",
            f"<id>{_text(entry_id(view))}</id>",
            f'<title type="text">{_text(_title(view))}</title>',
            f"<updated>{report.seen_at.isoformat()}</updated>",
            f'<link rel="alternate" type="text/html" href={_attribute(base + ROUTES.change(report.change or 0))}/>',
            f'<summary type="text">{_text(_said(view))}</summary>',
            "</entry>",
        ]
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _title(view: ChangeView) -> str:
    return f"{shown_title(view.report)}: {view.report.kind}"


def _said(view: ChangeView) -> str:
    said = (view.summary.en, view.summary.zh, view.report.detail, view.report.url)
    return " · ".join(filter(None, said))


def _newest(views: Sequence[ChangeView]) -> datetime:
    return max((view.report.seen_at for view in views), default=_NEVER)


def _text(text: str) -> str:
    return escape(_of_xml(text))


def _attribute(text: str) -> str:
    return quoteattr(_of_xml(text))


def _of_xml(text: str) -> str:
    """Return text without what XML 1.0 cannot hold: lone surrogates and two noncharacters, besides controls."""
    return "".join(
        "�" if "\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff" else letter for letter in safe(text)
    )
