"""`govwatch serve`: what was kept, live in a browser; to this machine only, unless there is a token."""

import os
import signal
import socket
from pathlib import Path

import click

from core.errors import UsageError
from govwatch.app import App
from govwatch.command import command
from govwatch.listening import listening, server

PORT = 8600
_ANY = ("0.0.0.0", "::")


@command(
    "serve",
    "govwatch serve\n"
    "govwatch serve --port 9000 --db archive.db\n"
    "govwatch serve --bind 0.0.0.0 --allow-host watch.example.org --token env:GOVWATCH_TOKEN",
)
@click.option("--bind", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free one.")
@click.option("--token", metavar="SECRET", help="env:NAME or a file: what readers must show; needed beyond loopback.")
@click.option("--allow-host", "hosts", multiple=True, metavar="NAME", help="A name that readers reach this under.")
def serve_command(app: App, bind: str, port: int, token: str | None, hosts: tuple[str, ...]) -> None:
    """Serve what was kept, live, to a browser.

    Pages can be added, paused and checked there, and changes marked as seen. Runs until stopped (Ctrl-C or SIGTERM).
    Beyond this machine it speaks plain HTTP: put a proxy with TLS before it.
    """
    from web.app import make_app
    from web.safety import LOOPBACK, Guard, is_loopback

    secret = _secret(token) if token is not None else ""
    if not secret and not is_loopback(bind):
        raise UsageError(f"{bind} can be reached by others: give a token with --token env:NAME or --token FILE")
    own = () if bind in _ANY else (bind,)
    guard = Guard(LOOPBACK | {host.lower() for host in (*own, *hosts)}, secret)
    application = make_app(app.database, guard, app.now)
    with listening(bind, port) as listener:
        host = f"[{bind}]" if ":" in bind else bind
        click.echo(f"http://{host}:{listener.getsockname()[1]}/  database {app.database}")
        _run(application, listener)


def _secret(token: str) -> str:
    """Return the token that an environment variable or a file holds: on the command line every user could see it."""
    from web.safety import LEAST_TOKEN

    if token.startswith("env:"):
        secret = os.environ.get(token.removeprefix("env:"), "")
    else:
        try:
            secret = Path(token).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise UsageError(f"--token: there is no file to read here; give env:NAME or a file ({error})") from error
    secret = secret.strip()
    if len(secret) < LEAST_TOKEN:
        raise UsageError(f"--token: what {token} holds is shorter than {LEAST_TOKEN} characters, and could be guessed")
    if not (secret.isascii() and secret.isprintable()):
        raise UsageError(f"--token: what {token} holds does not fit into a header; use letters, digits and - . _ ~")
    return secret


def _run(application: object, listener: socket.socket) -> None:
    # uvicorn stops on these signals and then raises them again; what was asked for is done by then.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    server(application).run(sockets=[listener])
