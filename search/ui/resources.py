"""The door to the engine: everything cached between runs, and every call the pages make of it.

The only place with `st.cache_*`. Engines and pictures are shared by all sessions; a customer's
photograph stays in memory, and only a bounded number of small previews of them.
"""

from __future__ import annotations

import base64
import contextlib
import csv
import io
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image, ImageOps

from search import photos, workspace
from search.catalogue import Catalogue, CataloguePhoto
from search.engine import LoadedCatalogue, Price, SearchEngine, SearchResult, explain
from search.engine.bands import Bands
from search.engine.filters import Filters
from search.engine.no_match import ensure_presence
from search.errors import QueryError, SearchError
from search.insight import suggestions
from search.insight.duplicates import Duplicate, duplicates
from search.insight.health import Issue, file_health, health
from search.insight.price_gaps import PriceGap, price_gaps
from search.insight.product_map import ProductMap, product_map
from search.network import registry, weights
from search.ui import state
from search.ui.components.product_map import sheet
from search.ui.query import WHOLE, Box, PhotoQuery, Picture, ProductQuery, Query
from search.ui.settings import Mode, Settings

TILE = (400, 400)  # pixels: sharp at 200 on a screen of double density
STRIP = (176, 176)
PREVIEW = 720


# --- engines ---------------------------------------------------------------------------------


@st.cache_resource(show_spinner=False, max_entries=32)
def _open(folder: str, name: str, network: str) -> SearchEngine:  # noqa: ARG001 (home is in the key)
    return SearchEngine.open(name, network=network or None)


def engine(name: str) -> SearchEngine:
    """The engine on a named catalogue, with the network chosen; it follows revisions by itself."""
    return _open(str(workspace.home()), name, state.settings().network)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of a catalogue's photographs a network has encoded."""

    network: registry.Network
    encoded: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether every photograph can be found with this network."""
        return self.total > 0 and self.encoded == self.total


@st.cache_data(show_spinner=False, max_entries=16)
def _coverage(folder: str, name: str, revision: int) -> list[Coverage]:  # noqa: ARG001
    catalogue = engine(name).catalogue
    covered, total = catalogue.fingerprints(), len(catalogue.photos())
    return [
        Coverage(network, covered.get(weights.fingerprint(network), 0), total)
        for network in registry.NETWORKS.values()
    ]


def coverage(name: str) -> list[Coverage]:
    """Every network of the registry, and what it has encoded of this catalogue."""
    return _coverage(str(workspace.home()), name, engine(name).catalogue.revision())


def loaded(name: str) -> LoadedCatalogue:
    """A named catalogue at its newest revision."""
    return engine(name).loaded()


@st.cache_resource(show_spinner=False)
def _warmed(name: str, fingerprint: str, _engine: SearchEngine) -> threading.Thread:  # noqa: ARG001
    """Load the network behind the page's back, so that the first photograph need not wait."""
    return _in_background("warm-up", _engine.extractor.warm)


@st.cache_resource(show_spinner=False, max_entries=8)
def _learnt(name: str, revision: int, fingerprint: str, _engine: SearchEngine) -> threading.Thread:  # noqa: ARG001
    """Learn behind the page's back what tells pictures of nothing the catalogue has."""
    return _in_background("presence", lambda: ensure_presence(_engine.catalogue, _engine.extractor))


def _in_background(name: str, work: Callable[[], None]) -> threading.Thread:
    def quietly() -> None:
        # Missing weights are told to whoever brings a photograph, not to whoever opens the page.
        with contextlib.suppress(SearchError):
            work()

    thread = threading.Thread(target=quietly, name=name, daemon=True)
    thread.start()
    return thread


def warm_up(name: str) -> bool:
    """Start loading the network in the background; whether it is there already.

    Once it is, what a revision has changed is learnt from, in the background too.
    """
    opened = engine(name)
    fingerprint = opened.extractor.fingerprint
    ready = not _warmed(name, fingerprint, opened).is_alive()
    if ready:
        _learnt(name, opened.catalogue.revision(), fingerprint, opened)
    return ready


# --- searching -------------------------------------------------------------------------------


def search(name: str, query: Query, settings: Settings, k: int) -> SearchResult:
    """What the engine answers to a query with these settings.

    :raises SearchError: with a sentence for the user.
    """
    opened = engine(name)
    asked = _asked(query)
    least = least_score(name, settings)
    filters = settings.filters()
    if settings.mode is Mode.SIMILAR:
        return opened.search(**asked, k=k, filters=filters, metric=settings.metric, min_score=least)
    price = None
    if settings.to_beat is not None:
        price = Price(settings.to_beat, opened.loaded().table.currency(settings.currency))
    return opened.cheaper(
        **asked,
        price=price,
        min_saving=settings.min_saving / 100,
        k=k,
        filters=filters,
        metric=settings.metric,
        min_score=least,
    )


