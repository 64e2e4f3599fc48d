import csv
import io
import string

import pytest

from search.errors import ImportRefused
from search.importing.dialects import COLUMNS
from search.importing.tables import clean_text, read_feed
from search.spreadsheet import write_table

OWN = "id,name,category,kind,brand,colour,price,currency,stock,status,url,file"


def only(data: bytes) -> dict[str, str]:
    (row,) = read_feed(data).rows
    return dict(row.cells)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_separator_and_line_end(encoding: str, mark: str, newline: str) -> None:
    text = newline.join([mark.join(["id", "name", "price"]), mark.join(["7", "Größe Ä", "5"]), ""])
    assert only(text.encode(encoding)) == {"id": "7", "name": "Größe Ä", "price": "5"}


def test_windows_letters() -> None:
    assert only("id;name\n7;Größe €".encode("cp1252"))["name"] == "Größe €"


def test_excels_separator_line() -> None:
    feed = read_feed(b"sep=;\r\nid;name\r\n7;a,b\r\n")
    assert feed.rows[0].cells["name"] == "a,b"
    assert feed.rows[0].line == 3


def test_quotes_separators_and_lines_inside_cells() -> None:
    cells = only(b'id,name,url\n7,"a ""b"", c\nd",x')
    assert cells == {"id": "7", "name": 'a "b", c d', "url": "x"}


def test_line_numbers_are_those_of_the_file() -> None:
    feed = read_feed(b'id,name\n1,"two\nlines"\n\n2,b\n')
    assert [(row.line, row.cells["id"]) for row in feed.rows] == [(2, "1"), (5, "2")]


def test_a_separator_in_the_quoted_header_does_not_count() -> None:
    assert only(b'id;"name,title,x,y";price\n7;a;5')["price"] == "5"


def test_control_and_direction_marks_are_taken_out() -> None:
    cells = only("id,name\n7,a\u202eb\u200f\x07c\u2066 d\x00e".encode())
    assert cells["name"] == "abc de"


def test_letters_of_every_script_stay() -> None:
    name = "שמלה فستان ドレス 👩‍👧 क्षि"
    assert only(f"id,name\n7,{name}".encode())["name"] == name


def test_further_columns_keep_their_names() -> None:
    assert only(b"id,Heel height\n7,9 cm") == {"id": "7", "Heel height": "9 cm"}


def test_several_files_in_a_cell() -> None:
    (row,) = read_feed(b"id,file\n7,a.jpg | b.jpg|a.jpg||").rows
    assert row.files == ("a.jpg", "b.jpg")


def test_synonyms_of_our_names() -> None:
    assert read_feed(b"SKU,Title,Color,Vendor,Type,Image\n1,2,3,4,5,6").columns == (
        *("id", "name", "colour", "brand", "kind", "file"),
    )


