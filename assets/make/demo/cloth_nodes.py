"""A finished garment as a few thousand nodes, and every point of it carried along with them.

Whatever a kind builds (cloth, bands, buttons, stitches) becomes plain meshes; the larger pieces
are thinned to nodes a settling can move, and all points then follow the nodes next to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Matrix
from scipy.sparse import coo_matrix, csr_matrix, identity
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from . import studio

Array = np.ndarray
CELL = 0.0165
"""Distance between nodes, in metres: finer folds than three of them cannot form."""
SEWN = 0.014
"""Pieces nearer than this are held together, as if sewn."""
FOLLOWED = 1.8
"""How far a node leads the points round it, in cells."""


@dataclass
class Piece:
    """One object of the garment as a plain mesh, with its points in the world."""

    item: bpy.types.Object
    points: Array

    def write(self, points: Array) -> None:
        """Move the mesh's points (given in the world)."""
        self.item.data.vertices.foreach_set("co", points.astype(np.float32).ravel())
        self.item.data.update()


def pieces() -> list[Piece]:
    """Turn the product's objects into plain meshes at the origin; their thickness stays to come."""
    items = list(studio.shown())
    for item in items:
        for modifier in item.modifiers:
            modifier.show_viewport = modifier.type != "SOLIDIFY"
    bpy.context.view_layer.update()
    graph = bpy.context.evaluated_depsgraph_get()
    made = [_plain(item.evaluated_get(graph)) for item in items]
    found = []
    for item, (mesh, points) in zip(items, made, strict=True):
        if item.type != "MESH":
            curve, item = item, bpy.data.objects.new(item.name, mesh)
            bpy.context.scene.collection.objects.link(item)
            bpy.data.objects.remove(curve)
        item.data = mesh
        item.parent = None
        item.matrix_world = Matrix.Identity(4)
        for modifier in list(item.modifiers):
            if modifier.type == "SOLIDIFY":
                modifier.show_viewport = True
            else:
                item.modifiers.remove(modifier)
        if len(points):
            found.append(Piece(item, points))
            found[-1].write(points)
    return found


def _plain(solid: bpy.types.Object) -> tuple[bpy.types.Mesh, Array]:
    mesh = bpy.data.meshes.new_from_object(solid)
    flat = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
    mesh.vertices.foreach_get("co", flat)
    matrix = np.array(solid.matrix_world)
    if np.linalg.det(matrix[:3, :3]) < 0:
        mesh.flip_normals()
    return mesh, flat.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]


@dataclass
class Nodes:
    """Points of the cloth, threads between them (pairs), and how long those are at rest."""

    points: Array
    threads: Array
    lengths: Array
    around: csr_matrix
    """Row-normalised neighbourhood: `around @ points` is the mean of each node's neighbours."""
    laid_on: Array
    """Which nodes belong to collars, pockets and bands, which lie on the largest piece."""
    owner: Array
    """For every point of the garment the node that it is part of, or next to."""
    cell: float = CELL


def thinned(found: Sequence[Piece], size: float = CELL) -> Nodes:
    """Nodes of the pieces that are cloth: one for every cell that a connected piece crosses."""
    points, edges, start = [], [], 0
    for piece in found:
        mesh = piece.item.data
        pairs = np.empty(len(mesh.edges) * 2, dtype=np.int32)
        mesh.edges.foreach_get("vertices", pairs)
        points.append(piece.points)
        edges.append(pairs.reshape(-1, 2) + start)
        start += len(piece.points)
    cloud, links = np.concatenate(points), np.concatenate(edges)
    island = _connected(links, len(cloud))
    large = _large(cloud, island)
    cell = np.floor(cloud / size).astype(np.int64)
    within = (cell[links[:, 0]] == cell[links[:, 1]]).all(axis=1)
    node = _connected(links[within], len(cloud))
    keep = np.full(node.max() + 1, -1)
    used = np.unique(node[large[island]])
    keep[used] = np.arange(len(used))
    node = keep[node]
    inside = node >= 0
    count = np.bincount(node[inside], minlength=len(used))
    middle = np.stack(
        [np.bincount(node[inside], cloud[inside, axis], len(used)) / count for axis in range(3)], 1
    )
    part = np.zeros(len(used), dtype=np.int64)
    part[node[inside]] = island[inside]
    threads = node[links]
    threads = threads[(threads >= 0).all(axis=1) & (threads[:, 0] != threads[:, 1])]
    sewn = cKDTree(middle).query_pairs(SEWN, output_type="ndarray")
    sewn = sewn[part[sewn[:, 0]] != part[sewn[:, 1]]]
    node[~inside] = cKDTree(middle).query(cloud[~inside])[1]
    main = np.bincount(part).argmax()
    return _tied(middle, np.concatenate([threads, sewn]), part != main, node, size)


