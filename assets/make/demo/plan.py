"""The whole demo catalogue from one seed: designs, colourways, look-alikes, and the CSV files.

Every kind is drawn from its own random source and has its own run of ids, so that a change in
one kind's module leaves the other kinds' products as they were.
"""

from __future__ import annotations

import colorsys
import random
from collections.abc import Iterator
from dataclasses import replace

from .accidents import mishaps
from .assortment import (
    BECOMING,
    BRANDS,
    GOODS,
    KINDS,
    MATERIAL_PRICE,
    MODELS,
    SILHOUETTE_PRICE,
    Brand,
)
from .palette import colourway
from .photograph import kind_module
from .spec import Spec
from .tables import Catalogue, Product, Role

SEED = 20261123
COPIED_SHARE = 0.105
"""Look-alike groups as a share of a kind's products."""

PATTERN_WORDS = {
    "stripes": "Striped",
    "checks": "Checked",
    "dots": "Dotted",
    "floral": "Floral",
    "camouflage": "Camouflage",
    "print": "Printed",
    "colour-block": "Colour-Block",
}
"""Words of the names; another pattern is said as it is called."""


def catalogue(seed: int = SEED) -> Catalogue:
    """Draw the catalogue."""
    products: list[Product] = []
    roles: list[Role] = []
    for number, kind in enumerate(KINDS):
        drawn, parts = _draw_kind(kind, seed, first=1 + sum(_counts()[:number]))
        products += drawn
        roles += parts
    rng = random.Random(f"{seed}-accidents")
    planted = {role.product for role in roles}
    products, mislabelled = mishaps(products, planted, rng)
    return Catalogue(tuple(products), tuple(roles), tuple(mislabelled))


def _counts() -> list[int]:
    return [kind.count for kind in KINDS.values()]


# one kind --------------------------------------------------------------------------------------


def _draw_kind(kind: str, seed: int, *, first: int) -> tuple[list[Product], list[Role]]:
    rng = random.Random(f"{seed}-{kind}")
    traits = KINDS[kind]
    groups = max(round(traits.count * COPIED_SHARE), 2)
    trios = groups // 3
    duplicates = 1 if kind in {"sneakers", "ankle_boots", "t_shirts", "dresses", "bags"} else 0
    copies = groups + trios + duplicates
    originals: list[Product] = []
    designs = _designs(kind, seed, rng)
    while len(originals) < traits.count - copies:
        design = next(designs)
        originals += design[: traits.count - copies - len(originals)]

    # Groups start from brands dear enough to be undercut by two others.
    dear = [p for p in originals if _brand(p.brand).factor >= 1.0]
    if len(dear) < groups:
        dear = sorted(originals, key=lambda p: -_brand(p.brand).factor)[: groups + 2]
    led = rng.sample(dear, groups)
    extra: list[Product] = []
    roles: list[Role] = []
    for index, leader in enumerate(led):
        group = f"{kind}-{index + 1}"
        roles.append(Role(group, leader.id, "dearer"))
        taken = {leader.brand}
        for turn in range(2 if index < trios else 1):
            made = _copy(leader, kind, taken, f"{group}-{turn}", seed)
            taken.add(made.brand)
            extra.append(made)
            roles.append(Role(group, made.id, "cheaper"))
    free = [p for p in originals if p not in led]
    for index in range(duplicates):
        twin = rng.choice(free)
        group = f"{kind}-twin-{index + 1}"
        price = _shown_price((twin.price or traits.price) * rng.choice([0.8, 0.85, 1.15, 1.2]))
        again = replace(
            twin,
            spec=replace(twin.spec, id=f"{twin.id}-{group}"),
            price=price,
            view_seed=twin.view_seed if index % 2 else twin.view_seed + 7,
        )
        extra.append(again)
        roles += [Role(group, twin.id, "duplicate"), Role(group, again.id, "duplicate")]

    everyone = originals + extra
    order = list(range(len(everyone)))
    rng.shuffle(order)
    ids = {everyone[place].id: f"P{first + index:04d}" for index, place in enumerate(order)}
    products = [
        replace(everyone[place], spec=replace(everyone[place].spec, id=ids[everyone[place].id]))
        for place in order
    ]
    designs_seen = dict.fromkeys(product.design for product in products)
    codes = {name: f"D{first + index:04d}" for index, name in enumerate(designs_seen)}
    products = [replace(product, design=codes[product.design]) for product in products]
    return products, [replace(role, product=ids[role.product]) for role in roles]


def _designs(kind: str, seed: int, rng: random.Random) -> Iterator[list[Product]]:
    """Endless designs of a kind, each in one to three colourways."""
    module = kind_module(kind)
    brands = [brand for brand in BRANDS if kind in brand.kinds]
    number = 0
    while True:
        names = list(module.SHAPES)
        rng.shuffle(names)
        for name in names:
            number += 1
            draw = random.Random(f"{seed}-{kind}-{number}-{name}")
            brand = draw.choice(brands)
            yield list(_colourways(kind, name, f"{kind}-{number:02d}", brand, draw))


