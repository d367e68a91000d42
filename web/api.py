"""The read-only JSON API, and its description in OpenAPI 3.1."""

import json
from typing import Any

from starlette.requests import Request

from core.model import FIELDS, ChangeKind, NormalText
from reports.jsonout import change_to_dict
from storage.overview import Overview
from storage.rows import ChangeRow, PageRow
from web.answers import Answer
from web.asking import before_of, change_of, chosen, number, page_of, parse_choice
from web.reading import change_report

JSON = "application/json"
MOST = 500


def api_pages(reader: Overview, request: Request) -> Answer:
    """Return pages by number, so many that are behind another."""
    after = number(request, "after") if "after" in request.query_params else 0
    found = reader.pages_after(after, _limit(request))
    return _json({"pages": [_page(page) for page in found], "next": found[-1].id if found else None})


def api_page(reader: Overview, request: Request) -> Answer:
    """Return one page with its history and the text it shows now."""
    page = page_of(reader, request)
    head = reader.version(page.id, page.head_number) if page.head_number else None
    history = [
        {"version": spell.number, "first_seen_at": spell.first_seen_at, "last_seen_at": spell.last_seen_at}
        for spell in reader.history(page.id)
    ]
    return _json(_page(page) | {"history": history, "text": _text(head.text) if head else None})


def api_changes(reader: Overview, request: Request) -> Answer:
    """Return changes, newest first, by the choice of the query."""
    choice = parse_choice(request)
    found = chosen(reader, choice, _limit(request), before_of(reader, request))
    return _json({"changes": [_change(change) for change in found], "next": found[-1].id if found else None})


def api_change(reader: Overview, request: Request) -> Answer:
    """Return one change with its difference."""
    change = change_of(reader, request)
    return _json(
        change_to_dict(change_report(reader, change)) | {"superseded": change.superseded, "seen": change.is_seen}
    )


def openapi(_: Request) -> Answer:
    """Return the description of the API."""
    return _json(
        {
            "openapi": "3.1.0",
            "info": {"title": "govwatch", "version": "1", "description": "Pages, and what changed on them; read-only."},
            "paths": {
                "/api/pages": _get("Pages by number.", _in_query("after", type="integer"), _LIMIT),
                "/api/pages/{page}": _get("One page: its history and the text it shows now.", _in_path("page")),
                "/api/changes": _get("Changes, newest first.", *_CHOICE),
                "/api/changes/{change}": _get("One change, with its difference.", _in_path("change")),
                "/api/openapi.json": _get("This description."),
            },
            "components": {
                "securitySchemes": {
                    "bearer": {"type": "http", "scheme": "bearer"},
                    "basic": {"type": "http", "scheme": "basic"},
                }
            },
            "security": [{"bearer": []}, {"basic": []}, {}],
        }
    )


def _limit(request: Request) -> int:
    return max(1, min(number(request, "limit"), MOST)) if "limit" in request.query_params else 50


def _page(page: PageRow) -> dict[str, Any]:
    return {
        "page": page.id,
        "url": page.url,
        "name": page.name,
        "title": page.title,
        "labels": page.labels,
        "status": page.status,
        "presence": page.presence,
        "version": page.head_number,
        "last_check_at": page.last_check_at,
        "last_good_at": page.last_good_at,
    }


def _change(change: ChangeRow) -> dict[str, Any]:
    return {
        "change": change.id,
        "page": change.page,
        "url": change.url,
        "title": change.title,
        "kind": change.kind,
        "fields": [field.field for field in change.fields],
        "from": change.from_number,
        "to": change.to_number,
        "seen_at": change.seen_at,
        "last_good_at": change.last_good_at,
        "superseded": change.superseded,
        "seen": change.is_seen,
    }


def _text(text: NormalText) -> dict[str, Any]:
    files = None if text.attachments is None else [{"name": file.name, "url": file.url} for file in text.attachments]
    lines = {name: getattr(text, name) for name in ("title", "published", "source", "editor", "body")}
    return lines | {"attachments": files}


def _json(value: dict[str, Any]) -> Answer:
    return json.dumps(value, ensure_ascii=False, default=lambda at: at.isoformat()), JSON


def _get(summary: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    answers = {"200": {"description": "Found.", "content": {JSON: {"schema": {"type": "object"}}}}}
    if parameters:
        answers |= {"400": {"description": "The query cannot be."}, "404": {"description": "There is none."}}
    return {"get": {"summary": summary, "parameters": list(parameters), "responses": answers}}


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "integer"}}


def _in_query(name: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string"} | schema}


_LIMIT = _in_query("limit", type="integer", maximum=MOST)
_CHOICE = (
    _in_query("since", format="date"),
    _in_query("until", format="date"),
    _in_query("host"),
    _in_query("label"),
    _in_query("field", enum=list(FIELDS)),
    _in_query("kind", enum=[str(kind) for kind in ChangeKind]),
    _in_query("page", type="integer"),
    _in_query("seen", enum=["no"], description="Only changes that nobody marked as seen."),
    _LIMIT,
    _in_query("before", type="integer", description="The number of a change: only older ones."),
)
