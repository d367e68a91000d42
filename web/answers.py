"""How a request is answered: a view under the hash of its content, or a page that tells why there is none."""

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from starlette.requests import Request
from starlette.responses import Response

from core.errors import StorageError, UsageError
from storage.overview import Overview, open_overview
from web.asking import NotThere
from web.safety import LOGIN, Refusal

if TYPE_CHECKING:
    from web.app import Served

Answer = tuple[str | bytes, str]
"""What is told, and its media type."""
HTML, PLAIN = "text/html", "text/plain"


def served(request: Request) -> "Served":
    """Return what the application works with."""
    return cast("Served", request.app.state.served)


def still(make: Callable[[Request], Answer]) -> Callable[[Request], Response]:
    """Make an endpoint of what needs no database."""

    def endpoint(request: Request) -> Response:
        try:
            return _reply(request, *make(request))
        except NotThere as missing:
            return not_found(request, missing)
        except UsageError as error:
            return refused(request, error)

    return endpoint


def live(make: Callable[[Overview, Request], Answer]) -> Callable[[Request], Response]:
    """Make an endpoint of what is read from the database, opened for reading only, anew for each request."""

    def read(request: Request) -> Answer:
        with open_overview(served(request).database) as reader:
            return make(reader, request)

    return still(read)


def view(request: Request, template: str, **values: object) -> Answer:
    """Return a template as an answer."""
    return served(request).views.render(template, **values), HTML


def denied(request: Request, refusal: Refusal) -> Response:
    """Return the answer to a request that is not let in: to a browser that has no token yet, the form for it."""
    if refusal.status == 401 and HTML in request.headers.get("accept", ""):
        return login_form(request, 401)
    headers = {"www-authenticate": 'Basic realm="govwatch", charset="UTF-8"'} if refusal.status == 401 else {}
    return Response(f"{refusal.reason}\n", refusal.status, headers, PLAIN)


def login_form(request: Request, status: int, is_wrong: bool = False) -> Response:
    """Return the form for the token."""
    place = "/" if request.url.path == LOGIN else request.url.path
    text = served(request).views.render("login.html", next=place, is_wrong=is_wrong)
    return Response(text, status, media_type=HTML)


def refused(request: Request, error: UsageError) -> Response:
    """Return the answer to what cannot be, with the reason."""
    return _told(request, 400, "This cannot be done", str(error))


def not_found(request: Request, _: Exception) -> Response:
    """Return the answer where there is nothing."""
    return _told(request, 404, "There is nothing here", "")


def out_of_order(request: Request, error: Exception) -> Response:
    """Return the answer where the database cannot be used. Why is not for every reader: it names the file."""
    is_busy = isinstance(error, StorageError) and error.is_passing
    answer = _told(request, 503, "The database is busy" if is_busy else "The database cannot be used", "")
    if is_busy:
        answer.headers["retry-after"] = "5"
    return answer


def _told(request: Request, status: int, what: str, reason: str) -> Response:
    if HTML in request.headers.get("accept", ""):
        text = served(request).views.render("told.html", status=status, what=what, reason=reason)
        return Response(text, status, media_type=HTML)
    return Response(f"{reason or what}\n", status, media_type=PLAIN)


def _reply(request: Request, content: str | bytes, media_type: str) -> Response:
    """Return an answer under the hash of its content; 304 to a reader who has it."""
    body = content.encode("utf-8", "replace") if isinstance(content, str) else content
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        return Response(None, 304, headers)
    return Response(body, 200, headers, media_type)