def test_our_name_wins_over_its_synonym() -> None:
    assert only(b"title,id,name\nSir,7,Ann") == {"title": "Sir", "id": "7", "name": "Ann"}


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"PK\x03\x04rest", "CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "CSV"),
        (b"\xff\xfe\x00", "letters"),
        (b"colour,price\nred,5", "neither"),
        (b"id,name,id\n1,2,3", "twice"),
        (b'id,name\n1,"' + b"x" * 1_100_000, "quotation mark"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(data: bytes, word: str) -> None:
    with pytest.raises(ImportRefused, match=word) as caught:
        read_feed(data)
    assert str(caught.value).endswith(".")


def test_a_line_with_too_many_cells_is_marked() -> None:
    rows = read_feed(b"id,name\n1,a,b\n2,c,,\n3\n").rows
    assert ["more cells" in row.problem for row in rows] == [True, False, False]
    assert dict(rows[2].cells) == {"id": "3"}


def test_a_google_feed() -> None:
    head = (
        "id\ttitle\tdescription\tlink\timage_link\tadditional_image_link\tavailability\tprice"
        "\tsale_price\tbrand\tcolor\tproduct_type\tgoogle_product_category\tmaterial"
    )
    line = (
        "A1\tRed dress\tLong\thttps://s.example/a1\thttps://s.example/i/a1.jpg?v=2"
        "\thttps://s.example/b.jpg,https://s.example/c.jpg\tout of stock\t40.00 EUR\t30.00 EUR"
        "\tAcme\tred\tHome > Women > Dresses\tApparel > Dresses\tsilk"
    )
    feed = read_feed(f"{head}\n{line}\n".encode())
    assert feed.dialect == "google"
    (row,) = feed.rows
    assert row.files == (
        "https://s.example/i/a1.jpg?v=2",
        "https://s.example/b.jpg",
        "https://s.example/c.jpg",
    )
    expected = {
        "id": "A1",
        "name": "Red dress",
        "url": "https://s.example/a1",
        "stock": "0",
        "price": "40.00 EUR",
        "sale_price": "30.00 EUR",
        "brand": "Acme",
        "colour": "red",
        "category": "Dresses",
        "material": "silk",
    }
    assert expected.items() <= row.cells.items()


def test_google_without_a_sale_and_in_stock() -> None:
    cells = only(
        b"g:id,g:title,g:link,g:image_link,g:price,g:sale_price,g:availability\n"
        b"1,n,u,i,5 EUR,,in_stock"
    )
    assert (cells["price"], cells["stock"]) == ("5 EUR", "")


SHOPIFY = b"""\
Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,\
Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,SEO Title,Status
red-dress,Red dress,<p>x</p>,Acme,Dresses,"a, b",true,Color,Red,S1,\
3,30.00,40.00,https://c.example/1.jpg?v=1,t,active
red-dress,,,,,,,,Blue,S2,4,31.00,,https://c.example/2.jpg,,
hat,Hat,,Acme,Hats,,true,Title,Default Title,S3,-2,9.00,,,,draft
"""


def test_a_shopify_export_joins_variants_and_pictures() -> None:
    feed = read_feed(SHOPIFY)
    assert feed.dialect == "shopify"
    dress, hat = feed.rows
    assert (dress.line, hat.line) == (2, 4)
    assert dress.files == ("https://c.example/1.jpg?v=1", "https://c.example/2.jpg")
    expected = {
        "id": "red-dress",
        "name": "Red dress",
        "brand": "Acme",
        "category": "Dresses",
        "price": "30.00",
        "compare_at": "40.00",
        "stock": "7",
        "status": "active",
        "colour": "Red",
        "tags": "a, b",
    }
    assert dict(dress.cells) == expected
    assert (hat.cells["stock"], hat.cells["status"]) == ("0", "withdrawn")


def test_the_new_shopify_names() -> None:
    feed = read_feed(
        b"Title,URL handle,Vendor,Price,Inventory quantity,Product image URL,Status\n"
        b"Hat,hat,Acme,9.00,2,https://c.example/h.jpg,Active\n"
    )
    assert feed.dialect == "shopify"
    assert feed.rows[0].files == ("https://c.example/h.jpg",)
    assert feed.rows[0].cells["status"] == "active"


def test_a_written_table_is_read_back() -> None:
    cells = [
        "=cmd|' /C calc'!A0",
        'a "b"',
        "x;y,z",
        "Ä 👗",
        "-5",
        "",
        *string.ascii_letters[: len(COLUMNS) - 6],
    ]
    data = write_table(COLUMNS, iter([cells]))
    written = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert all(cell[:1] not in tuple("=+-@") for cell in written[1])
    (row,) = read_feed(data).rows
    assert [row.cells[c] for c in COLUMNS if c != "file"] == cells[:-1]


def test_cleaning_leaves_plain_text_alone() -> None:
    assert clean_text("  Plain, text! ") == "Plain, text!"
    assert clean_text("a\u00a0 \n b") == "a b"
