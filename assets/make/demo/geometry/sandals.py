"""Sandals: slides, footbeds, sport, gladiator, heeled, wedge, thong, woven and fisherman."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import bpy
import numpy as np

from .. import materials
from ..spec import Spec
from . import beds, ornaments, shoe_display, straps, uppers
from .colours import tonal
from .foot import Foot
from .foot import foot as foot_on
from .lofts import Points, Surface, even_path, smooth_path, smoothstep, tube, unit
from .pump import PumpLast, Topline
from .pump import upper as draw_upper

Material = bpy.types.Material

SHAPES: dict[str, dict[str, float | str]] = {
    "slide": {"sole": "footbed", "straps": "slide", "toe": "round"},
    "two_strap": {"sole": "footbed", "straps": "two", "toe": "round"},
    "cross_slide": {"sole": "footbed", "straps": "cross", "toe": "round"},
    "sport": {"sole": "sport", "straps": "sport", "toe": "round"},
    "gladiator": {"sole": "flat", "straps": "gladiator", "toe": "almond"},
    "thong": {"sole": "flat", "straps": "thong", "toe": "almond"},
    "flip_flop": {"sole": "foam", "straps": "flip", "toe": "round"},
    "t_bar": {"sole": "flat", "straps": "t_bar", "toe": "almond"},
    "crossed_wedge": {
        "sole": "wedge",
        "straps": "crossed",
        "heel_height": 0.055,
        "toe": "round",
    },
    "espadrille": {"sole": "rope", "straps": "wide", "heel_height": 0.045, "toe": "round"},
    "block_heel": {
        "sole": "heeled",
        "straps": "one",
        "heel_height": 0.070,
        "toe": "square",
        "heel": "block",
    },
    "stiletto": {
        "sole": "heeled",
        "straps": "thin",
        "heel_height": 0.095,
        "toe": "almond",
        "heel": "stiletto",
    },
    "platform": {"sole": "platform", "straps": "wide", "toe": "round"},
    "fisherman": {"sole": "sport", "straps": "fisherman", "toe": "round"},
    "woven": {"sole": "flat", "straps": "woven", "toe": "round"},
}
MATERIALS = ("leather", "suede", "patent", "nylon", "satin", "straw")
PATTERNS = ("plain", "stripes", "floral", "print", "leopard", "snake", "glitter", "colour-block")
SUITS = {
    "sport": ("nylon",),
    "gladiator": ("leather", "suede"),
    "two_strap": ("leather", "suede", "patent"),
    "espadrille": ("canvas", "suede", "leather"),
    "fisherman": ("leather",),
    "stiletto": ("satin", "leather", "patent", "suede"),
    "block_heel": ("leather", "suede", "patent", "satin"),
    "flip_flop": ("nylon",),
    "woven": ("leather", "straw"),
    "slide": ("leather", "suede", "patent", "canvas"),
    "cross_slide": ("leather", "straw"),
}
TRIMS = ("contrast_footbed", "dark_sole", "stitching", "gold_buckle")

_STRAPS = {
    "slide": ("slide", "slide", "slide_buckle", "cross"),
    "two": ("two", "two", "three", "two_wide"),
    "gladiator": ("gladiator", "gladiator", "gladiator_high"),
    "thong": ("thong", "thong_t"),
    "t_bar": ("t_bar", "strappy"),
    "crossed": ("crossed", "wide", "strappy"),
    "wide": ("wide", "crossed", "one"),
    "one": ("one", "thin", "crossed"),
    "thin": ("thin", "one", "strappy"),
    "sport": ("sport", "sport_cross"),
}


def varied(silhouette: str, rng: random.Random) -> dict[str, float | str]:
    """Another design of a silhouette: straps, back, heel, body of the sole, bed, ornament."""
    shape = SHAPES[silhouette]
    kind = str(shape["straps"])
    drawn: dict[str, float | str] = {
        "straps": rng.choice(_STRAPS.get(kind, (kind,))),
        "wide": round(rng.uniform(0.82, 1.22), 3),
        "place": round(rng.uniform(-0.015, 0.015), 4),
        "back": rng.choice(["counter", "counter", "sling"]),
        "bed": rng.choice(["#b58b62", "#c9a57a", "#8a6244", "#2b2725", "#d9c3a2"]),
        "edge": rng.choice(["#7a5436", "#2b2019", "#b08a5c"]),
        "tread": rng.choice(["#4a3626", "#221f1d", "#d3c6b0"]),
        "midsole": rng.choice(["#3a3b3f", "#77787a", "#262629", "#c9c3b4"]),
        "buckle": rng.choice(["square", "square", "oval"]),
        "ornament": "",
    }
    if shape["sole"] in ("footbed", "platform"):
        drawn["body"] = rng.choice(["cork", "cork", "white", "own"])
    if shape["sole"] == "wedge":
        drawn["body"] = rng.choice(["cork", "own", "wood"])
    if "heel_height" in shape:
        drawn["heel_height"] = round(float(shape["heel_height"]) * rng.uniform(0.8, 1.12), 4)
    if shape["sole"] == "heeled":
        fine = ("stiletto", "stiletto", "cone", "spool")
        solid = ("block", "flared", "stacked", "column")
        drawn["heel"] = rng.choice(fine if shape["heel"] == "stiletto" else solid)
        drawn["toe"] = rng.choice(["square", "almond", "round"])
    if drawn["straps"] in ("slide", "wide", "one") and rng.random() < 0.4:
        drawn["ornament"] = rng.choice(["bow", "flat_bow", "flower", "brooch", "crystals"])
    return drawn


def last_of(spec: Spec) -> PumpLast:
    """The sole's own last."""
    shape = spec.shape
    sole = str(shape.get("sole", "flat"))
    lift = float(shape.get("heel_height", 0.0))
    ball, heel = beds.BASES[sole]
    lift = max(lift - (heel - 0.0045 if sole != "heeled" else 0.0), 0.0) + heel - ball
    if sole == "flat":
        lift = 0.009
    slim = min(lift / 0.09, 1.0)
    return PumpLast(
        length=0.258 - 0.40 * lift,
        ball=0.0475 - 0.0075 * slim,
        waist=0.0365 - 0.0085 * slim,
        heel=0.0330 - 0.0050 * slim,
        toe=str(shape.get("toe", "round")),
        sole_ball=ball,
        sole_heel=ball,
        heel_height=lift,
        toe_spring=0.005 if sole in ("heeled", "flat") else 0.008,
    )


