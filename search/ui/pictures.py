"""Pictures as the pages show them: tiles of the catalogue, previews of what a customer brought.

Tiles are shared by all sessions; of customers' photographs a session keeps a bounded number of
small previews, and they go with it.
"""

from __future__ import annotations

import base64
import csv
import io
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import streamlit as st
from PIL import Image, ImageOps

from search import photos, workspace
from search.catalogue import CataloguePhoto
from search.engine import explain
from search.errors import PhotoError, QueryError, SearchError
from search.network.registry import Network
from search.photos import Box, foreground
from search.ui.engines import View
from search.ui.query import WHOLE, PhotoQuery, Picture, Query

TILE = (400, 400)  # pixels: sharp at 200 on a screen of double density
STRIP = (176, 176)
PREVIEW = 720
_SAMPLES = 10


# --- the catalogue's -------------------------------------------------------------------------


def tile(view: View, photo: CataloguePhoto | None, size: tuple[int, int] = TILE) -> bytes:
    """Give a catalogue photograph as JPEG, padded to `size`; plain grey where there is none."""
    file = view.thumbnail(photo)
    if file is None:
        return _blank(size)
    try:
        return _tile(str(file), size)
    except (OSError, PhotoError):
        return _blank(size)


def product_picture(view: View, product_id: str, size: tuple[int, int] = TILE) -> bytes:
    """Give a product's first photograph, see `tile`."""
    return tile(view, view.main_photo(product_id), size)


def large(view: View, photo: CataloguePhoto | None) -> bytes:
    """Give a catalogue photograph as JPEG, large; what `tile` gives where it cannot be read."""
    if photo is None:
        return _blank(TILE)
    try:
        return _large(str(view.catalogue.path(photo)))
    except SearchError:
        return tile(view, photo)


@st.cache_data(show_spinner=False, max_entries=64)
def _large(path: str) -> bytes:
    return photos.thumbnail(photos.read(Path(path)), PREVIEW)


@st.cache_data(show_spinner=False, max_entries=4096)
def _tile(path: str, size: tuple[int, int]) -> bytes:
    return fit(photos.open_thumbnail(path), size)


# --- a customer's ----------------------------------------------------------------------------


def preview(data: bytes, crop: Box = WHOLE, size: tuple[int, int] | None = None) -> bytes:
    """Give a customer's photograph or a part of it, small, as JPEG; padded to `size` if given.

    :raises PhotoError: it cannot be read.
    """
    bundled = any(data is sample.picture.data for sample in _samples(str(workspace.DEMO)))
    return _bundled_preview(data, crop, size) if bundled else _own_preview(data, crop, size)


@st.cache_data(show_spinner=False, max_entries=64)
def _bundled_preview(data: bytes, crop: Box, size: tuple[int, int] | None) -> bytes:
    return _preview(data, crop, size)


@st.cache_data(show_spinner=False, max_entries=16, scope="session")
def _own_preview(data: bytes, crop: Box, size: tuple[int, int] | None) -> bytes:
    return _preview(data, crop, size)


def _preview(data: bytes, crop: Box, size: tuple[int, int] | None) -> bytes:
    photo = photos.read(data)
    if crop != WHOLE:
        photo = photos.crop(photo, crop)
    small = photos.thumbnail(photo, PREVIEW)
    if size is None:
        return small
    with Image.open(io.BytesIO(small)) as image:
        return fit(image, size)


@st.cache_data(show_spinner=False, max_entries=16, scope="session")
def product_frame(data: bytes) -> Box | None:
    """Give the part of a customer's photograph that the product takes, None where it is unclear."""
    return foreground.product_box(photos.read(data).image)


@st.cache_data(show_spinner=False, max_entries=16, scope="session")
def notes(data: bytes) -> tuple[str, ...]:
    """Give what the user should know of a photograph, e.g. that only its first frame is used."""
    return photos.read(data).notes


@dataclass(frozen=True, slots=True)
class Sample:
    """A bundled photograph as a customer would take it: of which product, and how, in words."""

    file: str
    picture: Picture
    product: str = ""
    how: str = ""


