"""The routes of the reading application: each reads what its view needs and renders it; those that write are beside."""

from starlette.requests import Request
from starlette.routing import Route

from core.model import FIELDS, ChangeKind
from storage.overview import Overview
from web.answers import Answer, live, served, still, view
from web.api import api_change, api_changes, api_page, api_pages, openapi
from web.asking import Choice, NotThere, before_of, change_of, chosen, number, page_of, parse_choice
from web.feeds import ATOM, ENTRIES, JSON_FEED, atom, json_feed
from web.finding import found_view
from web.html import asset
from web.links import ROUTES
from web.reading import versions_report
from web.safety import LOGIN
from web.summaries import change_summary
from web.views import LISTED, ChangeView, change_view, overview_view, page_view, pages_view, told
from web.writing import add_form, writing_routes

_TYPES = {"css": "text/css", "js": "text/javascript"}
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#fff"/>'
    '<path d="M3 6h10" stroke="#b3261e" stroke-width="3"/><path d="M3 11h7" stroke="#1a7f37" stroke-width="3"/></svg>'
)
_LISTED = 50


def routes() -> list[Route]:
    """Return every route there is."""
    return [
        Route("/", live(_overview)),
        Route("/pages", live(_pages)),
        Route("/pages/{page:int}", live(_page)),
        Route("/pages/{page:int}/compare", live(_compare)),
        Route("/changes", live(_changes)),
        Route("/changes/{change:int}", live(_change)),
        Route("/search", live(_search)),
        Route("/feed.atom", live(_atom)),
        Route("/feed.json", live(_json_feed)),
        Route("/api/pages", live(api_pages)),
        Route("/api/pages/{page:int}", live(api_page)),
        Route("/api/changes", live(api_changes)),
        Route("/api/changes/{change:int}", live(api_change)),
        Route("/api/openapi.json", still(openapi)),
        Route("/assets/{name}", still(_asset)),
        Route("/favicon.ico", still(_icon)),
        Route(LOGIN, still(_login_form)),
        Route(ROUTES.add, still(add_form)),
        *writing_routes(),
    ]


def _overview(reader: Overview, request: Request) -> Answer:
    now = served(request).now()
    return view(request, "overview.html", view=overview_view(reader, now), query="")


def _pages(reader: Overview, request: Request) -> Answer:
    asked = request.query_params.get("q", "")
    return view(request, "pages.html", view=pages_view(reader, asked, LISTED, _behind(request)))


def _page(reader: Overview, request: Request) -> Answer:
    page = page_of(reader, request)
    return view(
        request, "page.html", view=page_view(reader, page, served(request).now()), query=Choice(page=page.id).query
    )


def _compare(reader: Overview, request: Request) -> Answer:
    page = page_of(reader, request)
    report = versions_report(reader, page, number(request, "from"), number(request, "to"))
    return view(request, "change.html", view=ChangeView(report, change_summary(report)))


def _changes(reader: Overview, request: Request) -> Answer:
    choice = parse_choice(request)
    found = chosen(reader, choice, _LISTED + 1, before_of(reader, request))
    return view(
        request,
        "changes.html",
        choice=choice,
        told=[told(reader, change) for change in found[:_LISTED]],
        before=found[_LISTED - 1].id if len(found) > _LISTED else None,
        hosts=reader.hosts(),
        labels=reader.labels(),
        fields=FIELDS,
        kinds=[str(kind) for kind in ChangeKind],
        query=choice.query,
        newest=reader.newest_change() if choice.is_of_all else None,
    )


def _change(reader: Overview, request: Request) -> Answer:
    change = change_of(reader, request)
    return view(request, "change.html", view=change_view(reader, change))


def _search(reader: Overview, request: Request) -> Answer:
    asked = request.query_params.get("q", "")
    return view(request, "find.html", asked=asked, found=found_view(reader, asked, _below(request)))


def _behind(request: Request) -> int:
    """Return how many pages of a list come before those asked for."""
    return number(request, "behind") if "behind" in request.query_params else 0


def _below(request: Request) -> int | None:
    """Return the number of the page below which a search goes on."""
    return number(request, "below") if "below" in request.query_params else None


def _atom(reader: Overview, request: Request) -> Answer:
    return atom(*_feed(reader, request)), ATOM


def _json_feed(reader: Overview, request: Request) -> Answer:
    return json_feed(*_feed(reader, request)), JSON_FEED


def _feed(reader: Overview, request: Request) -> tuple[list[ChangeView], str, str, str]:
    choice = parse_choice(request)
    views = [told(reader, change) for change in chosen(reader, choice, ENTRIES)]
    base = str(request.base_url).rstrip("/")
    return views, " · ".join(["govwatch", *choice.said]), base, choice.query


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
    return view(request, "login.html", next="/", is_wrong=False)
