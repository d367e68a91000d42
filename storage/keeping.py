"""What a user may do to the pages that are watched, by command or through the web; what may not be is a UsageError."""

from datetime import datetime

from core.errors import UsageError
from storage.pages import Pages
from storage.rows import PageDraft, PageRow


def is_configured(page: PageRow) -> bool:
    """Tell whether a page belongs to the configuration file, and is changed there."""
    return page.origin == "config" and page.status != "retired"


def add(tx: Pages, draft: PageDraft, now: datetime) -> int:
    """Watch a page from now on, or change how it is watched; return its number."""
    if any(is_configured(page) for page in tx.find_pages(draft.url)):
        raise UsageError(f"{draft.url} belongs to the configuration file; change it there")
    if draft.name and any(page.url != draft.url for page in tx.find_pages(draft.name)):
        raise UsageError(f"the name {draft.name!r} is taken; give another")
    return tx.put_page(draft, now)


def pause(tx: Pages, page: PageRow) -> None:
    """Stop checking a page, until resumed."""
    _must_be_watched(page)
    tx.set_status(page.id, "paused")


def resume(tx: Pages, page: PageRow, now: datetime) -> None:
    """Check a paused or removed page again."""
    tx.set_status(page.id, "active")
    tx.watch_from(page.id, now)


def remove(tx: Pages, page: PageRow) -> None:
    """Stop watching a page; its history stays."""
    if is_configured(page):
        raise UsageError(f"page {page.id} belongs to the configuration file; take it out of there")
    tx.set_status(page.id, "retired")


def check_now(tx: Pages, page: PageRow, now: datetime) -> None:
    """Let the daemon check a page at its next tick."""
    _must_be_watched(page)
    if page.status == "paused":
        raise UsageError(f"page {page.id} is paused; resume it first")
    if not page.scheduled:
        raise UsageError(f"page {page.id} has no schedule; `govwatch crawl {page.id}` checks it once")
    tx.set_next_due(page.id, now)


def _must_be_watched(page: PageRow) -> None:
    if page.status == "retired":
        raise UsageError(
            f"page {page.id} is not watched; `govwatch resume {page.id}` or `govwatch add` watches it again"
        )
