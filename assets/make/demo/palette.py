"""The shop's palette: named colours and the colourways that suit a material and a pattern."""

from __future__ import annotations

import random
from dataclasses import dataclass

COLOURS: dict[str, str] = {
    "black": "#232325",
    "charcoal": "#3c3f45",
    "grey": "#8b8e93",
    "silver": "#b9bcc0",
    "white": "#efeeea",
    "ivory": "#ebe3d2",
    "beige": "#d3c0a0",
    "sand": "#c4a77d",
    "camel": "#b4834e",
    "cognac": "#9a5427",
    "tan": "#b97f4d",
    "brown": "#5f3d28",
    "chocolate": "#3d271d",
    "taupe": "#8a7a6b",
    "khaki": "#8a8158",
    "olive": "#5a5d38",
    "forest": "#2d4a38",
    "sage": "#9aa98c",
    "mint": "#a9d0bd",
    "teal": "#256a6c",
    "petrol": "#1f4858",
    "navy": "#222f4e",
    "blue": "#2f5ea3",
    "cobalt": "#2547b0",
    "sky": "#94b9d8",
    "lilac": "#b5a3cb",
    "purple": "#5f3f75",
    "aubergine": "#43283f",
    "burgundy": "#662030",
    "red": "#b62a2f",
    "coral": "#dd6d57",
    "rust": "#a34c29",
    "orange": "#da7527",
    "mustard": "#c9972f",
    "yellow": "#e2bd45",
    "blush": "#e3bfb4",
    "pink": "#d98aa0",
    "fuchsia": "#b8316f",
    "indigo": "#2b3a63",
    "mid blue": "#4c6a97",
    "light blue": "#86a3c4",
    "scarlet": "#c01420",
    "nude": "#d9b294",
    "emerald": "#13694a",
    "gold": "#c9a35a",
    "natural": "#d8bd85",
    "honey": "#c39a57",
}

_HIDES = "black black brown chocolate cognac tan camel taupe burgundy navy forest white beige red"
_SUEDES = "sand camel cognac brown taupe olive navy black burgundy grey sage blush rust petrol"
_DYED = (
    "black white ivory grey charcoal navy blue sky olive forest sage mustard rust red burgundy "
    "coral pink blush lilac teal petrol beige camel orange"
)
_WOOLS = "charcoal grey camel navy ivory burgundy forest mustard rust brown petrol black taupe sage"
_SPORT = "black white grey navy cobalt red orange mint teal yellow fuchsia silver sky coral"
_FINE = "black ivory burgundy forest navy teal blush fuchsia purple aubergine red mustard silver "
_FINE += "cobalt emerald nude gold"

SUITED: dict[str, str] = {
    "leather": _HIDES,
    "patent": "scarlet scarlet scarlet red black black nude cobalt fuchsia yellow burgundy white",
    "suede": f"{_SUEDES} scarlet cobalt fuchsia emerald",
    "canvas": _DYED,
    "linen": "white ivory beige sand sage sky navy olive blush rust taupe",
    "mesh": _SPORT,
    "denim": "indigo indigo mid blue light blue black charcoal",
    "knit": _DYED,
    "satin": _FINE,
    "cotton": _DYED,
    "wool": _WOOLS,
    "felt": "black charcoal grey camel brown navy burgundy forest taupe ivory olive",
    "tweed": "brown charcoal grey camel olive navy forest taupe",
    "corduroy": "camel brown olive navy rust burgundy mustard forest sand",
    "nylon": "black black navy olive grey orange cobalt burgundy forest sand yellow",
    "rubber": (
        "black navy red yellow forest burgundy olive teal cobalt fuchsia coral white mint mustard"
    ),
    "straw": "natural natural honey ivory tan black",
}

_CAMOUFLAGE = [
    ("olive", ("#6c6b47", "#3f4931", "#a2986f")),
    ("sand", ("#b79f78", "#8a6f4a", "#d8c8a4")),
    ("grey", ("#85888b", "#55585d", "#b3b6b8")),
    ("navy", ("#34435f", "#1f2940", "#6f7f99")),
]

_PRINTED = [
    ("sand", ("#c99d61", "#8a5a2b", "#2b1d14")),
    ("navy", ("#26345a", "#d9c9a8", "#c4553f")),
    ("teal", ("#2a6b6e", "#e6dcc6", "#dda23f")),
    ("rust", ("#a9502c", "#ead9bd", "#2f3d4c")),
    ("black", ("#26262a", "#d8d3c8", "#b8863b")),
    ("ivory", ("#eae2d0", "#2f4d6e", "#c5603f")),
    ("pink", ("#dba0a8", "#8c2f4e", "#f0e2d3")),
    ("forest", ("#2f4b3b", "#d4c08c", "#b4603c")),
]

