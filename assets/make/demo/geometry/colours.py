"""Colours that follow from a garment's own: its thread, its lining."""

from __future__ import annotations


def shaded(colour: str, share: float) -> str:
    """The colour times `share`, channel by channel."""
    rgb = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{max(0, min(int(c * share), 255)):02x}" for c in rgb)


def lightness(colour: str) -> float:
    """Roughly how light a colour is, 0 to 1."""
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return (0.3 * r + 0.6 * g + 0.1 * b) / 255


def tonal(colour: str) -> str:
    """Thread on its own cloth: a little darker, or lighter where the cloth is nearly black."""
    if lightness(colour) < 0.16:
        rgb = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return "#" + "".join(f"{min(c + 16, 255):02x}" for c in rgb)
    return shaded(colour, 0.91)


def thread_for(material: str, colour: str) -> str:
    """The usual top stitching: tobacco on denim, tonal on the rest."""
    if material == "denim":
        return "#d9c9a0" if lightness(colour) > 0.62 else "#c98a3c"
    return tonal(colour)


BELT_LEATHERS = ("#7a4a26", "#4a2c1b", "#1d1b1a", "#9c6a3c", "#2b211c", "#b98a5a")
"""Belts come in the colours of leather, whatever the garment's own are."""


def belt_leather(seed: int) -> str:
    """The colour of a belt, by the product's seed."""
    return BELT_LEATHERS[seed % len(BELT_LEATHERS)]
