"""Cut the right hand and forearm out of MakeHuman's base mesh (CC0) for customers' photographs.

    python assets/make/cut_hand.py MPFB2/DATA

The folder is that of MakeHuman's Blender add-on, or of another package that ships it: with
`3dobjs/base.obj` and `rigs/standard/`. Writes `demo/hand.npz`; needed only if that should change.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

FINGERS = [f"finger{finger}-{bone}" for finger in range(1, 6) for bone in (1, 2, 3)]
BONES = ["lowerarm01", "lowerarm02", "wrist", *(f"metacarpal{n}" for n in range(1, 5)), *FINGERS]
TARGET = Path(__file__).resolve().parent / "demo" / "hand.npz"
LEAST = 0.5
"""How much of a point's weight the bones above must have."""


def main() -> None:
    """Read the mesh and its rig, keep the arm, write it."""
    folder = Path(sys.argv[1])
    points, faces, cubes = _mesh(folder / "3dobjs" / "base.obj")
    rig = json.loads((folder / "rigs/standard/rig.default.json").read_text())
    weights = json.loads((folder / "rigs/standard/weights.default.json").read_text())
    rig, weights = rig.get("bones", rig), weights.get("weights", weights)
    share = np.zeros((len(points), len(BONES)))
    for column, bone in enumerate(BONES):
        for point, weight in weights[f"{bone}.R"]:
            share[point, column] = weight
    inside = share.sum(axis=1) > LEAST
    faces = faces[inside[faces].all(axis=1)]
    used = np.unique(faces)
    number = np.full(len(points), -1)
    number[used] = np.arange(len(used))
    share = share[used] / share[used].sum(axis=1, keepdims=True)
    joints = [
        [_joint(rig[f"{bone}.R"][end], points, cubes) for end in ("head", "tail")] for bone in BONES
    ]
    parents = [
        BONES.index(parent) if (parent := rig[f"{bone}.R"]["parent"].removesuffix(".R")) in BONES
        else -1
        for bone in BONES
    ]  # fmt: skip
    np.savez_compressed(
        TARGET,
        points=points[used].astype(np.float32),
        faces=number[faces].astype(np.int16),
        share=(share * 255 + 0.5).astype(np.uint8),
        joints=np.array(joints, dtype=np.float32),
        parents=np.array(parents, dtype=np.int8),
        bones=np.array(BONES),
    )


def _joint(end: dict[str, Any], points: np.ndarray, cubes: dict[str, list[int]]) -> np.ndarray:
    """Where a bone begins or ends: the middle of a cube, or of named points."""
    if end["strategy"] == "CUBE":
        marks = cubes[end["cube_name"]]
    else:
        marks = end.get("vertex_indices") or [end["vertex_index"]]
    return np.asarray(points[marks].mean(axis=0))


def _mesh(path: Path) -> tuple[np.ndarray, np.ndarray, dict[str, list[int]]]:
    """Points in metres, z up; quads of the body alone; the corners of cubes that mark joints."""
    points, faces, group = [], [], ""
    cubes: dict[str, list[int]] = {}
    for line in path.read_text().splitlines():
        word, *rest = line.split() or [""]
        if word == "v":
            x, y, z = (float(number) / 10 for number in rest)
            points.append((x, -z, y))
        elif word == "g":
            group = rest[0]
        elif word == "f":
            corners = [int(corner.split("/")[0]) - 1 for corner in rest]
            if group == "body" and len(corners) == 4:
                faces.append(corners)
            elif group.startswith("joint"):
                cubes.setdefault(group, []).extend(corners)
    return np.array(points), np.array(faces), cubes


if __name__ == "__main__":
    main()