@dataclass(frozen=True)
class Work:
    """What the strap layouts work with."""

    spec: Spec
    last: PumpLast
    foot: Foot
    cloth: Material
    accent: Material
    lining: Material
    thread: Material | None
    metal: Material
    counter: Surface | None
    inset: float
    drop: float

    def across(
        self,
        low: float,
        high: float,
        slant: float = 0.0,
        *,
        material: Material | None = None,
        thick: float = 0.0024,
        puff: float = 0.0,
        gap: float = 0.001,
        pinch: float = 0.0,
    ) -> tuple[Points, Points]:
        """A strap over the foot between two shares of the length; returns its two edges."""
        place, size = float(self.spec.shape.get("place", 0.0)), self.last.length
        scale = float(self.spec.shape.get("wide", 1.0))
        middle, half = (low + high) / 2 + place, (high - low) / 2 * scale
        slope = (
            self.foot.edge((middle - 0.08) * size, 1.0)[2]
            - self.foot.edge((middle + 0.08) * size, 1.0)[2]
        ) / (0.16 * size)
        lines = []
        for at in (middle - half, middle + half):
            lines.append(
                self.foot.over(
                    (at - slant) * size,
                    (at + slant) * size,
                    lean=-max(slope, 0.0),
                    inset=self.inset,
                    drop=self.drop,
                    gap=gap,
                )
            )
        one, two = lines
        if pinch:
            f = pinch * np.sin(np.linspace(0, np.pi, len(one)))[:, None] ** 2 / 2
            one, two = one * (1 - f) + two * f, two * (1 - f) + one * f
        straps.band(
            one,
            two,
            material or self.cloth,
            thick=thick,
            puff=puff,
            thread=self.thread,
            lining=self.lining,
        )
        return one, two

    def buckle_on(self, one: Points, two: Points, share: float, thick: float) -> None:
        """A buckle with the strap's end, lying on a strap."""
        a, b = straps.part(one, share, share + 0.24, 40), straps.part(two, share, share + 0.24, 40)
        f = 0.14
        a, b = a * (1 - f) + b * f, b * (1 - f) + a * f
        straps.band(a, b, self.cloth, thick=0.002, lift=thick, tip=0.008, thread=self.thread)
        across, out = straps.frame_of(a, b)
        wide = float(np.linalg.norm(b[0] - a[0]))
        form = str(self.spec.shape.get("buckle", "square"))
        middle = (a[2] + b[2]) / 2
        straps.buckle(
            middle, across[2], out[2], wide, self.metal, lift=thick + 0.002, shape=form, wire=0.0013
        )
        straps.holes((a + b) / 2 + out * (thick + 0.0021), across, out, (16, 22, 28))


