"""The networks a photograph can be encoded with: their sizes, preprocessing and weights.

Reading this registry, finding weights and fingerprints need no TensorFlow; only `load` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from search.errors import NetworkError
from search.network.archive import UNREADABLE, Resize, bundled_file, read_meta, resize_of

Preprocess = Literal["caffe", "tf", "torch", "none"]

DEFAULT_NETWORK = "vgg16-fashion"


@dataclass(frozen=True, slots=True)
class Network:
    """A network without its classifier, and how a photograph is prepared for it.

    `application` is the builder's name in keras.applications, `input_size` the side in pixels,
    `feature_size` the channels of the last feature map. `preprocess` are the modes of Keras's
    `preprocess_input`. `resize`: the whole photograph on white (letterbox), stretched to a square
    (squash), or stretched by nearest-neighbour sampling, as Keras's `load_img` does.
    """

    name: str
    title: str
    application: str
    input_size: int
    feature_size: int
    preprocess: Preprocess
    resize: Resize
    weights: Literal["bundled", "imagenet"]


def _bundled(name: str, title: str, application: str) -> Network | None:
    """Read how to prepare a photograph from the bundled file itself; None where it is damaged."""
    try:
        meta = read_meta(bundled_file(name))
        return Network(
            name,
            title,
            application,
            input_size=int(meta["input_size"]),
            feature_size=int(meta["feature_size"]),
            preprocess=meta["preprocess"],
            resize=resize_of(meta),
            weights="bundled",
        )
    except UNREADABLE:
        return None


def _imagenet(
    name: str, title: str, application: str, size: int, feature: int, preprocess: Preprocess,
    resize: Resize = "letterbox",
) -> Network:  # fmt: skip
    return Network(name, title, application, size, feature, preprocess, resize, "imagenet")


NETWORKS: dict[str, Network] = {
    network.name: network
    for network in (
        _bundled(DEFAULT_NETWORK, "VGG16, trained on fashion", "VGG16"),
        _bundled("mobilenet-fashion", "MobileNet, trained on fashion", "MobileNet"),
        _imagenet(
            "vgg16-imagenet", "VGG16, ImageNet", "VGG16", 224, 512, "caffe", "squash-nearest"
        ),
        _imagenet("resnet50-imagenet", "ResNet50, ImageNet", "ResNet50", 224, 2048, "caffe"),
        _imagenet("inceptionv3-imagenet", "InceptionV3, ImageNet", "InceptionV3", 299, 2048, "tf"),
        _imagenet(
            "densenet121-imagenet", "DenseNet121, ImageNet", "DenseNet121", 224, 1024, "torch"
        ),
        _imagenet("mobilenetv2-imagenet", "MobileNetV2, ImageNet", "MobileNetV2", 224, 1280, "tf"),
        _imagenet(
            "efficientnetv2b0-imagenet",
            "EfficientNetV2-B0, ImageNet",
            "EfficientNetV2B0",
            224,
            1280,
            "none",
        ),
    )
    if network is not None
}


def get(name: str) -> Network:
    """Look a network up; NetworkError naming those there are."""
    if name in NETWORKS:
        return NETWORKS[name]
    if name == DEFAULT_NETWORK:
        raise NetworkError(
            f"The bundled network {bundled_file(name).name} is missing or damaged; "
            "install this program again."
        )
    raise NetworkError(f"There is no network “{name}”; choose one of {', '.join(NETWORKS)}.")
