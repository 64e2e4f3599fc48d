"""How a shoe stands in the photograph: alone, or as a pair with its fellow behind."""

from __future__ import annotations

import math
import random

import bpy
from mathutils import Matrix

from ..spec import Spec

WAYS = ("single", "single", "pair")
# The shop's camera stands about this far round towards +x: a shoe lying along x shows its toe.
CAMERA_YAW = math.radians(23)


def stand(
    spec: Spec,
    objects: list[bpy.types.Object],
    *,
    gap: float = 0.115,
    ahead: tuple[float, float] = (-0.04, 0.05),
) -> None:
    """Turns the finished shoe to the camera, toe to the right or left, and mirrors it for a pair.

    `spec.shape["view"]` may fix "single" or "pair"; otherwise the seed chooses. The fellow stands
    `gap` metres behind and within `ahead` metres further on.
    """
    draw = random.Random(f"{spec.seed} display")
    view = str(spec.shape.get("view", draw.choice(WAYS)))
    turn = math.radians(draw.uniform(-10, 8))
    mirror = Matrix.Scale(-1, 4, (0, 1, 0))
    other_way = Matrix.Identity(4)
    if draw.random() < 0.5:
        other_way = Matrix.Rotation(2 * CAMERA_YAW, 4, "Z") @ Matrix.Scale(-1, 4, (1, 0, 0))
    middle = Matrix.Translation((-0.13, 0.0, 0.0))
    poses = [Matrix.Rotation(-turn, 4, "Z") @ middle]
    if view == "pair":
        shift = Matrix.Translation((draw.uniform(*ahead), gap, 0))
        swing = Matrix.Rotation(-turn + math.radians(draw.uniform(-8, 8)), 4, "Z")
        poses.append(shift @ swing @ middle @ mirror)
    fellows = [[o] if len(poses) == 1 else [o, o.copy()] for o in objects]
    for item in fellows:
        for shoe, pose in zip(item, poses, strict=True):
            if shoe is not item[0]:
                bpy.context.scene.collection.objects.link(shoe)
            shoe.matrix_world = other_way @ pose


def built(before: set[str]) -> list[bpy.types.Object]:
    """Objects that were not in the scene before."""
    return [o for o in bpy.context.scene.collection.objects if o.name not in before]


def present() -> set[str]:
    """Names of the objects now in the scene."""
    return {o.name for o in bpy.context.scene.collection.objects}