def build(spec: Spec) -> None:
    """Builds one sandal, or a pair, in the current scene."""
    before = shoe_display.present()
    last = last_of(spec)
    whole = draw_upper(last, Topline())
    work = _work(spec, last)
    plain = materials.fabric(
        spec.material if spec.material not in ("nylon", "straw") else "leather",
        "plain",
        spec.colours[1:2] if spec.pattern == "colour-block" else spec.colours[:1],
    )
    beds.build(spec, last, whole, plain)
    _LAYOUTS[str(spec.shape.get("straps", "two"))](work)
    shoe_display.stand(spec, shoe_display.built(before), gap=0.13, ahead=(0.0, 0.06))


def _work(spec: Spec, last: PumpLast) -> Work:
    sole = str(spec.shape.get("sole", "flat"))
    solid = sole in ("footbed", "sport", "foam", "platform", "wedge", "rope")
    slim = replace(last, ball=last.ball - 0.003, waist=last.waist - 0.003, heel=last.heel - 0.003)
    counter = None
    backed = str(spec.shape["straps"]) in ("crossed", "wide", "one", "thin", "fisherman")
    if backed and spec.shape.get("back", "counter") == "counter":
        counter = draw_upper(slim, Topline(0.070, -0.004, -0.004, 0.96, vamp=False))
    block = spec.pattern == "colour-block"
    cloth = materials.fabric(
        spec.material,
        "plain" if block else spec.pattern,
        spec.colours,
        scale=0.42,
        seed=spec.seed,
    )
    hide = "leather" if spec.material in ("nylon", "straw", "canvas") else spec.material
    sewn = spec.colours[2] if "stitching" in spec.trims else tonal(spec.colours[0])
    gold = "gold_buckle" in spec.trims
    return Work(
        spec,
        last,
        foot_on(last, counter, bare=slim),
        cloth,
        materials.plain(hide, spec.colours[1]),
        materials.plain("lining", "#c9a57a"),
        materials.plain("thread", sewn) if spec.material != "straw" else None,
        materials.plain("metal", "#d6b25e" if gold else "#cfcfd2"),
        counter,
        0.0 if solid else 0.0025,
        0.007 if solid else 0.004,
    )


def _ankle(work: Work, *, wide: float = 0.010, level: float = 0.062, metal: bool = True) -> Points:
    """The strap round the ankle, with counter or sides; returns its upper edge."""
    foot = work.foot
    back = np.array([0.012, 0.0, foot.seat + level])
    front = np.array([0.095, 0.0, foot.seat + level + 0.010])
    rise = np.array([0.0, 0.0, wide / 2])
    low, high = (foot.loop(back + k, front + k, roll=0.02) for k in (-rise, rise))
    form = str(work.spec.shape.get("buckle", "square"))
    if metal:
        straps.buckled(
            low, high, work.cloth, work.metal, at=0.13, thread=work.thread, shape=form,
            lining=work.lining,
        )  # fmt: skip
    else:
        straps.band(low, high, work.cloth, thick=0.0024, thread=work.thread, lining=work.lining)
    if work.counter is not None:
        uppers.shell(work.counter, work.cloth, work.lining, thickness=0.0018, depth=0.02)
    else:
        _sides(work, foot.seat + level, max(wide, 0.009))
    return high


def _sides(work: Work, height: float, wide: float) -> None:
    """Uprights from the sole beside the heel to the ankle strap, and a band behind the heel."""
    foot, size = work.foot, work.last.length
    lines = [
        foot.over(x, x, lean=0.25, inset=work.inset, drop=work.drop, leg=True, gap=0.0006)
        for x in (0.235 * size - wide / 2, 0.235 * size + wide / 2)
    ]
    middle = (lines[0] + lines[1]) / 2
    under = middle[:, 2] < height - 0.001
    first = int(np.argmin(under))
    last = len(under) - int(np.argmin(under[::-1]))
    for cut in (slice(0, first), slice(last, None)):
        if first > 3:
            one, two = (straps.part(line[cut], 0, 1, 40) for line in lines)
            straps.band(one, two, work.cloth, thread=work.thread, lining=work.lining)
    back = np.array([0.002, 0.0, foot.seat + 0.030])
    front = np.array([0.090, 0.0, foot.seat + 0.026])
    rise = np.array([0.0, 0.0, wide * 0.6])
    loops = []
    for k in (-rise, rise):
        loop = foot.loop(back + k, front + k, gap=0.001)
        behind = np.flatnonzero(loop[:, 0] < 0.052)
        loops.append(straps.part(loop, behind[0] / len(loop), behind[-1] / len(loop), 100))
    straps.band(*loops, work.cloth, thick=0.0022, thread=work.thread, lining=work.lining)


