from __future__ import annotations

import csv
import json
from dataclasses import replace

import pytest

from search import photos
from search.catalogue import Catalogue, Product
from search.cli import DONE, FAILED, main
from tests.helpers import FakeExtractor


@pytest.fixture
def shop(home, extractor: FakeExtractor, picture):
    """Ten products; X is Y's photograph at a third of its price, Z has none."""
    with Catalogue(home / "shop") as catalogue:
        features = {}
        items = [Product(f"P{n}", name=f"Thing {n}", price=5000, currency="EUR") for n in range(7)]
        dear = Product("Y", name="Dear", price=9000, currency="EUR")
        items += [dear, replace(dear, id="X", name="Cheap", price=3000), Product("Z")]
        with catalogue.change("test", "fill") as change:
            for item in items:
                photo = photos.read(picture("Y" if item.id == "X" else item.id))
                change.put(item)
                change.add_photo(item.id, photo, source=f"{item.id}.png")
                features[photo.sha256] = extractor.embed([photo])[0]
        catalogue.save_features(extractor.fingerprint, features)
        yield catalogue


def lines(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_gaps_as_json_table_and_csv(shop, capsys, tmp_path):
    asked = ["audit", "--catalogue", "shop", "--min-score", "0.999"]
    assert main([*asked, "--json"]) == DONE
    (gap,) = lines(capsys)
    assert (gap["product"], gap["price"], gap["currency"]) == ("Y", "90.00", "EUR")
    assert (gap["cheaper"], gap["cheaper_price"], gap["gap"]) == ("X", "30.00", "60.00")
    assert gap["share"] == pytest.approx(2 / 3, abs=1e-4)
    assert main(asked) == DONE
    assert "€60.00" in capsys.readouterr().out
    file = tmp_path / "gaps.csv"
    assert main([*asked, "--csv", str(file)]) == DONE
    (row,) = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    assert row == {name: "" if value is None else str(value) for name, value in gap.items()}
    capsys.readouterr()
    assert main([*asked, "--csv", str(file), "--json"]) == DONE
    assert lines(capsys) == [{"event": "done", "pairs": 1, "file": str(file)}]
    assert main([*asked, "--csv", str(tmp_path / "nowhere" / "gaps.csv")]) == FAILED
    assert "cannot be written" in capsys.readouterr().err
    assert main([*asked, "--min-gap", "0.7", "--json"]) == DONE
    assert lines(capsys) == []


def test_products_listed_twice(shop, capsys):
    assert main(["audit", "--twice", "--catalogue", "shop", "--json"]) == DONE
    (repeat,) = lines(capsys)
    assert (repeat["first"], repeat["second"], repeat["two_prices"]) == ("X", "Y", True)


def test_health_names_what_to_put_right(shop, capsys):
    shop.path(shop.photos("P3")[0]).unlink()
    assert main(["health", "--catalogue", "shop", "--json"]) == DONE
    found = {(row["what"], row["product"]) for row in lines(capsys)}
    assert {("no price", "Z"), ("missing file", "P3")} <= found
    assert main(["health", "--catalogue", "shop"]) == DONE
    assert "no price" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--min-score", "nan"], "from -1 to 1"),
        (["--min-score", "7"], "from -1 to 1"),
        (["--min-gap", "30"], "share from 0 to 1"),
        (["--csv", "gone/gaps.csv"], "cannot be written"),
        (["--nearest", "-1"], "0 or more, not -1"),
        (["--twice", "--min-gap", "0.5"], "--min-gap only applies to gaps in price"),
        (["--twice", "--csv", "gaps.csv"], "--csv only applies"),
        (["--twice", "--in-stock"], "--in-stock only applies"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(shop, capsys, more, words):
    assert main(["audit", "--catalogue", "shop", *more]) == FAILED
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""
