"""Light at home and outside, for customers' photographs."""

from __future__ import annotations

import random

import bpy
from mathutils import Euler, Vector

from . import studio

INSIDE = ("warm lamp", "dim evening", "window", "window", "mixed light", "ceiling lamp", "flash")
OUTSIDE = ("sun", "overcast")


def shine(lamp: str, centre: Vector, reach: float, camera: Vector, rng: random.Random) -> None:
    """Light the scene; `reach` is half the product's size, `camera` where it is seen from."""
    side = rng.choice([-1, 1])
    look = (camera - centre).normalized()
    right = look.cross(Vector((0, 0, 1)))
    right = right.normalized() if right.length > 0.05 else Vector((1, 0, 0))
    upward = right.cross(look)
    area = reach * reach

    def at(sideways: float, high: float, near: float) -> Vector:
        """Where a lamp stands, in reaches: sideways and up in the picture, towards the camera."""
        return centre + (right * side * sideways + upward * high + look * near) * reach

    match lamp:
        case "warm lamp":
            studio.sky(0.14, (1.0, 0.9, 0.78))
            studio.area_light(at(2.2, 1.6, 2.2), centre, 0.35 * reach, 95 * area, 3600)
        case "dim evening":
            studio.sky(0.09, (0.72, 0.8, 1.0))
            studio.area_light(at(-2.4, 1.6, 1.6), centre, 0.5 * reach, 45 * area, 3300)
        case "window":
            studio.sky(0.16, (0.9, 0.95, 1.0))
            away = (rng.choice([3.2, 3.4, 1.0]), rng.choice([0.4, 1.6]), rng.uniform(0.9, 1.8))
            studio.area_light(at(*away), centre, 1.6 * reach, 170 * area, 6800)
        case "mixed light":
            studio.sky(0.1, (0.95, 0.95, 1.0))
            studio.area_light(at(3.0, 0.6, 1.2), centre, 1.6 * reach, 95 * area, 7600)
            studio.area_light(at(-2.0, 1.8, 2.0), centre, 0.3 * reach, 50 * area, 3200)
        case "ceiling lamp":
            studio.sky(0.16, (1.0, 0.93, 0.84))
            above = centre + Vector((1.5 * side, -1.0, 2.6)) * reach
            studio.area_light(above, centre, 0.45 * reach, 100 * area, 4300)
        case "flash":
            studio.sky(0.05, (1.0, 0.9, 0.78))
            place = camera + right * 0.012 + upward * 0.02
            far = (camera - centre).length
            studio.area_light(place, centre, 0.012, 9 * far * far, 5900)
        case "overcast":
            studio.sky(0.8, (0.9, 0.95, 1.0))
            studio.area_light(at(0.5, 0.5, 4.0), centre, 5.0 * reach, 60 * area, 6800)
        case "sun":
            studio.sky(0.22, (0.66, 0.82, 1.0))
            _sun(side, rng)


def _sun(side: float, rng: random.Random) -> None:
    sun = bpy.data.lights.new("sun", "SUN")
    sun.energy, sun.angle, sun.color = 4.0, 0.01, (1.0, 0.93, 0.82)
    item = bpy.data.objects.new("sun", sun)
    item["studio"] = True
    item.rotation_euler = Euler((rng.uniform(0.4, 0.8), 0, side * rng.uniform(0.3, 1.2)))
    bpy.context.scene.collection.objects.link(item)