def _upright(
    work: Work, start: float, end: Points, wide: float, material: Material | None = None
) -> None:
    """A bar along the middle of the foot from a share of the length to a point."""
    foot = work.foot
    first = foot.top(start * work.last.length)
    lines = []
    for side in (-wide / 2, wide / 2):
        off = np.array([0.0, side, 0.002])
        lines.append(foot.chord(first + off, end + off, np.array([0.5, 0.0, 1.0]), gap=0.0030))
    straps.band(*lines, material or work.cloth, thick=0.0022, thread=work.thread)


def _front(high: Points) -> Points:
    """The point of an ankle strap's upper edge over the instep."""
    return high[0] + np.array([0.0015, 0.0, -0.004])


def _ornament(work: Work, one: Points, two: Points, thick: float) -> None:
    """What sits in the middle of a strap."""
    _, out = straps.frame_of(one, two)
    k = len(one) // 2
    place = ornaments.Place((one[k] + two[k]) / 2 + out[k] * thick, out[k], two[k] - one[k])
    size = max(0.034, min(0.055, float(np.linalg.norm(two[k] - one[k])) * 1.2))
    match work.spec.shape.get("ornament"):
        case "bow":
            ornaments.bow(place, work.accent, size=size)
        case "flat_bow":
            ornaments.flat_bow(place, work.accent, size=size)
        case "flower":
            ornaments.flower(place, work.accent, work.metal, size=size * 0.8)
        case "brooch":
            ornaments.brooch(place, work.metal, long=size * 0.5, wide=size * 0.7)
        case "crystals":
            ornaments.crystals(place, work.metal, size=size * 0.7)


# layouts ---------------------------------------------------------------------------------------


def _slide(work: Work) -> None:
    one, two = work.across(0.50, 0.79, -0.012, thick=0.0036, puff=0.0012, pinch=0.12)
    _ornament(work, one, two, 0.0048)


def _slide_buckle(work: Work) -> None:
    one, two = work.across(0.52, 0.78, -0.012, thick=0.0034)
    third = 0.30
    a, b = one * (1 - third) + two * third, one * third + two * (1 - third)
    straps.band(
        straps.part(a, 0.08, 0.92, 110),
        straps.part(b, 0.08, 0.92, 110),
        work.accent,
        thick=0.002,
        lift=0.0034,
        thread=work.thread,
    )
    work.buckle_on(a, b, 0.22, 0.0054)


def _cross(work: Work) -> None:
    for k, slant in enumerate((0.075, -0.075)):
        block = work.accent if k and work.spec.pattern == "colour-block" else work.cloth
        work.across(0.56, 0.73, slant, thick=0.003, gap=0.001 + 0.0032 * k, material=block)


def _footbed_straps(work: Work, spans: tuple[tuple[float, float], ...]) -> None:
    for k, (low, high) in enumerate(spans):
        block = work.accent if k and work.spec.pattern == "colour-block" else work.cloth
        one, two = work.across(low, high, -0.008, thick=0.0032, material=block)
        work.buckle_on(one, two, 0.20, 0.0034)


def _two(work: Work) -> None:
    _footbed_straps(work, ((0.66, 0.79), (0.44, 0.57)))


def _two_wide(work: Work) -> None:
    _footbed_straps(work, ((0.64, 0.80), (0.42, 0.59)))


def _three(work: Work) -> None:
    _footbed_straps(work, ((0.72, 0.80), (0.58, 0.66), (0.44, 0.52)))


