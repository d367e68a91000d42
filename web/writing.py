"""The routes that write: pages added, paused, resumed and checked, changes marked as seen, each in one transaction.

SQLite lets one writer at a time; the daemon sees what was written at its next tick. Pages of the configuration file are
changed there: here they can only be checked.
"""

from asyncio import timeout
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from config.asked import checked_name, checked_schedule, checked_url
from config.schedule import to_text
from core.errors import StorageError, UsageError
from storage import keeping
from storage.rows import PageDraft, PageRow
from web.answers import HTML, Answer, login_form, not_found, refused, served, view
from web.asking import NotThere, page_of
from web.forms import Form, read_form
from web.links import ROUTES
from web.safety import COOKIE, LOGIN

if TYPE_CHECKING:
    from storage.write import Transaction

_PATIENCE_S = 10.0
"""How long a form waits for those before it."""
_Write = Callable[["Transaction", Request, Form], str]
"""Writes what a form asks for, and returns where to go on to."""


def writing_routes() -> list[Route]:
    """Return every route that takes a form."""
    posted = {
        LOGIN: _posted(_login),
        ROUTES.add: _posted(_add),
        ROUTES.seen: _posted(_written(_seen)),
        ROUTES.unseen: _posted(_written(_unseen)),
        "/pages/{page:int}/pause": _posted(_written(_pause)),
        "/pages/{page:int}/resume": _posted(_written(_resume)),
        "/pages/{page:int}/check": _posted(_written(_check)),
    }
    return [Route(path, endpoint, methods=["POST"]) for path, endpoint in posted.items()]


def add_form(request: Request) -> Answer:
    """Return the form for a page to be watched."""
    return view(request, "add.html", form=Form({}), wrong="")


def _posted(
    answer: Callable[[Request, Form], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return await answer(request, await read_form(request))
        except NotThere as missing:
            return not_found(request, missing)
        except UsageError as error:
            return refused(request, error)

    return endpoint


def _written(write: _Write) -> Callable[[Request, Form], Awaitable[Response]]:
    async def answer(request: Request, form: Form) -> Response:
        # In turn, so that what waits for the daemon's lock takes one thread, and readers keep theirs.
        writing = served(request).writing
        try:
            async with timeout(_PATIENCE_S):
                await writing.acquire()
        except TimeoutError:
            raise StorageError("too many wait to write", is_passing=True) from None
        try:
            return RedirectResponse(await run_in_threadpool(_in_transaction, write, request, form), 303)
        finally:
            writing.release()

    return answer


def _in_transaction(write: _Write, request: Request, form: Form) -> str:
    from storage.write import open_store  # with sqlite-utils, which costs 90 ms

    database = served(request).database
    if not database.is_file():
        raise StorageError(f"there is no database {database} any more")
    with open_store(database) as store, store.transaction() as tx:
        return write(tx, request, form)


async def _login(request: Request, form: Form) -> Response:
    """Take the token, and leave a cookie; no script and no other site sees it."""
    guard = served(request).guard
    if not guard.knows(form.one("token")):
        return login_form(request, 401, is_wrong=True)
    answer = RedirectResponse(form.next, 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, guard.session, secure=secure, httponly=True, samesite="strict", path="/")
    return answer


async def _add(request: Request, form: Form) -> Response:
    """Watch a page; what is wrong is told in the form, with what was typed."""
    try:
        return await _written(_add_page)(request, form)
    except UsageError as error:
        return Response(view(request, "add.html", form=form, wrong=str(error))[0], 400, media_type=HTML)


def _add_page(tx: "Transaction", request: Request, form: Form) -> str:
    labels = (label.strip() for label in form.one("labels").replace("，", ",").split(","))
    draft = PageDraft(
        checked_url(form.one("url")),
        checked_name(form.one("name")),
        scheduled=True,
        schedule=to_text(checked_schedule(form.one("every"))),
        labels=tuple(dict.fromkeys(filter(None, labels))),
    )
    if any(page.scheduled and page.status != "retired" for page in tx.find_pages(draft.url)):
        raise UsageError(f"{draft.url} is watched already")
    return ROUTES.page(keeping.add(tx, draft, served(request).now()))


def _pause(tx: "Transaction", request: Request, _: Form) -> str:
    page = _own(page_of(tx, request))
    keeping.pause(tx, page)
    return ROUTES.page(page.id)


def _resume(tx: "Transaction", request: Request, _: Form) -> str:
    page = _own(page_of(tx, request))
    keeping.resume(tx, page, served(request).now())
    return ROUTES.page(page.id)


def _check(tx: "Transaction", request: Request, _: Form) -> str:
    page = page_of(tx, request)
    keeping.check_now(tx, page, served(request).now())
    return ROUTES.page(page.id)


def _own(page: PageRow) -> PageRow:
    if page.origin == "config":
        raise UsageError(f"page {page.id} belongs to the configuration file; change it there")
    return page


def _seen(tx: "Transaction", request: Request, form: Form) -> str:
    now = served(request).now()
    tx.mark_seen(form.numbers("change"), now)
    tx.mark_seen_up_to(max(form.numbers("up_to"), default=0), now)
    return form.next


def _unseen(tx: "Transaction", _: Request, form: Form) -> str:
    tx.mark_unseen(form.numbers("change"))
    return form.next
