"""Which pages there are: those of the configuration brought into the database, and those a command names."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from config.asked import checked_url
from config.schedule import from_text, to_text
from config.settings import ONCE_A_DAY, PRIORITIES, Schedule, Target
from core.errors import UsageError
from core.model import FetchPlan
from govwatch.app import App
from storage.rows import PageDraft, PageRow, Validators
from storage.write import Store, Transaction

WHOLE_EVERY = timedelta(days=7)
"""At least this often a page is fetched whole: a server's validators may be wrong."""


def draft_of(target: Target) -> PageDraft:
    """Return the page of a target."""
    return PageDraft(
        url=target.url,
        name=target.name,
        origin="config",
        scheduled=True,
        profile=target.profile,
        schedule=to_text(target.schedule),
        labels=target.labels,
        watch=target.watch,
        priority=PRIORITIES.index(target.priority),
    )


def sync(app: App, tx: Transaction) -> None:
    """Bring the targets of the configuration into the database; what it no longer lists is retired."""
    if not app.settings.path:
        return
    app.check_profiles()
    now = app.now()
    for target in app.settings.targets:
        tx.put_page(draft_of(target), now)
    tx.retire_missing(app.targets.keys())


def named(tx: Transaction, references: Iterable[str], now: datetime) -> list[PageRow]:
    """Return the pages that a user names; an unknown address becomes a page that is kept and not scheduled.

    Raises UsageError.
    """
    pages: dict[int, PageRow] = {}
    for reference in references:
        found = tx.find_pages(reference)
        if not found:
            found = tx.find_pages(_added(tx, reference, now))
        pages |= {page.id: page for page in found}
    return list(pages.values())


def _added(tx: Transaction, reference: str, now: datetime) -> str:
    if not ("/" in reference or "." in reference):
        raise UsageError(f"there is no page {reference!r}; give an address, or a name or number of `govwatch list`")
    url = checked_url(reference)
    if not tx.find_pages(url):
        tx.put_page(PageDraft(url), now)
    return url


def plan_of(app: App, page: PageRow, validators: Validators | None) -> FetchPlan:
    """Return what to fetch of a page, with what its target says of headers, cookies, proxy and TLS."""
    target = app.targets.get(page.url) or Target(page.name, page.url)
    fresh = validators is not None and app.now() - validators.full_at < WHOLE_EVERY
    return FetchPlan(
        page=page.id,
        url=page.url,
        etag=validators.etag if validators and fresh else "",
        last_modified=validators.last_modified if validators and fresh else "",
        headers=target.headers,
        cookies=target.cookies,
        proxy=target.proxy,
        accept_invalid_tls=target.accept_invalid_tls,
    )


def schedule_of(text: str) -> Schedule:
    """Return a page's schedule from the text that is kept; once a day where none was given."""
    return from_text(text) if text else ONCE_A_DAY


def plans_of(app: App, store: Store, pages: Iterable[PageRow]) -> list[FetchPlan]:
    """Return what to fetch of pages."""
    with store.transaction() as tx:
        return [plan_of(app, page, tx.validators(page.id)) for page in pages]
