"""What lies over a sneaker's upper: rubber toes, foxing, counters, overlays, marks, patches."""

from __future__ import annotations

import bpy
import numpy as np

from . import marks, uppers
from .last import Last
from .lofts import Points, Surface, grid_object, tube

Material = bpy.types.Material
Shape = dict[str, float | str]


def lay_panels(
    kind: str,
    last: Last,
    surface: Surface,
    stuff: dict[str, Material],
    shape: Shape,
    *,
    high: bool,
) -> None:
    """The panels of a kind, then the maker's mark."""
    if kind == "rubber_toe":
        _rubber_toe(last, surface, stuff, shape)
        if high and shape.get("patch") == "round":
            _patch(surface, stuff)
        return
    if kind == "court":
        _court(last, surface, stuff, shape)
    elif kind == "stripe":
        _skate(last, surface, stuff, shape)
    elif kind == "overlays":
        _overlays(last, surface, stuff, shape)
    if kind != "plain":
        marks.mark(surface, last, str(shape.get("mark", "none")), stuff["mark"], lift=0.0024)


def blocks(last: Last, surface: Surface, stuff: dict[str, Material], form: str) -> None:
    """Two-tone: the rear, the toes, both, or a foxing in the second colour."""
    if form in ("rear", "both"):
        marks.block(surface, last, stuff["second"], 0.44, 0.975, 0.03)
        line = np.linspace(0.04, 0.94, 50)
        for side in (1.0, -1.0):
            x = last.length * 0.44 - 0.03 * line**0.8 - 0.002
            s = surface.s_at_x(x, line, side)
            uppers.seam(surface, s, line, stuff["thread"], lift=0.0012)
    if form in ("toe", "both"):
        other = stuff["trim"] if form == "both" else stuff["second"]
        x = last.length * 0.70
        uppers.toe_cap(surface, other, x, bow=0.04, thread=stuff["thread"], lift=0.0009)
    if form == "foxing":
        high = [0.8, 0.5, 0.24, 0.16, 0.14, 0.16, 0.14, 0.16, 0.24, 0.5, 0.8]
        uppers.band(surface, stuff["second"], (-1.0, 1.0), 0.0, high, columns=200, lift=0.0010)


def _rubber_toe(last: Last, surface: Surface, stuff: dict[str, Material], shape: Shape) -> None:
    rubber = stuff["rubber"]
    edge = last.length * 0.83
    uppers.toe_cap(surface, rubber, edge, bow=0.004, lift=0.0022, name="rubber_toe")
    foxing = np.array([0.02, 0.02, 0.05, 0.11, 0.11, 0.11, 0.05, 0.02, 0.02])
    uppers.band(surface, rubber, (-0.45, 0.45), 0.0, foxing * 1.6, lift=0.0026)
    if shape.get("texture") in ("ribs", "line"):
        s = np.linspace(-0.24, 0.24, 80)
        path = surface.at(s, 0.10 * (1 - (s / 0.26) ** 2), 0.0030)
        grid_object("toe_line", tube(path, 0.0011, sides=8), stuff["line"])
    thread = stuff["thread"]
    reach = last.length * (0.06 + 0.2 * float(shape.get("counter", 0.2)))
    behind = stuff["accent"] if shape.get("foxing") == "accent" else stuff["cloth"]
    uppers.heel_counter(surface, behind, reach, 0.97, lean=0.004, thread=thread, lift=0.001)
    _quarter_seam(last, surface, thread)


def _quarter_seam(last: Last, surface: Surface, thread: Material) -> None:
    for side in (1.0, -1.0):
        for shift in (0.0, 0.004):
            t = np.linspace(0.02, 0.62, 50)
            x = last.length * 0.60 - 0.02 * (t / 0.6) ** 2 + shift
            uppers.seam(surface, surface.s_at_x(x, t, side), t, thread, lift=0.0006)


def _patch(surface: Surface, stuff: dict[str, Material]) -> None:
    """A round patch on the ankle, its rim in another colour."""
    r = np.linspace(0, 1, 8)[:, None]
    angle = np.linspace(0, 2 * np.pi, 41)[None, :]
    for side in (1.0, -1.0):
        middle, t = 0.50, 0.70
        point = surface.at(side * middle, t)
        wide = 0.016 / np.linalg.norm(surface.at(side * (middle + 0.05), t) - point) * 0.05
        tall = 0.016 / np.linalg.norm(surface.at(side * middle, t + 0.05) - point) * 0.05
        s = side * (middle + wide * r * np.cos(angle))
        grid_object("patch", surface.at(s, t + tall * r * np.sin(angle), 0.0012), stuff["rubber"])
        for share in (1.0, 0.55):
            rim = side * (middle + wide * share * np.cos(angle[0]))
            path = surface.at(rim, t + tall * share * np.sin(angle[0]), 0.0014)
            grid_object("rim", tube(path, 0.0009, sides=6, caps=False), stuff["line"])


