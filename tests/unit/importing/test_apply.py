from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from search import photos as door
from search.catalogue import Change, Product
from search.errors import Cancelled, ImportRefused, MismatchError
from search.network.preparation import Prepared
from search.network.vectors import Feature
from search.progress import Progress
from tests.helpers import draw, encode
from tests.unit.importing.shop import Shop, fill, uploads

HEADER = "id,name,category,kind,brand,colour,price,currency,stock,status,url,file"


def test_a_table_with_photographs_is_imported_whole(shop: Shop) -> None:
    table = (
        f"{HEADER},Heel\n"
        'p1,"Red, long dress",Dresses,maxi,Acme,red,"1,299.00",EUR,3,active,https://s.example/1,'
        "a.jpg|b.jpg,9 cm\n"
        "p2,Hat,Hats,,,,,,,withdrawn,,c.jpg,\n"
    )
    plan = shop.plan(table, uploads("a.jpg", "b.jpg", "c.jpg", "spare.jpg"))
    assert plan.counts == {"new": 2}
    assert plan.unused == ("spare.jpg",)
    before = shop.catalogue.revision()
    result = shop.apply(plan)
    assert result.revision == before + 1
    assert (result.products_new, result.photos_added, result.encoded) == (2, 3, 3)
    assert result.skipped == ()
    dress, hat = (dataclasses.replace(p, created="", updated="") for p in shop.catalogue.products())
    assert dress == Product(
        *("p1", "Red, long dress", "Dresses", "Acme", "red", 129900, "EUR", 3, "active"),
        "https://s.example/1",
        {"kind": "maxi", "Heel": "9 cm"},
    )
    assert hat == Product("p2", "Hat", "Hats", status="withdrawn")
    stored = shop.catalogue.photos("p1")
    assert [photo.source for photo in stored] == ["a.jpg", "b.jpg"]
    assert shop.catalogue.path(stored[0]).read_bytes() == encode(draw("a.jpg"))
    assert shop.catalogue.without_feature(shop.extractor.fingerprint) == []
    newest = shop.catalogue.revisions()[0]
    assert (newest.actor, newest.action) == ("Ann", "import")


def test_kept_features_are_those_of_the_photographs(shop: Shop) -> None:
    shop.load("id,file\n1,a.jpg\n2,b.jpg", uploads("a.jpg", "b.jpg"))
    snapshot = shop.catalogue.snapshot(shop.extractor.fingerprint)
    by_id = {photo.id: photo for photo in snapshot.photos}
    for photo_id, feature in zip(snapshot.photo_ids, snapshot.features, strict=True):
        data = encode(draw(by_id[int(photo_id)].source))
        (expected,) = shop.extractor.embed([door.read(data)])
        assert np.allclose(feature, expected, atol=2e-4)


def test_a_second_import_changes_nothing_and_encodes_nothing(shop: Shop) -> None:
    table, photographs = "id,name,price\n1,Hat,5 EUR\n2,Cap,", uploads("1.jpg")
    table = "id,name,price,file\n1,Hat,5 EUR,1.jpg\n2,Cap,,"
    shop.load(table, photographs)
    encoded, revision = shop.extractor.encoded, shop.catalogue.revision()
    plan = shop.plan(table, photographs)
    assert plan.counts == {"unchanged": 2}
    assert shop.apply(plan).revision == revision
    assert shop.extractor.encoded == encoded


def test_only_what_is_new_is_encoded(shop: Shop) -> None:
    shop.load("id,file\n1,a.jpg", uploads("a.jpg"))
    encoded = shop.extractor.encoded
    result = shop.load("id,name,file\n1,Hat,a.jpg|b.jpg\n2,,a.jpg", uploads("a.jpg", "b.jpg"))
    assert shop.extractor.encoded - encoded == result.encoded == 1
    assert (result.products_new, result.products_changed, result.photos_added) == (1, 1, 2)


def test_known_photographs_are_not_decoded_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.load("id,file\n1,a.jpg", uploads("a.jpg"))
    monkeypatch.setattr(door, "read", lambda *_, **__: pytest.fail("decoded again"))
    plan = shop.plan("id,name,file\n1,Hat,a.jpg\n2,Cap,a.jpg", uploads("a.jpg"))
    assert shop.apply(plan).photos_added == 1
    first, second = shop.catalogue.photos()
    assert (first.file, first.width, first.height) == (second.file, second.width, second.height)


