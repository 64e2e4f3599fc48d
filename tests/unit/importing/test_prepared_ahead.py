"""What the check of an import decodes is prepared for the encoding that follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from search import photos
from search.catalogue import Catalogue
from search.errors import ImportRefused
from search.importing.apply import apply_import
from search.importing.plan import plan_import
from search.photos import reading
from tests.helpers import FakeExtractor, draw, encode


class Registered(FakeExtractor):
    """Makes features of a network that the registry knows how to prepare photographs for."""

    fingerprint = "vgg16-imagenet-000000000000"


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "catalogue")


def fill(folder: Path, names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / f"{name}.png").write_bytes(encode(draw(name)))
    return folder


def test_an_imported_photograph_is_decoded_once(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[str] = []
    decode = reading._decode

    def counted(data: bytes, sha256: str, label: str) -> photos.Photo:
        decoded.append(sha256)
        return decode(data, sha256, label)

    monkeypatch.setattr(reading, "_decode", counted)
    extractor = Registered()
    folder = fill(tmp_path / "in", "abcdefghijklmnopqrstuvwxyz")
    plan = plan_import(catalogue, extractor.fingerprint, photos=folder)
    assert apply_import(catalogue, extractor, plan, actor="Ann").encoded == 26
    assert len(decoded) == len(set(decoded)) == 26
    features = catalogue.known_features(extractor.fingerprint, decoded)
    for photo in catalogue.photos():
        [alone] = extractor.embed([photos.read(catalogue.path(photo))])
        assert alone @ features[photo.sha256] > 0.999


def test_a_photograph_prepared_by_the_check_may_still_change_or_go(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    extractor = Registered()
    folder = fill(tmp_path / "in", "abc")
    plan = plan_import(catalogue, extractor.fingerprint, photos=folder)
    (folder / "a.png").write_bytes(encode(draw("other")))
    (folder / "b.png").unlink()
    with pytest.raises(ImportRefused, match="changed since"):
        apply_import(catalogue, extractor, plan, actor="Ann")
    assert catalogue.products() == []
    assert catalogue.photos() == []
    result = apply_import(catalogue, extractor, plan, actor="Ann", skip_bad_rows=True)
    assert [row.id for row in result.skipped] == ["a", "b"]
    assert [product.id for product in catalogue.products()] == ["c"]
