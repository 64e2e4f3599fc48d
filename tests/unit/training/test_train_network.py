"""The training of the bundled network: what is shipped is what was trained."""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import io
import itertools
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from search.insight import evaluation
from tests.helpers import ROOT

torch = pytest.importorskip(
    "torch",
    reason="PyTorch is missing, so the training is NOT tested; pip install torch to test it",
)
sys.path.insert(0, str(ROOT / "assets" / "make"))

from training import (  # noqa: E402
    alter,
    data,
    figures,
    kept,
    losses,
    mixture,
    mobilenet,
    muon,
    options,
    teacher,
    vgg,
    weights,
)
from training.pictures import Pictures, product_mask  # noqa: E402
from training.trainer import Trainer  # noqa: E402

CPU = torch.device("cpu")


@pytest.fixture
def trained():
    """A network with batch normalisation that has seen something, so its norms differ from 1."""
    torch.manual_seed(0)
    network = vgg.Vgg16(normalised=True)
    network.train()
    with torch.no_grad():
        for norm in network.norms:
            norm.momentum = 0.5
            norm.weight.uniform_(0.5, 1.5)
            norm.bias.uniform_(-0.3, 0.3)
        for _ in range(3):
            network(_photographs(8))
    return network.eval()


def _photographs(count: int):
    return torch.randint(0, 256, (count, 3, 64, 64)).float()


def _cosines(first, second) -> np.ndarray:
    return torch.nn.functional.cosine_similarity(first, second).numpy()


def test_folding_keeps_the_feature(trained):
    pixels = _photographs(10)
    with torch.no_grad():
        assert _cosines(trained(pixels), trained.folded()(pixels)).min() >= 0.999


def test_the_shipped_file_keeps_the_feature(trained, tmp_path: Path):
    pixels = _photographs(10)
    file = tmp_path / "network.npz"
    weights.write(trained, file, {"input_size": 64})
    with np.load(file, allow_pickle=False) as arrays:
        assert {arrays[name].dtype for name in arrays.files} == {
            np.dtype(np.float16),
            np.dtype(np.uint8),
        }
        assert json.loads(arrays["__meta__"].tobytes()) == {"input_size": 64}
    assert file.stat().st_size < 30e6
    with torch.no_grad():
        assert _cosines(trained(pixels), weights.read(file)(pixels)).min() >= 0.999


def test_mixed_weights_are_so_much_of_each(trained):
    networks = [trained.folded(), *(vgg.Vgg16(normalised=False) for _ in range(2))]
    first, second, third = (network.parameters() for network in networks)
    mixed = mixture.mixed(networks, [0.5, 0.3, 0.2]).parameters()
    for one, two, three, found in zip(first, second, third, mixed, strict=True):
        torch.testing.assert_close(found, 0.5 * one + 0.3 * two + 0.2 * three)


def test_a_repaired_mixture_keeps_the_directions_of_its_weights(trained):
    networks, shares = [trained.folded(), vgg.Vgg16(normalised=False)], [0.7, 0.3]
    mixed = mixture.mixed(networks, shares)
    repaired = mixture.Mixer(networks, _photographs(10))(shares)
    for before, after in zip(mixed.convolutions, repaired.convolutions, strict=True):
        kernels = (each.weight.detach().flatten(1) for each in (before, after))
        assert _cosines(*kernels).min() >= 0.9999


def test_channels_of_a_repaired_mixture_are_as_strong_as_those_mixed(trained):
    networks, shares = [trained.folded(), vgg.Vgg16(normalised=False)], [0.7, 0.3]
    pixels = _photographs(10)
    repaired = mixture.Mixer(networks, pixels)(shares)
    first, second, found = (network.moments(pixels) for network in [*networks, repaired])
    for one, two, three in zip(first, second, found, strict=True):
        torch.testing.assert_close(three, 0.7 * one + 0.3 * two, rtol=1e-2, atol=1e-2)


def test_a_network_mixed_with_itself_and_repaired_keeps_the_feature(trained):
    folded, pixels = trained.folded(), _photographs(10)
    networks, shares = [folded, folded], [0.4, 0.6]
    repaired = mixture.Mixer(networks, pixels)(shares)
    with torch.no_grad():
        assert _cosines(repaired(pixels), folded(pixels)).min() >= 0.9999


