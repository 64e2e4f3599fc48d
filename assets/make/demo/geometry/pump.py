"""The pump: a last that stands on its ball, and the upper cut low around the foot.

Coordinates as in `last`. A pump's upper is told by its topline: how high it stands over the
feather line at the back, at the waist and at the throat. Where the topline sinks to the feather
line the shoe is open (d'Orsay, slingback, mule).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .last import COLUMNS, Last, ring_share
from .lofts import Points, Surface, eased, outward, smoothstep, surface

ROWS = 64

# Share of the length where the toe begins to narrow, the power of its curve, its height, and the
# share of the length over which it rounds off in the side view.
TOES: dict[str, tuple[float, float, float, float]] = {
    "pointed": (0.52, 1.45, 0.0245, 0.085),
    "almond": (0.62, 1.85, 0.027, 0.085),
    "round": (0.70, 2.2, 0.030, 0.10),
    "peep": (0.68, 2.05, 0.029, 0.10),
    "square": (0.70, 2.9, 0.023, 0.06),
}
PITCH = (
    (-0.05, 1.01), (0.0, 1.0), (0.10, 0.95), (0.20, 0.85), (0.32, 0.675), (0.45, 0.42),
    (0.56, 0.195), (0.65, 0.05), (0.72, 0.0), (1.0, 0.0),
)  # fmt: skip


@dataclass(frozen=True)
class PumpLast(Last):
    """A heeled foot: `sole_ball` is what lies under the ball, `heel_height` what the heel adds."""

    def half_width(self, share: Points) -> Points:
        """Half width of the footprint: narrow at the waist, full at the ball."""
        k, b = self.heel, self.ball
        knots = (
            (0.0, k * 0.98), (0.12, k), (0.25, k * 0.90), (0.42, self.waist),
            (0.56, b * 0.40 + self.waist * 0.60), (0.68, b * 0.975), (0.77, b), (1.0, b * 0.94),
        )  # fmt: skip
        body = eased(knots, share, 0.11)
        start, power, _, _ = TOES[self.toe]
        front = np.clip((share - start) / (1 - start), 0, 1)
        rear = np.clip((0.125 - share) / 0.125, 0, 1)
        return body * (1 - front**power) ** (1 / power) * (1 - rear**2.1) ** (1 / 2.1)

    def middle(self, share: Points) -> Points:
        """Y of the middle line: the toes lean inward, the waist outward."""
        lean = 0.005 if self.toe == "pointed" else 0.007
        return lean * smoothstep(0.55, 1.0, share) - 0.003 * np.exp(-(((share - 0.42) / 0.16) ** 2))

    def feather(self, share: Points) -> Points:
        """Height of the feather line: a sloping seat, a steep shank, a flat tread."""
        spring = self.toe_spring * np.clip((share - 0.78) / 0.22, 0, 1) ** 1.8
        return self.sole_ball + self.heel_height * eased(PITCH, share, 0.09) + spring

    def profile(self, share: Points) -> Points:
        """Height of the middle line over the feather line."""
        _, _, tall, roll = TOES[self.toe]
        knots = (
            (0.0, 0.135), (0.2, 0.112), (0.3, 0.096), (0.4, 0.078), (0.5, 0.062), (0.6, 0.052),
            (0.70, 0.0435), (0.80, 0.5 * (0.0435 + tall)), (0.88, tall * 1.12), (1.0, tall * 0.9),
        )  # fmt: skip
        front = np.clip((share - 1 + 2 * roll) / (2 * roll), 0, 1)
        return eased(knots, share, 0.08) * (1 - front**2.6) ** (1 / 2.0)

    def back_x(self, height: Points) -> Points:
        """X of the heel's back: it swells over the seat and closes in at the topline."""
        knots = (
            (-0.01, 0.002), (0.0, 0.0012), (0.012, -0.0022), (0.026, -0.0026), (0.042, 0.0008),
            (0.06, 0.0062), (0.09, 0.016),
        )  # fmt: skip
        return eased(knots, height, 0.012)

    def wall(self, x: Points, z: Points, side: Points) -> Points:
        """Points at x and at a height over the feather line; side -1 is the outer one."""
        own = self.back_x(np.clip(z, 0, None))
        share = np.clip((x - own) / (self.length - own), 0, 1)
        tall = np.maximum(self.profile(np.clip(x / self.length, 0, 1)), 1e-6)
        fill = np.clip(z / tall, 0, 1)
        power = 2.1 + 0.5 * smoothstep(0.72, 0.3, share) + 0.5 * smoothstep(0.7, 0.92, share)
        wide = self.half_width(share) * (1 - fill**power) ** (1 / power)
        wide *= 0.965 + 0.035 * np.sin(np.clip(np.abs(z) / 0.007, 0, 1) * np.pi / 2)
        wide *= 1 - 0.16 * smoothstep(0.012, 0.07, z) * smoothstep(0.6, 0.3, share)
        hollow = 1 - 0.10 * np.exp(-(((share - 0.44) / 0.14) ** 2)) * (1 - fill)
        wide = wide * np.where(side > 0, hollow, 1.0)
        y = self.middle(share) + side * wide
        return np.stack(np.broadcast_arrays(x, y, self.feather(x / self.length) + z), axis=-1)


