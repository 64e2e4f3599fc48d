"""Products and photographs saved beside the catalogue: opened again alike, or not at all."""

from __future__ import annotations

import json
import os
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search import files
from search.catalogue import CataloguePhoto, Product, Snapshot
from search.catalogue.models import LARGEST_NUMBER, Cursor
from search.engine import saved_tables

COLUMNS, DESCRIPTION = "snapshot.columns", "snapshot.json"
PRODUCTS = (
    Product("a", "Bœuf café 👢", "", "Åcme", price=LARGEST_NUMBER, currency="EUR", stock=0),
    Product("b", attributes={"größe": "38½", "kind": 'a "boot"'}, status="withdrawn"),
    Product(
        "ü", url="https://shop/x", price=900, currency="EUR", created="2026-01-01T00:00:00Z",
        sale_price=500, sale_from="", sale_until="2026-12-01T00:00:00Z", item_group="g",
    ),
)  # fmt: skip
PHOTOS = tuple(
    CataloguePhoto(n, id, f"{n:064x}", f"photos/{n}.jpg", "ö.jpg", 3 + n, 4)
    for n, id in enumerate(["a", "ü", "a"], 1)
)


KNOWN = Cursor(7, (12,), 9, None)


def snapshot(products=PRODUCTS, photos=PHOTOS, cursor=KNOWN) -> Snapshot:
    rows = np.eye(len(photos), 4, dtype=np.float32)
    ids = np.array([photo.id for photo in photos], np.int64)
    return Snapshot(7, "net-0", products, photos, ids, rows, cursor=cursor)


def load(folder: Path, rows: int = 6) -> saved_tables.Listed | None:
    return saved_tables.load(folder, rows)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    saved_tables.save(snapshot(), tmp_path)
    return tmp_path


def test_what_is_loaded_is_what_was_saved(saved):
    listed = load(saved)
    assert listed.cursor == KNOWN
    assert listed.products == PRODUCTS
    assert listed.photos == PHOTOS
    one_by_one = load(saved)
    assert [one_by_one.products[n] for n in (2, 0, 1)] == [PRODUCTS[n] for n in (2, 0, 1)]
    assert one_by_one.photos[1] == PHOTOS[1]
    assert list(load(saved).products.values("price")) == [LARGEST_NUMBER, None, 900]
    assert list(load(saved).photos.values("product_id")) == ["a", "ü", "a"]


def test_some_are_made_beside_those_that_are(saved):
    products = load(saved).products
    changed = products.edited({0: replace(PRODUCTS[0], stock=3)}, gone=[1])
    assert list(changed) == [replace(PRODUCTS[0], stock=3), PRODUCTS[2]]
    assert products == PRODUCTS


def test_attributes_are_each_products_own(saved):
    first, second = load(saved).products[1], load(saved).products[1]
    assert first.attributes == second.attributes
    assert first.attributes is not second.attributes


def test_products_are_saved_with_their_regular_prices(tmp_path):
    on_sale = snapshot((PRODUCTS[2],), PHOTOS[1:2], None).at("2026-06-01T00:00:00Z")
    assert (on_sale.products[0].price, on_sale.products[0].was) == (500, 900)
    saved_tables.save(replace(on_sale, cursor=Cursor(1, None, 0, None)), tmp_path)
    assert load(tmp_path).products == [PRODUCTS[2]]


def test_nothing_at_all_is_saved_too(tmp_path):
    saved_tables.save(snapshot((), ()), tmp_path)
    listed = load(tmp_path)
    assert (len(listed.products), len(listed.photos)) == (0, 0)
    assert list(listed.products.values("name")) == []


def test_leaves_no_other_file(saved):
    saved_tables.save(snapshot(), saved)
    assert sorted(file.name for file in saved.iterdir()) == [COLUMNS, DESCRIPTION]


def test_missing_is_none(tmp_path):
    assert load(tmp_path) is None


def test_without_a_cursor_nobody_can_follow_it(tmp_path):
    saved_tables.save(snapshot(cursor=None), tmp_path)
    assert load(tmp_path) is None


