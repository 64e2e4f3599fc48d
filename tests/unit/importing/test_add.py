from __future__ import annotations

from pathlib import Path

import pytest

from search.errors import Cancelled, CatalogueError, FeatureError, PhotoError
from search.importing.add import Upload, add_photographs, add_products, remove_photograph
from search.progress import Progress
from tests.helpers import draw, encode
from tests.unit.importing.shop import Shop, fill


def upload(name: str, seed: str | None = None) -> Upload:
    return Upload(name, encode(draw(seed or name)))


def to_product(shop: Shop, product_id: str, *sources, **options):
    return add_photographs(shop.catalogue, shop.extractor, product_id, sources, "Ann", **options)


def as_products(shop: Shop, *sources, **options):
    return add_products(shop.catalogue, shop.extractor, sources, "Ann", **options)


def sources(shop: Shop, product_id: str) -> list[str]:
    return [photo.source for photo in shop.catalogue.photos(product_id)]


@pytest.fixture
def boots(shop: Shop) -> Shop:
    shop.load(photos={"boot.png": encode(draw("boot"))})
    return shop


# ---- to a product


def test_photographs_are_encoded_and_added_as_one_revision(boots: Shop, tmp_path: Path) -> None:
    fill(tmp_path, "file.jpg")
    before = boots.catalogue.revision()
    done = to_product(boots, "boot", upload("side.png"), tmp_path / "file.jpg")
    assert (done.revision, done.photographs, done.skipped) == (before + 1, 2, ())
    assert sources(boots, "boot") == ["boot.png", "side.png", "file.jpg"]
    assert boots.catalogue.without_feature(boots.extractor.fingerprint) == []
    newest = boots.catalogue.revisions()[0]
    assert (newest.actor, newest.action, newest.detail) == ("Ann", "photographs", "boot")


def test_present_photographs_can_be_replaced(boots: Shop) -> None:
    to_product(boots, "boot", upload("side.png"))
    before = boots.catalogue.revision()
    to_product(boots, "boot", upload("back.png"), upload("boot.png"), replace_all=True)
    assert sources(boots, "boot") == ["back.png", "boot.png"]
    assert boots.catalogue.revision() == before + 1


def test_one_that_cannot_be_used_leaves_all_as_it_was(boots: Shop) -> None:
    before = boots.catalogue.revision()
    for wrong, error in ((b"no picture", PhotoError), (b"", PhotoError)):
        with pytest.raises(error, match=r"wrong\.png"):
            to_product(boots, "boot", upload("side.png"), Upload("wrong.png", wrong))
    boots.extractor.embed = lambda photos: (_ for _ in ()).throw(FeatureError("Nothing there."))
    with pytest.raises(FeatureError):
        to_product(boots, "boot", upload("other.png"), replace_all=True)
    assert boots.catalogue.revision() == before
    assert sources(boots, "boot") == ["boot.png"]


def test_an_unknown_product_is_refused_before_anything_is_encoded(shop: Shop) -> None:
    with pytest.raises(CatalogueError, match="no product “a: b”"):
        to_product(shop, "a: b", upload("side.png"))
    assert shop.extractor.encoded == 0


def test_progress_and_cancelling(boots: Shop) -> None:
    told: list[Progress] = []
    to_product(boots, "boot", upload("1.png"), upload("2.png"), on_progress=told.append)
    assert [(p.done, p.total, p.failed) for p in told] == [(1, 2, 0), (2, 2, 0)]
    before = boots.catalogue.revision()
    with pytest.raises(Cancelled):
        to_product(boots, "boot", upload("3.png"), on_progress=lambda _: False)
    assert boots.catalogue.revision() == before


def test_one_photograph_can_be_taken_away(boots: Shop) -> None:
    to_product(boots, "boot", upload("side.png"))
    first, _ = boots.catalogue.photos("boot")
    remove_photograph(boots.catalogue, first, "Bo")
    assert sources(boots, "boot") == ["side.png"]
    assert boots.catalogue.revisions()[0].actor == "Bo"
    with pytest.raises(CatalogueError):
        remove_photograph(boots.catalogue, first, "Bo")


# ---- as products


def test_each_photograph_is_a_product_named_after_its_file(boots: Shop) -> None:
    done = as_products(
        *(boots, upload("hat.png"), upload("scarf.png")),
        fields={"category": "Knits", "price": "9,50", "currency": "eur"},
        attributes={"material": "wool"},
    )
    assert (done.photographs, done.skipped) == (2, ())
    hat = boots.catalogue.product("hat")
    assert (hat.category, hat.price, hat.currency) == ("Knits", 950, "EUR")
    assert hat.attributes == {"material": "wool"}
    assert boots.catalogue.without_feature(boots.extractor.fingerprint) == []
    assert boots.catalogue.revisions()[0].detail == "hat.png, scarf.png"


def test_what_cannot_be_used_or_is_there_is_left_out_with_a_sentence(boots: Shop) -> None:
    copy, broken = upload("copy.png", "boot.png"), Upload("broken.png", b"?")
    copy = Upload("copy.png", encode(draw("boot")))
    told: list[Progress] = []
    done = as_products(boots, copy, broken, upload("hat.png"), on_progress=told.append)
    assert done.photographs == 1
    assert [sentence for sentence in done.skipped if "“boot” has this photograph" in sentence]
    assert [sentence for sentence in done.skipped if "broken.png" in sentence]
    assert told[-1].failed == 1


def test_all_may_become_views_of_one_product(boots: Shop) -> None:
    as_products(boots, upload("1.png"), upload("2.png"), product_id="SKU: 1")
    as_products(boots, upload("3.png"), product_id="SKU: 1", attributes={"sole": "cork"})
    assert sources(boots, "SKU: 1") == ["1.png", "2.png", "3.png"]
    assert boots.catalogue.product("SKU: 1").attributes == {"sole": "cork"}
    again = as_products(boots, upload("3.png"), product_id="SKU: 1")
    assert (again.photographs, len(again.skipped)) == (0, 1)


def test_a_photograph_shared_by_several_is_known_of_each(boots: Shop) -> None:
    shared = Upload("boot.png", encode(draw("boot")))
    assert as_products(boots, shared, product_id="a").photographs == 1
    assert as_products(boots, shared, product_id="z").photographs == 1
    for product_id in ("a", "boot", "z"):
        assert as_products(boots, shared, product_id=product_id).photographs == 0


def test_a_name_that_is_taken_adds_nothing(boots: Shop) -> None:
    before = boots.catalogue.revision()
    with pytest.raises(CatalogueError, match="There is a product “boot” already"):
        as_products(boots, upload("hat.png"), upload("boot.png"))
    with pytest.raises(CatalogueError):
        as_products(boots, upload("hat.png"), fields={"price": "9.50"})
    assert boots.catalogue.revision() == before


def test_many_names_are_told_short(shop: Shop) -> None:
    as_products(shop, *(upload(f"{n}.png") for n in range(5)))
    assert shop.catalogue.revisions()[0].detail == "0.png, 1.png, 2.png and 2 more"
