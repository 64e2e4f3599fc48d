"""The training of the bundled network: what is shipped is what was trained."""

from __future__ import annotations

import argparse
import dataclasses
import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT

torch = pytest.importorskip(
    "torch",
    reason="PyTorch is missing, so the training is NOT tested; pip install torch to test it",
)
sys.path.insert(0, str(ROOT / "assets" / "make"))

import train_network  # noqa: E402
from training import alter, data, kept, losses, muon, vgg  # noqa: E402


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
    vgg.write(trained, file, {"input_size": 64})
    with np.load(file, allow_pickle=False) as arrays:
        assert {arrays[name].dtype for name in arrays.files} == {
            np.dtype(np.float16),
            np.dtype(np.uint8),
        }
        assert json.loads(arrays["__meta__"].tobytes()) == {"input_size": 64}
    assert file.stat().st_size < 30e6
    with torch.no_grad():
        assert _cosines(trained(pixels), vgg.read(file)(pixels)).min() >= 0.999


def test_mixed_weights_are_so_much_of_each(trained):
    networks = [trained.folded(), *(vgg.Vgg16(normalised=False) for _ in range(2))]
    first, second, third = (network.parameters() for network in networks)
    mixed = vgg.mixed(networks, [0.5, 0.3, 0.2]).parameters()
    for one, two, three, found in zip(first, second, third, mixed, strict=True):
        torch.testing.assert_close(found, 0.5 * one + 0.3 * two + 0.2 * three)


def test_a_repaired_mixture_keeps_the_directions_of_its_weights(trained):
    networks, shares = [trained.folded(), vgg.Vgg16(normalised=False)], [0.7, 0.3]
    mixed = vgg.mixed(networks, shares)
    repaired = vgg.repaired(mixed, networks, shares, _photographs(10))
    for before, after in zip(mixed.convolutions, repaired.convolutions, strict=True):
        kernels = (each.weight.detach().flatten(1) for each in (before, after))
        assert _cosines(*kernels).min() >= 0.9999


def test_channels_of_a_repaired_mixture_are_as_strong_as_those_mixed(trained):
    networks, shares = [trained.folded(), vgg.Vgg16(normalised=False)], [0.7, 0.3]
    pixels = _photographs(10)
    repaired = vgg.repaired(vgg.mixed(networks, shares), networks, shares, pixels)
    first, second, found = (network.moments(pixels) for network in [*networks, repaired])
    for one, two, three in zip(first, second, found, strict=True):
        torch.testing.assert_close(three, 0.7 * one + 0.3 * two, rtol=1e-2, atol=1e-2)


def test_a_network_mixed_with_itself_and_repaired_keeps_the_feature(trained):
    folded, pixels = trained.folded(), _photographs(10)
    networks, shares = [folded, folded], [0.4, 0.6]
    repaired = vgg.repaired(vgg.mixed(networks, shares), networks, shares, pixels)
    with torch.no_grad():
        assert _cosines(repaired(pixels), folded(pixels)).min() >= 0.9999


def test_a_mixture_is_read_from_a_file_and_its_share():
    assert train_network.mixture("a=b.npz=0.6") == (Path("a=b.npz"), 0.6)
    for wrong in ("old.npz", "old.npz=much", "=0.5", "old.npz=1"):
        with pytest.raises(argparse.ArgumentTypeError, match="not FILE=SHARE"):
            train_network.mixture(wrong)


@pytest.mark.parametrize("plain", [0, 1])
def test_norms_put_back_keep_the_feature(trained, plain):
    folded, pixels = trained.folded(), _photographs(10)
    unfolded = folded.unfolded(pixels, plain).eval()
    assert sum(isinstance(n, torch.nn.BatchNorm2d) for n in unfolded.norms) == 13 - 2 * plain
    with torch.no_grad():
        assert _cosines(unfolded(pixels), folded(pixels)).min() >= 0.9999
        assert _cosines(unfolded.train()(pixels), folded(pixels)).min() >= 0.999


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