def _colourways(
    kind: str, silhouette: str, design: str, brand: Brand, rng: random.Random
) -> Iterator[Product]:
    module, traits = kind_module(kind), KINDS[kind]
    noun, listed = GOODS.get(kind, {}).get(silhouette, ("", ""))
    noun = noun or silhouette.replace("_", " ").title()
    materials = listed.split() or list(
        getattr(module, "SUITS", {}).get(silhouette, module.MATERIALS)
    )
    material = rng.choice(materials)
    pattern = _pattern(kind, silhouette, material, rng)
    trims = frozenset(trim for trim in module.TRIMS if rng.random() < 0.38)
    varied = getattr(module, "varied", None)
    shape = module.SHAPES[silhouette] | (varied(silhouette, rng) if varied else {})
    price = _shown_price(
        traits.price
        * MATERIAL_PRICE.get(material, 1.0)
        * SILHOUETTE_PRICE.get(silhouette, 1.0)
        * brand.factor
        * rng.uniform(0.9, 1.12)
    )
    model, shape_seed = rng.choice(MODELS), rng.randrange(10**6)
    worded = " ".join(
        word for word in (_pattern_word(pattern), _said(material, noun), noun) if word
    )
    used: set[str] = set()
    for turn in range(rng.choice([1, 1, 1, 2, 2])):
        colours = colourway(material, pattern, rng, avoid=frozenset(used))
        if colours.name in used:
            return
        used.add(colours.name)
        spec = Spec(
            f"{design}-{turn}",
            kind,
            shape_seed,
            material,
            pattern,
            colours.hexes,
            shape,
            trims,
        )
        yield Product(
            spec=spec,
            name=f"{brand.name} {model} {worded}, {colours.name}",
            category=traits.category,
            kind=traits.label,
            brand=brand.name,
            colour=colours.name,
            price=price,
            stock=rng.randint(1, 80),
            status="active",
            design=design,
            view_seed=rng.randrange(10**6),
        )


def _pattern_word(pattern: str) -> str:
    return "" if pattern == "plain" else PATTERN_WORDS.get(pattern, pattern.title())


def _said(material: str, noun: str) -> str:
    """The material as a word of the name, where the noun doesn't say it already."""
    silent = material in noun.lower() or material == "mesh" or "Jeans" in noun
    if silent or (material == "knit" and "Jumper" in noun) or noun in {"Boater", "Panama Hat"}:
        return ""
    return {"knit": "Knit", "patent": "Patent"}.get(material, material.title())


def _pattern(kind: str, silhouette: str, material: str, rng: random.Random) -> str:
    module = kind_module(kind)
    becoming = BECOMING[material].split()
    listed = getattr(module, "PRINTS", {}).get(silhouette, module.PATTERNS)
    fitting = [p for p in listed if p in becoming and p != "plain"]
    share = getattr(module, "PLAIN", {}).get(silhouette, KINDS[kind].plain_share)
    if not fitting or rng.random() < share:
        return "plain"
    return rng.choice(fitting)


# look-alikes -----------------------------------------------------------------------------------


def _brand(name: str) -> Brand:
    return next(brand for brand in BRANDS if brand.name == name)


def _copy(leader: Product, kind: str, taken: set[str], key: str, seed: int) -> Product:
    """The same design as another brand would copy it: small differences, at least 30% less."""
    rng = random.Random(f"{seed}-copy-{key}")
    cheap = [b for b in BRANDS if kind in b.kinds and b.name not in taken]
    cheap = [b for b in cheap if b.factor < _brand(leader.brand).factor] or cheap
    brand = rng.choice(sorted(cheap, key=lambda b: b.factor)[:4])
    spec = leader.spec
    module = kind_module(kind)
    trims = set(spec.trims)
    if module.TRIMS and rng.random() < 0.6:
        trims ^= {rng.choice(module.TRIMS)}
    same_draw = spec.pattern != "plain" or "chest print" in trims | spec.trims
    spec = replace(
        spec,
        id=f"{spec.id}-{key}",
        seed=spec.seed if same_draw or rng.random() < 0.5 else spec.seed + 1,
        colours=tuple(_nudged(colour, rng) for colour in spec.colours),
        trims=frozenset(trims),
    )
    usual = leader.price or KINDS[kind].price
    noun = leader.name.removeprefix(f"{leader.brand} ").split(" ", 1)[1]
    return replace(
        leader,
        spec=spec,
        name=f"{brand.name} {rng.choice(MODELS)} {noun}",
        brand=brand.name,
        price=min(_shown_price(usual * rng.uniform(0.36, 0.66)), round(usual * 0.7 - 0.005, 2)),
        stock=rng.randint(1, 120),
        design=f"{leader.design}-{key}",
        view_seed=rng.randrange(10**6),
    )


def _nudged(colour: str, rng: random.Random) -> str:
    """A slightly other dye lot."""
    rgb = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    hue, light, strength = colorsys.rgb_to_hls(*rgb)
    hue = (hue + rng.uniform(-0.012, 0.012)) % 1
    light = min(max(light + rng.uniform(-0.03, 0.035), 0), 1)
    strength = min(max(strength * rng.uniform(0.88, 1.1), 0), 1)
    return "#" + "".join(f"{round(c * 255):02x}" for c in colorsys.hls_to_rgb(hue, light, strength))


def _shown_price(value: float) -> float:
    """A price as shops write it."""
    whole = max(int(value), 4)
    if whole >= 100:
        return float(whole // 10 * 10 + 9) if whole % 10 >= 5 else float(whole // 5 * 5)
    return whole + 0.95
