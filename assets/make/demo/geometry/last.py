"""The shoe last: the foot-shaped form an upper is drawn over.

Coordinates: the heel's back at x=0, the toe at +x, the outer side at -y, the ground at z=0.
The last is given by its footprint's half width, by the height of its middle line over the
feather line (where upper and sole meet), and by the feather line's own height. An upper is the
part of it below a topline, cut by rings that fan out from the heel to the front.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .lofts import Points, Surface, smooth_path, smoothstep, surface

COLUMNS = 240
ROWS = 72

# Where the toe begins to narrow (share of the length) and the power of its curve.
TOES: dict[str, tuple[float, float]] = {
    "round": (0.70, 2.15),
    "almond": (0.62, 1.8),
    "pointed": (0.50, 1.42),
    "square": (0.80, 3.0),
}


@dataclass(frozen=True)
class Last:
    """A shoe's measures in metres; shares (`throat`) are of the length from the heel."""

    length: float = 0.272
    ball: float = 0.049
    waist: float = 0.039
    heel: float = 0.034
    toe: str = "round"
    toe_height: float = 0.040
    # share of the length from which the middle line falls to the toe, and how bluntly it ends
    toe_fall: float = 0.72
    toe_blunt: float = 2.5
    instep: float = 0.098
    throat: float = 0.42
    back: float = 0.065
    dip: float = 0.012
    tab: float = 0.0
    sole_ball: float = 0.02
    sole_heel: float = 0.025
    heel_height: float = 0.0
    toe_spring: float = 0.008
    # (height, x of the back, x of the front, half width) of rings above the foot
    shaft: tuple[tuple[float, float, float, float], ...] = ()
    # how far the shaft's upper rim rises in front and dips behind (metres)
    shaft_slant: float = 0.0
    puff: float = 0.0

    def half_width(self, share: Points) -> Points:
        """Half width of the footprint at a share of the length."""
        knots = [0.0, 0.12, 0.25, 0.42, 0.56, 0.68, 0.80, 1.0]
        mid = (self.waist + self.ball) / 2
        widths = [0.98, 1.0, 1.0, 0, 0, 0, 0, 0]
        widths = [self.heel * w for w in widths[:3]] + [
            self.waist,
            mid,
            self.ball,
            self.ball * 0.98,
            self.ball * 0.92,
        ]
        fine = np.linspace(0, 1, 400)
        rough = np.interp(fine, knots, widths)
        kernel = np.hanning(61)
        padded = np.pad(rough, 30, mode="edge")
        body = np.interp(share, fine, np.convolve(padded, kernel / kernel.sum(), mode="valid"))
        start, power = TOES[self.toe]
        front = np.clip((share - start) / (1 - start), 0, 1)
        rear = np.clip((0.13 - share) / 0.13, 0, 1)
        return body * (1 - front**power) ** (1 / power) * (1 - rear**2.2) ** (1 / 2.2)

    def middle(self, share: Points) -> Points:
        """Y of the middle line: a foot's toes lean inward."""
        lean = 0.004 if self.toe == "pointed" else 0.007
        return lean * smoothstep(0.5, 1.0, share) - 0.002 * np.exp(-(((share - 0.4) / 0.2) ** 2))

    def feather(self, share: Points) -> Points:
        """Height of the feather line over the ground."""
        base = self.sole_ball + (self.sole_heel - self.sole_ball) * smoothstep(0.62, 0.2, share)
        lift = self.heel_height
        arch = smoothstep(0.62, 0.16, share) if lift < 0.03 else _arch(share)
        spring = self.toe_spring * np.clip((share - 0.66) / 0.34, 0, 1) ** 2
        return base + lift * arch + spring

    def profile(self, share: Points) -> Points:
        """Height of the middle line over the feather line, from the toe back to the leg."""
        behind = np.clip(0.86 - share, 0, None)
        climb = (self.instep - self.toe_height) * (behind / 0.44) ** 1.45
        front = np.clip((share - self.toe_fall) / (1 - self.toe_fall), 0, 1)
        toe = (1 - front**self.toe_blunt) ** (1 / 2.1)
        return (self.toe_height + climb) * toe

    def back_x(self, height: Points) -> Points:
        """X of the heel's back at a height over the feather line."""
        h = np.clip(height, 0, 0.12)
        return -0.004 * np.sin(np.clip(h / 0.05, 0, 1) * np.pi) + 1.1 * np.clip(h - 0.03, 0, 1) ** 2


def _arch(share: Points) -> Points:
    """The slope of a high heel's last: steep below the instep, nearly level under the heel."""
    x = np.clip((0.70 - share) / 0.62, 0, 1)
    return np.clip(1.06 * smoothstep(0, 1, x) ** 0.9, 0, None) * (1 - 0.06 * x**4)


def ring_share(s: Points) -> Points:
    """Share of a ring's length at s, dense near both ends, where it is round."""
    return (1 + np.cos(np.pi * s)) / 2


