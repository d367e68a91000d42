"""What the daemon tells of itself: figures in the text format of Prometheus, and whether it is well."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from threading import Lock

from prometheus_client import CollectorRegistry, Counter, ProcessCollector, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.errors import StorageError
from storage.fitness import refusal
from storage.gauges import Gauges, read_gauges
from web.safety import Guard, Refusal, Safety

MOST_TICK_AGE_S = 30.0
"""A daemon ticks every second; after so long without, something holds it up."""
_TRIED_EVERY_S = 10.0
"""Whether the database can be written to is tried by writing, so not more often than this, however often one asks."""
_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Meter(Collector):
    """Counts what the daemon does, from any thread, and reads what stands in the database when it is asked."""

    def __init__(
        self, database: Path, now: Callable[[], datetime], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database, self._now, self._clock = database, now, clock
        self._ticked_at = clock()
        self._trying, self._tried_at, self._refusal = Lock(), -_TRIED_EVERY_S, ""
        self._registry = CollectorRegistry()
        self._checks = Counter("govwatch_checks", "Checks kept since the start.", ["verdict"], registry=self._registry)
        self._failures = Counter(
            "govwatch_failures",
            "Checks without a good capture, by what came instead.",
            ["kind"],
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        self._registry.register(self)

    def count(self, verdict: str, failure: str) -> None:
        """Count one check; `failure` is empty for a good one."""
        self._checks.labels(verdict).inc()
        if failure:
            self._failures.labels(failure).inc()

    def tick(self) -> None:
        """Note that the daemon lives."""
        self._ticked_at = self._clock()

    def text(self) -> bytes:
        """Return all figures in the text format 0.0.4."""
        return generate_latest(self._registry)

    def ailment(self) -> str:
        """Return what is wrong with the daemon; empty where it is well."""
        if (age_s := self._tick_age_s()) > MOST_TICK_AGE_S:
            return f"no tick for {age_s:.0f} s"
        with self._trying:
            if self._clock() - self._tried_at >= _TRIED_EVERY_S:
                self._refusal, self._tried_at = refusal(self._database), self._clock()
            return f"the database cannot be written to: {self._refusal}" if self._refusal else ""

    def collect(self) -> Iterator[Metric]:
        """Yield what is read when one asks (the name and shape are the library's)."""
        yield GaugeMetricFamily("govwatch_last_tick_age_seconds", "Time since the last tick.", self._tick_age_s())
        try:
            gauges = read_gauges(self._database, self._now())
        except StorageError:
            yield GaugeMetricFamily("govwatch_database_readable", "Whether the database can be read.", 0)
            return
        yield GaugeMetricFamily("govwatch_database_readable", "Whether the database can be read.", 1)
        yield from _families(gauges)

    def _tick_age_s(self) -> float:
        return self._clock() - self._ticked_at


def make_metrics_app(meter: Meter) -> Starlette:
    """Return the application with `/metrics` and `/healthz`, which answers 200 while the daemon is well, else 503."""

    # Plain functions, so that each runs in a thread of the server: they read and write the database.
    def metrics(_: Request) -> Response:
        return Response(meter.text(), media_type=_TYPE)

    def healthz(_: Request) -> Response:
        ailment = meter.ailment()
        return PlainTextResponse(f"{ailment or 'ok'}\n", 503 if ailment else 200)

    routes = [Route("/metrics", metrics), Route("/healthz", healthz)]
    return Starlette(routes=routes, middleware=[Middleware(Safety, guard=Guard(), denied=_denied)])


def _denied(_: Request, refusal: Refusal) -> Response:
    return PlainTextResponse(f"{refusal.reason}\n", refusal.status)


def _families(gauges: Gauges) -> Iterator[Metric]:
    pages = GaugeMetricFamily("govwatch_pages", "Pages on a schedule, and those that are due.", labels=["state"])
    for state in ("watched", "due", "overdue"):
        pages.add_metric([state], getattr(gauges, state))
    queue = GaugeMetricFamily(
        "govwatch_queue", "What is on its way to a channel: changes waiting, reports pending and given up.",
        labels=["channel", "state"],
    )  # fmt: skip
    for one in gauges.queues:
        for state in ("waiting", "pending", "failed"):
            queue.add_metric([one.channel, state], getattr(one, state))
    yield pages
    yield queue