def test_kept_cells_are_what_the_first_blocks_make(tmp_path):
    torch.manual_seed(0)
    network, photographs = vgg.Vgg16(normalised=False).eval(), _shop()
    views = {"views": 2, "side": 32, "strength": alter.Strength(mild=1), "seed": 0, "workers": 1}
    cells = kept.keep(tmp_path, network, 2, photographs, **views)
    rows, paired = np.array([5, 9, 32]), np.array([0, 2])
    drawn = cells.draw(rows, paired, np.random.default_rng(0)).float()
    shown = [photographs[row].image() for row in (5, 9, 32, 5, 32)]
    sides = [data.pixels(alter.mild(image, 32, mirrored=mirrored))
             for mirrored in (False, True) for image in shown]  # fmt: skip
    pixels = torch.from_numpy(np.stack(sides)).float()
    with torch.no_grad():
        made = network.below(pixels, 2)
        torch.testing.assert_close(network.above(made, 2), network(pixels))
    far = [(drawn - each).abs().amax(dim=(1, 2, 3)) for each in made.split(5)]
    assert (torch.minimum(*far) < 0.03 * made.max()).all()
    assert (torch.maximum(*far) > 0.2 * made.max()).all()
    straight = far[0] < far[1]
    assert straight[0] != straight[3]
    assert straight[2] != straight[4]


def test_first_views_are_hardly_altered_as_often_as_asked(tmp_path):
    torch.manual_seed(0)
    network, photographs = vgg.Vgg16(normalised=False).eval(), _shop()
    strength = alter.Strength(mild=0.6)
    views = {"views": 2, "side": 32, "strength": strength, "seed": 0, "workers": 0}
    cells = kept.keep(tmp_path, network, 1, photographs, **views)
    image = alter.mild(photographs[6].image(), 32, mirrored=False)
    with torch.no_grad():
        made = network.below(torch.tensor(data.pixels(image))[None].float(), 1)
    rows, paired = np.full(400, 6), np.arange(400)
    drawn = cells.draw(rows, paired, np.random.default_rng(0)).float()
    hardly = (drawn - made).abs().amax(dim=(1, 2, 3)) < 0.03 * made.max()
    assert 0.5 < hardly[:400].float().mean() < 0.7
    assert (hardly[:400] != hardly[400:]).all()


def test_kept_cells_are_computed_once(tmp_path):
    network, photographs = vgg.Vgg16(normalised=False).eval(), _shop()
    views = {"views": 2, "side": 32, "strength": alter.Strength(), "seed": 0, "workers": 0}
    first = kept.keep(tmp_path, network, 1, photographs, **views)
    again = kept.keep(tmp_path, vgg.Vgg16(normalised=False).eval(), 1, photographs, **views)
    rows, none = np.arange(40), np.empty(0, np.int64)
    each = [cells.draw(rows, none, np.random.default_rng(2)) for cells in (first, again)]
    torch.testing.assert_close(*each)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["cells-0.bin", "cells-1.bin"]


@pytest.fixture
def batches():
    stages = (data.Stage(32, 2), data.Stage(48, 3))
    return data.Batches(
        _shop(), size=12, pairs=4, stages=stages, home=0.25, strength=alter.Strength(), seed=1
    )


def test_a_batch_follows_from_its_number(batches):
    after = list(batches.after(1, workers=1))
    assert [batch.views.shape for batch in after] == [
        (16, 3, side, side) for side in (32, 48, 48, 48)
    ]
    for step, batch in enumerate(after, 1):
        np.testing.assert_array_equal(batch.views, batches[step].views)
    assert (after[0].rows != after[1].rows).any()


def test_a_batch_has_neighbours_of_one_label_and_second_views(batches):
    photographs, batch = _shop(), batches[0]
    assert [photographs[row].home for row in batch.rows[:12]] == [True] * 3 + [False] * 9
    labels = [photographs[row].labels for row in batch.rows[:12]]
    assert len({each["garment"] for each in labels[:3]}) == 1
    for first in (3, 6, 9):
        assert len({each["type"] for each in labels[first : first + 3]}) == 1
        assert labels[first]["style"] == labels[first + 2]["style"]
    np.testing.assert_array_equal(batch.rows[12:], batch.rows[batch.paired])


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
        photographs, size=12, pairs=0, stages=(data.Stage(32, 1),), home=0.25,
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


