"""A hand and forearm that hold something: MakeHuman's (CC0, see cut_hand.py), fingers bent."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from mathutils import Matrix, Vector
from scipy.ndimage import gaussian_filter

from .cloth_nodes import Array
from .geometry.lofts import mesh_object
from .linen import linen, upholstery
from .shader_graph import ShaderGraph, lightened, linear

Turns = Mapping[str, tuple[float, float, float]]
"""For a bone: degrees it is bent towards the palm, spread towards the thumb, and twisted."""

SKIN = ("#d9a787", "#c68f6d", "#e0b499", "#8f5c3f", "#6b432d", "#b57f5c", "#e2b9a0")


@dataclass(frozen=True)
class Grip:
    """How the fingers are bent, and where in the hand what they hold is."""

    turns: Turns
    between: tuple[tuple[str, float], ...]
    """The held point is the mean of these places: a bone and how far along it, from its head."""


def _curled(*angles: tuple[float, float, float]) -> dict[str, tuple[float, float, float]]:
    """Bends of the joints of index to little finger."""
    return {
        f"finger{finger}-{bone}": (bend, 0.0, 0.0)
        for finger, bends in zip(range(2, 6), angles, strict=True)
        for bone, bend in zip((1, 2, 3), bends, strict=True)
    }


def _thumb(*bends: tuple[float, float, float]) -> dict[str, tuple[float, float, float]]:
    return {f"finger1-{bone}": bend for bone, bend in zip((1, 2, 3), bends, strict=True)}


GRIPS: dict[str, Grip] = {
    "fist": Grip(
        {
            **_curled((52, 78, 38), (58, 80, 42), (64, 82, 44), (70, 80, 44)),
            **_thumb((-12, -2, -1), (32, 0, 0), (52, 0, 0)),
        },
        (("finger3-1", 0.6), ("finger3-3", 0.5)),
    ),
    "rim": Grip(
        {
            **_curled((46, 34, 14), (48, 34, 16), (54, 50, 26), (60, 58, 32)),
            **_thumb((-2, 4, 4), (35, 0, 0), (44, 0, 0)),
        },
        (("finger2-3", 0.6), ("finger1-3", 0.75)),
    ),
}
"""A fist round something; a rim between thumb and two fingers."""


@dataclass(frozen=True)
class Wearer:
    """Whose arms they are: skin, and the sleeves, pushed up so far from the wrist."""

    skin: bpy.types.Material
    cloth: bpy.types.Material
    pushed_up: float
    seed: int

    @classmethod
    def drawn(cls, rng: random.Random) -> Wearer:
        """Somebody."""
        cloth = rng.choice([linen, upholstery])(rng)
        return cls(skin(rng), cloth, rng.uniform(0.015, 0.1), rng.randrange(10**6))


class Hand:
    """A right hand with its forearm, its wrist at the origin, fingers along y, back up."""

    def __init__(self, grip: Grip) -> None:
        with np.load(Path(__file__).with_name("hand.npz")) as kept:
            points = kept["points"].astype(float)
            joints = kept["joints"].astype(float)
            self.faces = kept["faces"].astype(int)
            self.share = kept["share"] / kept["share"].sum(axis=1, keepdims=True)
            self.bones = kept["bones"].tolist()
            self.parents = kept["parents"].tolist()
        at = {bone: joints[number] for number, bone in enumerate(self.bones)}
        wrist = at["wrist"][0]
        forward = _unit(at["finger3-1"][0] - wrist)
        thumbward = at["finger2-1"][0] - at["finger5-1"][0]
        thumbward = _unit(thumbward - forward * (thumbward @ forward))
        axes = np.stack([-thumbward, forward, np.cross(forward, thumbward)], axis=1)
        self.points = (points - wrist) @ axes
        self.joints = (joints - wrist) @ axes
        self._bend(grip.turns)
        ends = [self.joints[self.bones.index(bone)] for bone, _ in grip.between]
        self.held = np.mean(
            [a + (b - a) * far for (a, b), (_, far) in zip(ends, grip.between, strict=True)], axis=0
        )

    def _bend(self, turns: Turns) -> None:
        """Turn every bone and what hangs on it."""
        moves: list[Matrix] = []
        joints = self.joints.copy()
        for number, (bone, parent) in enumerate(zip(self.bones, self.parents, strict=True)):
            head, tail = self.joints[number]
            own = Matrix.Identity(4)
            if bone in turns:
                own = _turn(bone, turns[bone], head, tail)
            moves.append(moves[parent] @ own if parent >= 0 else own)
            for end in (0, 1):
                joints[number, end] = moves[number] @ Vector(self.joints[number, end])
        each = np.stack([np.array(move) for move in moves])
        mixed = np.einsum("pb,bij->pij", self.share, each)
        self.points = np.einsum("pij,pj->pi", mixed[:, :3, :3], self.points) + mixed[:, :3, 3]
        self.joints = joints

    def place(
        self,
        point: Array,
        forward: Vector,
        back: Vector,
        who: Wearer,
        *,
        left: bool = False,
    ) -> None:
        """Put the hand into the scene, what it holds at `point`, its sleeve going out of it.

        `forward` is where the hand points, `back` where its back looks. A left hand is a right
        one, mirrored.
        """
        y = forward.normalized()
        z = (back - y * back.dot(y)).normalized()
        x = y.cross(z) * (-1 if left else 1)
        turn = np.array([x, y, z])
        faces = self.faces[:, ::-1] if left else self.faces
        uv = np.zeros((len(self.points), 2))
        points = (self.points - self.held) @ turn + point
        item = mesh_object("hand", points, faces, uv, [who.skin])
        item["studio"] = True
        soft = item.modifiers.new("soft", "SUBSURF")
        soft.levels = soft.render_levels = 1
        wrist, elbow = (
            (self.joints[self.bones.index(bone), 0] - self.held) @ turn + point
            for bone in ("wrist", "lowerarm01")
        )
        sleeve(points, wrist, elbow, who)


def sleeve(arm: Array, wrist: Array, elbow: Array, who: Wearer) -> None:
    """A sleeve round the forearm that goes on past the elbow; its cuff at or above the wrist."""
    source = np.random.default_rng(who.seed)
    out = _unit(elbow - wrist)
    side = _unit(np.cross(out, (0.31, 0.43, 0.85)))
    other = np.cross(out, side)
    along = (arm - wrist) @ out
    away = np.linalg.norm(arm - wrist - along[:, None] * out, axis=1)
    begin = who.pushed_up
    steps = begin + np.concatenate([[0.006, 0.0], np.linspace(0.003, 0.75, 90) ** 1.2])
    girth = [np.quantile(away[np.abs(along - t) < 0.012], 0.9) for t in np.arange(0.02, 0.22, 0.02)]
    thick = np.interp(steps, np.arange(0.02, 0.22, 0.02), girth)
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    rough = source.normal(0, 1, (len(steps), len(turn)))
    folds = gaussian_filter(rough, (2.2, 5), mode=("nearest", "wrap"))
    folds += 0.5 * gaussian_filter(rough, (1.2, 3), mode=("nearest", "wrap"))
    loose = 0.004 + 0.02 * np.clip((steps - begin) / 0.12, 0, 1)
    radius = thick[:, None] + loose[:, None] * (1 + 0.35 * folds / folds.std())
    radius[0] -= 0.005
    ring = np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * other
    cloud = wrist + steps[:, None, None] * out + radius[..., None] * ring
    index = np.arange(cloud[..., 0].size).reshape(len(steps), len(turn))
    after = np.roll(index, -1, axis=1)
    faces = np.stack([index[:-1], after[:-1], after[1:], index[1:]], axis=-1).reshape(-1, 4)
    flat = cloud.reshape(-1, 3)
    item = mesh_object("sleeve", flat, faces, flat[:, :2], [who.cloth])
    item["studio"] = True


def _turn(bone: str, turn: tuple[float, float, float], head: Array, tail: Array) -> Matrix:
    """A bone's own turn about its head."""
    bend, spread, twist = (math.radians(angle) for angle in turn)
    along = Vector(_unit(tail - head))
    across = Vector((0.45, 0.0, 0.9)) if bone.startswith("finger1") else Vector((1.0, 0.0, 0.0))
    across = (across - along * across.dot(along)).normalized()
    up = across.cross(along)
    spin = (
        Matrix.Rotation(-bend, 4, across)
        @ Matrix.Rotation(spread, 4, up)
        @ Matrix.Rotation(twist, 4, along)
    )
    return Matrix.Translation(head) @ spin @ Matrix.Translation(-Vector(head))