def _connected(links: Array, size: int) -> Array:
    """The number of the connected part that each point belongs to."""
    joined = coo_matrix((np.ones(len(links), dtype=bool), links.T), shape=(size, size))
    return np.asarray(connected_components(joined, directed=False)[1])


def _large(cloud: Array, island: Array) -> Array:
    """Which connected pieces are cloth, and not buttons, labels or stitches."""
    count = island.max() + 1
    extent = np.zeros((count, 3))
    for axis in range(3):
        low, high = np.full(count, np.inf), np.full(count, -np.inf)
        np.minimum.at(low, island, cloud[:, axis])
        np.maximum.at(high, island, cloud[:, axis])
        extent[:, axis] = high - low
    extent.sort(axis=1)
    size = extent[:, 1] * extent[:, 2]
    return size > 0.03 * size.max()


def _tied(points: Array, threads: Array, laid_on: Array, owner: Array, cell: float) -> Nodes:
    threads = np.unique(np.sort(threads, axis=1), axis=0)
    lengths = np.linalg.norm(points[threads[:, 0]] - points[threads[:, 1]], axis=1)
    whole = len(points)
    ends = np.concatenate([threads, threads[:, ::-1]])
    touch = coo_matrix((np.ones(len(ends)), ends.T), shape=(whole, whole)).tocsr()
    degree = np.maximum(np.asarray(touch.sum(axis=1)).ravel(), 1)
    around = coo_matrix((1 / degree, (np.arange(whole),) * 2)).tocsr() @ touch
    return Nodes(points, threads, lengths, around, laid_on, owner, cell)


def turned(nodes: Nodes, before: Array, after: Array) -> Array:
    """How the cloth round each node has turned from one shape to the other, as matrices."""
    a, b = nodes.threads.T
    old, new = before[b] - before[a], after[b] - after[a]
    whole = len(before)

    def gathered(left: Array, right: Array) -> Array:
        products = (left[:, :, None] * right[:, None, :]).reshape(-1, 9)
        total = np.zeros((whole, 9))
        for column in range(9):
            total[:, column] = np.bincount(a, products[:, column], whole)
            total[:, column] += np.bincount(b, products[:, column], whole)
        return total.reshape(-1, 3, 3)

    spread, axes = np.linalg.eigh(gathered(old, old))
    mixed = gathered(new, old)
    first, second = axes[:, :, 2], axes[:, :, 1]
    normal = np.cross(first, second)
    new_first = np.einsum("nij,nj->ni", mixed, first)
    new_second = np.einsum("nij,nj->ni", mixed, second)
    new_second *= (spread[:, 2] / np.maximum(spread[:, 1], 1e-9))[:, None]
    new_first, new_second = _unit(new_first), _unit(new_second)
    across = _unit(np.cross(new_first, new_second))
    half = _unit(new_first + new_second)
    other = np.cross(across, half)
    new_first, new_second = (half - other) / np.sqrt(2), (half + other) / np.sqrt(2)
    return (
        new_first[:, :, None] * first[:, None, :]
        + new_second[:, :, None] * second[:, None, :]
        + across[:, :, None] * normal[:, None, :]
    )


def _unit(vectors: Array) -> Array:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)


def carry(found: Sequence[Piece], nodes: Nodes, before: Array, after: Array) -> None:
    """Move all points of the garment as the nodes round them moved."""
    turn = turned(nodes, before, after)
    shift = after - np.einsum("nij,nj->ni", turn, before)
    motion = np.concatenate([turn.reshape(-1, 9), shift], axis=1)
    ring = nodes.around + identity(len(before), format="csr")
    wide = (ring @ ring).tocsr()
    start = 0
    for piece in found:
        own = nodes.owner[start : start + len(piece.points)]
        start += len(piece.points)
        share = wide[own].tocsr()
        row = np.repeat(np.arange(len(own)), np.diff(share.indptr))
        away = np.linalg.norm(piece.points[row] - before[share.indices], axis=1)
        share.data = np.maximum(1 - (away / (FOLLOWED * nodes.cell)) ** 2, 0) ** 2
        share.data += 1e-4 * (share.indices == own[row])
        moved = (share @ motion) / np.asarray(share.sum(axis=1)).reshape(-1, 1)
        piece.points = (
            np.einsum("nij,nj->ni", moved[:, :9].reshape(-1, 3, 3), piece.points) + moved[:, 9:]
        )
        piece.write(piece.points)
