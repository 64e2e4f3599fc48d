"""VGG16's thirteen convolutions."""

from __future__ import annotations

import copy

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d, relu

from training.convnet import ConvNet, Layer

BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
_BGR_MEAN = (103.939, 116.779, 123.68)
_FAINT = 1e-3  # of the median spread: a channel that never differs is not blown up


class Vgg16(ConvNet):
    """VGG16 without its classifier, as keras.applications builds it."""

    name, preprocess = "vgg16-fashion", "caffe"

    def __init__(self, *, normalised: bool, plain: int = 0) -> None:
        super().__init__(_layers(), normalised=normalised, plain=plain)
        self.register_buffer("mean", torch.tensor(_BGR_MEAN).view(1, 3, 1, 1), persistent=False)

    def fresh(self, *, normalised: bool, plain: int = 0) -> Vgg16:
        """Give a network of the same layers with random weights."""
        return Vgg16(normalised=normalised, plain=plain)

    def prepared(self, pixels: Tensor) -> Tensor:
        """Give BGR less the means."""
        return pixels.flip(1) - self.mean

    def entering(self, values: Tensor, layer: Layer) -> Tensor:
        """Halve what enters a block."""
        return max_pool2d(values, 2) if layer.pooled else values

    def activated(self, values: Tensor) -> Tensor:
        """Apply ReLU."""
        return relu(values, inplace=True)

    def leaving(self, values: Tensor) -> Tensor:
        """Halve the last cells."""
        return max_pool2d(values, 2)


def _layers() -> list[Layer]:
    layers, channels = [], 3
    for block, widths in enumerate(BLOCKS, 1):
        for place, width in enumerate(widths, 1):
            name = f"block{block}_conv{place}"
            layers.append(Layer(name, block, channels, width, pooled=place == 1 and block > 1))
            channels = width
    return layers


@torch.no_grad()
def balanced(network: Vgg16, pixels: Tensor) -> Vgg16:
    """Give the same function, each inner channel with a spread of 1 on photographs.

    ReLU and max pooling let a positive scale through, so the next convolution can take it back.
    Weights from elsewhere may have any scale; batch normalisation put back starts near 1 then, and
    float16 holds the weights. The last channels are the feature: they keep their proportions and
    get a spread of 1 on the whole.
    """
    found = copy.deepcopy(network)
    taken: Tensor | None = None
    for convolution, (spread, _) in zip(found.convolutions, network.moments(pixels), strict=True):
        scale = spread.clamp_min(float(spread.median()) * _FAINT)
        if convolution is found.convolutions[-1]:
            scale = torch.full_like(spread, float(spread.square().mean().sqrt()))
        if taken is not None:
            convolution.weight.mul_(taken[:, None, None])
        convolution.weight.div_(scale[:, None, None, None])
        convolution.bias.div_(scale)
        taken = scale
    return found