def test_columns_not_given_and_cells_left_empty(shop: Shop) -> None:
    shop.load("id,name,brand,Heel,price\n1,Hat,Acme,9 cm,5 EUR")
    plan = shop.plan("id,brand,Heel\n1,,")
    assert plan.counts == {"changed": 1}
    assert "brand" in plan.rows[0].sentence
    shop.apply(plan)
    product = shop.catalogue.product("1")
    assert (product.name, product.brand, product.attributes) == ("Hat", "", {})
    assert (product.price, product.currency) == (500, "EUR")


def test_another_persons_edit_between_check_and_apply_stays(shop: Shop) -> None:
    shop.load("id,name,brand\n1,Hat,Acme")
    plan = shop.plan("id,name,brand\n1,Cap,Acme")
    with shop.catalogue.change("Bob", "edit") as change:
        change.update("1", brand="Bolt")
    shop.apply(plan)
    assert (shop.catalogue.product("1").name, shop.catalogue.product("1").brand) == ("Cap", "Bolt")


def test_a_product_deleted_meanwhile_does_not_come_back(shop: Shop) -> None:
    shop.load("id,name\n1,Hat\n2,Cap")
    plan = shop.plan("id,name\n1,Hats\n2,Caps")
    with shop.catalogue.change("Bob", "delete") as change:
        change.delete("1")
    with pytest.raises(ImportRefused, match="deleted meanwhile"):
        shop.apply(plan)
    assert [row.id for row in shop.apply(plan, skip_bad_rows=True).skipped] == ["1"]
    assert [p.name for p in shop.catalogue.products()] == ["Caps"]


def test_several_lines_of_one_product(shop: Shop) -> None:
    table = "id,name,file\n1,Hat,a.jpg\n1,,b.jpg\n1,Hat,b.jpg\n1,Cap,b.jpg\n"
    plan = shop.plan(table, uploads("a.jpg", "b.jpg"))
    assert [row.verdict for row in plan.rows] == ["new", "changed", "duplicate", "bad value"]
    assert "Line 2" in plan.rows[3].sentence
    result = shop.apply(plan, skip_bad_rows=True)
    assert (result.products_new, result.photos_added) == (1, 2)


def test_lines_after_a_bad_one_of_the_same_product_are_bad(shop: Shop) -> None:
    plan = shop.plan("id,price,file\n1,x,\n1,,a.jpg", uploads("a.jpg"))
    assert [row.verdict for row in plan.rows] == ["unknown currency", "bad value"]


def test_one_photograph_of_two_products_is_said(shop: Shop) -> None:
    plan = shop.plan("id,file\n1,a.jpg\n2,a.jpg", uploads("a.jpg"))
    assert plan.counts == {"new": 2}
    assert "shared with 1" in plan.rows[1].sentence
    assert shop.apply(plan).encoded == 1
    assert len(shop.catalogue.photos()) == 2


# ---- all or nothing


@pytest.mark.parametrize("moment", ["before", "encoding", "writing"])
@pytest.mark.parametrize("skip_bad_rows", [False, True])
def test_a_folder_that_vanishes_changes_nothing(
    shop: Shop, tmp_path: Path, moment: str, skip_bad_rows: bool
) -> None:
    folder = fill(tmp_path / "in", *(f"{n:03}.jpg" for n in range(100)))
    plan = shop.plan(photos=folder)

    def vanish(progress: Progress) -> None:
        half = moment == "encoding" and progress.done < progress.total
        if (half or (moment == "writing" and progress.done == progress.total)) and folder.exists():
            shutil.rmtree(folder)

    if moment == "before":
        shutil.rmtree(folder)
    with pytest.raises(ImportRefused, match=r"has gone.*nothing was changed"):
        shop.apply(plan, skip_bad_rows=skip_bad_rows, on_progress=vanish)
    assert shop.state() == ([], [])
    fill(folder, *(f"{n:03}.jpg" for n in range(100)))
    assert shop.apply(plan).products_new == 100