def test_a_view_is_recognised_among_all():
    torch.manual_seed(0)
    targets = torch.nn.functional.normalize(torch.randn(50, 32))
    rows = torch.arange(10)
    right = losses.recognised(targets[:10], targets, rows, 0.1)
    wrong = losses.recognised(targets[:10], targets, rows + 10, 0.1)
    assert right < 0.5 < wrong


def test_a_view_is_told_from_all_that_is_remembered():
    torch.manual_seed(0)
    memory = losses.Memory(50, 32)
    features, rows = 3 * torch.randn(50, 32), torch.arange(50)
    memory.follow(features, rows)
    torch.testing.assert_close(memory.features, torch.nn.functional.normalize(features))
    assert memory(features[:10], rows[:10]) < 0.5 < memory(features[:10], rows[10:20])
    memory.follow(features[10:20], rows[:10])  # half way to what is seen now
    near = torch.nn.functional.cosine_similarity(memory.features[:10], features[10:20])
    assert (near > 0.5).all()
    assert (near < 0.95).all()
    assert "features" in memory.state_dict()


def _given(work: Path) -> argparse.Namespace:
    work.mkdir()
    weights = [("teacher", 0.0), ("alike", 0.0), ("recognised", 0.0), ("own", 0.3)]
    return argparse.Namespace(
        work=work, data=work, start=None, stages=[data.Stage(32, 4)], batch=6, pairs=2, home=0.25,
        freeze=0, plain=None, mild=0.35, background=0.5, light=0.35, mix=[], keep=0, rate=1e-3,
        decay=0.02, average=0.9, loss=weights, every=100, workers=0, float32=True, seed=0,
        teacher_size=64, primed=10, input_size=None, note="",
    )  # fmt: skip


@pytest.mark.parametrize("keep", [0, 2])
def test_a_stopped_training_goes_on_as_if_it_had_not_been(tmp_path, monkeypatch, keep):
    ends = []
    for name, stops in (("whole", False), ("stopped", True)):
        given = _given(tmp_path / name)
        given.keep, given.freeze = keep, keep
        if stops:
            torch.manual_seed(0)
            trainer = train_network.Trainer(given, _shop())
            trainer.resume()
            batches = trainer.batches
            monkeypatch.setattr(batches, "after", lambda *_, made=batches: [made[0], made[1]])
            trainer.run()
        torch.manual_seed(7 if stops else 0)  # what goes on comes from the checkpoint alone
        trainer = train_network.Trainer(given, _shop())
        trainer.resume()
        assert trainer.step == (2 if stops else 0)
        trainer.run()
        assert trainer.step == 4
        ends.append(trainer.average.state_dict())
    for name, value in ends[0].items():
        torch.testing.assert_close(ends[1][name], value, atol=1e-5, rtol=1e-4)


def test_photographs_that_nobody_named_can_be_trained_on(tmp_path):
    torch.manual_seed(0)
    given = _given(tmp_path / "work")
    given.start = tmp_path / "start.npz"
    vgg.write(vgg.Vgg16(normalised=False), given.start, {})
    unnamed = [dataclasses.replace(p, labels={}, words=frozenset()) for p in _shop()]
    trainer = train_network.Trainer(given, unnamed)
    trainer.resume()
    trainer.run()
    assert trainer.step == 4
    for before, after in zip(
        vgg.read(given.start).parameters(), trainer.shipped().parameters(), strict=True
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
    picture = np.full((40, 30, 3), 255, np.uint8)
    picture[10:30, 5:25] = 90
    picture[15:20, 10:15] = 255
    mask = alter.product_mask(picture)
    assert mask[10:30, 5:25].all()
    assert mask.sum() == 20 * 20


def test_two_views_of_one_are_pulled_together():
    torch.manual_seed(0)
    rows, none = torch.randn(6, 512), torch.empty(0, 512)
    alike = losses.info_nce(rows, rows, none, 0.1)
    shuffled = losses.info_nce(rows, rows.roll(1, 0), none, 0.1)
    assert alike < 0.1 < shuffled
