from __future__ import annotations

import pytest

from search.engine.bands import Bands
from search.errors import Cancelled
from search.importing import review
from search.importing.encoding import encode_plan
from search.importing.near_duplicates import NearDuplicate, near_duplicates
from search.importing.plan import ImportPlan, complete_plan
from search.importing.review import ImportReview, review_import
from tests.helpers import draw, encode
from tests.unit.importing.shop import Shop, uploads


def similar(name: str) -> dict[str, bytes]:
    image = draw("similar", (64, 64))
    image.putpixel((3, 3), (1, 2, 3))
    return {name: encode(image)}


def pairs_of(shop: Shop, plan: ImportPlan, threshold: float) -> list[NearDuplicate]:
    encode_plan(shop.catalogue, shop.extractor, plan)
    shas = [photo.sha256 for row in plan.rows for photo in row.photos]
    features = shop.catalogue.known_features(plan.fingerprint, shas)
    return near_duplicates(plan, features, shop.catalogue.snapshot(plan.fingerprint), threshold)


def reviewed(shop: Shop, photos: dict[str, bytes], **options) -> ImportReview:
    return review_import(shop.catalogue, shop.extractor, photos=photos, actor="Ann", **options)


def test_near_duplicates_are_pairs_to_decide_on(shop: Shop) -> None:
    shop.load(photos={"old.png": encode(draw("similar")), **uploads("else.jpg")})
    copy = {"new.png": encode(draw("similar"), "BMP"), **similar("newer.png"), **uploads("far.jpg")}
    plan = shop.plan(photos=copy)
    pairs = pairs_of(shop, plan, 0.9999)
    found = [(plan.rows[pair.row].id, pair.other_id) for pair in pairs]
    assert sorted(found) == [("new", "old"), ("newer", "new"), ("newer", "old")]
    assert all(0.9999 <= pair.cosine <= 1 for pair in pairs)
    assert [p.cosine for p in pairs] == sorted((p.cosine for p in pairs), reverse=True)
    assert [p.other_row is None for p in pairs if p.other_id == "old"] == [True, True]
    assert len(pairs_of(shop, plan, -1)) == 3 * 2 + 3


def test_photographs_without_a_feature_are_in_no_pair(shop: Shop) -> None:
    shop.load(photos={"old.png": encode(draw("similar"))})
    plan = shop.plan(photos=similar("new.png"))
    snapshot = shop.catalogue.snapshot(plan.fingerprint)
    assert near_duplicates(plan, {}, snapshot, -1) == []


def test_deciding_encodes_nothing_again(shop: Shop) -> None:
    shop.load(photos={"old.png": encode(draw("similar"))})
    found = reviewed(shop, {**similar("same.png"), "view.png": encode(draw("similar"), "BMP")})
    encoded = shop.extractor.encoded
    decided = found.decided({0: "skip", 1: "another view"})
    assert decided.counts == {"changed": 1, "duplicate": 1}
    shop.apply(decided)
    assert shop.extractor.encoded == encoded
    assert [p.id for p in shop.catalogue.products()] == ["old"]
    assert len(shop.catalogue.photos("old")) == 2


def test_a_review_asks_once_for_each_row_and_about_its_nearest(shop: Shop) -> None:
    shop.load(photos={"old.png": encode(draw("similar")), "old2.png": similar("")[""]})
    found = reviewed(shop, {"new.png": encode(draw("similar"), "BMP"), **uploads("far.jpg")})
    [(place, pair)] = found.look_alikes.items()
    assert found.plan.rows[place].id == "new"
    assert pair.other_id == "old"
    assert found.decided({place: "own product"}) == found.plan


@pytest.mark.parametrize(("border", "count"), [(1.1, 0), (0.99, 1), (-1.0, 2)])
def test_alike_is_what_the_catalogues_bands_call_near_identical(
    shop: Shop, monkeypatch, border: float, count: int
) -> None:
    shop.load(photos={"old.png": encode(draw("similar"))})
    bands = Bands(border, 0.5, 0.4, "quantiles", 1, 1)
    monkeypatch.setattr(review, "bands_of", lambda *_: bands)
    found = reviewed(shop, {**similar("new.png"), **uploads("far.jpg")})
    assert len(found.look_alikes) == count


def test_a_review_can_be_stopped_while_it_reads_and_while_it_encodes(shop: Shop) -> None:
    photographs = uploads(*(f"{n}.jpg" for n in range(20)))
    for after in (0, 1):
        seen: list[object] = []

        def stop(progress: object, seen: list = seen, after: int = after) -> bool:
            seen.append(progress)
            return len(seen) <= after

        with pytest.raises(Cancelled):
            reviewed(shop, photographs, on_progress=stop)
    assert shop.state() == ([], [])


# ---- what is filled in


def test_a_filled_in_table_is_joined_with_photographs_for_other_products(shop: Shop) -> None:
    shop.load(photos={"old.png": encode(draw("similar"))})
    found = reviewed(shop, {**similar("view.png"), **uploads("hat.jpg", "scarf.jpg")})
    (place,) = found.look_alikes
    plan = found.decided({place: "another view"})
    hat = {"id": "hat", "name": "Hat", "price": "9.50", "currency": "EUR"}
    scarf = {"id": "scarf", "name": "Scarf", "price": "", "currency": ""}
    whole = complete_plan(shop.catalogue, plan, [hat, scarf])
    assert [(row.id, row.verdict) for row in whole.rows] == [
        ("hat", "new"),
        ("scarf", "new"),
        ("old", "changed"),
    ]
    shop.apply(whole)
    assert shop.catalogue.product("hat").price == 950
    assert len(shop.catalogue.photos("old")) == 2


def test_a_view_follows_a_new_product_that_gets_another_id(shop: Shop) -> None:
    found = reviewed(shop, {"a.png": encode(draw("similar")), **similar("b.png")})
    (place,) = found.look_alikes
    assert (found.plan.rows[place].id, found.look_alikes[place].other_id) == ("b", "a")
    plan = found.decided({place: "another view"})
    whole = complete_plan(shop.catalogue, plan, [{"id": "SKU-1"}])
    shop.apply(whole)
    assert [p.id for p in shop.catalogue.products()] == ["SKU-1"]
    assert len(shop.catalogue.photos("SKU-1")) == 2


def test_what_is_filled_in_wrongly_is_a_bad_row(shop: Shop) -> None:
    found = reviewed(shop, uploads("hat.jpg"))
    whole = complete_plan(shop.catalogue, found.plan, [{"id": "hat", "price": "cheap"}])
    assert [row.is_bad for row in whole.rows] == [True]
