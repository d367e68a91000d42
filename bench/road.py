"""What one page costs on its whole road: fetched over loopback, read, judged and kept, in CPU of this process.

Prints JSON. Pages are articles of about 40 KB in the sc.gov.cn markup, every one different, served by another process;
the second round finds noise only, the third an edited sentence, as years of watching would mostly and rarely do.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from config.settings import CrawlSettings, Settings
from govwatch.app import App
from govwatch.crawling import crawl
from storage.rows import PageDraft
from storage.write import open_store

SERVER = """
import sys
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from govwatch.demo.article import PARAGRAPHS, TITLE, article_html

asked = Counter()

class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        asked[self.path] += 1
        round = asked[self.path]
        body = [f"{paragraph}{self.path}之{number}" for number in range(10) for paragraph in PARAGRAPHS]
        if round > 2:
            body[5] = body[5].replace("一", "二", 1) + "(修订)"
        page = article_html(TITLE + self.path, paragraphs=body, noise=round)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
server.daemon_threads = True
print(server.server_port, flush=True)
server.serve_forever()
"""

ROUNDS = ("first-seen", "same", "changed")


def main() -> None:
    """Serve, crawl three rounds, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300)
    given = parser.parse_args()
    with (
        TemporaryDirectory() as folder,
        subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server,
    ):
        try:
            assert server.stdout is not None
            figures = measure(Path(folder) / "bench.db", int(server.stdout.readline()), given.pages)
        finally:
            server.kill()
    print(json.dumps(figures, indent=2))


def measure(database: Path, port: int, pages: int) -> dict[str, object]:
    """Return the milliseconds of CPU per page of each round."""
    settings = Settings(
        crawl=CrawlSettings(
            allow_networks=("127.0.0.0/8",), delay_s=0, concurrency_per_host=16, obey_robots=False, retries=0
        )
    )
    app = App(settings, database)
    figures: dict[str, object] = {"pages": pages}
    with open_store(database) as store:
        with store.transaction() as tx:
            for number in range(pages):
                tx.put_page(PageDraft(f"http://127.0.0.1:{port}/{number}.html"), app.now())
            rows = tx.pages()
        for expected in ROUNDS:
            said: list[str] = []
            start, started = time.process_time(), time.perf_counter()
            crawl(app, store, rows, lambda checked, said=said: said.append(str(checked.verdict.content)))
            cpu, wall = time.process_time() - start, time.perf_counter() - started
            assert said == [expected] * pages, f"expected {expected}, found {set(said)}"
            figures[expected] = {
                "cpu_ms_per_page": round(cpu / pages * 1000, 2),
                "wall_ms_per_page": round(wall / pages * 1000, 2),
            }
        with store.transaction() as tx:
            figures["body_bytes"] = len(tx.capture(1).body)
    return figures


if __name__ == "__main__":
    main()
