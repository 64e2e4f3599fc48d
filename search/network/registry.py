"""The networks a photograph can be encoded with: their sizes, preprocessing and weights.

Reading this registry, finding weights and fingerprints need no TensorFlow; only loading does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from search.errors import NetworkError
from search.network.archive import MEAN, UNREADABLE, array_names, read_meta

Preprocess = Literal["caffe", "tf", "torch", "none"]
Resize = Literal["letterbox", "squash", "squash-nearest"]

_ASSETS = Path(__file__).resolve().parents[2] / "assets" / "networks"


@dataclass(frozen=True, slots=True)
class Network:
    """A network without its classifier, and how a photograph is prepared for it.

    `application` is the builder's name in keras.applications, `input_size` the side in pixels,
    `feature_size` the channels of the last feature map. `preprocess` are the modes of Keras's
    `preprocess_input`. `resize`: the whole photograph on white (letterbox), stretched to a square
    (squash), or stretched by nearest-neighbour sampling, as Keras's `load_img` does.

    A network may be joined of `members` (see joining.py). Then it has no application of its own,
    its `input_size` is the largest of theirs, and its features are as long as theirs together.
    """

    name: str
    title: str
    application: str
    input_size: int
    feature_size: int
    preprocess: Preprocess
    resize: Resize
    weights: Literal["bundled", "imagenet"]
    members: tuple[Member, ...] = ()

    @property
    def parts(self) -> tuple[Member, ...]:
        """What runs to encode a photograph: the members, or the network itself."""
        return self.members or (Member(self, 1.0),)


@dataclass(frozen=True, slots=True)
class Member:
    """A network as a part of another, and its share (0 to 1) in that one's cosine.

    Where it is `centred`, its unit features are less the mean that is stored with its weights.
    """

    network: Network
    share: float
    centred: bool = False


def bundled_file(name: str) -> Path:
    """Give the place of a bundled network's weights."""
    return _ASSETS / f"{name}.npz"


def resize_of(meta: Mapping[str, Any]) -> Resize:
    """Read how a photograph is made square from a weights file's description.

    :raises ValueError: when the way is not known.
    """
    resize: Resize = {"letterbox-white": "letterbox"}.get(meta["resize"], meta["resize"])
    if resize not in get_args(Resize):
        raise ValueError(f"unknown resize {resize}")
    return resize


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


def _joined(
    name: str, title: str, shares: Mapping[str, float], among: Mapping[str, Network]
) -> Network | None:
    """Join networks by their shares; None where one is missing, or they see photographs unalike."""
    if not among.keys() >= shares.keys():
        return None
    resizes = {among[each].resize for each in shares}
    if len(resizes) > 1:
        return None
    members = tuple(
        Member(among[each], share, centred=MEAN in array_names(bundled_file(each)))
        for each, share in shares.items()
    )
    return Network(
        name,
        title,
        application="",
        input_size=max(member.network.input_size for member in members),
        feature_size=sum(member.network.feature_size for member in members),
        preprocess="none",
        resize=resizes.pop(),
        weights="bundled",
        members=members,
    )


def _by_name(*networks: Network | None) -> dict[str, Network]:
    return {network.name: network for network in networks if network is not None}


_SHARES = {"vgg16-fashion": 0.5, "mobilenet-fashion": 0.5}  # in `fashion`

_BUNDLED = _by_name(
    _bundled("vgg16-fashion", "VGG16, trained on fashion", "VGG16"),
    _bundled("mobilenet-fashion", "MobileNet, trained on fashion", "MobileNet"),
)
_JOINED = _by_name(_joined("fashion", "VGG16 and MobileNet, trained on fashion", _SHARES, _BUNDLED))
_IMAGENET = _by_name(
    _imagenet("vgg16-imagenet", "VGG16, ImageNet", "VGG16", 224, 512, "caffe", "squash-nearest"),
    _imagenet("resnet50-imagenet", "ResNet50, ImageNet", "ResNet50", 224, 2048, "caffe"),
    _imagenet("inceptionv3-imagenet", "InceptionV3, ImageNet", "InceptionV3", 299, 2048, "tf"),
    _imagenet("densenet121-imagenet", "DenseNet121, ImageNet", "DenseNet121", 224, 1024, "torch"),
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
NETWORKS: dict[str, Network] = {**_JOINED, **_BUNDLED, **_IMAGENET}

DEFAULT_NETWORK = "fashion" if "fashion" in NETWORKS else "vgg16-fashion"
"""What new catalogues are encoded with: both bundled networks, or the first where one is gone."""


def get(name: str) -> Network:
    """Look a network up.

    :raises NetworkError: when there is none of that name; the sentence names those there are.
    """
    if name in NETWORKS:
        return NETWORKS[name]
    needed = list(_SHARES) if name == "fashion" else [name] if name in _SHARES else []
    if needed:
        gone = next((part for part in needed if part not in NETWORKS), needed[-1])
        raise NetworkError(
            f"The bundled network {bundled_file(gone).name} is missing or damaged; "
            "install this program again."
        )
    raise NetworkError(f"There is no network “{name}”; choose one of {', '.join(NETWORKS)}.")


def named_in(fingerprint: str) -> Network | None:
    """Look up the network that makes the features of a fingerprint; None where it is not known."""
    return NETWORKS.get(fingerprint.rpartition("-")[0])
