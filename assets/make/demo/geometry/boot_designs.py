"""What sets one boot's design apart from another of the same silhouette."""

from __future__ import annotations

import random

TOES = {"round": ("round", "round", "almond"), "almond": ("almond", "round", "square")}


def varied(
    shape: dict[str, float | str], rng: random.Random, *, tall: bool
) -> dict[str, float | str]:
    """Cut, sole, sewing and fastenings of another design of a silhouette."""
    closure, sole = str(shape.get("closure", "plain")), str(shape.get("sole", "thin"))
    toe, lift = str(shape["toe"]), float(shape.get("heel_height", 0.0))
    made: dict[str, float | str] = {
        "toe": rng.choice(TOES.get(toe, (toe,))),
        "toe_height": float(shape.get("toe_height", 0.038)) * rng.uniform(0.92, 1.08),
        "shaft": float(shape.get("shaft", 0.14)) * rng.uniform(0.88, 1.12),
        "finish": rng.choice(["smooth", "smooth", "grain", "waxed", "polished"]),
        "stitch": rng.choice(["tone", "tone", "tone", "trim", "pale"]),
        "metal": rng.choice(["silver", "gold", "aged", "black"]),
        "lining": rng.choice(["pale", "dark", "tan", "fleece" if sole == "lug" else "tan"]),
        "edge": rng.choice(["plain", "bound", "padded" if closure == "laces" else "plain"]),
        "block": rng.choice(["foot", "counter", "toe", "all"]),
        "counter": rng.uniform(0.045, 0.078),
        "back_seam": rng.choice(["yes", "no"]),
        "side_seam": rng.choice(["yes", "no"]),
        "wear": rng.uniform(0.7, 1.3),
    }
    made |= _below(sole, lift, shape, rng)
    made |= _closed(closure, shape, rng, tall=tall)
    if "slouch" in shape:
        made["slouch"] = float(shape["slouch"]) * rng.uniform(0.75, 1.25)
    if tall:
        made["calf"] = float(shape.get("calf", 0.052)) * rng.uniform(0.96, 1.06)
        made["collar"] = rng.choice(["level", "level", "dip", "rise", "notch"])
    if shape.get("sides") == "western":
        made |= {
            "rows": rng.choice([3, 4, 5, 6]),
            "collar": rng.choice(["dip", "dip", "level"]),
            "stitch": rng.choice(["trim", "pale", "trim", "tone"]),
            "cap": rng.choice(["none", "none", "wing"]),
        }
    return made


def _below(
    sole: str, lift: float, shape: dict[str, float | str], rng: random.Random
) -> dict[str, float | str]:
    """The sole and the heel."""
    made: dict[str, float | str] = {
        "sole_colour": rng.choice(["black", "black", "brown"]),
        "wood": rng.choice(["#6b4326", "#8a5c36", "#3e291a", "#b08a5c"]),
        "cover": rng.choice(["wood", "own", "black"]),
    }
    if sole == "lug":
        made |= {
            "sole_colour": rng.choice(["black", "black", "brown", "gum", "pale"]),
            "sole_height": float(shape["sole_height"]) * rng.uniform(0.8, 1.35),
            "lug_pitch": rng.choice([0.011, 0.0145, 0.018, 0.024]),
            "lug_deep": rng.choice([0.003, 0.0045, 0.006]),
            "welt": rng.choice(["#d8b365", "#e9e1cf", "#2a2422", "#8d4f2a"]),
        }
    elif sole in ("crepe", "wedge"):
        made |= {
            "sole_colour": rng.choice(["black", "gum", "pale", "brown"]),
            "cover": rng.choice(["cork", "own", "black"]),
        }
    elif lift > 0.05:
        made["heel_height"] = lift * rng.uniform(0.85, 1.15)
        made["cover"] = rng.choice(["own", "own", "black", "wood"])
    else:
        made["heel_height"] = lift * rng.uniform(0.8, 1.25)
    return made


def _closed(
    closure: str, shape: dict[str, float | str], rng: random.Random, *, tall: bool
) -> dict[str, float | str]:
    """How it is put on, and what that leaves room for."""
    own_strap = str(shape.get("strap", "none"))
    if closure == "laces":
        return {
            "rows": float(shape.get("rows", 8)) + rng.choice([-1, 0, 1]),
            "lace_colour": rng.choice(["own", "own", "dark", "trim", "pale"]),
            "lace": rng.choice([0.0020, 0.0025, 0.0031]),
            "cap": rng.choice(["none", "cap", "punched", "wing", str(shape.get("cap", "none"))]),
            "block": rng.choice(["stay", "counter", "toe", "all"]),
            "vamp_point": float(shape.get("vamp", 0.60)) + rng.uniform(-0.02, 0.02),
        }
    if closure == "gusset":
        return {
            "gusset": rng.choice(["round", "straight", "point"]),
            "elastic": rng.choice(["dark", "own", "own", "second"]),
            "cap": rng.choice(["none", "none", "wing", "punched", "cap"]),
            "block": rng.choice(["counter", "toe", "all"]),
        }
    straps = ["none", "none", "none", "ankle", "top"] if tall else ["none", "none", "ankle"]
    made: dict[str, float | str] = {
        "vamp_form": rng.choice(["none", "curve", "peak", "straight"]),
        "strap": own_strap if own_strap != "none" else rng.choice(straps),
        "tilt": rng.choice([0.0, 0.012, 0.02]),
        "fringe": rng.choice(["no"] * 8 + ["yes"]),
    }
    if made["fringe"] == "yes":
        made["strap"] = own_strap
    if closure == "zip":
        made["tape"] = rng.choice(["own", "black"])
        made |= {"zip": rng.choice([0.46, 0.5, 0.55, -0.5, -0.5]), "strap": own_strap}
    if shape.get("strap") == "double" or "slouch" in shape:
        made["vamp_form"] = "none"
    return made
