import csv
import dataclasses
import io
import zipfile
from pathlib import Path

import pytest

from search import photos as door
from search.catalogue import Catalogue, Product
from search.errors import Cancelled, CatalogueError
from search.importing.apply import apply_import
from search.importing.dialects import COLUMNS
from search.importing.export import TABLE_NAME, export_table, export_zip
from search.importing.plan import plan_import
from tests.helpers import FakeExtractor, draw, encode

PRODUCTS = (
    Product("1", "Hat; “fine”, red", "Hats", "Acme", "red", 129900, "EUR", 3, "active", "https://s.example/1"),
    Product("=2+3", "=cmd|' /C calc'!A0", "+cat", "-brand", "@colour", 1299, "KWD", 0, "withdrawn"),
    Product("'=4", "two\nlines ", " spaces ", "a\u202eb", "Größe 👗", 1299, "JPY"),
    Product(" 5 ", attributes={"kind": "maxi", "Heel height": "9 cm", "=x": "=1", "long": "a\nb"}),
    Product("6", currency="XQX", price=5, attributes={"empty": "", "type": "t", "link": "l"}),
    Product("7"),
)  # fmt: skip


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    made = Catalogue(tmp_path / "catalogue")
    shared = door.read(encode(draw("shared"), "JPEG"))
    with made.change("Ann", "fill") as change:
        for product in PRODUCTS:
            change.put(product)
        for product in PRODUCTS[:3]:
            change.add_photo(product.id, door.read(encode(draw(product.id))), source="a|b.png")
            change.add_photo(product.id, shared)
    return made


def contents(catalogue: Catalogue) -> tuple:
    products = [dataclasses.replace(p, created="", updated="") for p in catalogue.products()]
    return products, sorted((p.product_id, p.sha256) for p in catalogue.photos())


def test_the_table_imports_back_unchanged(catalogue: Catalogue, extractor: FakeExtractor) -> None:
    plan = plan_import(catalogue, extractor.fingerprint, table=export_table(catalogue))
    assert plan.counts == {"unchanged": len(PRODUCTS)}


def test_the_zip_imports_back_unchanged(
    catalogue: Catalogue, extractor: FakeExtractor, tmp_path: Path
) -> None:
    export_zip(catalogue, tmp_path / "out.zip")
    plan = plan_import(catalogue, extractor.fingerprint, photos=tmp_path / "out.zip")
    assert plan.counts == {"unchanged": len(PRODUCTS)}
    assert plan.unused == ()


def test_the_zip_fills_an_empty_catalogue(extractor: FakeExtractor, tmp_path: Path) -> None:
    first, second = Catalogue(tmp_path / "first"), Catalogue(tmp_path / "second")
    plain = [PRODUCTS[0], PRODUCTS[1], dataclasses.replace(PRODUCTS[2], name="a", brand="b")]
    plain[2] = dataclasses.replace(plain[2], category="c", attributes={"kind": "maxi", "=x": "=1"})
    with first.change("Ann", "fill") as change:
        for product in plain:
            change.put(product)
            change.add_photo(product.id, door.read(encode(draw(product.id))))
        change.add_photo(plain[0].id, door.read(encode(draw("second view"), "WEBP")))
    out = io.BytesIO()
    export_zip(first, out)
    plan = plan_import(second, extractor.fingerprint, photos=out.getvalue())
    apply_import(second, extractor, plan, actor="Bob")
    assert contents(second) == contents(first)
    for photo in second.photos():
        assert second.path(photo).read_bytes() == first.path(photo).read_bytes()


def test_an_export_brings_values_back(catalogue: Catalogue, extractor: FakeExtractor) -> None:
    table, before = export_table(catalogue), contents(catalogue)
    with catalogue.change("Bob", "edit") as change:
        change.update("1", name="other", price=1, stock=None, status="withdrawn", url="")
        change.update("=2+3", name="", category="", colour="")
        change.delete("7")
    apply_import(
        catalogue,
        extractor,
        plan_import(catalogue, extractor.fingerprint, table=table),
        actor="Ann",
    )
    assert contents(catalogue) == before


def test_no_cell_runs_as_a_formula(catalogue: Catalogue) -> None:
    data = export_table(catalogue)
    assert data.startswith(b"\xef\xbb\xbf")  # by which Excel knows UTF-8
    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
    assert any("cmd|" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]


def test_the_documented_columns_come_first(catalogue: Catalogue) -> None:
    header = next(csv.reader(io.StringIO(export_table(catalogue).decode("utf-8-sig"))))
    assert tuple(header[: len(COLUMNS)]) == COLUMNS
    assert {"Heel height", "'=x"} < set(header)


def test_prices_are_plain_decimals_of_their_currency(catalogue: Catalogue) -> None:
    rows = csv.DictReader(io.StringIO(export_table(catalogue).decode("utf-8-sig"), newline=""))
    prices = {row["id"]: row["price"] for row in rows}
    assert (prices["1"], prices["'=2+3"], prices["''=4"]) == ("1299.00", "1.299", "1299")
    assert prices["7"] == ""


def test_some_products_only(catalogue: Catalogue, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(export_table(catalogue, {"1"}).decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == ["1"]
    export_zip(catalogue, tmp_path / "out.zip", ["1"])
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert set(archive.namelist()) == {TABLE_NAME, *rows[0]["file"].split("|")}
        assert archive.testzip() is None


def test_an_empty_catalogue_exports_its_header(tmp_path: Path) -> None:
    empty = Catalogue(tmp_path / "empty")
    assert export_table(empty).decode("utf-8-sig").strip() == ",".join(COLUMNS)


def test_a_lost_photograph_is_said_and_nothing_is_left(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    catalogue.path(catalogue.photos()[0]).unlink()
    (tmp_path / "out").mkdir()
    with pytest.raises(CatalogueError, match="doctor"):
        export_zip(catalogue, tmp_path / "out" / "x.zip")
    assert list((tmp_path / "out").iterdir()) == []


def test_cancelling_leaves_the_old_file(catalogue: Catalogue, tmp_path: Path) -> None:
    target = tmp_path / "x.zip"
    target.write_bytes(b"old")
    with pytest.raises(Cancelled):
        export_zip(catalogue, target, on_progress=lambda _: False)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.glob("*x.zip*")] == ["x.zip"]


def test_a_folder_that_is_not_there(catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="choose another folder"):
        export_zip(catalogue, tmp_path / "gone" / "x.zip")
