"""How a shoe stands in the photograph: alone, or as a pair with its fellow behind."""

from __future__ import annotations

import math
import random

import bpy
from mathutils import Matrix

from ..spec import Spec

WAYS = ("single", "single", "pair")


def stand(spec: Spec, objects: list[bpy.types.Object], *, gap: float = 0.115) -> None:
    """Turns the finished shoe to the camera (at -y), and mirrors it for a pair.

    `spec.shape["view"]` may fix "single" or "pair"; otherwise the seed chooses.
    """
    draw = random.Random(f"{spec.seed} display")
    view = str(spec.shape.get("view", draw.choice(WAYS)))
    turn = math.radians(draw.uniform(8, 30))
    flip = draw.random() < 0.5
    middle = Matrix.Translation((-0.13, 0.0, 0.0))
    pose = Matrix.Rotation(-turn, 4, "Z") @ middle
    mirror = Matrix.Scale(-1, 4, (0, 1, 0))
    if view == "pair":
        shift = Matrix.Translation((draw.uniform(0.02, 0.07), gap, 0))
        fellow = Matrix.Rotation(-turn + math.radians(draw.uniform(-5, 8)), 4, "Z") @ middle
        for item in objects:
            copy = item.copy()
            bpy.context.scene.collection.objects.link(copy)
            copy.matrix_world = shift @ fellow @ mirror @ item.matrix_world
            if flip:
                copy.matrix_world = Matrix.Scale(-1, 4, (1, 0, 0)) @ copy.matrix_world
    for item in objects:
        item.matrix_world = pose @ item.matrix_world
        if flip:
            item.matrix_world = Matrix.Scale(-1, 4, (1, 0, 0)) @ item.matrix_world


def built(before: set[str]) -> list[bpy.types.Object]:
    """Objects that were not in the scene before."""
    return [o for o in bpy.context.scene.collection.objects if o.name not in before]


def present() -> set[str]:
    """Names of the objects now in the scene."""
    return {o.name for o in bpy.context.scene.collection.objects}