def test_a_photograph_that_changes_after_the_check(shop: Shop, tmp_path: Path) -> None:
    folder = fill(tmp_path, "a.jpg", "b.jpg")
    plan = shop.plan(photos=folder)
    (folder / "a.jpg").write_bytes(encode(draw("other")))
    with pytest.raises(ImportRefused, match="changed since"):
        shop.apply(plan)
    assert shop.state() == ([], [])
    result = shop.apply(plan, skip_bad_rows=True)
    assert [row.id for row in result.skipped] == ["a"]
    assert [p.id for p in shop.catalogue.products()] == ["b"]


def test_a_photograph_that_goes_after_the_check(shop: Shop, tmp_path: Path) -> None:
    folder = fill(tmp_path, "a.jpg", "b.jpg")
    plan = shop.plan(photos=folder)
    (folder / "a.jpg").unlink()
    with pytest.raises(ImportRefused, match="put it back"):
        shop.apply(plan)
    assert shop.state() == ([], [])
    assert shop.apply(plan, skip_bad_rows=True).skipped[0].verdict == "missing"


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_cancelled_at_any_report_nothing_is_changed_and_it_resumes(shop: Shop, after: int) -> None:
    plan = shop.plan(photos=uploads(*(f"{n}.jpg" for n in range(100))))
    seen: list[Progress] = []

    def cancel(progress: Progress) -> bool:
        seen.append(progress)
        return len(seen) <= after

    with pytest.raises(Cancelled, match="no product was changed"):
        shop.apply(plan, on_progress=cancel)
    assert shop.state() == ([], [])
    encoded = shop.extractor.encoded
    shop.apply(plan)
    assert shop.extractor.encoded <= max(100, encoded + 64)
    assert len(shop.catalogue.products()) == 100
    assert encoded > 0


def test_a_killed_import_resumes_where_it_was(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = shop.plan(photos=uploads(*(f"{n}.jpg" for n in range(200))))
    save, calls = Change.save_features, []

    def kill(change: Change, fingerprint: str, features: Mapping[str, Feature]) -> None:
        if fingerprint == shop.extractor.fingerprint:
            calls.append(features)
        if len(calls) >= 3:
            raise KeyboardInterrupt
        save(change, fingerprint, features)

    with monkeypatch.context() as patch:
        patch.setattr(Change, "save_features", kill)
        with pytest.raises(KeyboardInterrupt):
            shop.apply(plan)
    assert shop.state() == ([], [])
    shop.extractor.encoded = 0
    assert shop.apply(shop.plan(photos=uploads(*(f"{n}.jpg" for n in range(200))))).encoded == 72
    assert shop.extractor.encoded == 72


def test_progress_rises_and_ends_full(shop: Shop) -> None:
    photographs = uploads(*(f"{n}.jpg" for n in range(150)))
    for run in (
        lambda on: shop.plan(photos=photographs, on_progress=on),
        lambda on: shop.apply(shop.plan(photos=photographs), on_progress=on),
    ):
        seen: list[Progress] = []
        run(seen.append)
        shares = [p.done / p.total for p in seen]
        assert shares == sorted(shares)
        assert shares[-1] == 1
        assert any(p.seconds_left is not None for p in seen)


def test_a_plan_belongs_to_its_network(shop: Shop) -> None:
    plan = dataclasses.replace(shop.plan(photos=uploads("a.jpg")), fingerprint="other-1")
    with pytest.raises(MismatchError, match="check it again"):
        shop.apply(plan)


def test_a_photograph_without_a_feature_is_a_bad_row(shop: Shop) -> None:
    from search.errors import FeatureError

    embed = shop.extractor.embed

    def refuse_black(batch: list[Prepared]) -> np.ndarray:
        if any(not photo.pixels[0].any() for photo in batch):
            raise FeatureError("A photograph gave no feature: choose another.")
        return embed(batch)

    shop.extractor.embed = refuse_black
    from PIL import Image

    files = {**uploads("good.jpg"), "black.png": encode(Image.new("RGB", (32, 32)))}
    plan = shop.plan(photos=files)
    with pytest.raises(ImportRefused, match="no feature"):
        shop.apply(plan)
    assert shop.state() == ([], [])
    assert [row.id for row in shop.apply(plan, skip_bad_rows=True).skipped] == ["black"]
    assert [p.id for p in shop.catalogue.products()] == ["good"]
