"""A thin, typed way to write shader nodes as expressions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np

Rgb = tuple[float, float, float, float]


def linear(hex_colour: str) -> Rgb:
    """Scene-linear RGBA of an sRGB hex string such as "#a03c2f"."""
    digits = hex_colour.lstrip("#")

    def channel(start: int) -> float:
        value = int(digits[start : start + 2], 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return channel(0), channel(2), channel(4), 1.0


def lightened(colour: Rgb, amount: float) -> Rgb:
    """`colour` moved towards white (amount > 0) or towards black (amount < 0)."""
    target = 1.0 if amount > 0 else 0.0
    r, g, b = (c + (target - c) * abs(amount) for c in colour[:3])
    return r, g, b, 1.0


class ShaderGraph:
    """The node tree of one material; every method adds a node and returns its output socket.

    Arguments may be sockets (which get linked) or plain values (which become defaults).
    """

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.tree.nodes.clear()

    def _node(self, kind: str, **settings: Any) -> Any:
        node = self.tree.nodes.new(kind)
        for key, value in settings.items():
            setattr(node, key, value)
        return node

    def _set(self, socket: Any, value: Any) -> None:
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        else:
            socket.default_value = value

    # coordinates -------------------------------------------------------------------------------

    def cloth(self) -> Any:
        """Cloth coordinates: the mesh's UV map, in metres."""
        return self._node("ShaderNodeUVMap", uv_map="UVMap").outputs["UV"]

    def object_space(self) -> Any:
        """Object coordinates, in metres, for parts that carry no UV map."""
        return self._node("ShaderNodeTexCoord").outputs["Object"]

    def ridges(self) -> Any:
        """How far the mesh stands out where a point is: 0.5 flat, more on ridges and edges."""
        return self._node("ShaderNodeNewGeometry").outputs["Pointiness"]

    def split(self, vector: Any) -> tuple[Any, Any]:
        """Split a vector into x and y."""
        node = self._node("ShaderNodeSeparateXYZ")
        self._set(node.inputs[0], vector)
        return node.outputs[0], node.outputs[1]

    def swapped(self, vector: Any) -> Any:
        """The vector with height in the place of depth, for what stands upright."""
        node = self._node("ShaderNodeSeparateXYZ")
        self._set(node.inputs[0], vector)
        return self.join(node.outputs[0], node.outputs[2], node.outputs[1])

    def join(self, x: Any, y: Any, z: Any = 0.0) -> Any:
        """A vector of two or three numbers."""
        node = self._node("ShaderNodeCombineXYZ")
        for socket, value in zip(node.inputs, (x, y, z), strict=True):
            self._set(socket, value)
        return node.outputs[0]

    # arithmetic --------------------------------------------------------------------------------

    def math(self, operation: str, a: Any, b: Any = 0.0, c: Any = 0.0) -> Any:
        """A math node; `b` and `c` where the operation takes them."""
        node = self._node("ShaderNodeMath", operation=operation)
        for socket, value in zip(node.inputs, (a, b, c), strict=False):
            self._set(socket, value)
        return node.outputs[0]

    def add(self, a: Any, b: Any) -> Any:
        """Sum of two numbers."""
        return self.math("ADD", a, b)

    def sub(self, a: Any, b: Any) -> Any:
        """First number less the second."""
        return self.math("SUBTRACT", a, b)

    def mul(self, a: Any, b: Any) -> Any:
        """Product of two numbers."""
        return self.math("MULTIPLY", a, b)

    def fract(self, a: Any) -> Any:
        """The part after the decimal point."""
        return self.math("FRACT", a)

    def wave(self, a: Any, period: float, phase: float = 0.0) -> Any:
        """A sine of the given period, between 0 and 1."""
        turns = self.math("MULTIPLY_ADD", a, 6.283185 / period, phase)
        return self.math("MULTIPLY_ADD", self.math("SINE", turns), 0.5, 0.5)

    def step(self, value: Any, low: float, high: float) -> Any:
        """0 below `low`, 1 above `high`, smooth between (low > high inverts)."""
        if low > high:
            return self.sub(1.0, self.step(value, high, low))
        node = self._node("ShaderNodeMapRange", interpolation_type="SMOOTHSTEP")
        for name, number in (("From Min", low), ("From Max", high)):
            node.inputs[name].default_value = number
        self._set(node.inputs["Value"], value)
        return node.outputs[0]

    def remap(self, value: Any, low: float, high: float, to_low: float, to_high: float) -> Any:
        """`value` from one range to another, clamped."""
        node = self._node("ShaderNodeMapRange", clamp=True)
        numbers = {"From Min": low, "From Max": high, "To Min": to_low, "To Max": to_high}
        for name, number in numbers.items():
            node.inputs[name].default_value = number
        self._set(node.inputs["Value"], value)
        return node.outputs[0]

    def vector(self, operation: str, a: Any, b: Any = (0.0, 0.0, 0.0)) -> Any:
        """A vector math node; lengths come out as numbers."""
        node = self._node("ShaderNodeVectorMath", operation=operation)
        self._set(node.inputs[0], a)
        self._set(node.inputs[1], b)
        return node.outputs[1] if operation in ("LENGTH", "DISTANCE") else node.outputs[0]

    def scaled(self, vector: Any, factor: float | Sequence[float]) -> Any:
        """A vector times one factor, or one for each axis."""
        factors = (factor,) * 3 if isinstance(factor, int | float) else tuple(factor)
        return self.vector("MULTIPLY", vector, factors)

    # textures ----------------------------------------------------------------------------------

    def noise(self, vector: Any, size: float, *, detail: float = 2.0, rough: float = 0.5) -> Any:
        """Noise between 0 and 1 with features of about `size` metres."""
        return self.noise_node(vector, size, detail=detail, rough=rough).outputs[0]

    def noise_colour(self, vector: Any, size: float) -> Any:
        """Three noises at once, as a vector."""
        return self.noise_node(vector, size, detail=1.0, rough=0.5).outputs[1]

    def noise_node(self, vector: Any, size: float, *, detail: float, rough: float) -> Any:
        """A noise node with its outputs."""
        node = self._node("ShaderNodeTexNoise", noise_dimensions="3D")
        self._set(node.inputs["Vector"], vector)
        node.inputs["Scale"].default_value = 1.0 / size
        node.inputs["Detail"].default_value = detail
        node.inputs["Roughness"].default_value = rough
        return node

    def cells(self, vector: Any, *, feature: str = "F1", randomness: float = 1.0) -> Any:
        """A Voronoi node over coordinates already divided by the cell size."""
        node = self._node("ShaderNodeTexVoronoi", voronoi_dimensions="2D", feature=feature)
        self._set(node.inputs["Vector"], vector)
        node.inputs["Scale"].default_value = 1.0
        node.inputs["Randomness"].default_value = randomness
        return node.outputs

    def warped(self, vector: Any, size: float, amount: float) -> Any:
        """`vector` displaced by noise: hand-drawn edges instead of ruled ones."""
        offset = self.vector("SUBTRACT", self.noise_colour(vector, size), (0.5, 0.5, 0.5))
        return self.vector("ADD", vector, self.scaled(offset, amount))

    def picture(self, vector: Any, pixels: np.ndarray, name: str) -> Any:
        """A picture's colour, repeated; `vector` counts repeats, the first row is the lowest."""
        height, width = pixels.shape[:2]
        image = bpy.data.images.new(name, width, height)
        opaque = np.ones((height, width, 4), dtype=np.float32)
        opaque[..., :3] = pixels
        image.pixels.foreach_set(opaque.ravel())
        image.pack()
        node = self._node("ShaderNodeTexImage", image=image, interpolation="Linear")
        self._set(node.inputs["Vector"], vector)
        return node.outputs["Color"]

    def relief(self, cloth: Any, heights: np.ndarray, side: float, name: str) -> tuple[Any, Any]:
        """A relief over square repeats of `side` metres: its height in metres, and its shade.

        Every object finds its own place on it, so that no two sleeves crease alike; objects with
        one pass index share theirs. Those whose folds are shaped already have less of it: the alpha
        of their colour is their share.
        """
        told = self._node("ShaderNodeObjectInfo").outputs
        share = told["Alpha"]
        shared = self.fract(self.mul(told["Object Index"], 0.618))
        alone = self.math("LESS_THAN", told["Object Index"], 0.5)
        own = self.add(shared, self.mul(alone, told["Random"]))
        place = self.vector("ADD", self.scaled(cloth, 1 / side), self.join(own, self.mul(own, 7.3)))
        image = bpy.data.images.get(name)
        if image is None:
            rows, columns = heights.shape[:2]
            image = bpy.data.images.new(name, columns, rows, float_buffer=True, is_data=True)
            full = np.ones((rows, columns, 4), dtype=np.float32)
            full[..., :3] = heights
            image.pixels.foreach_set(full.ravel())
            image.update()
        node = self._node("ShaderNodeTexImage", image=image, interpolation="Linear")
        self._set(node.inputs["Vector"], place)
        height, shade = self.split(node.outputs["Color"])
        shade = self.math("MULTIPLY_ADD", self.sub(shade, 1.0), share, 1.0)
        return self.mul(height, share), shade

    def facing(self, blend: float = 0.5) -> Any:
        """0 where the surface looks at the camera, 1 where it turns away."""
        node = self._node("ShaderNodeLayerWeight")
        node.inputs["Blend"].default_value = blend
        return node.outputs["Facing"]

    # colours and surface -----------------------------------------------------------------------

    def mix(self, factor: Any, a: Any, b: Any, *, blend: str = "MIX") -> Any:
        """Two colours mixed by a factor from 0 to 1."""
        node = self._node("ShaderNodeMix", data_type="RGBA", blend_type=blend)
        self._set(node.inputs[0], factor)
        self._set(node.inputs[6], a)
        self._set(node.inputs[7], b)
        return node.outputs[2]

    def shaded(self, colour: Any, value: Any) -> Any:
        """`colour` multiplied by a grey `value` (a socket around 1)."""
        grey = self._node("ShaderNodeCombineXYZ")
        for socket in grey.inputs:
            self._set(socket, value)
        return self.mix(1.0, colour, grey.outputs[0], blend="MULTIPLY")

    def bump(self, height: Any, depth: float, strength: float = 1.0, *, lean: float = 0.0) -> Any:
        """A bumped normal; `depth` is the height's real amplitude in metres.

        `lean` tips it upwards: upright sides then mirror the lamps above instead of the floor.
        """
        node = self._node("ShaderNodeBump")
        if lean:
            own = self._node("ShaderNodeNewGeometry").outputs["Normal"]
            tipped = self.vector("NORMALIZE", self.vector("ADD", own, (0.0, 0.0, lean)))
            self._set(node.inputs["Normal"], tipped)
        node.inputs["Strength"].default_value = strength
        node.inputs["Distance"].default_value = depth
        self._set(node.inputs["Height"], height)
        return node.outputs[0]

    def finish(self, **inputs: Any) -> bpy.types.Material:
        """Close the tree with a principled surface; keys are its input names, `_` for blanks."""
        surface = self._node("ShaderNodeBsdfPrincipled")
        for key, value in inputs.items():
            self._set(surface.inputs[key.replace("_", " ")], value)
        output = self._node("ShaderNodeOutputMaterial")
        self.tree.links.new(surface.outputs[0], output.inputs[0])
        return self.material