def test_a_mixture_is_read_from_a_file_and_its_share():
    assert options.mixture("a=b.npz=0.6") == (Path("a=b.npz"), 0.6)
    assert options.mixture("old.npz") == (Path("old.npz"), None)
    for wrong in ("old.npz=much", "=0.5", "old.npz=1"):
        with pytest.raises(argparse.ArgumentTypeError, match="not FILE=SHARE"):
            options.mixture(wrong)


@pytest.mark.parametrize("plain", [0, 1])
def test_norms_put_back_keep_the_feature(trained, plain):
    folded, pixels = trained.folded(), _photographs(10)
    unfolded = folded.unfolded(pixels, plain).eval()
    assert sum(isinstance(n, torch.nn.BatchNorm2d) for n in unfolded.norms) == 13 - 2 * plain
    with torch.no_grad():
        assert _cosines(unfolded(pixels), folded(pixels)).min() >= 0.9999
        assert _cosines(unfolded.train()(pixels), folded(pixels)).min() >= 0.999


def test_balanced_channels_have_a_spread_of_one_and_keep_the_function(trained):
    start, pixels = trained.folded(), _photographs(12)
    with torch.no_grad():  # another scale for each channel, as weights from elsewhere have
        for first, second in itertools.pairwise(start.convolutions):
            scale = 10 ** torch.empty(len(first.bias)).uniform_(-1.5, 2)
            first.weight.mul_(scale[:, None, None, None])
            first.bias.mul_(scale)
            second.weight.div_(scale[:, None, None])
    balanced = vgg.balanced(start, pixels)
    with torch.no_grad():
        assert _cosines(balanced(pixels), start(pixels)).min() >= 0.9999
    spreads = [spread for spread, _ in balanced.moments(pixels)]
    for spread in spreads[:-1]:
        assert spread.max() <= 1.01
        assert (spread > 0.99).float().mean() > 0.9  # all but those that hardly ever differ
    assert float(spreads[-1].square().mean()) == pytest.approx(1, abs=0.01)
    assert max(spread.max() for spread, _ in start.moments(pixels)) > 20


def test_the_mobilenet_is_the_one_that_keras_builds(monkeypatch):
    if importlib.util.find_spec("tensorflow") is None:
        monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras", reason="Keras is missing, so MobileNet is NOT compared")
    torch.manual_seed(0)
    built = keras.applications.MobileNet(
        alpha=0.75, include_top=False, weights=None, pooling="avg", input_shape=(64, 64, 3)
    )
    network = mobilenet.MobileNet(normalised=False).eval()
    with torch.no_grad():
        for convolution in network.convolutions:
            convolution.bias.uniform_(-0.5, 0.5)
    arrays = weights.layout(network)
    for layer in built.layers:
        if layer.weights:
            layer.set_weights([arrays.pop(f"{layer.name}/{v.name}") for v in layer.weights])
    assert not arrays
    pixels = _photographs(4)
    shown = pixels.permute(0, 2, 3, 1).numpy() / 127.5 - 1
    with torch.no_grad():
        wanted = np.asarray(built(shown, training=False))
        found = network(pixels)
    assert found.shape == (4, 768)
    assert _cosines(found, torch.tensor(wanted)).min() >= 0.999


@pytest.mark.parametrize("blocks", [0, 1, 11])
def test_a_network_can_be_run_in_two_parts(blocks):
    torch.manual_seed(0)
    network, pixels = _narrow().eval(), _photographs(3)
    with torch.no_grad():
        found = network.after(network.before(pixels, blocks), blocks)
        torch.testing.assert_close(found, network.cells(pixels))
        assert found.shape == (3, 16, 2, 2)


def test_the_shipped_mobilenet_keeps_the_feature(tmp_path):
    torch.manual_seed(0)
    network, pixels, file = _narrow(), _photographs(6), tmp_path / "network.npz"
    network.train()
    with torch.no_grad():
        for _ in range(20):
            network(_photographs(8))
    network.eval()
    weights.write(network, file, {"name": "small"})
    assert weights.kind(file) == "mobilenet"
    assert weights.meta(file) == {"name": "small"}
    with torch.no_grad():
        assert _cosines(weights.read(file)(pixels), network(pixels)).min() >= 0.999


def test_a_file_of_another_network_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", **{"dense/kernel": np.ones(3)})
    assert not weights.kind(tmp_path / "other.npz")
    with pytest.raises(ValueError, match=r"other\.npz holds neither"):
        weights.read(tmp_path / "other.npz")