_LEOPARD = [
    ("sand", ("#c99d61", "#8a5a2b", "#2b1d14")),
    ("camel", ("#b98a52", "#7c4c22", "#22170f")),
    ("grey", ("#b5b2ac", "#77736d", "#26252a")),
    ("blush", ("#dcb3a6", "#a5665a", "#3a2226")),
    ("ivory", ("#e6dcc8", "#b99a6b", "#33261b")),
]

_ZEBRA = [
    ("white", ("#efece4", "#232325", "#232325")),
    ("ivory", ("#e9dfcb", "#4a2f20", "#4a2f20")),
    ("camel", ("#b98a52", "#2b1d14", "#2b1d14")),
    ("grey", ("#b9babb", "#3c3f45", "#3c3f45")),
]

_FLORAL = [
    ("navy", ("#1f2a44", "#d98a9a", "#e8c872")),
    ("black", ("#222225", "#c8463f", "#e6dcc9")),
    ("ivory", ("#eee6d6", "#b8434f", "#d9a441")),
    ("forest", ("#25402f", "#e3b3a8", "#e9dcb8")),
    ("burgundy", ("#571f2d", "#e0a49c", "#e7cf9d")),
    ("sky", ("#a8c4dc", "#f0ece4", "#e0b24a")),
    ("blush", ("#e6c8bc", "#a6394d", "#6d7f57")),
    ("mustard", ("#c7952f", "#f1e6cf", "#7a3525")),
    ("white", ("#f0eee8", "#3a5f9e", "#9db7d8")),
]

_SUITINGS = [
    ("grey", "charcoal", "ivory"),
    ("charcoal", "grey", "burgundy"),
    ("navy", "charcoal", "sky"),
    ("camel", "ivory", "chocolate"),
    ("brown", "camel", "ivory"),
    ("ivory", "black", "camel"),
    ("black", "white", "grey"),
    ("forest", "navy", "mustard"),
    ("taupe", "ivory", "charcoal"),
    ("burgundy", "navy", "ivory"),
    ("beige", "brown", "white"),
    ("olive", "brown", "mustard"),
]
"""Cloth for coats and suits: quiet neighbours."""

_COWHIDE = [
    ("black", ("#26211f", "#ece6da", "#efe6d4")),
    ("brown", ("#6b452b", "#e9dfcd", "#efe6d4")),
    ("white", ("#ebe5d8", "#2a2422", "#efe6d4")),
]

_SNAKE = [
    ("beige", ("#d5c4a3", "#8b7350", "#3a2d20")),
    ("grey", ("#c6c4bf", "#7d7a76", "#2c2a2b")),
    ("cognac", ("#c08a55", "#7d4a26", "#2e1b10")),
    ("olive", ("#a9a47c", "#66643f", "#2a2a1b")),
    ("burgundy", ("#a8505a", "#6b2530", "#2d1015")),
    ("black", ("#4b4a4c", "#333336", "#18181a")),
]

_TWO_TONE = [
    ("black", ("#232325", "#ebe3d2", "#ebe3d2")),
    ("white", ("#e9e4d8", "#232325", "#232325")),
    ("cognac", ("#9a5427", "#3d271d", "#d3c0a0")),
    ("brown", ("#5f3d28", "#c4a77d", "#d3c0a0")),
    ("camel", ("#b4834e", "#4a2f20", "#ebe3d2")),
    ("beige", ("#d3c0a0", "#5f3d28", "#ebe3d2")),
    ("navy", ("#222f4e", "#a8714a", "#d3c0a0")),
    ("burgundy", ("#662030", "#232325", "#d3c0a0")),
    ("olive", ("#5a5d38", "#8a5c36", "#d3c0a0")),
    ("forest", ("#2d4a38", "#b4834e", "#ebe3d2")),
    ("grey", ("#8b8e93", "#3c3f45", "#ebe3d2")),
    ("taupe", ("#8a7a6b", "#3d271d", "#d3c0a0")),
    ("ivory", ("#e6ddca", "#9a5427", "#9a5427")),
    ("red", ("#a3282d", "#232325", "#ebe3d2")),
]

_DOODLE = [
    ("black", ("#1b1b1e", "#efeeea", "#1b1b1e")),
    ("navy", ("#1d2746", "#e2bd45", "#1b1b1e")),
    ("fuchsia", ("#b8316f", "#f0e2d3", "#232325")),
    ("teal", ("#1f6a6e", "#dd6d57", "#232325")),
]

