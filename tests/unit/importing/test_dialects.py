"""Stock words, exports of shops, and cells that say nothing or were ruined."""

import pytest

from search.importing.fields import fields_of
from search.importing.tables import FeedRow, read_feed
from search.importing.verdicts import RowError


def only(text: str) -> FeedRow:
    (row,) = read_feed(text.encode()).rows
    return row


def stock(word: str) -> object:
    fields, _ = fields_of(only(f"id\ttitle\tlink\tavailability\n1\tn\tl\t{word}\n"), None)
    return fields.get("stock")


@pytest.mark.parametrize(
    "word",
    [
        *("in stock", "in_stock", "InStock", "In-Stock", "https://schema.org/InStock", "available"),
        *("preorder", "pre-order", "PreOrder", "pre_order", "backorder", "back order"),
        *("available for order", "available_for_order", "LimitedAvailability", "OnlineOnly"),
    ],
)
def test_what_can_be_had_is_not_counted(word: str) -> None:
    assert stock(word) is None


@pytest.mark.parametrize(
    "word", ["out of stock", "out_of_stock", "OutOfStock", "sold out", "SoldOut", "discontinued"]
)
def test_what_cannot_be_had_is_none(word: str) -> None:
    assert stock(word) == 0


def test_how_it_can_be_had_is_kept() -> None:
    row = only("id,name,availability\n1,n,pre-order\n")
    assert (row.cells["stock"], row.cells["availability"]) == ("", "pre-order")
    assert "availability" not in only("id,name,availability\n1,n,in stock\n").cells
    assert only("id,name,stock\n1,n,7\n").cells["stock"] == "7"


def test_a_word_that_is_not_known_is_refused() -> None:
    with pytest.raises(RowError, match="perhaps"):
        stock("perhaps")


SHOPIFY = "Handle,Title,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,"


def shopify(*variants: str) -> str:
    names = [f"boot,{'Boot' if not n else ''},{each}" for n, each in enumerate(variants)]
    row = only(SHOPIFY + "Variant Price\n" + "\n".join(names) + "\n")
    return row.cells["stock"]


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        (["shopify,3,deny,9"], "3"),
        (["shopify,0,deny,9"], "0"),
        (["shopify,-2,deny,9"], "0"),
        ([",0,deny,9"], ""),
        (["shopify,0,continue,9"], ""),
        (["shopify,-2,continue,9"], ""),
        (["shopify,3,continue,9"], "3"),
        (["shopify,3,deny,9", "shopify,4,deny,9"], "7"),
        (["shopify,3,deny,9", ",0,deny,9"], ""),
        ([",0,deny,9", "shopify,3,deny,9"], ""),
        (["shopify,3,deny,9", ",,,"], "3"),
    ],
)
def test_shopifys_tracker_and_policy_are_obeyed(variants: list[str], expected: str) -> None:
    assert shopify(*variants) == expected


def test_shopifys_new_names_for_them() -> None:
    head = "URL handle,Title,Inventory tracker,Inventory quantity"
    head += ",Continue selling when out of stock"
    assert only(f"{head}\nhat,Hat,,0,FALSE\n").cells["stock"] == ""
    assert only(f"{head}\nhat,Hat,shopify,0,TRUE\n").cells["stock"] == ""
    assert only(f"{head}\nhat,Hat,shopify,0,FALSE\n").cells["stock"] == "0"


def test_a_stock_of_thousands_of_digits_is_refused() -> None:
    row = only(
        f"Handle,Title,Variant Inventory Qty,Variant Price\nhat,Hat,{'9' * 5000},1\nhat,,1,1\n"
    )
    with pytest.raises(RowError) as caught:
        fields_of(row, None, "EUR")
    assert len(str(caught.value)) < 200


WOOCOMMERCE = (
    'ID,Type,SKU,Name,Published,"In stock?",Stock,"Backorders allowed?","Sale price",'
    '"Regular price",Categories,Tags,Images,Parent,"Attribute 1 name","Attribute 1 value(s)",'
    '"Meta: _odd"\n'
)


def woocommerce(line: str) -> FeedRow:
    feed = read_feed((WOOCOMMERCE + line + "\n").encode())
    assert feed.dialect == "woocommerce"
    assert feed.notes[-1] == "Columns that are not used: Meta: _odd."
    return feed.rows[0]


