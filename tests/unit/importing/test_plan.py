from __future__ import annotations

import csv
import io
import os
import zipfile
from pathlib import Path

import pytest

from search import filenames
from search.errors import Cancelled, ImportRefused
from search.importing.verdicts import BAD, VERDICTS
from tests.helpers import draw, encode
from tests.unit.importing.shop import Shop, uploads

HEADER = "id,name,category,kind,brand,colour,price,currency,stock,status,url,file"


def one(shop: Shop, cells: str, header: str = "id,price,currency") -> tuple[str, str]:
    """Verdict and sentence of a table with one row."""
    (row,) = shop.plan(f"{header}\n{cells}\n").rows
    assert row.sentence.endswith(".")
    assert "\n" not in row.sentence
    return row.verdict, row.sentence


# ---- photographs alone


def test_photographs_alone_become_products(shop: Shop, tmp_path: Path) -> None:
    for name in ("dresses/red_long-dress.jpg", "hats/cap.png"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(encode(draw(name)))
    (tmp_path / "in/hats/notes.txt").write_text("Wash by hand.")
    plan = shop.plan(photos=tmp_path / "in")
    assert plan.notes == ("1 document was not used (not a photograph): “hats/notes.txt”.",)
    assert plan.left_out == 0
    shop.apply(plan)
    assert [(p.id, p.name, p.category) for p in shop.catalogue.products()] == [
        ("cap", "cap", "hats"),
        ("red_long-dress", "red long dress", "dresses"),
    ]
    again = shop.plan(photos=tmp_path / "in")
    assert again.counts == {"unchanged": 2}
    for row in again.rows:
        (file,) = row.files
        name = file.rsplit("/", 1)[-1]
        assert row.sentence == f"Nothing to change: “{name}” is in the catalogue already."
        assert row.located == f"{row.id}: {row.sentence}"


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


def test_what_of_a_photograph_is_not_used_is_said(shop: Shop) -> None:
    frames = encode(draw(1), "GIF", save_all=True, append_images=[draw(2), draw(3)])
    plan = shop.plan("id,file\n1,shoes/a.gif", {"shoes/a.gif": frames, "b.gif": frames})
    (row,) = plan.rows
    used = "“a.gif”: Only the first of 3 frames is used."
    assert row.sentence == f"New, with 1 photograph. {used}"
    assert (plan.unused, plan.left_out) == (("b.gif",), 1)
    assert any("No row names 1 photograph: “b.gif”" in note for note in plan.notes)


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


def test_hidden_marks_are_cleaned_from_texts_and_kept_in_paths(shop: Shop) -> None:
    shop.load("id,name\np1,Ha\u200ft\x1b[31m")
    (product,) = shop.catalogue.products()
    assert product.name == "Hat[31m"
    shop.load(photos={"a\u202egpj.jpg": encode(draw(1))})
    (photo,) = shop.catalogue.photos()
    assert photo.source == "a\u202egpj.jpg"
    assert shop.catalogue.product(photo.product_id).name == "agpj"
    assert not {"\u202e", "\x1b"} & set(photo.product_id)


@pytest.mark.parametrize("mark", ["\u202e", "\x07", "\u2066"])
def test_an_id_with_marks_that_steer_the_text_is_refused(shop: Shop, mark: str) -> None:
    (row,) = shop.plan(f"id,name\np{mark}1,Hat").rows
    assert row.verdict == "bad value"
    assert "“p1” in line 2 holds signs that cannot be seen" in row.sentence


def test_an_id_that_looks_like_another_is_another_and_said(shop: Shop) -> None:
    plan = shop.plan("id,name\nA 1,Hat\nA  1,Cap\nA\u00a01,Shoe\n")
    assert [row.verdict for row in plan.rows] == ["new", "new", "new"]
    assert ["looks like “A 1”" in row.sentence for row in plan.rows] == [False, True, True]
    shop.apply(plan)
    assert {p.id for p in shop.catalogue.products()} == {"A 1", "A  1", "A\u00a01"}


def test_accents_of_an_id_and_a_category_are_one_however_they_are_written(shop: Shop) -> None:
    shop.load("id,name,category\ncaf\u00e9,Cup,Th\u00e9\n")
    plan = shop.plan("id,brand,category\ncafe\u0301,Acme,The\u0301\n")
    assert [(row.id, row.verdict) for row in plan.rows] == [("caf\u00e9", "changed")]
    shop.apply(plan)
    (product,) = shop.catalogue.products()
    assert (product.brand, product.category) == ("Acme", "Th\u00e9")


def test_file_names_that_are_no_text_are_products_of_their_own(shop: Shop, tmp_path: Path) -> None:
    names = [b"sk\xe5.jpg", b"sk\xf8.jpg", "sk\u00e5.jpg".encode()]
    try:
        for number, name in enumerate(names):
            (tmp_path / os.fsdecode(name)).write_bytes(encode(draw(number)))
    except OSError:
        pytest.skip("this disk refuses names that are not UTF-8")
    plan = shop.plan(photos=tmp_path)
    plan.to_csv()
    shop.apply(plan)
    assert len(shop.catalogue.products()) == 3
    paths = [filenames.restored(photo.source) for photo in shop.catalogue.photos()]
    assert {filenames.system_path(path).encode("utf-8", "surrogateescape") for path in paths} == {
        *names
    }


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


def test_cancelling_the_check(shop: Shop) -> None:
    with pytest.raises(Cancelled):
        shop.plan(photos=uploads("a.jpg"), on_progress=lambda _: False)


def test_verdicts_and_bad_ones_are_known() -> None:
    assert set(VERDICTS) > BAD
    assert all(sentence.endswith(".") for sentence in VERDICTS.values())
