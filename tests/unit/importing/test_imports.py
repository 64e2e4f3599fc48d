import csv
import dataclasses
import io
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from search import photos as door
from search.catalogue import Catalogue, Product
from search.errors import Cancelled, ImportRefused, MismatchError
from search.importing.fields import BAD, VERDICTS
from search.importing.near_duplicates import near_duplicates
from search.importing.plan import ImportPlan, ImportResult, apply_import, plan_import
from search.network.preparation import Prepared
from search.progress import Progress
from tests.helpers import FakeExtractor, draw, encode

HEADER = "id,name,category,kind,brand,colour,price,currency,stock,status,url,file"


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "catalogue")


def undated(product: Product) -> Product:
    return dataclasses.replace(product, created="", updated="")


class Shop:
    """A catalogue, an extractor that counts, and imports into them."""

    def __init__(self, catalogue: Catalogue, extractor: FakeExtractor) -> None:
        self.catalogue, self.extractor = catalogue, extractor

    def plan(
        self, table: str | bytes | None = None, photos: object = None, **options
    ) -> ImportPlan:
        data = table.encode() if isinstance(table, str) else table
        return plan_import(
            self.catalogue, self.extractor.fingerprint, table=data, photos=photos, **options
        )

    def apply(self, plan: ImportPlan, **options) -> ImportResult:
        return apply_import(self.catalogue, self.extractor, plan, actor="Ann", **options)

    def load(self, table: str | bytes | None = None, photos: object = None) -> ImportResult:
        return self.apply(self.plan(table, photos))

    def state(self) -> tuple:
        """All that an import may change."""
        products = [
            dataclasses.replace(p, created="", updated="") for p in self.catalogue.products()
        ]
        return products, [(p.product_id, p.sha256) for p in self.catalogue.photos()]


@pytest.fixture
def shop(catalogue: Catalogue, extractor: FakeExtractor) -> Shop:
    return Shop(catalogue, extractor)


def uploads(*names: str) -> dict[str, bytes]:
    return {name: encode(draw(name)) for name in names}


def one(shop: Shop, cells: str, header: str = "id,price,currency") -> tuple[str, str]:
    """Verdict and sentence of a table with one row."""
    (row,) = shop.plan(f"{header}\n{cells}\n").rows
    assert row.sentence.endswith(".")
    assert "\n" not in row.sentence
    return row.verdict, row.sentence


# ---- a whole import


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
        assert np.allclose(feature, expected, atol=1e-6)


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


# ---- photographs alone