def _taped(work: Work, one: Points, two: Points, thick: float) -> None:
    """The hook-and-loop end of a webbing strap, doubled back on the outer side."""
    a, b = straps.part(one, 0.16, 0.56, 60)[::-1], straps.part(two, 0.16, 0.56, 60)[::-1]
    straps.band(a, b, work.accent, thick=0.0026, lift=thick + 0.0002, tip=0.010, thread=work.thread)
    f = 0.14
    c, d = a * (1 - f) + b * f, b * (1 - f) + a * f
    tag = materials.plain("rubber", work.spec.colours[2])
    straps.band(c[22:34], d[22:34], tag, thick=0.0009, lift=thick + 0.0027)


def _sport(work: Work, slant: float = 0.0) -> None:
    for low, high, lean in ((0.665, 0.775, -0.012 + slant), (0.475, 0.565, -slant)):
        one, two = work.across(low, high, lean, thick=0.0028)
        _taped(work, one, two, 0.0028)
    if slant:
        work.across(0.60, 0.67, 0.10, thick=0.0026, gap=0.0036)
    foot, wide = work.foot, 0.019
    back = np.array([0.008, 0.0, foot.seat + 0.046])
    front = np.array([0.100, 0.0, foot.seat + 0.072])
    rise = np.array([0.0, 0.0, wide / 2])
    low_loop, high_loop = (foot.loop(back + k, front + k, roll=0.02) for k in (-rise, rise))
    straps.band(low_loop, high_loop, work.cloth, thick=0.0034, puff=0.001, thread=work.thread)
    a, b = (straps.part(line, 0.05, 0.24, 60) for line in (low_loop, high_loop))
    straps.band(a, b, work.accent, thick=0.0026, lift=0.0036, tip=0.010, thread=work.thread)
    _sides(work, foot.seat + 0.052, 0.015)


def _sport_cross(work: Work) -> None:
    _sport(work, 0.03)


def _gladiator(work: Work, levels: tuple[float, ...] = (0.066,)) -> None:
    for low in (0.735, 0.615, 0.50):
        work.across(low, low + 0.045, -0.004)
    high = _ankle(work, wide=0.011, level=levels[0])
    _upright(work, 0.80, _front(high), 0.011)
    for level in levels[1:]:
        _loop(work, level, 0.011)


def _gladiator_high(work: Work) -> None:
    _gladiator(work, (0.062, 0.096, 0.128))
    foot = work.foot
    for x, y in ((0.0945, 0.0), (0.0105, 0.0)):
        ends = [np.array([x, y, foot.seat + z]) for z in (0.060, 0.132)]
        path = np.linspace(ends[0], ends[1], 30)
        outward = 1.0 if x > 0.05 else -1.0
        off = np.array([0.0, 0.0055, 0.0])
        shift = np.array([0.0025 * outward, 0.0, 0.0])
        straps.band(path - off + shift, path + off + shift, work.cloth, thread=work.thread)


def _loop(work: Work, level: float, wide: float) -> None:
    foot = work.foot
    back = np.array([0.012, 0.0, foot.seat + level])
    front = np.array([0.095, 0.0, foot.seat + level + 0.004])
    rise = np.array([0.0, 0.0, wide / 2])
    low, high = (foot.loop(back + k, front + k, roll=0.02) for k in (-rise, rise))
    form = str(work.spec.shape.get("buckle", "square"))
    straps.buckled(low, high, work.cloth, work.metal, at=0.13, thread=work.thread, shape=form)


def _yoke(work: Work, radius: float, flat: float, material: Material) -> Points:
    """The Y of a thong: from both edges to the post, which enters the bed between the toes."""
    foot, size = work.foot, work.last.length
    floor = foot.edge(0.815 * size, 1.0)
    floor[1] = 0.015
    floor[2] += 0.0012
    knot = floor + np.array([-0.010, 0.0, 0.0185])
    for side in (1.0, -1.0):
        start = foot.edge(0.44 * size, side, 0.0045)
        path = foot.chord(start, knot, np.array([0.1, 0.0, 1.0]), gap=radius * flat)
        away = np.linalg.norm(path - knot, axis=1)
        kept = path[(away > 0.012) & (np.linalg.norm(path - start, axis=1) > 0.004)]
        below = start - np.array([0.0, 0.0, 0.004])
        dive = [knot, knot + [0.0055, 0.0, -0.0055], floor + [-0.0012, 0.0, 0.006], floor]
        fine = even_path(smooth_path(np.array([below, *kept[::7], *dive]), 160), 110)
        share = np.linspace(0, 1, 110)
        wide = radius * (1.0 - 0.62 * smoothstep(0.25, 0.92, share))
        thin = flat + (1.0 - flat) * smoothstep(0.72, 0.93, share)
        # The strap's flat side faces away from the foot inside.
        inside = np.array([0.62 * size, 0.0, floor[2]])
        way = unit(np.gradient(fine, axis=0))
        out = fine - inside
        out = unit(out - way * np.sum(out * way, axis=1, keepdims=True))
        straps.solid("thong", tube(fine, wide, flat=thin, up=out, sides=20), material)
    turn = np.linspace(0, 2 * np.pi, 25)
    ring = floor + np.stack([np.cos(turn), np.sin(turn), 0 * turn], axis=1) * radius * 0.5
    straps.solid("post_ring", tube(ring, 0.0010, sides=8, caps=False), material)
    return knot


