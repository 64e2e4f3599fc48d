"""Figures for Prometheus: requests by route and status, how long they take, what waits."""

from __future__ import annotations

import time

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search.api.answers import VERSION
from search.api.shop import Shop
from search.errors import SearchError

_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "search_requests", "Requests answered.", ("route", "status"), registry=self._registry
        )
        self.seconds = Histogram(
            "search_request_seconds",
            "Seconds from a request to its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._waiting = Gauge(
            "search_photographs_waiting", "Photographs that wait for the network.",
            registry=self._registry,
        )  # fmt: skip
        self._answers = Gauge(
            "search_catalogue_answers", "1 while the catalogue or published index can be asked.",
            registry=self._registry,
        )  # fmt: skip
        self._revision = Gauge(
            "search_catalogue_revision", "The catalogue's revision.", registry=self._registry
        )
        self._products = Gauge(
            "search_catalogue_products", "Products in the catalogue.", registry=self._registry
        )

    def exposed(self, shop: Shop) -> tuple[bytes, str]:
        """Give all figures as text, and its media type."""
        self._waiting.set(shop.waiting)
        try:
            loaded = shop.engine().loaded()
        except SearchError:  # when figures are needed most
            self._answers.set(0)
        else:
            self._answers.set(1)
            self._revision.set(loaded.revision)
            self._products.set(loaded.held.products)
        return generate_latest(self._registry), CONTENT_TYPE_LATEST


class Measured:
    """Counts and times what an application answers."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            # The route's pattern, not the path: ids would make a figure for each product.
            route = getattr(scope.get("route"), "path", "")
            route = route if route.startswith(f"/{VERSION}/") else "other"
            self._metrics.requests.labels(route, str(status)).inc()
            self._metrics.seconds.labels(route).observe(time.perf_counter() - started)