def _narrow() -> mobilenet.MobileNet:
    return mobilenet.MobileNet(normalised=True, widths=(8, *[16] * 13))


def _shop() -> list[data.Photograph]:
    rng, found = np.random.default_rng(0), []
    for n in range(40):
        buffer = io.BytesIO()
        Image.fromarray(rng.integers(0, 256, (40, 30, 3), np.uint8)).save(buffer, "JPEG")
        home = n >= 30
        labels = {"garment": f"garment {n % 2}"}
        if not home:
            kind, colour = f"type {n % 3}", ("Red", "Blue")[n % 2]
            labels = {"type": kind, "colour": colour, "style": f"{kind}, {colour}"}
        words = frozenset() if home else frozenset({"red", "shirt"})
        found.append(data.Photograph(f"{n}.jpg", buffer.getvalue(), home, labels, words))
    return found


@pytest.fixture
def batches():
    strength = alter.Strength(mild=0.5, background=1, drawn=0.5)
    return data.Batches(
        _shop(), np.ones(40, bool), size=12, pairs=4, home=0.25, strength=strength, seed=1
    )


def test_a_batch_follows_from_its_number(batches):
    for name in ("rows", "mild", "scenes"):
        again = (getattr(batches[step], name) for step in (3, 3, 4))
        first, second, other = again
        assert first.shape == (16,)
        np.testing.assert_array_equal(first, second)
        assert (first != other).any()


def test_a_batch_has_neighbours_of_one_label_and_second_views(batches):
    photographs, batch = _shop(), batches[0]
    assert [photographs[row].home for row in batch.rows[:12]] == [True] * 3 + [False] * 9
    labels = [photographs[row].labels for row in batch.rows[:12]]
    assert len({each["garment"] for each in labels[:3]}) == 1
    for first in (3, 6, 9):
        assert len({each["type"] for each in labels[first : first + 3]}) == 1
        assert labels[first]["style"] == labels[first + 2]["style"]
    np.testing.assert_array_equal(batch.rows[12:], batch.rows[batch.paired])
    assert 0 < batch.mild[:12].sum() < 12
    assert not batch.mild[12:].any()


def test_surroundings_are_drawn_or_of_home_photographs(batches):
    home = {n for n, photograph in enumerate(_shop()) if photograph.home}
    batch = batches[0]
    assert (batch.scenes[batch.mild] == alter.NONE).all()
    others = set(batch.scenes[~batch.mild].tolist())
    assert alter.DRAWN in others
    assert home & others
    assert others <= home | {alter.DRAWN}
    options = {"size": 12, "pairs": 4, "home": 0.25, "seed": 1}
    told = data.Batches(
        _shop(), np.zeros(40, bool), strength=alter.Strength(background=1), **options
    )
    assert (told[0].scenes == alter.NONE).all()  # nothing tells these products from what is behind