def least_score(name: str, settings: Settings) -> float | None:
    """The minimum similarity asked for; without one, a look-alike must be of the same type."""
    if settings.min_score:
        return settings.min_score / 100
    return bands(name).same_type if settings.mode is Mode.CHEAPER else None


def _asked(query: Query) -> dict[str, Any]:
    """A query in the engine's terms."""
    if isinstance(query, ProductQuery):
        return {"product": query.product_id}
    several = [picture.data for picture in query.pictures]
    if query.crop == WHOLE:
        return {"photo": several}
    return {"photo": several, "region" if query.pooled else "crop": query.crop}


def facets(name: str, filters: Filters) -> Mapping[str, Mapping[str, int]]:
    """Names of each facet and how many products each would leave."""
    return loaded(name).table.facets(filters)


def check(picture: Picture) -> str | None:
    """Why a photograph cannot be used, or None."""
    try:
        photos.read(picture.data, name=picture.name)
    except SearchError as error:
        return str(error)
    return None


@dataclass(frozen=True, slots=True)
class Matched:
    """Where two photographs match: both as JPEG, softly shaded where they do not."""

    query: bytes
    result: bytes
    score: float


@st.cache_data(show_spinner=False, max_entries=64)
def _matched(
    fingerprint: str,  # noqa: ARG001
    query_sha256: str,  # noqa: ARG001
    result_sha256: str,  # noqa: ARG001
    _opened: SearchEngine,
    _network: registry.Network,
    _photos: tuple[photos.Photo, photos.Photo],
) -> Matched:
    asked, found = _photos
    why = explain.explain(_opened.extractor, asked, found)
    pictures = []
    for photo, share in ((asked, why.query), (found, why.result)):
        pictures.append(_fit(explain.overlay(photo, share, _network), TILE))
    return Matched(pictures[0], pictures[1], why.score)


def matched(name: str, query: Query, photo: CataloguePhoto) -> Matched:
    """Why a result's photograph matches the query's (its first one, where it has several).

    :raises SearchError: when a photograph or the network is missing.
    """
    opened = engine(name)
    if isinstance(query, PhotoQuery):
        asked = photos.read(query.pictures[0].data)
        if query.crop != WHOLE:
            asked = photos.crop(asked, query.crop)
    else:
        main = loaded(name).main_photo.get(query.product_id)
        if main is None:
            raise QueryError(f"Product “{query.product_id}” has no photograph to compare.")
        asked = photos.read(opened.catalogue.path(main))
    found = photos.read(opened.catalogue.path(photo))
    return _matched(
        opened.extractor.fingerprint,
        asked.sha256,
        found.sha256,
        opened,
        opened.extractor.network,
        (asked, found),
    )


# --- pictures --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sample:
    """A bundled photograph as a customer would take it."""

    file: str
    picture: Picture


@st.cache_data(show_spinner=False, max_entries=4096)
def _tile(path: str, size: tuple[int, int]) -> bytes:
    with Image.open(path) as image:
        return _fit(image, size)


@st.cache_data(show_spinner=False, max_entries=64)
def preview(data: bytes, crop: Box = WHOLE, size: tuple[int, int] | None = None) -> bytes:
    """A handed-in photograph or a part of it, small, as JPEG; padded to `size` where given."""
    photo = photos.read(data)
    if crop != WHOLE:
        photo = photos.crop(photo, crop)
    small = photos.thumbnail(photo, PREVIEW)
    if size is None:
        return small
    with Image.open(io.BytesIO(small)) as image:
        return _fit(image, size)


@st.cache_data(show_spinner=False, max_entries=64)
def notes(data: bytes) -> tuple[str, ...]:
    """What the user should know of a photograph, e.g. that only its first frame is used."""
    return photos.read(data).notes


def tile(name: str, photo: CataloguePhoto | None, size: tuple[int, int] = TILE) -> bytes:
    """A catalogue photograph as JPEG, padded to a fixed aspect with its own background."""
    if photo is None:
        return _blank(size)
    try:
        return _tile(str(engine(name).catalogue.thumbnail(photo)), size)
    except (SearchError, OSError):
        return _blank(size)


def product_picture(name: str, product_id: str, size: tuple[int, int] = TILE) -> bytes:
    """A product's first photograph, see `tile`; plain grey where it has none."""
    photo = loaded(name).main_photo.get(product_id)
    return tile(name, photo, size) if photo else _blank(size)


@st.cache_resource(show_spinner=False)
def _samples(folder: str) -> tuple[Sample, ...]:
    demo = Path(folder)
    listing = demo / "customers.csv"
    if not listing.is_file():
        return ()
    with listing.open(encoding="utf-8", newline="") as lines:
        files = [row["file"] for row in csv.DictReader(lines)]
    found = [path for file in files if (path := _in(demo, file))]
    return tuple(Sample(path.name, Picture(path.name, path.read_bytes())) for path in found)


def samples(name: str) -> tuple[Sample, ...]:
    """The bundled customers' photographs; they belong to the demo catalogue only."""
    return _samples(str(workspace.DEMO)) if name == workspace.DEMO_NAME else ()