_WASHES = [
    ("indigo", "light blue", "white"),
    ("light blue", "indigo", "white"),
    ("mid blue", "light blue", "ivory"),
    ("black", "grey", "white"),
    ("light blue", "ivory", "white"),
]
"""Two washes of denim."""

_PAIRS = [
    ("white", "navy", "red"),
    ("ivory", "black", "mustard"),
    ("navy", "white", "red"),
    ("white", "red", "navy"),
    ("grey", "navy", "white"),
    ("black", "white", "red"),
    ("red", "navy", "ivory"),
    ("forest", "ivory", "mustard"),
    ("mustard", "navy", "ivory"),
    ("sky", "white", "navy"),
    ("blush", "burgundy", "ivory"),
    ("camel", "ivory", "chocolate"),
    ("burgundy", "ivory", "navy"),
    ("teal", "ivory", "coral"),
    ("lilac", "white", "purple"),
    ("olive", "ivory", "rust"),
    ("pink", "white", "red"),
    ("rust", "ivory", "navy"),
    ("blue", "white", "navy"),
    ("black", "grey", "white"),
]

_GLITTER = [
    ("gold", ("#c9a35a", "#c9a35a", "#8a6a34")),
    ("silver", ("#bfc2c8", "#bfc2c8", "#7d8087")),
    ("black", ("#2c2c31", "#2c2c31", "#c9c9cf")),
    ("scarlet", ("#b8141f", "#b8141f", "#701018")),
    ("fuchsia", ("#b8316f", "#b8316f", "#6f1c43")),
    ("emerald", ("#1b7a58", "#1b7a58", "#0f4a35")),
    ("cobalt", ("#2547b0", "#2547b0", "#16296a")),
]

_BLOCKS = [
    ("nude", "black", "ivory"),
    ("scarlet", "black", "nude"),
    ("cobalt", "white", "black"),
    ("black", "ivory", "camel"),
    ("ivory", "black", "camel"),
    ("fuchsia", "scarlet", "ivory"),
    ("yellow", "navy", "white"),
    ("camel", "ivory", "chocolate"),
    ("navy", "scarlet", "white"),
    ("emerald", "fuchsia", "ivory"),
    ("blush", "burgundy", "ivory"),
    ("orange", "fuchsia", "ivory"),
    ("sky", "cobalt", "white"),
]

_DRAWN = {
    "camouflage": _CAMOUFLAGE,
    "print": _PRINTED,
    "painted": _PRINTED,
    "geometric": _PRINTED,
    "floral": _FLORAL,
    "leopard": _LEOPARD,
    "zebra": _ZEBRA,
    "cowhide": _COWHIDE,
    "snake": _SNAKE,
    "doodle": _DOODLE,
    "two-tone": _TWO_TONE,
    "glitter": _GLITTER,
}


@dataclass(frozen=True, slots=True)
class Colourway:
    """The colour a shop would name the product by, and the spec's three colours."""

    name: str
    hexes: tuple[str, str, str]


def colourway(
    material: str, pattern: str, rng: random.Random, *, avoid: frozenset[str] = frozenset()
) -> Colourway:
    """Draw a colourway; `avoid` are names the design already comes in."""
    if pattern == "plain":
        names = [n for n in _names(SUITED[material]) if n not in avoid]
        name = rng.choice(names)
        second = rng.choice(["white", "black", "ivory", "grey", name, name])
        trim = rng.choice(["white", "ivory", "black", "brown", "cognac", "silver"])
        return Colourway(name, (COLOURS[name], COLOURS[second], COLOURS[trim]))
    drawn = _DRAWN.get(pattern)
    if drawn is not None:
        free = [entry for entry in drawn if entry[0] not in avoid] or drawn
        return Colourway(*rng.choice(free))
    listed = _PAIRS
    if pattern == "colour-block" and material in ("leather", "patent", "suede", "satin"):
        listed = _BLOCKS
    elif material in ("wool", "tweed", "felt"):
        listed = _SUITINGS
    elif material == "denim":
        listed = _WASHES
    pairs = [pair for pair in listed if pair[0] not in avoid] or listed
    main, second, trim = rng.choice(pairs)
    return Colourway(main, (COLOURS[main], COLOURS[second], COLOURS[trim]))


def _names(line: str) -> list[str]:
    """Split a line of colour names, "mid blue" and "light blue" being two words each."""
    joined = line.replace("mid blue", "mid_blue").replace("light blue", "light_blue")
    return [word.replace("_", " ") for word in joined.split()]