def test_a_woocommerce_export_is_understood_whole() -> None:
    row = woocommerce(
        '41,variation,B-41,Boot,1,1,5,0,79.90,99.90,"Sale, Shoes > Boots\\, high > Women",a,'
        '"https://w.example/a.jpg, https://w.example/w_1,h_2/b.jpg",id:40,Color,Red,x'
    )
    expected = {
        "id": "41",
        "name": "Boot",
        "category": "Women",
        "categories": "Sale, Shoes > Boots, high > Women",
        "status": "active",
        "stock": "5",
        "price": "99.90",
        "sale_price": "79.90",
        "colour": "Red",
        "tags": "a",
        "sku": "B-41",
        "type": "variation",
        "item_group": "40",
    }
    assert dict(row.cells) == expected
    assert row.files == ("https://w.example/a.jpg", "https://w.example/w_1,h_2/b.jpg")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("1,5,0", "5"),
        ("1,,0", ""),
        ("0,,0", "0"),
        ("0,5,0", "0"),
        ("0,,1", "0"),
        ("backorder,0,1", ""),
        ("backorder,,notify", ""),
        ("backorder,-3,0", ""),
        ("1,0,1", ""),
        ("1,-1,0", "0"),
    ],
)
def test_woocommerces_stock(cells: str, expected: str) -> None:
    assert woocommerce(f"1,simple,,n,1,{cells},,9,Shoes,,,,,,").cells["stock"] == expected


@pytest.mark.parametrize(("published", "status"), [("1", "active"), ("0", "withdrawn")])
def test_woocommerces_drafts_are_withdrawn(published: str, status: str) -> None:
    row = woocommerce(f"1,simple,,n,{published},1,,0,,9,Shoes,,,,,,")
    assert (row.cells["status"], row.cells["category"]) == (status, "Shoes")
    assert "categories" not in row.cells
    assert row.cells["price"] == "9"


# ---- cells


def test_entities_are_decoded_before_a_path_is_parted() -> None:
    row = only(
        "id\ttitle\tlink\timage_link\tgoogle_product_category\n"
        "1\tWomen&#x27;s caf&eacute; &lt;b&gt; R&D H&M &copy &#8238;x\thttps://s/?a=1&amp;b=2\t\t"
        "Apparel &amp; Accessories &gt; Bags &amp; Belts\n"
    )
    assert row.cells["name"] == "Women's café <b> R&D H&M &copy x"
    assert row.cells["category"] == "Bags & Belts"
    assert row.cells["url"] == "https://s/?a=1&amp;b=2"


@pytest.mark.parametrize("nothing", ["NULL", "null", "N/A", "n/a", "-", " - ", "–", "#N/A", "\\N"])
def test_words_for_nothing_are_empty(nothing: str) -> None:
    row = only(f"id,brand,price,stock,file,heel\n1,{nothing},{nothing},{nothing},{nothing},x")
    assert {"brand": "", "price": "", "stock": ""}.items() <= row.cells.items()
    assert row.files == ()
    assert only(f"id,name\n{nothing},n").cells["id"] == ""


def test_words_that_only_hold_one_stay() -> None:
    cells = only("id,name,brand,heel\n-1,A-B,Null & Co,-5").cells
    assert cells == {"id": "-1", "name": "A-B", "brand": "Null & Co", "heel": "-5"}


@pytest.mark.parametrize("sku", ["1.23E+12", "4,05E+12", "9e+15", "1E+05", "######", "#NAME?"])
def test_an_id_that_a_spreadsheet_ruined_is_refused(sku: str) -> None:
    row = only(f"id;name\n{sku};Boot\n")
    assert f"“{sku}”" in row.problem
    assert "spreadsheet" in row.problem


@pytest.mark.parametrize("sku", ["1E5", "E+12", "12E", "1.23", "#7", "A1.5E+12"])
def test_an_id_that_only_looks_alike_is_kept(sku: str) -> None:
    assert only(f"id;name\n{sku};Boot\n").problem == ""


def test_addresses_with_commas_stay_whole() -> None:
    cloud = "https://c.example/w_300,h_300,c_fill/a.jpg"
    head = "id\ttitle\tlink\timage_link\tadditional_image_link\n1\tn\tl\t"
    assert only(f"{head}{cloud}\t{cloud},//c.example/b, https://c.example/c\n").files == (
        cloud,
        "https://c.example/b",
        "https://c.example/c",
    )
    assert only(f"{head}a.jpg,b.png\tc, d.jpg\n").files == ("a.jpg", "b.png", "c, d.jpg")
    assert only('id,file\n1,"//cdn.example/a.jpg?v=1|b, c.jpg"\n').files == (
        "https://cdn.example/a.jpg?v=1",
        "b, c.jpg",
    )


def test_a_long_list_of_addresses_is_parted_in_one_pass() -> None:
    gap = " ," * 200_000
    head = "id\ttitle\tlink\timage_link\n1\tn\tl\t"
    row = only(f"{head}https://s/a.jpg{gap}x{gap}https://s/b.jpg\n")
    assert len(row.files) == 2
    assert row.files[1] == "https://s/b.jpg"


def test_columns_that_are_not_used_are_named() -> None:
    feed = read_feed(b"Handle,Title,Body (HTML),SEO Title,Tags\nh,H,<p>x</p>,t,a\n")
    assert feed.notes == ("Columns that are not used: Body (HTML), SEO Title.",)