def _court(last: Last, surface: Surface, stuff: dict[str, Material], shape: Shape) -> None:
    """Counter, cap, foxing, and holes punched for air."""
    accent, thread = stuff["accent"], stuff["thread"]
    reach, top = float(shape.get("counter", 0.2)), float(shape.get("counter_top", 0.97))
    uppers.heel_counter(surface, accent, last.length * reach, top, lean=0.03, thread=thread)
    cap = str(shape.get("cap", "none"))
    if cap != "none":
        over = accent if cap == "accent" else stuff["own"]
        uppers.toe_cap(surface, over, last.length * 0.80, bow=0.03, thread=thread)
    foxing = str(shape.get("foxing", "none"))
    if foxing != "none":
        low: Points = np.array([0.01, 0.20, 0.22, 0.16, 0.10, 0.16, 0.22, 0.20, 0.01])
        over = accent if foxing == "accent" else stuff["own"]
        uppers.band(surface, over, (-0.62, 0.62), 0.0, low, lift=0.0011)
    holes = str(shape.get("holes", "none"))
    if holes == "side" and shape.get("mark", "none") != "none":
        holes = "none"
    marks.punched(surface, last, stuff["dark"], "toe" if holes == "both" else holes, 0.0004)


def _skate(last: Last, surface: Surface, stuff: dict[str, Material], shape: Shape) -> None:
    """Cap and counter with double seams, and a stripe where there is no other mark."""
    x, thread = last.length, stuff["thread"]
    own = stuff["accent"] if shape.get("cap") in ("accent", "punched") else stuff["own"]
    uppers.toe_cap(surface, own, x * 0.77, bow=0.02, thread=thread)
    behind = float(shape.get("counter", 0.20))
    uppers.heel_counter(surface, stuff["accent"], x * behind, 0.97, lean=0.03, thread=thread)
    if shape.get("mark", "none") == "none":
        knots = [(x * 0.38, 0.03, 0.030), (x * 0.40, 0.4, 0.026), (x * 0.42, 0.80, 0.022)]
        uppers.stripe(surface, stuff["mark"], knots, lift=0.0012)
        for shift in (-0.012, 0.012):
            t = np.linspace(0.03, 0.78, 40)
            place = np.interp(t, [k[1] for k in knots], [k[0] + shift for k in knots])
            for side in (1.0, -1.0):
                uppers.seam(surface, surface.s_at_x(place, t, side), t, thread, lift=0.0016)


def _overlays(last: Last, surface: Surface, stuff: dict[str, Material], shape: Shape) -> None:
    x, thread = last.length, stuff["thread"]
    accent, suede = stuff["accent"], stuff["suede"]
    guard = [0.30, 0.24, 0.16, 0.14, 0.17, 0.24, 0.17, 0.14, 0.16, 0.24, 0.30]
    uppers.band(surface, accent, (-1.0, 1.0), 0.0, guard, columns=200, lift=0.0012)
    behind = x * float(shape.get("counter", 0.17))
    uppers.heel_counter(surface, suede, behind, 0.8, lean=0.02, thread=thread, lift=0.002)
    for k in range(int(shape.get("bars", 2))):
        low = x * (0.33 + 0.09 * k)
        knots = [(low, 0.12, 0.011), (low + 0.012, 0.45, 0.009), (low + 0.022, 0.85, 0.008)]
        uppers.stripe(surface, (accent, suede, accent)[k], knots, lift=0.0016)
    uppers.toe_cap(surface, suede, x * 0.86, bow=0.02, thread=thread, lift=0.002)


def gussets(last: Last, surface: Surface, elastic: Material, thread: Material) -> None:
    """Elastic at both sides of a slip-on's throat, stitched round."""
    for side in (1.0, -1.0):
        t = np.linspace(0.55, 0.985, 20)[:, None]
        f = uppers.dense(12)[None, :]
        x = last.length * (0.42 + (f - 0.5) * (0.06 + 0.09 * (t - 0.55)))
        uppers.panel(surface, surface.s_at_x(x, t, side), t, elastic, lift=0.0006)
        for edge in (-1.0, 1.0):
            line = last.length * 0.42 + edge * last.length * (0.036 + 0.045 * (t[:, 0] - 0.55))
            s = surface.s_at_x(line, t[:, 0], side)
            uppers.seam(surface, s, t[:, 0], thread, lift=0.0006, pitch=0.0034)
