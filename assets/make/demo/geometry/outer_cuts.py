"""What one coat or jacket has different from the next of its silhouette: the parameters drawn."""

from __future__ import annotations

import random
from collections.abc import Mapping

Shape = dict[str, float | str]


def coat(base: Mapping[str, float | str], rng: random.Random) -> Shape:
    """Another coat of the silhouette `base`."""
    style = str(base["style"])
    drawn = _measures(base, rng, long=(0.9, 1.06))
    drawn["pocket"] = rng.choice(["flap", "flap", "welt", "welt", "patch"])
    if style in ("over", "pea"):
        double = "double" in base
        drawn["lapel"] = rng.choice(
            ["peak", "peak", "notch"] if double else ["notch"] * 3 + ["peak"]
        )
        drawn["lapel_width"] = round(rng.uniform(0.084, 0.112), 3)
        drawn["gorge"] = round(rng.uniform(0.068, 0.1), 3)
        drawn["neck_drop"] = round(float(base["neck_drop"]) * rng.uniform(0.86, 1.14), 3)
        drawn["buttons"] = rng.choice([2, 3, 3] if double else [1, 2, 3, 3, 4])
        drawn["cuff"] = rng.choice(["buttons", "buttons", "strap", "turned"])
        drawn["collar"] = rng.choice(["self"] * 5 + ["velvet"])
    elif style == "trench":
        drawn["lapel_width"] = round(rng.uniform(0.095, 0.12), 3)
        drawn["flap"] = rng.choice([1, 1, 0])
        drawn["epaulettes"] = rng.choice([1, 1, 0])
        drawn["belt"] = rng.choice(["buckle", "buckle", "tie"])
    elif style == "wrap":
        drawn["lapel"] = rng.choice(["shawl", "shawl", "notch"])
        drawn["lapel_width"] = round(rng.uniform(0.085, 0.115), 3)
        drawn["pocket"] = rng.choice(["patch", "welt"])
        drawn["belt_width"] = rng.choice([0.045, 0.055, 0.065])
    elif style == "duffle":
        drawn["toggles"] = rng.choice([3, 4, 4])
        drawn["horn"] = rng.choice(["#8a6238", "#d9c6a0", "#3a2a1e"])
        drawn["pocket"] = rng.choice(["flap", "patch"])
    elif style == "parka":
        drawn["collar"] = rng.choice(["hood", "hood", "hood", "stand"])
        drawn["pocket"] = rng.choice(["flap", "flap", "welt"])
        drawn["cord"] = rng.choice([1, 1, 0])
    elif style == "puffer":
        drawn |= _wadding(rng, (0.075, 0.12), (0.014, 0.019))
        drawn["belt"] = rng.choice(["none", "none", "buckle"])
    elif style == "mac":
        drawn["hidden"] = rng.choice([0, 1])
        drawn["point"] = round(rng.uniform(0.056, 0.076), 3)
        drawn["cuff"] = rng.choice(["strap", "none"])
    return drawn


def jacket(base: Mapping[str, float | str], rng: random.Random) -> Shape:
    """Another jacket of the silhouette `base`."""
    style = str(base["style"])
    drawn = _measures(base, rng, long=(0.93, 1.09))
    if style == "blazer":
        double = "double" in base
        drawn["lapel"] = rng.choice(
            ["peak"] if double else ["notch", "notch", "notch", "peak", "shawl"]
        )
        drawn["lapel_width"] = round(rng.uniform(0.062, 0.09), 3)
        drawn["gorge"] = round(rng.uniform(0.066, 0.094), 3)
        drawn["buttons"] = rng.choice([2, 3] if double else [1, 2, 2, 3])
        drawn["neck_drop"] = {1: 0.37, 2: 0.325, 3: 0.26}[int(drawn["buttons"])] - 0.02 * double
        drawn["pocket"] = rng.choice(["flap", "flap", "welt", "patch"])
    elif style == "biker":
        drawn["belt"] = rng.choice(["buckle", "none"])
        drawn["epaulettes"] = rng.choice([1, 0])
        drawn["lapel_width"] = round(rng.uniform(0.09, 0.112), 3)
    elif style in ("bomber", "varsity"):
        drawn["collar"] = rng.choice(["rib", "rib", "turned"]) if style == "bomber" else "rib"
        drawn["rib_stripes"] = rng.choice([0, 1])
    elif style == "puffer":
        pitch = float(base["pitch"])
        drawn |= _wadding(rng, (pitch * 0.8, pitch * 1.25), (pitch * 0.14, pitch * 0.19))
    elif style == "quilted":
        drawn["pitch"] = round(rng.uniform(0.055, 0.095), 3)
        drawn["collar"] = rng.choice(["cord", "cord", "self", "stand"])
        drawn["pocket"] = rng.choice(["round", "welt"])
    elif style == "field":
        drawn["collar"] = rng.choice(["turned", "turned", "stand"])
        drawn["pockets"] = rng.choice([4, 4, 2])
        drawn["epaulettes"] = rng.choice([1, 0])
    elif style == "wind":
        drawn["collar"] = rng.choice(["hood", "hood", "stand"])
        drawn["pocket"] = rng.choice(["welt", "kangaroo"])
        drawn["block"] = round(rng.uniform(0.2, 0.36), 3)
    elif style in ("denim", "harrington"):
        drawn["point"] = round(rng.uniform(0.05, 0.068), 3)
        drawn["flap_shape"] = rng.choice(["point", "square", "round"])
        if style == "denim":
            drawn["yoke"] = round(rng.uniform(0.15, 0.2), 3)
    return drawn


def _measures(
    base: Mapping[str, float | str], rng: random.Random, *, long: tuple[float, float]
) -> Shape:
    """Length, ease and sleeves a little different; ease changes all widths alike."""
    ease = rng.uniform(-0.008, 0.01)
    drawn: Shape = {
        key: round(float(base[key]) + ease * share, 4)
        for key, share in (("chest", 1.0), ("waist", 1.2), ("hem", 1.1), ("shoulder", 0.6))
    }
    drawn["length"] = round(float(base["length"]) * rng.uniform(*long), 3)
    if base["sleeve"]:
        drawn["sleeve_width"] = round(float(base["sleeve_width"]) * rng.uniform(0.94, 1.05), 4)
        drawn["arm_angle"] = round(rng.uniform(7.5, 15.0), 1)
    return drawn


def _wadding(rng: random.Random, pitch: tuple[float, float], swell: tuple[float, float]) -> Shape:
    return {
        "pitch": round(rng.uniform(*pitch), 3),
        "swell": round(rng.uniform(*swell), 4),
        "collar": rng.choice(["stand", "stand", "hood"]),
        "yoke": rng.choice([0, 0, 1]),
    }