def _flip(work: Work) -> None:
    scale = float(work.spec.shape.get("wide", 1.0))
    second = work.spec.colours[1] if work.spec.pattern != "plain" else work.spec.colours[0]
    _yoke(work, 0.0098 * scale, 0.30, materials.plain("plastic", second))


def _thong(work: Work) -> None:
    _yoke(work, 0.0070, 0.24, work.cloth)
    _ankle(work, wide=0.009, level=0.056)


def _thong_t(work: Work) -> None:
    knot = _yoke(work, 0.0060, 0.26, work.cloth)
    high = _ankle(work, wide=0.010, level=0.060)
    share = (knot[0] - 0.012) / work.last.length
    _upright(work, share, _front(high), 0.009)


def _t_bar(work: Work) -> None:
    work.across(0.695, 0.775)
    high = _ankle(work, wide=0.011)
    _upright(work, 0.755, _front(high), 0.011)


def _strappy(work: Work) -> None:
    for k, (low, high, slant) in enumerate(
        ((0.745, 0.785, 0.03), (0.665, 0.705, -0.035), (0.575, 0.615, 0.05))
    ):
        block = work.accent if k == 1 and work.spec.pattern == "colour-block" else work.cloth
        work.across(low, high, slant, gap=0.001 + 0.0012 * k, material=block)
    _ankle(work, wide=0.009)


def _crossed(work: Work) -> None:
    work.across(0.64, 0.735, 0.075, thick=0.0024)
    block = work.accent if work.spec.pattern == "colour-block" else work.cloth
    work.across(0.64, 0.735, -0.075, thick=0.0024, gap=0.0038, material=block)
    _ankle(work, wide=0.012)


def _wide(work: Work) -> None:
    one, two = work.across(0.60, 0.79, -0.010, thick=0.0026)
    _ornament(work, one, two, 0.0026)
    _ankle(work, wide=0.012)


def _one(work: Work) -> None:
    one, two = work.across(0.685, 0.785, -0.004, thick=0.0024)
    _ornament(work, one, two, 0.0024)
    _ankle(work, wide=0.010)


def _thin(work: Work) -> None:
    work.across(0.715, 0.745)
    work.across(0.785, 0.815)
    _ankle(work, wide=0.0075)


def _fisherman(work: Work) -> None:
    for low in (0.78, 0.68, 0.58, 0.48):
        work.across(low, low + 0.05, -0.005, thick=0.0026)
    high = _ankle(work, wide=0.013, level=0.058)
    _upright(work, 0.86, _front(high), 0.019)


def _woven(work: Work) -> None:
    count = 5
    for k in range(count):
        at = 0.50 + 0.058 * k
        work.across(at, at + 0.044, 0.085, thick=0.0018, gap=0.001 + 0.0016 * (k % 2))
        material = work.accent if work.spec.pattern == "colour-block" else work.cloth
        work.across(
            at, at + 0.044, -0.085, thick=0.0018, gap=0.001 + 0.0016 * ((k + 1) % 2),
            material=material,
        )  # fmt: skip


_LAYOUTS = {
    "slide": _slide,
    "slide_buckle": _slide_buckle,
    "cross": _cross,
    "two": _two,
    "two_wide": _two_wide,
    "three": _three,
    "sport": _sport,
    "sport_cross": _sport_cross,
    "gladiator": _gladiator,
    "gladiator_high": _gladiator_high,
    "flip": _flip,
    "thong": _thong,
    "thong_t": _thong_t,
    "t_bar": _t_bar,
    "strappy": _strappy,
    "crossed": _crossed,
    "wide": _wide,
    "one": _one,
    "thin": _thin,
    "fisherman": _fisherman,
    "woven": _woven,
}