def foot_rings(last: Last, rows: int = ROWS) -> Points:
    """The foot's rings from the feather line to the topline, without any shaft."""
    s = np.linspace(-1, 1, COLUMNS + 1)
    along = ring_share(s)
    side = np.where(s >= 0, -1.0, 1.0)
    line = np.linspace(1.0, last.throat, 600)
    height = last.profile(line)
    step = np.hypot(np.diff(line * last.length), np.diff(height))
    length = np.concatenate([[0], np.cumsum(step)])
    rings = np.empty((rows, COLUMNS + 1, 3))
    for row, t in enumerate(np.linspace(0, 1, rows)):
        front = np.interp(t * length[-1], length, line)
        front_z = float(last.profile(np.array([front]))[0]) if t else 0.0
        back_z = last.back * t
        back = float(last.back_x(np.array(back_z)))
        x = back + (front * last.length - back) * along
        blend = along**1.15
        z = back_z * (1 - blend) + front_z * blend
        z -= last.dip * t**1.5 * np.sin(np.pi * np.clip(along, 0, 1)) ** 1.2
        z += last.tab * t**3 * np.exp(-((along / 0.12) ** 2))
        z = np.maximum(z, 0)
        own_back = last.back_x(z)
        share = np.clip((x - own_back) / (last.length - own_back), 0, 1)
        fill = np.clip(z / np.maximum(last.profile(x / last.length), 1e-6), 0, 1)
        power = 2.2 + 0.6 * smoothstep(0.7, 0.3, share)
        wide = last.half_width(share) * (1 - fill**power) ** (1 / power)
        wide *= 1 + 0.05 * np.sin(np.pi * np.clip(fill * 1.6, 0, 1)) * smoothstep(0.15, 0.4, share)
        taper = 0.22 * smoothstep(0.0, 0.09, z) * smoothstep(0.75, 0.45, share)
        wide *= 1 - taper
        inner = 1 - 0.13 * np.exp(-(((share - 0.40) / 0.16) ** 2)) * (1 - fill)
        wide = wide * np.where(side > 0, inner, 1.0)
        rings[row, :, 0] = x
        rings[row, :, 1] = last.middle(share) + side * wide
        rings[row, :, 2] = last.feather(np.clip(x / last.length, 0, 1)) + z
    return rings


def shaft_rings(last: Last) -> Points:
    """Ellipses of a boot's shaft, lowest first."""
    s = np.linspace(-1, 1, COLUMNS + 1)
    along = ring_share(s)
    side = np.where(s >= 0, -1.0, 1.0)
    rings = []
    top = max(level[0] for level in last.shaft)
    for z, back, front, half in last.shaft:
        ring = np.empty((COLUMNS + 1, 3))
        ring[:, 0] = back + (front - back) * along
        ring[:, 1] = side * half * np.sqrt(np.clip(1 - (2 * along - 1) ** 2, 0, 1)) ** 0.92
        slant = last.shaft_slant * (z / top) ** 3
        ring[:, 2] = z + slant * (along - 0.5)
        rings.append(ring)
    return np.array(rings)


def upper(last: Last) -> Surface:
    """The upper's surface, from the feather line to the topline."""
    rings = foot_rings(last)
    if last.shaft:
        keys = np.concatenate([rings[: int(ROWS * 0.97) : 6], shaft_rings(last)])
        fine = smooth_path(keys, 260)
        climb = np.linalg.norm(np.diff(fine, axis=0), axis=2).mean(axis=1)
        length = np.concatenate([[0], np.cumsum(climb)])
        at = np.linspace(0, length[-1], 110)
        place = np.interp(at, length, np.arange(len(fine)))
        i = np.minimum(place.astype(int), len(fine) - 2)
        f = (place - i)[:, None, None]
        rings = fine[i] * (1 - f) + fine[i + 1] * f
        return _cut_at_ankle(rings, last)
    made = surface(rings)
    if not last.puff:
        return made
    t = np.linspace(0, 1, len(rings))[:, None]
    s = np.abs(np.linspace(-1, 1, COLUMNS + 1))[None, :]
    cushion = np.exp(-(((t - 0.86) / 0.11) ** 2)) * smoothstep(0.22, 0.5, s)
    return surface(rings + made.normals * (last.puff * cushion)[..., None])


def _cut_at_ankle(rings: Points, last: Last) -> Surface:
    """A boot's surface, its cloth cut in two at the ankle, as boots are.

    On the foot the pattern follows the vamp; on the shaft it stands upright.
    """
    height = last.sole_heel + last.heel_height + 0.085
    row = int(np.argmax(rings[:, 0, 2] > height))
    rings = np.insert(rings, row, rings[row] * 0.97 + rings[row - 1] * 0.03, axis=0)
    made = surface(rings)
    uv = made.uv.copy()
    uv[row + 1 :, :, 1] = rings[row + 1 :, :, 2]
    return Surface(made.points, made.normals, uv)
