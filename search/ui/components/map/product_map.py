"""A zoomable map of product thumbnails; a click chooses a product."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import streamlit as st
from PIL import Image

from search import photos
from search.errors import PhotoError

SHEET = 3000  # pixels across at most, but for very large catalogues
SMALLEST, LARGEST = 44, 112  # pixels of a thumbnail on it; 5,000 of the smallest take about 4 MB

_HERE = Path(__file__).parent
HTML = """
    <div class="map">
      <canvas tabindex="0" role="application" aria-label="Map of the catalogue: similar products lie
       close together. Arrow keys move, plus and minus zoom, Enter searches by the product in the
       middle."></canvas>
      <div class="buttons">
        <button class="in" aria-label="Zoom in">+</button>
        <button class="out" aria-label="Zoom out">−</button>
        <button class="all" aria-label="Show all">All</button>
      </div>
      <div class="ring" hidden></div>
      <div class="label" hidden></div>
    </div>
"""
CSS = (_HERE / "product_map.css").read_text(encoding="utf-8")
JS = (_HERE / "product_map.js").read_text(encoding="utf-8")
_component = st.components.v2.component("product_map", html=HTML, css=CSS, js=JS)


@dataclass(frozen=True, slots=True)
class Point:
    """A product on the map: its id, what to show of it, its place in [0, 1], a CSS colour."""

    id: str
    label: str
    x: float
    y: float
    colour: str


def columns(count: int) -> int:
    """Count the thumbnails in a row of the sheet."""
    return max(1, math.ceil(math.sqrt(count)))


def side(count: int) -> int:
    """Give the pixels of a thumbnail's side on the sheet: the fewer, the sharper."""
    return min(LARGEST, max(SMALLEST, SHEET // columns(count)))


def sheet(thumbnails: Sequence[Path | None]) -> str:
    """Put all thumbnails into one JPEG, as a data URL; a missing one stays blank."""
    across, pixels = columns(len(thumbnails)), side(len(thumbnails))
    rows = max(1, math.ceil(len(thumbnails) / across))
    picture = Image.new("RGB", (across * pixels, rows * pixels), "white")
    for n, file in enumerate(thumbnails):
        if file is not None:
            try:
                thumbnail = photos.open_thumbnail(file, pixels)
            except (OSError, PhotoError):  # it stays blank
                continue
            thumbnail.thumbnail((pixels, pixels))
            left = n % across * pixels + (pixels - thumbnail.width) // 2
            top = n // across * pixels + (pixels - thumbnail.height) // 2
            picture.paste(thumbnail, (left, top))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=82)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def product_map(points: Sequence[Point], sheet_url: str, *, key: str) -> str | None:
    """Draw the map, thumbnails in the order of the points; give the id of a product clicked."""
    result = _component(
        key=key,
        data={
            "points": [asdict(point) for point in points],
            "sheet": sheet_url,
            "columns": columns(len(points)),
            "side": side(len(points)),
        },
        on_chosen_change=lambda: None,
    )
    return cast("str | None", result.chosen)
