"""The replica site: one article on loopback, whose noise differs in every response and whose script says the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread

from govwatch.demo.article import EDITOR, PARAGRAPHS, article_html

PATH = "/jyt/2023/5/22/schoolbus.shtml"
OTHER_EDITOR = "贺茜"
EDITED = PARAGRAPHS[1].replace("36辆", "63辆")

CHALLENGE = b"""<html><head><script>document.cookie=('_')+('_')+('jsl_clearance=1732434');
location.href=location.pathname</script></head><body></body></html>"""


class ReplicaSite:
    """What the site shows now: `state` is one of the steps of the demo."""

    def __init__(self) -> None:
        self.state = "first"
        self._noise = count(1)

    def answer(self, path: str) -> tuple[int, bytes]:
        """Return status and body for a path."""
        if path != PATH or self.state == "gone":
            return 404, b"<html><body><h1>404 Not Found</h1></body></html>"
        if self.state == "challenge":
            return 521, CHALLENGE
        edited = self.state in ("sentence", "editor")
        paragraphs = (PARAGRAPHS[0], EDITED, *PARAGRAPHS[2:]) if edited else PARAGRAPHS
        editor = OTHER_EDITOR if self.state == "editor" else EDITOR
        return 200, article_html(editor=editor, paragraphs=paragraphs, noise=next(self._noise))


@contextmanager
def replica(site: ReplicaSite) -> Iterator[str]:
    """Serve the site on a free port of 127.0.0.1; give the address of its article."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = site.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{PATH}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