def samples(catalogue: str) -> tuple[Sample, ...]:
    """Give the bundled customers' photographs; they belong to the demo catalogue only."""
    return _samples(str(workspace.DEMO)) if catalogue == workspace.DEMO_NAME else ()


def chosen_samples(view: View) -> tuple[Sample, ...]:
    """Give those of the samples that were chosen when the catalogue was built, in that order.

    A catalogue of an earlier version has chosen none: the first are given.
    """
    bundled = samples(view.name)
    if not bundled:
        return ()
    kept = view.catalogue.setting(workspace.SAMPLES)
    if kept is None:
        return bundled[:_SAMPLES]
    by_name = {sample.file: sample for sample in bundled}
    return tuple(by_name[name] for name in json.loads(kept) if name in by_name)


@st.cache_resource(show_spinner=False)
def _samples(folder: str) -> tuple[Sample, ...]:
    demo = Path(folder)
    listing = demo / "customers.csv"
    if not listing.is_file():
        return ()
    with listing.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    places = [
        (p, row) for row in rows for p in (demo / row["file"], demo / "customers" / row["file"])
    ]
    found = {path: row for path, row in reversed(places) if path.is_file()}
    return tuple(
        Sample(
            path.name,
            Picture(path.name, path.read_bytes()),
            row.get("product") or "",
            row.get("view") or "",
        )
        for path, row in reversed(found.items())
    )


# --- both ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heat:
    """A photograph coloured by where a match comes from, as JPEG, with the figures.

    `shares` (h, w) are each cell's share of the score, `outlined` is what the marked part of them
    adds up to.
    """

    picture: bytes = field(repr=False)
    shares: explain.Shares = field(repr=False)
    outlined: float


@dataclass(frozen=True, slots=True)
class Matched:
    """Where two photographs match. The colours of both begin at `mean` and end at `most`."""

    score: float
    mean: float
    most: float
    query: Heat
    result: Heat


def matched(view: View, query: Query, photo: CataloguePhoto) -> Matched:
    """Show why a result's photograph matches the query's (its first one, where it has several).

    :raises SearchError: a photograph or the network is missing.
    """
    own = _photograph(view, query)
    found = photos.read(view.catalogue.path(photo))
    fingerprint = view.engine.extractor.fingerprint
    return _matched(fingerprint, own.sha256, found.sha256, view, own, found)


def _photograph(view: View, query: Query) -> photos.Photo:
    """Read the query's photograph, or the part of it that is searched by."""
    if isinstance(query, PhotoQuery):
        photo = photos.read(query.pictures[0].data)
        return photo if query.crop == WHOLE else photos.crop(photo, query.crop)
    main = view.main_photo(query.product_id)
    if main is None:
        raise QueryError(f"Product “{query.product_id}” has no photograph to compare.")
    return photos.read(view.catalogue.path(main))


@st.cache_data(show_spinner=False, max_entries=16, scope="session")
def _matched(
    fingerprint: str,  # noqa: ARG001
    query_sha256: str,  # noqa: ARG001
    result_sha256: str,  # noqa: ARG001
    _view: View,
    _asked: photos.Photo,
    _found: photos.Photo,
) -> Matched:
    extractor = _view.engine.extractor
    why = explain.explain(extractor, _asked, _found)
    most = max(float(explain.excess(share).max()) for share in (why.query, why.result))
    query, result = (
        _heat(photo, share, most, extractor.network)
        for photo, share in ((_asked, why.query), (_found, why.result))
    )
    mean = why.score / why.query.size
    return Matched(why.score, mean, mean + most, query, result)


def _heat(photo: photos.Photo, share: explain.Shares, most: float, network: Network) -> Heat:
    region = explain.strongest_region(share)
    coloured = explain.overlay(photo, share, network, most=most)
    marked = explain.outline(coloured, region, photo.image.size, network)
    return Heat(fit(marked, TILE), share, float(share[region].sum()))


def data_uri(jpeg: bytes) -> str:
    """Give a picture as an address, for labels."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def fit(image: Image.Image, size: tuple[int, int]) -> bytes:
    """Pad to a fixed aspect with the colour the photograph has along the padded sides; JPEG."""
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
