"""From a spec to its photograph: build, light, aim, render."""

from __future__ import annotations

import hashlib
import importlib
from pathlib import Path
from types import ModuleType

from PIL import Image

from . import developing, studio
from .spec import Spec

PHOTO_SIZE = 448
SAMPLES = 8


def kind_module(kind: str) -> ModuleType:
    """The geometry module of a kind."""
    return importlib.import_module(f"{__package__}.geometry.{kind}")


def digest(*seeds: object) -> str:
    """A mark of what a photograph was rendered from, kept in the file's comment."""
    told = [
        (s.kind, s.seed, s.material, s.pattern, s.colours, sorted(s.shape.items()), sorted(s.trims))
        if isinstance(s, Spec)
        else s
        for s in seeds
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def is_rendered(path: Path, mark: str) -> bool:
    """Whether the file is there and was rendered from the same spec."""
    if not path.exists():
        return False
    with Image.open(path) as photo:
        return photo.info.get("comment", b"").decode() == mark


def photograph(
    spec: Spec,
    path: Path,
    *,
    view_seed: int | None = None,
    size: int = PHOTO_SIZE,
    samples: int = SAMPLES,
    threads: int = 1,
) -> None:
    """Build `spec` in an empty scene and take the shop's photograph of it."""
    studio.empty()
    kind_module(spec.kind).build(spec)
    view = studio.shop_view(spec.kind, spec.seed if view_seed is None else view_seed)
    studio.light(view)
    studio.aim(view)
    note = digest(spec, view_seed)
    developing.photograph(
        path,
        view,
        material=spec.material,
        size=size,
        samples=samples,
        threads=threads,
        note=note,
    )
