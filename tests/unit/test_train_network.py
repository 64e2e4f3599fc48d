"""The training of the bundled network: what is shipped is what was trained."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ROOT

torch = pytest.importorskip(
    "torch",
    reason="PyTorch is missing, so the training is NOT tested; pip install torch to test it",
)
sys.path.insert(0, str(ROOT / "assets" / "make"))

from training import alter, losses, vgg  # noqa: E402


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
