"""MobileNet v1: thirteen pairs of a depthwise and a pointwise convolution.

Howard et al., "MobileNets: efficient convolutional neural networks for mobile vision
applications", 2017.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor
from torch.nn.functional import pad, relu6

from training.convnet import ConvNet, Layer

WIDTHS = (24, 48, 96, 96, 192, 192, *[384] * 6, 768, 768)  # of 0.75: conv1, then the pairs
_HALVED = (2, 4, 6, 12)  # the pairs that halve the picture


class MobileNet(ConvNet):
    """MobileNet without its classifier, as keras.applications builds it with alpha=0.75."""

    name, preprocess = "mobilenet-fashion", "tf"

    def __init__(self, *, normalised: bool, plain: int = 0, widths: Sequence[int] = WIDTHS) -> None:
        self.widths = tuple(widths)
        super().__init__(_layers(self.widths), normalised=normalised, plain=plain)

    def fresh(self, *, normalised: bool, plain: int = 0) -> MobileNet:
        """Give a network of the same layers with random weights."""
        return MobileNet(normalised=normalised, plain=plain, widths=self.widths)

    def prepared(self, pixels: Tensor) -> Tensor:
        """Give -1 to 1."""
        return pixels / 127.5 - 1

    def entering(self, values: Tensor, layer: Layer) -> Tensor:
        """Pad at the right and the bottom alone, as Keras does where it halves."""
        return pad(values, (0, 1, 0, 1)) if layer.stride == 2 else values

    def activated(self, values: Tensor) -> Tensor:
        """Apply ReLU that ends at 6."""
        return relu6(values, inplace=True)


def _layers(widths: Sequence[int]) -> list[Layer]:
    layers = [Layer("conv1", 1, 3, widths[0], stride=2, padding=0)]
    for block in range(1, len(widths)):
        inputs, outputs = widths[block - 1 : block + 1]
        stride, padding = (2, 0) if block in _HALVED else (1, 1)
        layers += [
            Layer(
                f"conv_dw_{block}", block, inputs, inputs, stride=stride, padding=padding,
                depthwise=True,
            ),
            Layer(f"conv_pw_{block}", block, inputs, outputs, kernel=1, padding=0),
        ]  # fmt: skip
    return layers