def _unit(vector: Array) -> Array:
    return np.asarray(vector / np.linalg.norm(vector))


def skin(rng: random.Random) -> bpy.types.Material:
    """Skin: redder in patches, finely lined, a little light going through."""
    graph = ShaderGraph("skin")
    tone = linear(rng.choice(SKIN))
    place = graph.object_space()
    r, g, b, _ = tone
    flushed = (min(r * 1.08, 1.0), g * 0.74, b * 0.7, 1.0)
    patch = graph.noise(place, 0.022, detail=3.0, rough=0.6)
    fine = graph.noise(place, 0.0025, detail=2.0)
    colour = graph.mix(graph.remap(patch, 0.4, 0.68, 0.0, 0.75), tone, flushed)
    colour = graph.mix(graph.remap(fine, 0.45, 0.7, 0.0, 0.3), colour, lightened(tone, -0.3))
    lines = graph.cells(graph.scaled(place, 1 / 0.0016))["Distance"]
    return graph.finish(
        Base_Color=colour,
        Roughness=0.5,
        Specular_IOR_Level=0.35,
        Subsurface_Weight=0.25,
        Subsurface_Radius=(0.006, 0.002, 0.001),
        Subsurface_Scale=1.0,
        Normal=graph.bump(graph.add(lines, graph.mul(fine, 1.5)), 0.0005, 0.35),
    )
