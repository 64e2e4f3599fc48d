from __future__ import annotations

import json

import pytest

from search.catalogue import Catalogue
from search.cli import DONE, FAILED, PARTLY, main

TABLE = (
    "id,name,category,price,currency,stock,file\n"
    "S0,Shoe nought,footwear,49.90,EUR,3,shoe 0.png\n"
    "S1,Shoe one,footwear,59.90,EUR,,shoe 1.png\n"
    "S2,Shoe two,footwear,free,EUR,1,shoe 2.png\n"
)


@pytest.fixture
def shop(home):
    with Catalogue(home / "shop") as catalogue:
        yield catalogue


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "table.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


def test_a_dry_run_reports_every_row_and_changes_nothing(shop, table, folder, capsys, tmp_path):
    report = tmp_path / "report.csv"
    asked = ["import", str(table), "--photos", str(folder), "--catalogue", "shop", "--dry-run"]
    assert main([*asked, "--json", "--report", str(report)]) == PARTLY
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    verdicts = {row["product"]: row["verdict"] for row in rows if "verdict" in row}
    assert verdicts == {"S0": "new", "S1": "new", "S2": "bad price"}
    assert "bad price" in report.read_text(encoding="utf-8-sig")
    assert main(asked) == PARTLY
    assert "2 new, 1 bad price" in capsys.readouterr().out
    assert shop.revision() == 0


def test_all_or_nothing_unless_bad_rows_are_left_out(shop, table, folder, capsys):
    asked = ["import", str(table), "--photos", str(folder), "--catalogue", "shop"]
    assert main(asked) == FAILED
    assert "nothing was changed" in capsys.readouterr().err
    assert shop.products() == []
    assert main([*asked, "--skip-bad-rows"]) == PARTLY
    captured = capsys.readouterr()
    assert "2 new products" in captured.out
    assert "free" in captured.err
    assert [p.id for p in shop.products()] == ["S0", "S1"]
    assert main([*asked, "--skip-bad-rows", "--json"]) == PARTLY
    done = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (done["new"], done["changed"], done["photographs"]) == (0, 0, 0)


def test_letters_that_are_guessed_are_shown_and_asked_for(shop, tmp_path, capsys):
    file = tmp_path / "letters.csv"
    file.write_bytes("id;name;heel\nA;Ботинок;9\nB;Платье красное;8\n".encode("cp1251"))
    asked = ["import", str(file), "--catalogue", "shop"]
    assert main([*asked, "--dry-run"]) == DONE
    assert "look like cp1251: “Ботинок”, “Платье красное”" in capsys.readouterr().out
    assert main([*asked, "--dry-run", "--json"]) == DONE
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ["cp1251" in line["sentence"] for line in said if line.get("event") == "note"] == [True]
    assert main(asked) == FAILED
    assert "--encoding" in capsys.readouterr().err
    assert shop.products() == []
    assert main([*asked, "--encoding", "windows-1251"]) == DONE
    assert [product.name for product in shop.products()] == ["Ботинок", "Платье красное"]


def test_the_mark_before_the_decimals_can_be_said(shop, tmp_path, capsys):
    file = tmp_path / "prices.csv"
    file.write_text("id,price,currency\nA,19.990,EUR\nB,105.500,EUR\n", encoding="utf-8")
    asked = ["import", str(file), "--catalogue", "shop"]
    assert main(asked) == FAILED
    assert main([*asked, "--decimal-mark", "."]) == DONE
    assert [product.price for product in shop.products()] == [1999, 10550]


def test_an_export_imports_back_unchanged(shop, table, folder, tmp_path, capsys):
    asked = ["import", str(table), "--photos", str(folder), "--catalogue", "shop"]
    main([*asked, "--skip-bad-rows"])
    archive = tmp_path / "shop.zip"
    assert main(["export", str(archive), "--catalogue", "shop"]) == DONE
    with Catalogue(shop.folder.parent / "copy") as copy:
        assert main(["import", "--photos", str(archive), "--catalogue", "copy"]) == DONE
        before = [(p.id, p.name, p.price, p.stock) for p in shop.products()]
        assert [(p.id, p.name, p.price, p.stock) for p in copy.products()] == before
        assert {p.sha256 for p in copy.photos()} == {p.sha256 for p in shop.photos()}
    sheet = tmp_path / "shop.csv"
    assert main(["export", str(sheet), "--catalogue", "shop", "--json"]) == DONE
    assert "Shoe nought" in sheet.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["export", "shop.pdf"], "must end in .csv"),
        (["export", "nowhere/shop.csv"], "cannot be written"),
        (["import", "TABLE", "--dry-run", "--report", "nowhere/r.csv"], "cannot be written"),
        (["import", "nowhere.csv"], "nowhere.csv"),
        (["import"], "nothing to import"),
    ],
)
def test_refusals(shop, table, capsys, arguments, sentence):
    asked = [str(table) if argument == "TABLE" else argument for argument in arguments]
    assert main([*asked, "--catalogue", "shop"]) == FAILED
    assert sentence in capsys.readouterr().err