def data_uri(jpeg: bytes) -> str:
    """A picture as an address, for labels."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def _in(folder: Path, file: str) -> Path | None:
    for path in (folder / file, folder / "customers" / file):
        if path.is_file():
            return path
    return None


def _fit(image: Image.Image, size: tuple[int, int]) -> bytes:
    """Pad to a fixed aspect with the colour the photograph has along the padded sides."""
    image = image.convert("RGB")
    pixels = np.asarray(image)
    if image.width * size[1] < image.height * size[0]:
        pixels = pixels.transpose(1, 0, 2)
    edges = np.concatenate([pixels[:2], pixels[-2:]]).reshape(-1, 3)
    red, green, blue = (int(c) for c in np.median(edges, axis=0))
    buffer = io.BytesIO()
    fitted = ImageOps.pad(image, size, Image.Resampling.LANCZOS, color=(red, green, blue))
    fitted.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


@st.cache_data(show_spinner=False)
def _blank(size: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (228, 231, 228)).save(buffer, "JPEG")
    return buffer.getvalue()


# --- the map ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """The map and one picture of all its thumbnails, as an address."""

    places: ProductMap
    sheet: str


@st.cache_resource(show_spinner=False)
def _drawing() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="map")


@st.cache_resource(show_spinner=False, max_entries=4)
def _map(name: str, folder: str, fingerprint: str, revision: int) -> Future[DrawnMap]:  # noqa: ARG001
    table, catalogue = loaded(name), engine(name).catalogue

    def draw() -> DrawnMap:
        places = product_map(catalogue, table)
        thumbnails = [_thumbnail_file(catalogue, table.main_photo.get(i)) for i in places.products]
        return DrawnMap(places, sheet(thumbnails))

    return _drawing().submit(draw)


def drawn_map(name: str) -> DrawnMap | None:
    """The map of a catalogue at its newest revision; None while it is drawn in the background.

    :raises SearchError: when it cannot be drawn.
    """
    table = loaded(name)
    job = _map(name, str(workspace.home()), table.snapshot.fingerprint, table.revision)
    return job.result() if job.done() else None


def _thumbnail_file(catalogue: Catalogue, photo: CataloguePhoto | None) -> Path | None:
    if photo is None:
        return None
    try:
        return catalogue.thumbnail(photo)
    except (SearchError, OSError):
        return None


# --- the catalogue compared with itself ------------------------------------------------------


def bands(name: str) -> Bands:
    """What scores mean in this catalogue."""
    return loaded(name).bands


@st.cache_resource(show_spinner=False, max_entries=16)
def _gaps(
    folder: str,  # noqa: ARG001
    name: str,
    fingerprint: str,  # noqa: ARG001
    revision: int,  # noqa: ARG001
    min_score: float,
    min_gap: float,
    in_stock: bool,
    nearest: int,
) -> list[PriceGap]:
    return price_gaps(
        loaded(name).snapshot, min_score, min_gap=min_gap, in_stock=in_stock, nearest=nearest
    )


def gaps(
    name: str, min_score: float, min_gap: float, *, in_stock: bool, nearest: int = 0
) -> list[PriceGap]:
    """Products with a much cheaper near twin; `min_gap` is a share of the higher price."""
    return list(_gaps(*_at(name), min_score, min_gap, in_stock, nearest))


@st.cache_resource(show_spinner=False, max_entries=16)
def _finds(
    folder: str,  # noqa: ARG001
    name: str,
    fingerprint: str,  # noqa: ARG001
    revision: int,  # noqa: ARG001
    count: int,
) -> list[PriceGap]:
    return suggestions.finds(loaded(name), count)


def finds(name: str, count: int) -> list[PriceGap]:
    """The catalogue's most striking cheaper look-alikes."""
    return list(_finds(*_at(name), count))


@st.cache_resource(show_spinner=False, max_entries=4)
def _duplicates(
    folder: str,  # noqa: ARG001
    name: str,
    fingerprint: str,  # noqa: ARG001
    revision: int,  # noqa: ARG001
    min_score: float,
) -> list[Duplicate]:
    return duplicates(loaded(name).snapshot, min_score)


def listed_twice(name: str, min_score: float) -> list[Duplicate]:
    """Products listed twice."""
    return list(_duplicates(*_at(name), min_score))


@st.cache_resource(show_spinner=False, max_entries=4)
def _issues(
    folder: str,  # noqa: ARG001
    name: str,
    fingerprint: str,  # noqa: ARG001
    revision: int,  # noqa: ARG001
) -> list[Issue]:
    snapshot = loaded(name).snapshot
    return [*health(snapshot), *file_health(engine(name).catalogue, snapshot)]


def issues(name: str) -> list[Issue]:
    """What is doubtful about the products."""
    return list(_issues(*_at(name)))


def _at(name: str) -> tuple[str, str, str, int]:
    table = loaded(name)
    return str(workspace.home()), name, table.snapshot.fingerprint, table.revision