def _framed(width: int = 60, height: int = 80) -> Image.Image:
    """A dark product on white, a light square on it."""
    image = Image.new("RGB", (width, height), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((15, 20, 44, 69), fill=(200, 30, 40))
    draw.rectangle((20, 30, 29, 49), fill=(250, 250, 250))
    return image


def _photograph(image: Image.Image, *, home: bool = False) -> data.Photograph:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return data.Photograph("a.png", buffer.getvalue(), home)


def test_hardly_altered_views_are_as_the_search_prepares_them():
    shown = [_framed(), _framed(80, 80), _framed(200, 150), _framed(400, 300)]
    photographs = [_photograph(image) for image in shown]
    views = alter.mild(Pictures(photographs, CPU), np.arange(4), 96)
    wanted = torch.from_numpy(data.clean(photographs, 96)).float()
    assert (views - wanted).abs().mean(dim=(1, 2, 3)).max() < 3
    flipped = alter.mild(Pictures(photographs, CPU), np.arange(4), 96, torch.ones(4).bool())
    torch.testing.assert_close(flipped, views.flip(3), atol=0.1, rtol=0)


def test_products_are_told_from_white():
    found = Pictures([_photograph(_framed()), _photograph(_framed(), home=True)], CPU)
    assert found.cut_out.tolist() == [True, False]
    assert found.products[0].tolist() == [15, 20, 45, 70]
    busy = Image.fromarray(np.random.default_rng(0).integers(0, 200, (80, 60, 3), np.uint8))
    found = Pictures([_photograph(busy)], CPU)
    assert not found.cut_out.any()
    assert found.products[0].tolist() == [0, 0, 60, 80]


def _generator(seed: int = 0):
    return torch.Generator().manual_seed(seed)


def _altered(pictures, rows, scenes, *, seed: int = 0, **strength):
    strength = alter.Strength(**strength)
    return alter.strong(pictures, rows, scenes, 64, strength, _generator(seed))


def test_altered_views_follow_from_the_seed():
    pictures = Pictures([_photograph(_framed())], CPU)
    rows, scenes = np.zeros(8, np.int64), np.array([alter.NONE] * 4 + [alter.DRAWN] * 4)
    first = _altered(pictures, rows, scenes)
    assert first.shape == (8, 3, 64, 64)
    assert first.min() >= 0
    assert first.max() <= 255
    torch.testing.assert_close(first, _altered(pictures, rows, scenes))
    far = (first - _altered(pictures, rows, scenes, seed=1)).abs().mean(dim=(1, 2, 3))
    assert (far > 1).all()
    assert (first[:1] - first[1:4]).abs().mean(dim=(1, 2, 3)).min() > 1


def test_a_product_is_put_before_something_else():
    blue = Image.new("RGB", (80, 80), (20, 40, 230))
    pictures = Pictures([_photograph(_framed()), _photograph(blue, home=True)], CPU)
    rows, plain = np.zeros(6, np.int64), {"light": 0.0, "crop": 1.0, "quality": 95}
    on_white = _altered(pictures, rows, np.full(6, alter.NONE), **plain)
    on_blue = _altered(pictures, rows, np.ones(6, np.int64), **plain)
    drawn = _altered(pictures, rows, np.full(6, alter.DRAWN), **plain)

    def share(views, colour):
        far = (views - torch.tensor(colour)[:, None, None]).abs().amax(dim=1)
        return (far < 70).float().mean(dim=(1, 2))

    for views in (on_white, on_blue, drawn):
        assert (share(views, (200.0, 30.0, 40.0)) > 0.08).all()
    assert (share(on_blue, (20.0, 40.0, 230.0)) > 0.2).all()
    assert (share(on_white, (250.0, 250.0, 250.0)) > 0.4).all()
    assert (share(drawn, (250.0, 250.0, 250.0)) < 0.4).all()


def test_compression_leaves_what_jpeg_leaves():
    rng = np.random.default_rng(0)
    image = _framed(64, 80).resize((64, 64))
    noise = rng.integers(-20, 20, (64, 64, 3))
    pixels = np.clip(np.asarray(image).astype(int) + noise, 0, 255).astype(np.uint8)
    for quality in (40, 80):
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
        wanted = np.asarray(Image.open(buffer).convert("RGB")).astype(np.float32)
        views = torch.from_numpy(pixels.transpose(2, 0, 1).copy())[None].float()
        found = alter.jpeg(views, torch.tensor([float(quality)]))[0].numpy().transpose(1, 2, 0)
        assert np.abs(found - wanted).mean() < np.abs(pixels - wanted).mean() / 3


def test_a_mosaic_shows_four_views():
    views = torch.arange(40.0)[:, None, None, None].expand(-1, 3, 32, 32)
    mosaics = alter.mosaics(views, 5)
    assert mosaics.shape == (5, 3, 32, 32)
    corners = mosaics[:, 0, ::31, ::31].flatten(1)
    assert all(len(set(corner.tolist())) == 4 for corner in corners)
    assert not len(alter.mosaics(views, 0))


def test_labels_and_words_have_numbers():
    photographs = _shop()
    classes = data.Classes(photographs * 2)
    task = data.TASKS.index("type")
    assert [classes.codes(p)[task] for p in photographs[:3]] == [0, 1, 2]
    assert classes.codes(photographs[-1])[task] == -1
    shares = classes.shares(photographs)
    assert classes.words == ["red", "shirt"]
    assert shares[0].tolist() == [0.5, 0.5]
    assert shares[-1].tolist() == [0, 0]


_PRODUCTS = """file,gender,sub_category,article_type,base_colour,season,usage,name
1.jpg,Men,Topwear,Shirts,Navy Blue,Fall,Casual,Acme Men Navy Blue Rover 2 Shirt
2.jpg,Men,Topwear,Shirts,Red,Fall,Casual,Acme Men Rover 2 Red Shirt
3.jpg,Men,Topwear,Shirts,Red,Fall,Casual,Acme Men Rover 3 Red Shirt
4.jpg,Men,Topwear,Tops,Red,Fall,Casual,Acme Men Rover 2 Red Shirt
"""


def test_products_named_alike_but_for_the_colour_are_one_design(tmp_path):
    (tmp_path / "products.csv").write_text(_PRODUCTS)
    with zipfile.ZipFile(tmp_path / "products-0.zip", "w") as archive:
        for n in range(1, 5):
            archive.writestr(f"{n}.jpg", b"")
    photographs = data.read(tmp_path)
    assert photographs[1].words == {"acme", "men", "rover", "red", "shirt"}
    classes = data.Classes(photographs)
    designs = [classes.codes(photograph)[len(data.TASKS)] for photograph in photographs]
    assert designs == [0, 0, -1, -1]


def test_a_product_brings_its_design_in_another_colour():
    photographs = [
        dataclasses.replace(photograph, labels={**photograph.labels, "design": f"design {n // 6}"})
        for n, photograph in enumerate(_shop())
    ]
    batch = data.Batches(
        photographs, np.ones(40, bool), size=12, pairs=0, home=0.25,
        strength=alter.Strength(), seed=1,
    )[0]  # fmt: skip
    for first in (3, 6, 9):
        own, other = batch.rows[first : first + 2]
        assert own != other
        assert own // 6 == other // 6


def test_heads_start_at_the_means_of_their_classes():
    torch.manual_seed(0)
    centres = torch.randn(3, 512).relu()
    features = centres.repeat_interleave(20, 0) + 0.1 * torch.randn(60, 512).relu()
    labels = torch.arange(3).repeat_interleave(20)
    head = losses.CosineHead(512, 3)
    head.start(features, torch.nn.functional.one_hot(labels).float())
    assert (head(features).argmax(dim=1) == labels).all()
    nobody = torch.full_like(labels, -1)
    assert losses.classified(head(features), nobody) == 0


def test_rows_of_one_label_are_pulled_together():
    torch.manual_seed(0)
    labels = torch.tensor([0, 0, 1, 1, -1, -1])[:, None]
    near = torch.randn(3, 512).repeat_interleave(2, 0)
    assert losses.together(near, labels, 0.1) < losses.together(near.roll(1, 0), labels, 0.1) - 1
    assert losses.together(near, torch.arange(6)[:, None], 0.1) == 0  # nobody has a fellow
    assert losses.together(near, torch.full((6, 1), -1), 0.1) == 0
    both = losses.together(near, torch.cat([labels, labels], dim=1), 0.1)
    assert both == pytest.approx(2 * float(losses.together(near, labels, 0.1)))


def test_similarities_are_compared_without_the_pairs_of_one_photograph():
    torch.manual_seed(0)
    target, rows = torch.randn(6, 32), torch.tensor([0, 1, 2, 3, 4, 4])
    features = target.clone()
    assert losses.unlike(features, target, rows) == pytest.approx(0, abs=1e-5)
    features[5], target[5] = features[4], target[4]
    assert losses.unlike(features, target, rows) == pytest.approx(0, abs=1e-5)
    assert losses.unlike(torch.randn(6, 32), target, rows) > 0.3


def test_a_view_is_told_from_all_that_is_remembered():
    torch.manual_seed(0)
    memory = losses.Memory(50, 32)
    features, rows = 3 * torch.randn(50, 32), torch.arange(50)
    memory.follow(features, rows)
    torch.testing.assert_close(memory.features, torch.nn.functional.normalize(features))
    logits = memory(features[:10])
    right, wrong = (
        losses.classified(logits, each, smoothing=0.0) for each in (rows[:10], rows[10:20])
    )
    assert right < 0.5 < wrong
    memory.follow(features[10:20], rows[:10])  # half way to what is seen now
    near = torch.nn.functional.cosine_similarity(memory.features[:10], features[10:20])
    assert (near > 0.5).all()
    assert (near < 0.95).all()
    assert "features" in memory.state_dict()


def _teacher_file(path: Path) -> Path:
    """A MobileNet of Keras's layout, as narrow as can be."""
    rng, widths = np.random.default_rng(0), [8, *[16] * 13]
    arrays = {"conv1|kernel": rng.normal(size=(3, 3, 3, 8))}
    names = {"conv1": 8}
    for n in range(1, 14):
        arrays[f"conv_dw_{n}|depthwise_kernel"] = rng.normal(size=(3, 3, widths[n - 1], 1))
        arrays[f"conv_pw_{n}|kernel"] = rng.normal(size=(1, 1, widths[n - 1], widths[n]))
        names |= {f"conv_dw_{n}": widths[n - 1], f"conv_pw_{n}": widths[n]}
    for name, width in names.items():
        arrays |= {f"{name}_bn|gamma": np.ones(width), f"{name}_bn|beta": rng.normal(size=width),
                   f"{name}_bn|moving_mean": np.zeros(width),
                   f"{name}_bn|moving_variance": np.full(width, 10.0)}  # fmt: skip
    path.parent.mkdir()
    np.savez(path, **arrays)
    return path


def test_a_teacher_shows_what_is_like_what(tmp_path):
    torch.manual_seed(0)
    member = teacher.Member(_teacher_file(tmp_path / "t" / "mobilenet.npz"), 224)
    views = 255 * torch.rand(12, 3, 64, 64)
    features = torch.cat([member(views), member(views[:1] + 0.1)])
    taught = teacher.Teacher([member], [features], [1.0], 8)
    cells = taught.cells(views)
    assert cells.shape == (12, 8, 7, 7)
    torch.testing.assert_close(
        cells.mean(dim=(2, 3)).mean(dim=0), torch.zeros(8), atol=0.15, rtol=0
    )
    shares = taught.neighbours(torch.arange(13))
    torch.testing.assert_close(shares.sum(dim=1), torch.ones(13))
    assert shares[0].topk(2).indices.sort().values.tolist() == [0, 12]


def test_the_cosine_to_a_teacher_is_the_sum_of_its_members_with_their_shares(tmp_path):
    torch.manual_seed(0)
    file = _teacher_file(tmp_path / "t" / "mobilenet.npz")
    members = [teacher.Member(file, side) for side in (64, 96)]
    # Each row is as long as all others, so that the members' unit features are what counts.
    known = [torch.nn.functional.normalize(torch.randn(20, 16)) for _ in members]
    known = [each - each.mean(dim=0) for each in known]
    known = [torch.nn.functional.normalize(each) for each in known]
    standards = [teacher.Standard(each) for each in known]
    rows = [standard(each) for standard, each in zip(standards, known, strict=True)]
    taught = teacher.Teacher(members, known, [0.7, 0.3], 32)
    wanted = 0.7 * rows[0] @ rows[0].T + 0.3 * rows[1] @ rows[1].T
    lengths = wanted.diagonal().sqrt()
    cosines = wanted / (lengths[:, None] * lengths)
    torch.testing.assert_close(taught.known @ taught.known.T, cosines, atol=1e-4, rtol=0)
    alone = teacher.Teacher(members, known, [0.0, 1.0], 32)
    assert len(alone.members) == 1
    assert alone.size == 16


def test_a_teachers_shares_are_those_that_find_most_among_held_out_photographs():
    torch.manual_seed(0)
    labels = [f"type {n % 4}" for n in range(40)]
    centres = torch.randn(4, 16)
    good = centres[torch.arange(40) % 4] + 0.1 * torch.randn(40, 16)
    noise = torch.randn(40, 16)

    class Shown:
        def features(self, member):
            return member

        def judged(self, features):
            quality = evaluation.leave_one_out(features.numpy(), labels)
            return {"products by type, P@8": {"mean": quality.precision_at_8.mean}}

    assert teacher.chosen_shares([noise, good], [noise, good], Shown())[1] > 0.5
    assert teacher.chosen_shares([good, noise], [good, noise], Shown())[0] > 0.5
    assert teacher.chosen_shares([good], [good], Shown()) == (1.0,)


def test_as_much_of_the_start_is_mixed_in_as_costs_nothing_for_certain():
    def tried(*scores, error=0.01):
        return [mixture.Tried((1 - n / 10, n / 10), s, error) for n, s in enumerate(scores)]

    assert mixture.chosen(tried(0.60, 0.605, 0.602, 0.596, 0.59)) == (0.7, 0.3)
    assert mixture.chosen(tried(0.60, 0.605, 0.602, 0.596, 0.59, error=0.001)) == (0.9, 0.1)
    assert mixture.chosen(tried(0.3, 0.4)) == (0.9, 0.1)


def test_the_error_of_a_score_is_that_of_its_figures():
    found = {name: {"mean": 0.5, "low": 0.4804, "high": 0.5196} for name in ("a", "b")}
    assert figures.score(found) == 0.5
    assert figures.error(found) == pytest.approx(0.01)


def test_shares_are_tried_in_all_ways_that_add_up():
    tried = list(mixture.compositions(3, 4))
    assert len(tried) == len(set(tried)) == 15
    assert all(sum(shares) == 1 for shares in tried)
    assert (0.25, 0.25, 0.5) in tried


def test_cells_are_held_to_means_over_as_many():
    cells = torch.arange(36.0).view(1, 1, 6, 6).expand(2, 3, 6, 6)
    pooled = losses.as_large(cells, torch.zeros(2, 5, 2, 2))
    assert pooled.shape == (2, 3, 2, 2)
    assert pooled[0, 0, 0, 0] == cells[0, 0, :3, :3].mean()
    assert losses.apart(pooled, 2 * pooled) == pytest.approx(0, abs=1e-6)
    assert losses.apart(pooled, -pooled) == pytest.approx(2)


def _given(work: Path) -> argparse.Namespace:
    work.mkdir()
    taught = ("teacher", "cells", "alike", "neighbours")
    asked = [*((name, 0.0) for name in taught), ("own", 0.3), ("views", 0.3)]
    return argparse.Namespace(
        work=work, data=work, start=None, stages=[data.Stage(32, 4)], batch=6, pairs=2, home=0.25,
        freeze=0, plain=None, mild=0.35, background=0.5, light=0.35, mix=[], rate=1e-3,
        decay=0.02, average=0.9, loss=asked, every=2, mosaics=2, float32=True, seed=0,
        teacher_size=64, primed=10, input_size=None, note="", network="vgg16", keep=0,
        balance=False, teachers=[], shares=[],
    )  # fmt: skip


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("taught", [False, True])
def test_a_stopped_training_goes_on_as_if_it_had_not_been(tmp_path, taught):
    ends = []
    for name, stops in (("whole", False), ("stopped", True)):
        given = _given(tmp_path / name)
        if taught:
            given.loss = [("own", 0.3)]
            _teacher_file(given.data / "teacher" / "mobilenet.npz")
        torch.manual_seed(0)
        if stops:
            trainer = Trainer(given, _shop())
            trainer.resume()
            take = trainer._take
            trainer._take = lambda batch, at=trainer, take=take: (
                take(batch) if at.step < 3 else _stop()
            )
            with pytest.raises(KeyboardInterrupt):
                trainer.run()
            torch.manual_seed(7)  # what goes on comes from the checkpoint alone
        trainer = Trainer(given, _shop())
        trainer.resume()
        assert trainer.step == (2 if stops else 0)
        trainer.run()
        assert trainer.step == 4
        ends.append(trainer.average.state_dict())
    for name, value in ends[0].items():
        torch.testing.assert_close(ends[1][name], value, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("stops", [False, True])
def test_blocks_that_were_kept_stay_and_the_rest_learns(tmp_path, stops):
    given = _given(tmp_path / "work")
    start = _teacher_file(given.data / "teacher" / "mobilenet.npz")
    given.loss, given.start, given.teachers = [("own", 0.3)], start, [start]
    given.network, given.freeze, given.keep, given.stages = "mobilenet", 11, 2, [data.Stage(64, 4)]
    torch.manual_seed(0)
    trainer = Trainer(given, _shop())
    assert trainer.weights["cells"] == 0
    cells = np.load(given.work / "cells.npy")
    assert cells.shape == (40, 2, 16, 4, 4)
    trainer.resume()
    if stops:
        trainer.steps = 2
        trainer.run()
        trainer = Trainer(given, _shop())
        trainer.resume()
        assert trainer.step == 2
    trainer.run()
    before, after = weights.read(start), trainer.trained()
    for layer, old, new in zip(before.layers, before.convolutions, after.convolutions, strict=True):
        assert torch.equal(old.weight, new.weight) == (layer.block <= 11), layer.name
        assert new.weight.isfinite().all()


def test_kept_cells_are_those_of_the_photographs(tmp_path):
    torch.manual_seed(0)
    pictures = Pictures(_shop(), CPU)
    batches = data.Batches(
        _shop(), pictures.cut_out, size=6, pairs=2, home=0.25, strength=alter.Strength(), seed=0
    )
    network, rows = _narrow().eval(), np.array([3, 31, 7])
    path = tmp_path / "cells.npy"
    kept.make(
        path, network, 11, pictures, batches, views=3, side=64, strength=alter.Strength(), seed=0
    )
    found = kept.Kept(path, 11)
    with torch.no_grad():
        own = network(alter.mild(pictures, rows, 64))
    torch.testing.assert_close(found.features(network, rows), own, atol=2e-2, rtol=2e-2)
    assert found.views == 3
    batch = dataclasses.replace(batches[0], mild=np.arange(8) % 2 == 0)
    drawn = found.drawn(batch, [0, 1])
    for row, mild, cells in zip(batch.rows, batch.mild, drawn, strict=True):
        same = [bool(torch.equal(cells, found.cells(row[None], view)[0])) for view in range(3)]
        assert same[0] == mild
        assert sum(same) == 1


def test_a_sample_of_photographs_has_the_share_taken_at_home():
    chosen = data.sample(_shop(), 20, 0.25, 0)
    assert [photograph.home for photograph in chosen].count(True) == 5
    assert len({photograph.file for photograph in chosen}) == 20
    assert chosen == data.sample(_shop(), 20, 0.25, 0)
    assert chosen != data.sample(_shop(), 20, 0.25, 1)
    assert len(data.sample(_shop(), 400, 0.25, 0)) == 40


def test_a_teacher_that_is_missing_is_named(tmp_path):
    given = _given(tmp_path / "work")
    given.loss = []
    with pytest.raises(FileNotFoundError, match="teacher"):
        Trainer(given, _shop())


def test_photographs_that_nobody_named_can_be_trained_on(tmp_path):
    torch.manual_seed(0)
    given = _given(tmp_path / "work")
    given.start = tmp_path / "start.npz"
    weights.write(vgg.Vgg16(normalised=False), given.start, {})
    unnamed = [dataclasses.replace(p, labels={}, words=frozenset()) for p in _shop()]
    trainer = Trainer(given, unnamed)
    trainer.resume()
    trainer.run()
    assert trainer.step == 4
    for before, after in zip(
        weights.read(given.start).parameters(), trainer.trained().parameters(), strict=True
    ):
        assert after.isfinite().all()
        assert not torch.equal(before, after)


def test_muon_moves_kernels_in_all_directions_alike():
    torch.manual_seed(0)
    layer = torch.nn.Conv2d(6, 16, 3).to(memory_format=torch.channels_last)
    before = layer.weight.detach().clone()
    steps = muon.Muon([layer.weight], lr=0.1, weight_decay=0.0)
    strong = torch.logspace(0, -1, 16).view(-1, 1, 1, 1)
    layer.weight.grad = strong * torch.randn_like(layer.weight)
    gradient = torch.linalg.svdvals(layer.weight.grad.flatten(1))
    steps.step()
    moved = (before - layer.weight.detach()).flatten(1)
    spread = torch.linalg.svdvals(moved)
    assert gradient.max() / gradient.min() > 5
    assert spread.max() / spread.min() < 2.5
    # As long as AdamW's, by the root of the mean square.
    assert moved.square().mean().sqrt() == pytest.approx(0.1 * 0.2, rel=0.3)
    assert (moved * layer.weight.grad.flatten(1)).sum() > 0
    steps.zero_grad()
    assert layer.weight.grad is None


def test_muon_refuses_a_kernel_whose_memory_it_cannot_share():
    with pytest.raises(ValueError, match="channels_last"):
        muon.Muon([torch.nn.Conv2d(6, 16, 3).weight], lr=0.1)


def test_the_mask_keeps_a_white_print():
    picture = torch.full((1, 3, 40, 30), 255, dtype=torch.uint8)
    picture[:, :, 10:30, 5:25] = 90
    picture[:, :, 15:20, 10:15] = 255
    mask = product_mask(picture)[0]
    assert mask[10:30, 5:25].all()
    assert mask.sum() == 20 * 20


def test_two_views_of_one_are_pulled_together():
    torch.manual_seed(0)
    rows, none = torch.randn(6, 512), torch.empty(0, 512)
    alike = losses.info_nce(rows, rows, none, 0.1)
    shuffled = losses.info_nce(rows, rows.roll(1, 0), none, 0.1)
    assert alike < 0.1 < shuffled
