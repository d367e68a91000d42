"""Where things are: the same links twice, as files of a folder and as routes of the live application.

Addresses of other sites are never made here; a template shows those only where they are http(s).
"""

from msgspec import Struct


class Links(Struct, frozen=True):
    """Where each view is, as patterns of numbers. The list of all changes, feeds and forms are in the live one only."""

    overview: str
    pages: str
    pages_at: str
    search: str
    page_at: str
    version_at: str
    change_at: str
    compare_at: str
    asset_at: str
    changes: str = ""
    feeds: tuple[tuple[str, str], ...] = ()
    add: str = ""
    seen: str = ""
    unseen: str = ""
    act_at: str = ""

    def pages_behind(self, pages: int) -> str:
        """Return where the list of pages goes on behind so many."""
        return self.pages_at.format(pages=pages)

    def page(self, page: int) -> str:
        """Return where the life of a page is."""
        return self.page_at.format(page=page)

    def version(self, page: int, number: int) -> str:
        """Return where one version of a page is."""
        return self.version_at.format(page=page, number=number)

    def change(self, change: int) -> str:
        """Return where one change is."""
        return self.change_at.format(change=change)

    def compare(self, page: int, old: int, new: int) -> str:
        """Return where two versions of a page are compared."""
        return self.compare_at.format(page=page, old=old, new=new)

    def act(self, page: int, action: str) -> str:
        """Return where a form lets something be done to a page: `pause`, `resume` or `check`."""
        return self.act_at.format(page=page, action=action)

    def asset(self, name: str) -> str:
        """Return where a style sheet or a script is."""
        return self.asset_at.format(name=name)


FILES = Links(
    overview="index.html",
    pages="pages.html",
    pages_at="pages-{pages}.html",
    search="search.html",
    page_at="page-{page}.html",
    version_at="page-{page}.html#version-{number}",
    change_at="change-{change}.html",
    compare_at="page-{page}.html#compare-{old}-{new}",
    asset_at="assets/{name}",
)
"""Files of one folder, relative, so that they work from disk and from any address."""

ROUTES = Links(
    overview="/",
    pages="/pages",
    pages_at="/pages?behind={pages}",
    search="/search",
    page_at="/pages/{page}",
    version_at="/pages/{page}#version-{number}",
    change_at="/changes/{change}",
    compare_at="/pages/{page}/compare?from={old}&to={new}",
    asset_at="/assets/{name}",
    changes="/changes",
    feeds=(("Atom", "/feed.atom"), ("JSON Feed", "/feed.json")),
    add="/add",
    seen="/seen",
    unseen="/unseen",
    act_at="/pages/{page}/{action}",
)
"""Routes of the live application."""
