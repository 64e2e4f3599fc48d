"""Designs that come from the loom: coloured threads over and under one another, and knitted ones.

A check is its warp's colours against its weft's through a twill: houndstooth, glen check and
tartan are all one program with other threads.
"""

from __future__ import annotations

import random

import numpy as np

from .tile import Array, Design, blend, lightness, rgb

Threads = list[tuple[str, int]]
"""Colours with how many threads of each, over one repeat."""


def _laid(threads: Threads) -> Array:
    rows = [np.tile(np.array(rgb(colour)) / 255.0, (count, 1)) for colour, count in threads]
    return np.concatenate(rows)


def _twill(height: int, width: int, *, turn: int = 0) -> Array:
    """Where the warp lies on top: two over, two under; `turn` threads make a herringbone's rib."""
    y, x = np.mgrid[:height, :width]
    if turn:
        x = np.where(x // turn % 2, -x - 1, x)
    return (x + y) % 4 < 2


def woven(warp: Threads, weft: Threads | None, thread: float, *, even: bool = False) -> Design:
    """Cloth of warp and weft (the same, if None); `even` shows both at once, as fine cloth does."""
    across = _laid(warp)
    along = across if weft is None else _laid(weft)
    repeats = [int(np.lcm(len(side), 4)) // len(side) for side in (along, across)]
    across, along = np.tile(across, (repeats[1], 1)), np.tile(along, (repeats[0], 1))
    over = _twill(len(along), len(across))[..., None].astype(float)
    if even:
        over = 0.5 + (over - 0.5) * 0.25
    return _design(across[None] * over + along[:, None] * (1 - over), thread)


def _design(cells: Array, thread: float, *, upright: bool = False) -> Design:
    height, width = cells.shape[:2]
    finer = max(2, -(-96 // max(height, width)))
    picture = cells.repeat(finer, axis=0).repeat(finer, axis=1).astype(np.float32)
    return Design(picture, (width * thread, height * thread), upright)


# checks ----------------------------------------------------------------------------------------


def _gingham(main: str, second: str, trim: str, rng: random.Random) -> Design:
    pale = main if lightness(main) > lightness(second) else second
    dark = second if pale is main else main
    return woven([("#f3f1ea" if lightness(pale) < 0.5 else pale, 8), (dark, 8)], None,
                 rng.choice([0.0011, 0.0016]), even=True)  # fmt: skip


def _buffalo(main: str, second: str, trim: str, rng: random.Random) -> Design:
    return woven([(main, 24), (second, 24)], None, 0.0015, even=True)


def _tartan(main: str, second: str, trim: str, rng: random.Random) -> Design:
    deep = blend(main, "#0e1014", 0.55)
    half: list[Threads] = [
        [(second, 4), (main, 16), (deep, 4), (main, 4), (deep, 12), (trim, 2), (deep, 6)],
        [(trim, 2), (main, 20), (second, 12), (deep, 4), (second, 4), (deep, 4)],
        [(main, 24), (deep, 2), (main, 2), (deep, 2), (second, 14), (trim, 2), (second, 4)],
        [(deep, 12), (trim, 2), (deep, 4), (main, 8), (second, 18), (main, 4)],
    ]
    sett = rng.choice(half)
    return woven(sett + sett[::-1], None, rng.choice([0.0009, 0.0012]), even=True)


def _windowpane(main: str, second: str, trim: str, rng: random.Random) -> Design:
    line = blend(main, second, 0.8)
    return woven([(main, 38), (line, 2)], None, rng.choice([0.0012, 0.0017]))


def _tattersall(main: str, second: str, trim: str, rng: random.Random) -> Design:
    return woven([(main, 14), (second, 2), (main, 14), (trim, 2)], None, 0.0011)


def _houndstooth(main: str, second: str, trim: str, rng: random.Random) -> Design:
    return woven([(main, 4), (blend(second, main, 0.15), 4)], None, rng.choice([0.0032, 0.004]))


def _glen(main: str, second: str, trim: str, rng: random.Random) -> Design:
    """Prince of Wales: fours against twos, with a fine line of the third colour."""
    fours: Threads = [(second, 4), (main, 4)] * 5
    twos: Threads = [(main, 2), (second, 2)] * 9
    line = blend(main, trim, 0.7)
    return woven([*fours, *twos[:9], (line, 2), *twos[10:], (main, 2)], None, 0.0012)


def _shadow(main: str, second: str, trim: str, rng: random.Random) -> Design:
    """Large and quiet: bands close to the ground's colour under one clear line."""
    near = blend(main, second, 0.4)
    return woven(
        [(main, 30), (near, 18), (main, 6), (near, 4), (main, 22)], None, 0.0013, even=True
    )


def _herringbone(main: str, second: str, trim: str, rng: random.Random) -> Design:
    near = blend(main, second, 0.75)
    turn, size = 8, 16
    over = _twill(size, size, turn=turn)[..., None]
    cells = np.where(over, np.array(rgb(main)) / 255.0, np.array(rgb(near)) / 255.0)
    return _design(cells, rng.choice([0.0017, 0.0023]), upright=True)


def _argyle(main: str, second: str, trim: str, rng: random.Random) -> Design:
    """Diamonds in stitches, with crossing lines."""
    height, width = 32, 24
    y, x = np.mgrid[:height, :width]
    a = np.abs(x - width / 2 + 0.5) / (width / 2) + np.abs(y - height / 2 + 0.5) / (height / 2)
    cells = np.where((a < 1)[..., None], np.array(rgb(second)), np.array(rgb(main))) / 255.0
    along, across = (x - width / 2 + 0.5) / width, (y - height / 2 + 0.5) / height
    for line in (along + across, along - across):
        cells[np.abs((line + 0.5) % 1 - 0.5) < 0.035] = np.array(rgb(trim)) / 255.0
    return _design(cells, 0.0052, upright=True)


_CHECKS = {
    "wool": [_windowpane, _houndstooth, _glen, _tartan, _shadow, _herringbone, _houndstooth],
    "tweed": [_windowpane, _glen, _tartan, _shadow],
    "felt": [_windowpane, _shadow, _tartan],
    "knit": [_argyle, _houndstooth],
    "nylon": [_buffalo, _tartan, _windowpane],
}


def checks(colours: tuple[str, str, str], material: str, rng: random.Random) -> Design:
    """A check as the material is woven in: tartans, ginghams, houndstooth, glen, herringbone."""
    usual = [_gingham, _gingham, _buffalo, _windowpane, _tartan, _tartan, _tattersall]
    return rng.choice(_CHECKS.get(material, usual))(*colours, rng)


# stripes ---------------------------------------------------------------------------------------


def _bands(threads: Threads, thread: float) -> Design:
    return _design(_laid(threads)[:, None], thread)


def _pinstripe(main: str, second: str, trim: str, rng: random.Random) -> Design:
    """Fine pale lines down the cloth, solid or chalky."""
    line = blend(main, second if lightness(second) > lightness(main) else "#e8e6e0", 0.6)
    gap = rng.choice([14, 20])
    return _design(_laid([(main, gap), (line, 1)])[None], 0.0016, upright=True)


def stripes(colours: tuple[str, str, str], material: str, rng: random.Random) -> Design:
    """Breton, even, rugby, in groups, ticking; pinstripes where cloth is for suits."""
    main, second, trim = colours
    if material in ("wool", "tweed", "felt"):
        return _pinstripe(*colours, rng)
    rows: list[tuple[Threads, float]] = [
        ([(main, 15), (second, 9)], 0.001),
        ([(main, 30), (second, 10)], 0.001),
        ([(main, 8), (second, 8)], 0.0012),
        ([(main, 20), (second, 20)], 0.0015),
        ([(main, 42), (second, 42)], 0.0015),
        ([(main, 24), (second, 12), (main, 4), (trim, 4), (main, 4), (second, 12)], 0.0012),
        ([(main, 18), (second, 2), (main, 3), (second, 6), (main, 3), (second, 2)], 0.0012),
        ([(main, 30), (second, 30), (trim, 14)], 0.0013),
    ]
    return _bands(*rng.choice(rows))


# knitted pictures ------------------------------------------------------------------------------

_FAIR_ISLE = (
    "x.x.x.x.x.x.", "............", "..x.....x...", ".xxx...xxx..", "xx.xx.xx.xx.", ".xxx...xxx..",
    "..x.....x...", "............", "oo..oo..oo..", "..oo..oo..oo", "............", ".o...o...o..",
    "ooo.ooo.ooo.", ".o...o...o..", "............",
)  # fmt: skip


def fair_isle(colours: tuple[str, str, str], material: str, rng: random.Random) -> Design:
    """Rows of small figures in stitches."""
    main, second, trim = colours
    tones = {".": main, "x": second, "o": trim}
    start = rng.randrange(len(_FAIR_ISLE))
    rows = _FAIR_ISLE[start:] + _FAIR_ISLE[:start]
    cells = np.array([[rgb(tones[stitch]) for stitch in row] for row in rows]) / 255.0
    return _design(cells[::-1], 0.0058, upright=True)
