"""Contact sheets: many photographs on one page, to be looked at while modelling."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from .palette import colourway
from .photograph import kind_module, photograph
from .spec import Spec


def preview_specs(kind: str, *, seed: int = 0) -> list[Spec]:
    """Two specs of every silhouette, going through materials, patterns and trims in turn."""
    module = kind_module(kind)
    rng = random.Random(f"preview-{kind}-{seed}")
    specs = []
    for number, (name, shape) in enumerate(list(module.SHAPES.items()) * 2):
        materials = getattr(module, "SUITS", {}).get(name, module.MATERIALS)
        material = materials[number * 3 // 2 % len(materials)]
        pattern = module.PATTERNS[number // 2 % len(module.PATTERNS)] if number % 2 else "plain"
        trims = frozenset(trim for trim in module.TRIMS if rng.random() < 0.5)
        colours = colourway(material, pattern, rng).hexes
        number_seed = rng.randrange(10**6)
        specs.append(
            Spec(f"{kind}-{name}", kind, number_seed, material, pattern, colours, shape, trims)
        )
    return specs


def preview(kind: str, folder: Path, *, size: int = 256, samples: int = 16, seed: int = 0) -> Path:
    """Render a sheet of a kind's silhouettes; returns the PNG's path."""
    files, labels = [], []
    for number, spec in enumerate(preview_specs(kind, seed=seed)):
        file = folder / kind / f"{number:02d}.jpg"
        photograph(spec, file, size=size, samples=samples, threads=2)
        files.append(file)
        labels.append(f"{spec.id} {spec.material} {spec.pattern} {' '.join(sorted(spec.trims))}")
    return sheet(files, labels, folder / f"{kind}.png")


def sheet(
    files: Sequence[Path],
    labels: Sequence[str],
    target: Path,
    *,
    columns: int = 5,
    size: int = 256,
) -> Path:
    """Paste photographs in rows with a line of text under each."""
    rows = -(-len(files) // columns)
    page = Image.new("RGB", (columns * size, rows * (size + 14)), "white")
    draw = ImageDraw.Draw(page)
    for number, (file, label) in enumerate(zip(files, labels, strict=True)):
        x, y = number % columns * size, number // columns * (size + 14)
        with Image.open(file) as photo:
            page.paste(photo.resize((size, size), Image.Resampling.LANCZOS), (x, y))
        draw.text((x + 3, y + size), label[: size // 6], fill="black")
    target.parent.mkdir(parents=True, exist_ok=True)
    page.save(target)
    return target
