"""The photographer's studio: backdrop, softboxes, camera, and the finished photograph.

Light stands and sweep scale with the product, so a clutch and a coat are lit alike.
"""

from __future__ import annotations

import math
import random
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from mathutils import Euler, Vector
from PIL import Image, ImageFilter
from scipy.ndimage import gaussian_filter, minimum_filter

from .shader_graph import ShaderGraph

WHITE_POINT = 247
"""The grey of the paper where no shadow falls, in every photograph (of 255)."""

JPEG_QUALITY = 87

_RIM = 1.0  # pixels


Softbox = tuple[tuple[float, float, float], float, float]
"""Place and size in half diagonals of the product, and energy."""

_ROUND: tuple[Softbox, ...] = (
    ((-2.6, -2.2, 3.2), 2.0, 120),
    ((3.2, -2.4, 1.6), 3.0, 26),
    ((0.4, 1.4, 3.6), 2.4, 50),
)
"""What stands on the table is lit from three sides."""

_RAKING: tuple[Softbox, ...] = (
    ((-3.5, -1.5, 1.8), 2.0, 200),
    ((2.4, -3.4, 0.6), 3.0, 34),
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
    turned = Euler((0, 0, math.radians(view.yaw)))

    def softbox(place: tuple[float, float, float], size: float, energy: float) -> None:
        offset = Vector(place)
        offset.rotate(turned)
        area_light(centre + offset * reach, centre, size * reach, energy * reach * reach)

    for place, size, energy in _RAKING if view.hanging else _ROUND:
        softbox(place, size, energy)


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


def photograph(
    path: Path, view: View, *, size: int, samples: int, threads: int = 1, note: str = ""
) -> None:
    """Take the shop's photograph: product and backdrop apart, then one over the other.

    The backdrop is smooth, so it is rendered at half size with few samples, and once more without
    the product: their ratio is the product's shadow alone, on paper that is even and near-white
    whatever the light's falloff. Most of the time goes to the product.
    """
    _show(product=False)
    paper = developed(size=size // 2, samples=max(samples // 2, 4), threads=threads)
    _show(product=True)
    product = developed(size=size, samples=samples, threads=threads, cut_out=True)
    _show(product=False)
    for item in shown():
        item.hide_render = True
    bare = developed(size=size // 8, samples=6, threads=threads)
    ground = _ground(paper[..., :3], bare[..., :3], size, depth=0.5 if view.hanging else 0.9)
    colour, cover = _smooth_outline(product)
    save(colour + ground * (1 - cover), path, note=note)


def _smooth_outline(product: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Colours times coverage (h, w, 3), and coverage (h, w, 1) from 0 to 1, its rim smoothed.

    Coverage is the share of a pixel's few samples that met the product, which no denoiser mends:
    left alone, the outline looks sawn.
    """
    cover = product[..., 3:].astype(np.float32) / 255
    sharp = np.concatenate([product[..., :3] * cover, cover], axis=2)
    soft = gaussian_filter(sharp, (_RIM, _RIM, 0))
    edge = np.clip((soft[..., 3:] - 0.5) * 1.5 + 0.5, 0, 1)
    rim = minimum_filter(cover, (3, 3, 1)) < 0.999
    colour = np.where(rim, soft[..., :3] * edge / np.maximum(soft[..., 3:], 1e-3), sharp[..., :3])
    return colour, np.where(rim, edge, cover)


def _show(*, product: bool) -> None:
    """Let the camera see the product alone, or the paper alone; light still meets both."""
    for item in bpy.context.scene.objects:
        item.visible_camera = ("studio" not in item) == product


def developed(*, size: int, samples: int, threads: int, cut_out: bool = False) -> np.ndarray:
    """The scene as the camera sees it, bytes (size, size, 4); `cut_out` leaves blanks clear."""
    scene = bpy.context.scene
    scene.render.film_transparent = cut_out
    _film(size, size, samples, threads)
    with tempfile.TemporaryDirectory() as folder:
        scene.render.filepath = str(Path(folder) / "raw.png")
        bpy.ops.render.render(write_still=True)
        with Image.open(scene.render.filepath) as raw:
            return np.asarray(raw.convert("RGBA"))


def exposed(width: int, height: int, *, samples: int, threads: int) -> np.ndarray:
    """The scene's light as the camera receives it, linear and unclipped: (height, width, 3)."""
    scene = bpy.context.scene
    _film(width, height, samples, threads)
    scene.render.image_settings.file_format = "OPEN_EXR"
    with tempfile.TemporaryDirectory() as folder:
        scene.render.filepath = str(Path(folder) / "raw.exr")
        bpy.ops.render.render(write_still=True)
        raw = bpy.data.images.load(scene.render.filepath)
        flat = np.empty(width * height * 4, dtype=np.float32)
        raw.pixels.foreach_get(flat)
        bpy.data.images.remove(raw)
    return flat.reshape(height, width, 4)[::-1, :, :3]


def _film(width: int, height: int, samples: int, threads: int) -> None:
    scene = bpy.context.scene
    scene.cycles.samples = samples
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.render.threads_mode = "FIXED"
    scene.render.threads = threads


def save(picture: np.ndarray, path: Path, *, quality: int = JPEG_QUALITY, note: str = "") -> None:
    """Write a small JPEG with `note` as its comment; a stopped run never leaves half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    whole = np.clip(picture + 0.5, 0, 255).astype(np.uint8)
    Image.fromarray(whole).save(
        unfinished, "JPEG", quality=quality, optimize=True, progressive=True, comment=note
    )
    unfinished.replace(path)


def _ground(paper: np.ndarray, bare: np.ndarray, size: int, *, depth: float) -> np.ndarray:
    """White paper with the shadow that `paper` has over `bare`, `depth` of it, nearly grey."""
    seen, empty = _grown(paper, size), _grown(bare, size, blur=3)
    grey = seen.mean(axis=2, keepdims=True)
    falloff = empty.mean(axis=2, keepdims=True)
    # A little more than the ratio: what noise and far shadows leave on the paper goes to white.
    shadow = np.clip(1.045 * grey / np.maximum(falloff, 1.0), 0, 1)
    tint = (seen + 1) / (grey + 1)
    light = WHITE_POINT * np.clip(falloff / np.median(falloff), 0.9, 1.1) ** 0.3
    ground = light * (1 - depth * (1 - shadow)) * (1 + 0.3 * (tint - 1))
    return np.clip(ground, 0, 252)


def _grown(picture: np.ndarray, size: int, *, blur: float = 0) -> np.ndarray:
    image = Image.fromarray(np.ascontiguousarray(picture))
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    smooth = image.resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(smooth, dtype=np.float32)
