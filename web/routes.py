"""The routes of the reading application: each reads what its view needs and renders it. None of them writes."""

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.errors import UsageError
from core.model import FIELDS, ChangeKind
from storage.overview import Overview, open_overview
from storage.rows import ChangeRow
from web.api import Answer, api_change, api_changes, api_page, api_pages, openapi
from web.asking import Choice, NotThere, before_of, change_of, chosen, host_of, number, page_of, parse_choice
from web.feeds import ATOM, ENTRIES, JSON_FEED, atom, json_feed
from web.html import asset
from web.reading import change_report, versions_report
from web.safety import COOKIE, LOGIN, Refusal
from web.summaries import change_summary
from web.views import ChangeView, change_view, overview_view, page_view, pages_view

if TYPE_CHECKING:
    from web.app import Served

_HTML, _PLAIN = "text/html", "text/plain"
_TYPES = {"css": "text/css", "js": "text/javascript"}
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#fff"/>'
    '<path d="M3 6h10" stroke="#b3261e" stroke-width="3"/><path d="M3 11h7" stroke="#1a7f37" stroke-width="3"/></svg>'
)
_LISTED = 50
_LOGIN_BYTES = 4096


def routes() -> list[Route]:
    """Return every route there is."""
    return [
        Route("/", _live(_overview)),
        Route("/pages", _live(_pages)),
        Route("/pages/{page:int}", _live(_page)),
        Route("/pages/{page:int}/compare", _live(_compare)),
        Route("/changes", _live(_changes)),
        Route("/changes/{change:int}", _live(_change)),
        Route("/search", _live(_search)),
        Route("/feed.atom", _live(_atom)),
        Route("/feed.json", _live(_json_feed)),
        Route("/api/pages", _live(api_pages)),
        Route("/api/pages/{page:int}", _live(api_page)),
        Route("/api/changes", _live(api_changes)),
        Route("/api/changes/{change:int}", _live(api_change)),
        Route("/api/openapi.json", _still(openapi)),
        Route("/assets/{name}", _still(_asset)),
        Route("/favicon.ico", _still(_icon)),
        Route(LOGIN, _still(_login_form)),
        Route(LOGIN, _login, methods=["POST"]),
    ]


def denied(request: Request, refusal: Refusal) -> Response:
    """Return the answer to a request that is not let in: to a browser that has no token yet, the form for it."""
    if refusal.status == 401 and _HTML in request.headers.get("accept", ""):
        return _form(request, 401)
    headers = {"www-authenticate": 'Basic realm="govwatch", charset="UTF-8"'} if refusal.status == 401 else {}
    return Response(f"{refusal.reason}\n", refusal.status, headers, _PLAIN)


def not_found(request: Request, _: Exception) -> Response:
    """Return the answer where there is nothing."""
    return Response(_served(request).views.render("missing.html"), 404, media_type=_HTML)


def out_of_order(_: Request, __: Exception) -> Response:
    """Return the answer where the database cannot be read. Why is not for every reader: it names the file."""
    return Response("The database cannot be read now; `govwatch status` tells why.\n", 503, media_type=_PLAIN)


def _reply(request: Request, content: str | bytes, media_type: str) -> Response:
    """Return an answer under the hash of its content; 304 to a reader who has it."""
    body = content.encode("utf-8", "replace") if isinstance(content, str) else content
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        return Response(None, 304, headers)
    return Response(body, 200, headers, media_type)


def _still(make: Callable[[Request], Answer]) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        try:
            return _reply(request, *make(request))
        except NotThere as missing:
            return not_found(request, missing)
        except UsageError as error:
            return Response(f"{error}\n", 400, media_type=_PLAIN)

    return endpoint


def _live(make: Callable[[Overview, Request], Answer]) -> Callable[[Request], Response]:
    def read(request: Request) -> Answer:
        with open_overview(_served(request).database) as reader:
            return make(reader, request)

    return _still(read)


def _overview(reader: Overview, request: Request) -> Answer:
    now = _served(request).now()
    return _page_of(request, "overview.html", view=overview_view(reader, now), query="")


def _pages(reader: Overview, request: Request) -> Answer:
    return _page_of(request, "pages.html", lines=pages_view(reader))