def test_photographs_alone_become_products(shop: Shop, tmp_path: Path) -> None:
    for name in ("dresses/red_long-dress.jpg", "hats/cap.png", "hats/notes.txt"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(encode(draw(name)))
    plan = shop.plan(photos=tmp_path / "in")
    shop.apply(plan)
    assert [(p.id, p.name, p.category) for p in shop.catalogue.products()] == [
        ("cap", "cap", "hats"),
        ("red_long-dress", "red long dress", "dresses"),
    ]
    assert shop.plan(photos=tmp_path / "in").counts == {"unchanged": 2}


def test_one_name_in_two_folders_is_two_products(shop: Shop) -> None:
    shop.load(photos=uploads("x/1.jpg", "y/1.jpg"))
    assert [p.id for p in shop.catalogue.products()] == ["x/1", "y/1"]


def test_exact_duplicates_are_skipped_with_a_note(shop: Shop) -> None:
    shop.load(photos=uploads("old.jpg"))
    same = {"again.jpg": encode(draw("old.jpg")), **uploads("new.jpg")}
    same["twice.jpg"] = same["new.jpg"]
    plan = shop.plan(photos=same)
    assert [(r.id, r.verdict) for r in plan.rows] == [
        ("again", "duplicate"),
        ("new", "new"),
        ("twice", "duplicate"),
    ]
    assert "old" in plan.rows[0].sentence
    assert shop.apply(plan).photos_added == 1


def test_a_photograph_named_after_a_product_is_added_to_it(shop: Shop) -> None:
    shop.load("id,name,category\np1,Fine hat,Hats")
    shop.load(photos=uploads("p1.jpg"))
    assert shop.catalogue.product("p1").name == "Fine hat"
    assert len(shop.catalogue.photos("p1")) == 1


def test_unreadable_photographs_are_listed_and_the_rest_go_on(shop: Shop) -> None:
    good = encode(draw(1), "JPEG")
    plan = shop.plan(
        photos={
            "good.jpg": good,
            "cut.jpg": good[: len(good) // 2],
            "empty.jpg": b"",
            "t.jpg": b"hi",
        }
    )
    assert plan.counts == {"new": 1, "unreadable": 3}
    assert all(row.sentence.endswith(".") for row in plan.rows)
    with pytest.raises(ImportRefused, match="3 rows"):
        shop.apply(plan)
    assert shop.catalogue.products() == []
    result = shop.apply(plan, skip_bad_rows=True)
    assert len(result.skipped) == 3
    assert [p.id for p in shop.catalogue.products()] == ["good"]


def test_nothing_to_import_is_said(shop: Shop, tmp_path: Path) -> None:
    for source in ({}, None, tmp_path):
        with pytest.raises(ImportRefused, match="nothing to import"):
            shop.plan(photos=source)


def test_a_table_lying_among_the_photographs_is_used(shop: Shop, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("products.csv", "id,name,file\n1,Hat,photos/a.jpg\n")
        archive.writestr("photos/a.jpg", encode(draw("a")))
    shop.load(photos=tmp_path / "in.zip")
    assert [(p.id, p.name) for p in shop.catalogue.products()] == [("1", "Hat")]


# ---- verdicts


def test_every_kind_of_bad_row_has_its_verdict(shop: Shop) -> None:
    table = (
        "id,price,currency,stock,status,file\n"
        "1,abc,EUR,,,\n"
        "2,5,XYZ,,,\n"
        "3,5,,,,\n"
        "4,5,EUR,,,gone.jpg\n"
        "5,5,EUR,,,../secret.jpg\n"
        "6,5,EUR,,,/etc/passwd\n"
        "7,5,EUR,,,bad.jpg\n"
        "8,5,EUR,many,,\n"
        "9,5,EUR,,sold,\n"
        ",5,EUR,,,\n"
        f"{'x' * 300},5,EUR,,,\n"
        "10,5,EUR,1,active,,too,many\n"
        "11,5,EUR,1,active,good.jpg\n"
    )
    plan = shop.plan(table, {"bad.jpg": b"text", "good.jpg": encode(draw(1))})
    assert [row.verdict for row in plan.rows] == [
        *("bad price", "unknown currency", "unknown currency", "missing", "outside folder"),
        *("outside folder", "unreadable", "bad value", "bad value", "bad value", "bad value"),
        *("bad value", "new"),
    ]
    assert all(row.sentence.endswith(".") and "\n" not in row.sentence for row in plan.rows)
    assert set(plan.counts) <= set(VERDICTS)
    assert len(plan.bad) == 12
    with pytest.raises(ImportRefused, match=r"12 rows .* line 2 .*nothing was changed"):
        shop.apply(plan)
    assert shop.state() == ([], [])
    assert shop.extractor.encoded == 0
    assert shop.apply(plan, skip_bad_rows=True).products_new == 1


@pytest.mark.parametrize(
    ("cells", "amount", "currency"),
    [
        ('1,"1.299,00 €",', 129900, "EUR"),
        ('1,"1,299.00",USD', 129900, "USD"),
        ("1,1.299,EUR", 129900, "EUR"),
        ('1,"1,299",EUR', 129900, "EUR"),
        ("1,1.299,KWD", 1299, "KWD"),
        ('1,"12,5",EUR', 1250, "EUR"),
        ("1,12.50 GBP,", 1250, "GBP"),
        ("1,GBP 12.50,gbp", 1250, "GBP"),
        ("1,$12.50,CAD", 1250, "CAD"),
        ("1,CA$12.50,", 1250, "CAD"),
        ("1,1299,JPY", 1299, "JPY"),
        ("1,¥1299,", 1299, "JPY"),
        ("1,19.-,€", 1900, "EUR"),
        ("1,0,EUR", 0, "EUR"),
        ("1,,EUR", None, "EUR"),
    ],
)
def test_prices_as_people_write_them(
    shop: Shop, cells: str, amount: int | None, currency: str
) -> None:
    shop.load(f"id,price,currency\n{cells}\n")
    product = shop.catalogue.product("1")
    assert (product.price, product.currency) == (amount, currency)


@pytest.mark.parametrize(
    "cells",
    [
        "1,NaN,EUR", "1,inf,EUR", "1,-5,EUR", "1,1e5,EUR", "1,12.99,JPY", "1,5.123456,EUR",
        '1,"1,2,3",EUR', '1,"1.2,3.4",EUR', "1,free,EUR", "1,99999999999999999,EUR", "1,٥,EUR",
        "1,=1+1,EUR", "1,5 USD,EUR",
    ],
)  # fmt: skip
def test_prices_that_are_none(shop: Shop, cells: str) -> None:
    assert one(shop, cells)[0] == "bad price"


@pytest.mark.parametrize("cells", ["1,5,EURO", "1,5,", "1,5 XQX,", "1,5,12"])
def test_currencies_that_are_none(shop: Shop, cells: str) -> None:
    verdict, sentence = one(shop, cells)
    assert verdict == "unknown currency"
    assert "EUR" in sentence


def test_the_currency_of_last_resort(shop: Shop) -> None:
    shop.apply(shop.plan("id,price\n1,5", default_currency="SEK"))
    assert shop.catalogue.product("1").currency == "SEK"
    shop.apply(shop.plan("id,price\n1,7", default_currency="EUR"))
    assert (shop.catalogue.product("1").price, shop.catalogue.product("1").currency) == (700, "SEK")


def test_a_currency_alone_does_not_revalue_a_price(shop: Shop) -> None:
    shop.load("id,price\n1,5 EUR")
    assert one(shop, "1,JPY", "id,currency")[0] == "bad price"


@pytest.mark.parametrize(("text", "stock"), [("12", 12), ("12.0", 12), ("", None), ("0", 0)])
def test_stock(shop: Shop, text: str, stock: int | None) -> None:
    shop.load(f"id,stock\n1,{text}")
    assert shop.catalogue.product("1").stock == stock


@pytest.mark.parametrize("text", ["-1", "1.5", "NaN", "inf", "1e99", "x"])
def test_stock_that_is_none(shop: Shop, text: str) -> None:
    assert one(shop, f"1,{text}", "id,stock")[0] == "bad value"


def test_shopify_and_google_with_a_folder(shop: Shop) -> None:
    shop.load(
        "Handle,Title,Vendor,Variant Price,Image Src\nhat,Hat,Acme,€9.00,https://c.example/h.jpg?v=1",
        uploads("h.jpg"),
    )
    shop.load(
        "id,title,link,image_link,price\ncap,Cap,u,https://c.example/c.jpg,7.00 EUR",
        uploads("shots/c.jpg"),
    )
    assert [(p.id, p.price, p.currency) for p in shop.catalogue.products()] == [
        ("cap", 700, "EUR"),
        ("hat", 900, "EUR"),
    ]
    assert len(shop.catalogue.photos()) == 2


def test_names_with_hidden_marks_are_cleaned(shop: Shop) -> None:
    shop.load("id,name\np\u202e1\x07,Ha\u200ft\x1b[31m")
    (product,) = shop.catalogue.products()
    assert (product.id, product.name) == ("p1", "Hat[31m")
    shop.load(photos={"a\u202egpj.jpg": encode(draw(1))})
    assert {p.id for p in shop.catalogue.products()} == {"p1", "agpj"}
    assert all("\u202e" not in p.source for p in shop.catalogue.photos())


def test_a_file_name_that_is_no_text_is_imported(shop: Shop, tmp_path: Path) -> None:
    try:
        (tmp_path / "b\udcffd.jpg").write_bytes(encode(draw(1)))
    except OSError:
        pytest.skip("this disk refuses names that are not UTF-8")
    plan = shop.plan(photos=tmp_path)
    plan.to_csv()
    shop.apply(plan)
    assert [p.id for p in shop.catalogue.products()] == ["bd"]


def test_the_report_is_a_harmless_table(shop: Shop) -> None:
    plan = shop.plan("id,price\n=1+1,5 EUR\n+2,x\n", {"=a.jpg": b""})
    rows = list(csv.DictReader(io.StringIO(plan.to_csv().decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == ["'=1+1", "'+2"]
    assert [row["verdict"] for row in rows] == ["new", "unknown currency"]
    assert [row["line"] for row in rows] == ["2", "3"]
    assert all(row["sentence"] for row in rows)


def test_two_hundred_thousand_rows(shop: Shop) -> None:
    lines = (f"p{n},{n}.50,EUR" for n in range(200_000))
    plan = shop.plan("\n".join(["id,price,currency", *lines]))
    assert plan.counts == {"new": 200_000}
    assert plan.rows[-1].fields["price"] == 19999950
    assert plan.to_csv().count(b"\n") == 200_001


# ---- all or nothing


def fill(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(encode(draw(name)))
    return folder


@pytest.mark.parametrize("moment", ["before", "encoding", "writing"])
@pytest.mark.parametrize("skip_bad_rows", [False, True])
def test_a_folder_that_vanishes_changes_nothing(
    shop: Shop, tmp_path: Path, moment: str, skip_bad_rows: bool
) -> None:
    folder = fill(tmp_path / "in", *(f"{n:03}.jpg" for n in range(100)))
    plan = shop.plan(photos=folder)

    def vanish(progress: Progress) -> None:
        half = moment == "encoding" and progress.done < progress.total
        if (half or (moment == "writing" and progress.seconds_left is None)) and folder.exists():
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

    with pytest.raises(Cancelled, match="nothing was changed"):
        shop.apply(plan, on_progress=cancel)
    assert shop.state() == ([], [])
    encoded = shop.extractor.encoded
    shop.apply(plan)
    assert shop.extractor.encoded <= max(100, encoded + 64)
    assert len(shop.catalogue.products()) == 100
    assert encoded > 0


def test_a_killed_import_resumes_where_it_was(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = shop.plan(photos=uploads(*(f"{n}.jpg" for n in range(200))))
    save, calls = shop.catalogue.save_features, []

    def kill(*args: object, **options: object) -> None:
        calls.append(args)
        if len(calls) >= 3:
            raise KeyboardInterrupt
        save(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(shop.catalogue, "save_features", kill)
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


def test_cancelling_the_check(shop: Shop) -> None:
    with pytest.raises(Cancelled):
        shop.plan(photos=uploads("a.jpg"), on_progress=lambda _: False)


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


# ---- near duplicates


def similar(name: str) -> Mapping[str, bytes]:
    image = draw("similar", (64, 64))
    image.putpixel((3, 3), (1, 2, 3))
    return {name: encode(image)}


def test_near_duplicates_are_pairs_to_decide_on(shop: Shop) -> None:
    shop.load(photos={"old.png": encode(draw("similar")), **uploads("else.jpg")})
    copy = {"new.png": encode(draw("similar"), "BMP"), **similar("newer.png"), **uploads("far.jpg")}
    plan = shop.plan(photos=copy)
    pairs = near_duplicates(shop.catalogue, shop.extractor, plan, threshold=0.9999)
    found = [(plan.rows[pair.row].id, pair.other_id) for pair in pairs]
    assert sorted(found) == [("new", "old"), ("newer", "new"), ("newer", "old")]
    assert all(0.9999 <= pair.cosine <= 1 for pair in pairs)
    assert [p.cosine for p in pairs] == sorted((p.cosine for p in pairs), reverse=True)
    assert [p.other_row is None for p in pairs if p.other_id == "old"] == [True, True]
    everything = near_duplicates(shop.catalogue, shop.extractor, plan, threshold=-1)
    assert len(everything) == 3 * 2 + 3


def test_deciding_encodes_nothing_again(shop: Shop) -> None:
    shop.load(photos={"old.png": encode(draw("similar"))})
    plan = shop.plan(photos={**similar("same.png"), "view.png": encode(draw("similar"), "BMP")})
    near_duplicates(shop.catalogue, shop.extractor, plan, threshold=0.99)
    encoded = shop.extractor.encoded
    decided = plan.without([0]).attached({1: "old"})
    assert decided.counts == {"changed": 1, "duplicate": 1}
    shop.apply(decided)
    assert shop.extractor.encoded == encoded
    assert [p.id for p in shop.catalogue.products()] == ["old"]
    assert len(shop.catalogue.photos("old")) == 2


def test_verdicts_and_bad_ones_are_known() -> None:
    assert set(VERDICTS) > BAD
    assert all(sentence.endswith(".") for sentence in VERDICTS.values())