def test_any_changed_byte_is_noticed(saved):
    path = saved / COLUMNS
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert load(saved) is None
    path.write_bytes(whole[:-1])
    assert load(saved) is None
    path.write_bytes(whole)
    assert load(saved) is not None


@pytest.mark.parametrize("content", [b"", b"text", b"3", b"[1, 2, 3]", b"{}", b"null", b"[" * 7000])
def test_a_description_of_another_kind_is_none(saved, content):
    (saved / DESCRIPTION).write_bytes(content)
    assert load(saved) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"products": 2}, {"products": 4}, {"products": -1}, {"photographs": 10**12},
        {"products": "3"}, {"cursor": {}}, {"cursor": [1]}, {"cursor": {"revision": 7}},
    ],
)  # fmt: skip
def test_what_does_not_fit_the_columns_is_none(saved, wrong):
    path = saved / DESCRIPTION
    path.write_text(json.dumps(json.loads(path.read_text()) | wrong))
    assert load(saved) is None


def columns_of(folder: Path, *arrays: np.ndarray) -> None:
    """Put other columns there, and their right sum."""
    with (folder / COLUMNS).open("wb") as file:
        for array in arrays:
            np.save(file, array, allow_pickle=True)
    described = json.loads((folder / DESCRIPTION).read_text())
    described["sha256"] = files.sha256(folder / COLUMNS)
    (folder / DESCRIPTION).write_text(json.dumps(described))


class Hostile:
    def __reduce__(self):
        return os.mkdir, ("ran",)


@pytest.mark.parametrize(
    "arrays",
    [
        (),
        (np.zeros(4, np.int64),),
        (np.array([0, 5, 2, 9]), np.zeros(9, np.uint8)),  # ends that don't rise
        (np.array([0, 1, 2, 10**12]), np.zeros(9, np.uint8)),
        (np.array([0, 1, 2, -3]), np.zeros(9, np.uint8)),
        (np.zeros((4, 1), np.int64), np.zeros(0, np.uint8)),
        (np.zeros(4, np.float32), np.zeros(0, np.uint8)),
        (np.array([Hostile()] * 4, object), np.zeros(0, np.uint8)),
    ],
)
def test_columns_of_another_kind_are_none_even_if_their_sum_is_right(
    saved, arrays, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    columns_of(saved, *arrays)
    assert load(saved) is None
    assert not (tmp_path / "ran").exists()


def test_nothing_in_a_foreign_file_runs(saved, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in (COLUMNS, DESCRIPTION):
        (saved / name).write_bytes(pickle.dumps(Hostile()))
        assert load(saved) is None
    assert not (tmp_path / "ran").exists()


def test_text_that_is_none_stops_nobody(saved):
    listed = load(saved)
    data = (saved / COLUMNS).read_bytes().replace("👢".encode(), b"\xff\xfe\xfd\xfc")
    (saved / COLUMNS).write_bytes(data)
    described = json.loads((saved / DESCRIPTION).read_text())
    described["sha256"] = files.sha256(saved / COLUMNS)
    (saved / DESCRIPTION).write_text(json.dumps(described))
    assert load(saved).products[0].name.startswith("Bœuf café ")
    assert list(load(saved).products)[1:] == list(listed.products)[1:]


def test_what_is_no_file_of_ours_is_not_read(saved, tmp_path):
    for name in (COLUMNS, DESCRIPTION):
        path = saved / name
        kept = path.read_bytes()
        path.unlink()
        os.mkfifo(path)  # opening one waits for a writer
        assert load(saved) is None
        path.unlink()
        (tmp_path / "elsewhere").write_bytes(kept)
        path.symlink_to(tmp_path / "elsewhere")
        assert load(saved) is None
        path.unlink()
        path.write_bytes(kept)
        os.truncate(path, 2**33)  # 8 GiB, of which none is on the disk
        assert load(saved) is None
        path.write_bytes(kept)
    assert load(saved) is not None


def test_a_failed_save_keeps_the_older_files(saved, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28)))
        with pytest.raises(OSError, match="28"):
            saved_tables.save(snapshot(PRODUCTS[:1], PHOTOS[:1]), saved)
    assert load(saved).products == PRODUCTS
