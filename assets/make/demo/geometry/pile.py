"""The curled pile of teddy coats, worked into any cloth."""

from __future__ import annotations

import bpy

CURL = 0.011
"""How far one curl is from the next, metres."""


def curled(cloth: bpy.types.Material) -> bpy.types.Material:
    """The cloth with curls: they rise above it, and it is darker between them."""
    tree = cloth.node_tree
    surface = next(node for node in tree.nodes if node.type == "BSDF_PRINCIPLED")
    place = tree.nodes.new("ShaderNodeTexCoord")
    curls = tree.nodes.new("ShaderNodeTexNoise")
    curls.inputs["Scale"].default_value = 1 / CURL
    curls.inputs["Detail"].default_value = 2.0
    tree.links.new(place.outputs["UV"], curls.inputs["Vector"])
    rise = tree.nodes.new("ShaderNodeBump")
    rise.inputs["Distance"].default_value = 0.009
    tree.links.new(curls.outputs["Fac"], rise.inputs["Height"])
    _between(tree, surface.inputs["Normal"], rise.inputs["Normal"], rise.outputs["Normal"])
    depth = tree.nodes.new("ShaderNodeMapRange")
    for name, value in (("From Min", 0.36), ("From Max", 0.64), ("To Min", 0.74), ("To Max", 1.1)):
        depth.inputs[name].default_value = value
    tree.links.new(curls.outputs["Fac"], depth.inputs["Value"])
    shade = tree.nodes.new("ShaderNodeVectorMath")
    shade.operation = "SCALE"
    tree.links.new(depth.outputs["Result"], shade.inputs["Scale"])
    shade.inputs["Vector"].default_value = tuple(surface.inputs["Base Color"].default_value)[:3]
    _between(tree, surface.inputs["Base Color"], shade.inputs["Vector"], shade.outputs["Vector"])
    return cloth


def _between(
    tree: bpy.types.NodeTree,
    end: bpy.types.NodeSocket,
    entry: bpy.types.NodeSocket,
    exit_: bpy.types.NodeSocket,
) -> None:
    """Put a node between a socket and what it was fed from."""
    for link in list(end.links):
        tree.links.new(link.from_socket, entry)
    tree.links.new(exit_, end)
