"""The map of 5,000 products: making its places, and drawing it while it is moved."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import time

import numpy as np
from PIL import Image

from search.insight.product_map import project
from search.ui.components.map import product_map
from tests.benchmarks.search import SIZE, _features

PRODUCTS = 5_000
FLAGS = ["--no-sandbox", "--disable-gpu"]
PAGE = """<!doctype html><style>:root {--st-primary-color: #0f5c54}</style>
<style>STYLE</style><body style="margin: 0; width: 1130px">HTML</body>"""

# Seconds between frames while something happens before each of them; the median and the slowest
# twentieth. The mouse is moved by events, as a hand would.
FRAMES = """
async (kind) => {
  const canvas = document.querySelector("canvas"), box = canvas.getBoundingClientRect();
  const centre = [box.left + box.width / 2, box.top + box.height / 2];
  const at = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, {
    clientX: centre[0] + x, clientY: centre[1] + y, pointerId: 1, bubbles: true }));
  const wheel = (delta) => canvas.dispatchEvent(new WheelEvent("wheel", {
    clientX: centre[0], clientY: centre[1], deltaY: delta, bubbles: true, cancelable: true }));
  const act = {
    "nothing": () => {},
    "hovering": (n) => at("pointermove", 300 * Math.sin(n / 7), 200 * Math.cos(n / 11)),
    "zooming": (n) => wheel(n % 60 < 30 ? -60 : 60),
    "panning, all shown": (n) => at("pointermove", 150 * Math.sin(n / 7), 100 * Math.sin(n / 9)),
    "panning, zoomed in": (n) => at("pointermove", 150 * Math.sin(n / 7), 100 * Math.sin(n / 9)),
  }[kind];
  const frame = () => new Promise(requestAnimationFrame);
  document.querySelector(".all").click();
  if (kind === "panning, zoomed in") wheel(-400);
  if (kind === "panning, all shown") wheel(-30);
  HTMLElement.prototype.setPointerCapture = () => {};
  if (kind.startsWith("panning")) at("pointerdown", 0, 0);
  for (let n = 0; n < 5; n++) { act(n); await frame(); }
  const times = [];
  for (let n = 0, before = await frame(); n < 120; n++) {
    act(n);
    const now = await frame();
    times.push(now - before);
    before = now;
  }
  if (kind.startsWith("panning")) at("pointercancel", 0, 0);
  times.sort((a, b) => a - b);
  return [times[60], times[113]];
}
"""


def _sheet() -> str:
    """Give a sheet of thumbnails, noise over a tint, as large as the map's own."""
    rng = np.random.default_rng(0)
    across, side = product_map.columns(PRODUCTS), product_map.side(PRODUCTS)
    tints = rng.integers(0, 255, (across, across, 3), np.uint8)
    picture = tints.repeat(side, 0).repeat(side, 1) // 2 + rng.integers(
        0, 90, (across * side, across * side, 1), np.uint8
    )
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=82)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def _frames(places: np.ndarray) -> dict[str, tuple[float, float]]:
    """Draw the map in headless Chromium; milliseconds per frame, median and 95th percentile."""
    from playwright.sync_api import sync_playwright

    points = [
        {"id": str(n), "label": f"Product {n}", "x": float(x), "y": float(y), "colour": colour}
        for n, ((x, y), colour) in enumerate(
            zip(places, ["#0f766e", "#c2410c", "#1d4ed8", "#a16207"] * PRODUCTS, strict=False)
        )
    ]
    data = {
        "points": points,
        "sheet": _sheet(),
        "columns": product_map.columns(PRODUCTS),
        "side": product_map.side(PRODUCTS),
    }
    script = product_map.JS.replace("export default function", "window.mount = function")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=FLAGS
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_content(PAGE.replace("STYLE", product_map.CSS).replace("HTML", product_map.HTML))
        page.add_script_tag(content=script)
        page.evaluate(
            f"mount({{data: {json.dumps(data)}, parentElement: document.body,"
            " setTriggerValue: () => {}})"
        )
        page.wait_for_timeout(2000)  # the sheet is decoded
        kinds = ("nothing", "hovering", "zooming", "panning, all shown", "panning, zoomed in")
        times = {kind: tuple(page.evaluate(f"({FRAMES})({kind!r})")) for kind in kinds}
        browser.close()
    return times


def main(argv: list[str] | None = None) -> int:
    """Print seconds for the places, and per frame the ratio to an idle page."""
    features = _features(PRODUCTS, 0)
    start = time.perf_counter()
    places = project(features)
    print(f"Map of {PRODUCTS:,} products")
    print(f"  t-SNE of {PRODUCTS:,} x {SIZE} {time.perf_counter() - start:20.1f} s")
    times = _frames(places)
    idle = times["nothing"][0]
    for kind, (median, slow) in times.items():
        print(
            f"  {kind:<22} {median:8.1f} ms a frame, 95th percentile {slow:6.1f} ms,"
            f" {median / idle:5.1f}x an empty frame"
        )
    return 0
