"""The reading application: the views live from the database, behind the guard."""

from asyncio import Lock
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec import Struct, field
from starlette.applications import Starlette
from starlette.middleware import Middleware

from core.errors import StorageError
from storage.overview import open_overview
from web.answers import denied, not_found, out_of_order
from web.html import Views
from web.links import ROUTES
from web.routes import routes
from web.safety import Guard, Safety
from web.views import overview_view


class Served(Struct, frozen=True, dict=True):
    """What the routes work with. Who writes holds the lock `writing`."""

    database: Path
    guard: Guard
    now: Callable[[], datetime]
    views: Views = field(default_factory=lambda: Views(ROUTES))
    writing: Lock = field(default_factory=Lock)


def make_app(database: Path, guard: Guard, now: Callable[[], datetime]) -> Starlette:
    """Return the application, for any ASGI server. Raises StorageError where the database cannot be read."""
    app = Starlette(
        routes=routes(),
        middleware=[Middleware(Safety, guard=guard, denied=denied)],
        exception_handlers={404: not_found, StorageError: out_of_order},
    )
    served = app.state.served = Served(database, guard, now)
    # The first view takes 0.2 s longer than the others, for its templates: better now than for the first reader.
    with open_overview(database) as reader:
        served.views.render("overview.html", view=overview_view(reader, now()), query="")
    return app
