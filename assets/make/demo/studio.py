"""The photographer's studio: backdrop, softboxes, camera.

Light stands and sweep scale with the product, so a clutch and a coat are lit alike.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Euler, Vector

from .shader_graph import ShaderGraph

Softbox = tuple[tuple[float, float, float], float, float]
"""Place and size in half diagonals of the product, and energy."""

_ROUND: tuple[Softbox, ...] = (
    ((-2.6, -2.2, 3.2), 2.0, 120),
    ((3.2, -2.4, 1.6), 3.0, 26),
    ((0.4, 1.4, 3.6), 2.4, 50),
)
"""What stands on the table is lit from three sides."""

_RAKING: tuple[Softbox, ...] = (
    ((-3.5, -1.5, 1.8), 2.0, 212),
    ((2.4, -3.4, 0.6), 3.0, 40),
    ((0.4, 1.4, 3.6), 2.4, 40),
)
"""Garments hang flat before the wall: light that grazes them shows how they fold."""


@dataclass(frozen=True, slots=True)
class View:
    """How the camera looks: angles in degrees, `fill` the share of the frame the product takes.

    `yaw` turns the camera around the product (0 = from -Y), `hanging` drops the floor away and
    puts a wall close behind, as for garments. `aspect` is the frame's height over its width.
    """

    yaw: float = 0.0
    elevation: float = 10.0
    roll: float = 0.0
    focal: float = 85.0
    fill: float = 0.86
    hanging: bool = False
    shift: tuple[float, float] = (0.0, 0.0)
    aspect: float = 1.0


GARMENTS = frozenset(
    (
        "t_shirts",
        "shirts",
        "knitwear",
        "jackets",
        "coats",
        "trousers",
        "shorts",
        "skirts",
        "dresses",
    )
)
FOOTWEAR = frozenset(
    ("running_shoes", "sneakers", "ankle_boots", "tall_boots", "heels", "sandals", "loafers")
)


def shop_view(kind: str, seed: int) -> View:
    """The shop's usual view of a kind, a little different from product to product."""
    rng = random.Random(f"view-{seed}")
    if kind in GARMENTS:
        return View(
            yaw=rng.uniform(-7, 7),
            elevation=rng.uniform(1, 6),
            fill=rng.uniform(0.84, 0.9),
            hanging=True,
        )
    if kind in FOOTWEAR:
        return View(
            yaw=rng.uniform(12, 34),
            elevation=rng.uniform(12, 22),
            fill=rng.uniform(0.84, 0.9),
        )
    if kind == "hats":
        return View(
            yaw=rng.uniform(-34, 34), elevation=rng.uniform(12, 20), fill=rng.uniform(0.76, 0.84)
        )
    return View(yaw=rng.uniform(-26, 26), elevation=rng.uniform(8, 15), fill=rng.uniform(0.8, 0.87))


def empty() -> None:
    """Start over with an empty scene and the render settings of all photographs."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold = 0.08
    cycles.adaptive_min_samples = 6
    cycles.use_light_tree = False
    cycles.use_denoising = True
    cycles.denoiser = "OPENIMAGEDENOISE"
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.denoising_prefilter = "NONE"
    cycles.denoising_quality = "BALANCED"
    cycles.max_bounces = 2
    cycles.diffuse_bounces = 1
    cycles.glossy_bounces = 1
    cycles.transparent_max_bounces = 4
    cycles.caustics_reflective = False
    cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 4.0
    cycles.sample_clamp_direct = 6.0
    scene.render.image_settings.file_format = "PNG"
    scene.render.use_persistent_data = True
    scene.view_settings.view_transform = "Standard"
    scene.view_settings.look = "None"


def points() -> np.ndarray:
    """World coordinates of everything that stands in the scene, modifiers applied."""
    return points_of(shown())


def points_of(items: Iterable[bpy.types.Object]) -> np.ndarray:
    """World coordinates of some objects, modifiers applied."""
    graph = bpy.context.evaluated_depsgraph_get()
    return np.concatenate([_vertices(item, graph) for item in items])


def shown() -> Iterator[bpy.types.Object]:
    """The product's own objects."""
    for item in bpy.context.scene.objects:
        if item.type in {"MESH", "CURVE"} and not item.hide_render and "studio" not in item:
            yield item


def _vertices(item: bpy.types.Object, graph: bpy.types.Depsgraph) -> np.ndarray:
    solid = item.evaluated_get(graph)
    mesh = solid.to_mesh()
    flat = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
    mesh.vertices.foreach_get("co", flat)
    matrix = np.array(solid.matrix_world, dtype=np.float32)
    solid.to_mesh_clear()
    return flat.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]


