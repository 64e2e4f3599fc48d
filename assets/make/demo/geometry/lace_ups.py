"""The front of a laced shoe: tongue, eye stays, laces and bow."""

from __future__ import annotations

import random

import bpy
import numpy as np

from . import fastenings, uppers
from .lofts import Points, Surface, grid_object, smoothstep, unit


def lace_up(
    surface: Surface,
    start: float,
    *,
    stay: bpy.types.Material | None,
    tongue: bpy.types.Material,
    lace: bpy.types.Material,
    ring: bpy.types.Material | None,
    thread: bpy.types.Material,
    rows: int,
    draw: random.Random,
    gap: tuple[float, float] = (0.0075, 0.0125),
    width: float = 0.016,
    crossed: bool = True,
    top: float = 0.945,
    tall: float = 0.022,
    half: float = 0.0031,
    apron: bool = True,
    label: bpy.types.Material | None = None,
) -> None:
    """Laces an upper from the x of its vamp point, `start`, to the topline.

    `gap` is the half width of the slit where it begins and where it ends; `stay` None leaves
    the eye stays as the upper's own cloth with a line of stitches. `label` is a tab on the tongue.
    """
    low = float(surface.t_at_x(start))
    count = 40
    t = np.linspace(low, 0.99, count)
    f = uppers.dense(8)
    near = np.linspace(gap[0], gap[1], count)
    far = near + width * (0.75 + 0.25 * smoothstep(-0.2, 0.5, np.linspace(0, 1, count)))
    inner = _eased(np.array([surface.s_at_y(near[k], t[k])[0] for k in range(count)]))
    outer = _eased(np.array([surface.s_at_y(far[k], t[k])[0] for k in range(count)]))
    mouth = np.linspace(-1, 1, 13)[None, :] * (inner * 1.15)[:, None]
    uppers.panel(surface, mouth, t[:, None], tongue, lift=0.0005, name="tongue_base")
    edge = inner * 0.12 + outer * 0.88
    for side in (1.0, -1.0):
        if stay:
            s = inner[:, None] * (1 - f) + outer[:, None] * f
            uppers.panel(surface, side * s, t[:, None], stay, lift=0.0022, name="eye_stay")
        uppers.seam(surface, side * edge, t, thread, lift=0.0026 if stay else 0.0008)
    if stay and apron:
        _vamp_point(surface, stay, low, far[0])
    spine = uppers.tongue(surface, tongue, tall=tall, half=gap[1] + 0.009)
    if label:
        _label(spine, label)
    fastenings.laces(
        surface,
        lace,
        ring,
        low=low + 0.035 * (1 - low),
        high=top,
        rows=rows,
        gap=(gap[0] + 0.005, gap[1] + 0.006),
        half=half * draw.uniform(0.9, 1.1),
        crossed=crossed,
        lift=0.0045,
    )


def _vamp_point(surface: Surface, stay: bpy.types.Material, low: float, half: float) -> None:
    """The stays' rounded joint at the foot of the slit."""
    arc = np.linspace(-1, 1, 40)
    span = surface.s_at_y(half + 0.002, np.array([low]))[0]
    fall = low - 0.07 * (1 - arc**2)
    g = uppers.dense(5)[:, None]
    rows = fall[None] * (1 - g) + (low + 0.02) * g
    uppers.panel(surface, (arc * span)[None], rows, stay, lift=0.0020, name="apron")


def _eased(line: Points) -> Points:
    """A cut edge doesn't follow the leather's creases."""
    return np.convolve(np.pad(line, 4, mode="edge"), np.hanning(11)[1:-1] / 5.0, mode="valid")


def _label(spine: Points, material: bpy.types.Material) -> None:
    """A woven tab sewn on the tongue's end."""
    part = spine[20:30]
    up = unit(np.cross(np.gradient(part, axis=0), [0.0, 1.0, 0.0]))
    up = up if up[0, 2] > 0 or up[0, 0] > 0 else -up
    across = np.linspace(-1, 1, 9)[None, :, None]
    sheet = part[:, None] + up[:, None] * 0.0061 + across * np.array([-0.0, 0.0095, 0.0])
    sheet[..., 0] -= 0.0024 * across[..., 0] ** 2
    grid_object("label", sheet, material)