def _page(reader: Overview, request: Request) -> Answer:
    page = page_of(reader, request)
    return _page_of(request, "page.html", view=page_view(reader, page), query=Choice(page=page.id).query)


def _compare(reader: Overview, request: Request) -> Answer:
    page = page_of(reader, request)
    report = versions_report(reader, page, number(request, "from"), number(request, "to"))
    return _page_of(request, "change.html", view=ChangeView(report, change_summary(report)))


def _changes(reader: Overview, request: Request) -> Answer:
    choice = parse_choice(request)
    found = chosen(reader, choice, _LISTED + 1, before_of(reader, request))
    pages = reader.pages()
    return _page_of(
        request,
        "changes.html",
        choice=choice,
        told=[_told(reader, change) for change in found[:_LISTED]],
        before=found[_LISTED - 1].id if len(found) > _LISTED else None,
        hosts=sorted({host_of(page.url) for page in pages} - {""}),
        labels=sorted({label for page in pages for label in page.labels}),
        fields=FIELDS,
        kinds=[str(kind) for kind in ChangeKind],
        query=choice.query,
    )


def _change(reader: Overview, request: Request) -> Answer:
    change = change_of(reader, request)
    numbers = [other.id for other in reader.changes(page=change.page)]
    return _page_of(request, "change.html", view=change_view(reader, change, numbers))


def _search(reader: Overview, request: Request) -> Answer:
    asked = request.query_params.get("q", "")
    return _page_of(request, "find.html", asked=asked, found=_served(request).finder.find(reader, asked))


def _atom(reader: Overview, request: Request) -> Answer:
    return atom(*_feed(reader, request)), ATOM


def _json_feed(reader: Overview, request: Request) -> Answer:
    return json_feed(*_feed(reader, request)), JSON_FEED


def _feed(reader: Overview, request: Request) -> tuple[list[ChangeView], str, str, str]:
    choice = parse_choice(request)
    views = [_told(reader, change) for change in chosen(reader, choice, ENTRIES)]
    base = str(request.base_url).rstrip("/")
    return views, " · ".join(["govwatch", *choice.said]), base, choice.query


def _told(reader: Overview, change: ChangeRow) -> ChangeView:
    report = change_report(reader, change)
    return ChangeView(report, change_summary(report), change.superseded)


def _asset(request: Request) -> Answer:
    name = request.path_params["name"]
    try:
        return asset(name), _TYPES[name.rpartition(".")[2]]
    except KeyError:
        raise NotThere from None


def _icon(_: Request) -> Answer:
    """Return the picture that browsers ask for by themselves: a line that is gone, and one that has come."""
    return _ICON, "image/svg+xml"


def _login_form(request: Request) -> Answer:
    return _served(request).views.render("login.html", next="/", is_wrong=False), _HTML


async def _login(request: Request) -> Response:
    """Take the token from the form, and leave a cookie; no script and no other site sees it."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LOGIN_BYTES:
            return Response("This is too long for a token.\n", 413, media_type=_PLAIN)
    given = parse_qs(body.decode("utf-8", "replace"))
    guard = _served(request).guard
    if not guard.knows(given.get("token", [""])[0].strip()):
        return _form(request, 401, is_wrong=True)
    answer = RedirectResponse(_own_place(given.get("next", [""])[0]), 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, guard.session, secure=secure, httponly=True, samesite="strict", path="/")
    return answer


def _form(request: Request, status: int, is_wrong: bool = False) -> Response:
    """Return the form for the token; under `no-referrer` a browser would post it with `Origin: null`."""
    place = "/" if request.url.path == LOGIN else request.url.path
    text = _served(request).views.render("login.html", next=place, is_wrong=is_wrong)
    return Response(text, status, {"referrer-policy": "same-origin"}, _HTML)


def _own_place(path: str) -> str:
    """Return a path of ours, to go on to; `//host` and `/\\host` would be another site."""
    is_own = path.startswith("/") and path.isascii() and path.isprintable() and path[1:2] not in ("/", "\\")
    return path if is_own else "/"


def _page_of(request: Request, template: str, **values: object) -> Answer:
    return _served(request).views.render(template, **values), _HTML


def _served(request: Request) -> "Served":
    return cast("Served", request.app.state.served)