def light(view: View) -> None:
    """Backdrop and softboxes around what stands in the scene."""
    cloud = points()
    low, high = cloud.min(axis=0), cloud.max(axis=0)
    centre = Vector((low + high) / 2)
    reach = float(np.linalg.norm(high - low)) / 2
    _sweep(centre, reach, float(high[1]), hanging=view.hanging)
    sky(0.24 if view.hanging else 0.4)
    if view.hanging:
        _spare_highlights()
    turned = Euler((0, 0, math.radians(view.yaw)))

    def softbox(place: tuple[float, float, float], size: float, energy: float) -> None:
        offset = Vector(place)
        offset.rotate(turned)
        area_light(centre + offset * reach, centre, size * reach, energy * reach * reach)

    for place, size, energy in _RAKING if view.hanging else _ROUND:
        softbox(place, size, energy)


def _spare_highlights() -> None:
    """Bend the brightest tones down, as film does: raked white cloth keeps its folds."""
    settings = bpy.context.scene.view_settings
    settings.use_curve_mapping = True
    tones = settings.curve_mapping
    tones.white_level = (1.6, 1.6, 1.6)
    curve = tones.curves[3]
    curve.points[1].location = (1.0, 1.0)
    for light, shown in ((0.1, 0.16), (0.2, 0.32), (0.3, 0.48), (0.45, 0.68), (0.7, 0.87)):
        curve.points.new(light, shown)
    tones.update()


def area_light(
    place: Vector, target: Vector, size: float, energy: float, kelvin: float = 0
) -> None:
    """A square softbox at `place` that faces `target`; `kelvin` 0 is the studio's white."""
    lamp = bpy.data.lights.new("softbox", "AREA")
    lamp.size, lamp.energy = size, energy
    if kelvin:
        lamp.use_temperature = True
        lamp.temperature = kelvin
    stand = bpy.data.objects.new("softbox", lamp)
    stand["studio"] = True
    stand.location = place
    stand.rotation_euler = (target - place).to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.collection.objects.link(stand)


def sky(strength: float, colour: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> None:
    """Even light from everywhere."""
    world = bpy.data.worlds.new("studio")
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs[0].default_value = (*colour, 1.0)
    background.inputs[1].default_value = strength
    world.cycles.sampling_method = "NONE"
    bpy.context.scene.world = world


def _sweep(centre: Vector, reach: float, back: float, *, hanging: bool) -> None:
    """White paper: floor, a wide bend, wall; far behind shoes, close behind garments."""
    floor = -0.9 * reach if hanging else 0.0
    wall = back + (0.2 if hanging else 5.0) * reach
    bend = (0.3 if hanging else 2.4) * reach
    profile = [(-9 * reach, floor), (wall - bend, floor)]
    for step in range(1, 13):
        angle = math.pi / 2 * step / 12
        profile.append(
            (wall - bend + bend * math.sin(angle), floor + bend - bend * math.cos(angle))
        )
    profile.append((wall, floor + 12 * reach))
    corners = [
        (centre.x + side * 9 * reach, y if hanging else centre.y + y - back, z)
        for y, z in profile
        for side in (-1, 1)
    ]
    faces = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(profile) - 1)]
    paper = bpy.data.meshes.new("sweep")
    paper.from_pydata(corners, [], faces)
    paper.shade_smooth()
    graph = ShaderGraph("paper")
    paper.materials.append(
        graph.finish(Base_Color=(0.9, 0.9, 0.9, 1.0), Roughness=1.0, Specular_IOR_Level=0.0)
    )
    sweep = bpy.data.objects.new("sweep", paper)
    sweep["studio"] = True
    bpy.context.scene.collection.objects.link(sweep)


def aim(view: View) -> bpy.types.Object:
    """A camera that frames what stands in the scene."""
    cloud = points()
    turned = Euler((math.radians(90 - view.elevation), 0.0, math.radians(view.yaw)))
    axes = np.array(turned.to_matrix(), dtype=np.float32)
    seen = cloud @ axes  # columns: right, up, towards the camera
    half = 18.0 / view.focal * view.fill * np.array([1.0, view.aspect])
    low, high = seen.min(axis=0), seen.max(axis=0)
    middle = (low + high) / 2
    distance = 0.0
    for _ in range(4):
        # Nearer points look larger: find the distance and centre at which all just fit.
        offset = seen - middle
        need = np.abs(offset[:, :2]) / half + offset[:, 2:3]
        distance = float(need.max())
        depth = distance - offset[:, 2]
        for axis in (0, 1):
            slope = offset[:, axis] / depth
            middle[axis] += (slope.max() + slope.min()) / 2 * distance * 0.9
    lens = bpy.data.cameras.new("camera")
    lens.lens, lens.sensor_width = view.focal, 36.0
    lens.sensor_fit = "HORIZONTAL"
    lens.clip_start, lens.clip_end = 0.01, 200.0
    lens.shift_x, lens.shift_y = view.shift
    camera = bpy.data.objects.new("camera", lens)
    camera["studio"] = True
    camera.location = axes @ (middle + np.array([0.0, 0.0, distance], dtype=np.float32))
    camera.rotation_euler = turned
    camera.rotation_euler.rotate_axis("Z", math.radians(view.roll))
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera
    return camera