@dataclass(frozen=True)
class Topline:
    """Heights over the feather line, and where the throat lies (share of the length).

    `sweep` shapes the throat: 1 a V, 2.4 round, 5 square. `opening` is a peep toe's length.
    Without a `vamp` only the back stands: a sandal's counter.
    """

    back: float = 0.052
    waist: float = 0.026
    joint: float = 0.028
    throat: float = 0.70
    sweep: float = 2.3
    opening: float = 0.0
    vamp: bool = True

    def height(self, last: Last, share: Points) -> Points:
        """Height of the topline over the feather line at a share of the length."""
        low = self.waist
        wing = (low + self.joint) / 2 if low > 0.004 else self.joint * 0.85
        knots = (
            (-0.03, self.back), (0.02, self.back), (0.10, self.back * 0.82 + low * 0.18),
            (0.22, self.back * 0.36 + low * 0.64), (0.38, low), (0.44, (low + wing) / 2),
            (0.50, wing), (0.64, self.joint), (1.0, self.joint),
        )  # fmt: skip
        side = eased(knots, share, 0.10 if low > 0.004 else 0.07)
        end = float(last.profile(np.array([self.throat]))[0])
        if not self.vamp:
            return side
        rise = np.clip((share - self.throat + 0.20) / 0.20, 0, 1) ** (2 * self.sweep)
        return side + (end - side) * rise


def upper(last: PumpLast, top: Topline) -> Surface:
    """The upper's surface from the feather line to the topline."""
    s = np.linspace(-1, 1, COLUMNS + 1)
    along = ring_share(s)
    side = np.where(s >= 0, -1.0, 1.0)
    f = np.linspace(0, 1, ROWS)[:, None]
    size = last.length
    line = np.linspace(1.0, top.throat, 500)
    ridge = last.profile(line)
    run = np.concatenate([[0], np.cumsum(np.hypot(np.diff(line * size), np.diff(ridge)))])
    start = np.zeros_like(along)
    if top.opening:
        start = (top.opening / run[-1]) * np.sqrt(np.clip(1 - (s / 0.11) ** 2, 0, 1))
    f = start[None] + (1 - start[None]) * f
    ahead = np.interp(f * run[-1], run, line)
    rear = float(last.back_x(np.array([top.back]))[0])
    x1 = rear + (top.throat * size - rear) * along
    z1 = top.height(last, x1 / size)
    pull = along[None] ** 1.6
    front = (1 - ahead) / (1 - top.throat)
    x = along * size + (x1 - along * size) * ((1 - pull) * f + pull * front)
    climb = last.profile(ahead) / last.profile(np.array([top.throat]))[0]
    z = z1 * ((1 - pull) * f + pull * climb)
    own = last.back_x(np.clip(z, 0, None))
    x = np.where(along < 0.5, x + own * (1 - along / 0.5) ** 2 - f * rear * (1 - along / 0.5), x)
    made = surface(last.wall(x, z, side))
    return Surface(made.points, outward(made.normals), made.uv)
