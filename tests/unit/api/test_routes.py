from __future__ import annotations

import json

import pytest

from search.api.answers import FoundProduct, ListAnswer, ListedProduct, SearchAnswer
from search.catalogue import Product
from search.engine import Options, Query, SearchEngine
from search.engine.results import COLUMNS
from tests.ui.shop import PRODUCTS, photograph

PROBLEM = "application/problem+json"


def get(client, place: str, status: int = 200, **headers: str):
    answer = client.get(f"/api/v1/{place}", headers=headers)
    assert answer.status_code == status, answer.text
    return answer


def post(client, place: str = "search", status: int = 200, *photographs: bytes):
    files = [("photo", (f"{n}.png", data)) for n, data in enumerate(photographs)]
    answer = client.post(f"/api/v1/{place}", files=files or None)
    assert answer.status_code == status, answer.text
    return answer


def ids(answer) -> list[str]:
    return [hit["id"] for hit in answer.json()["hits"]]


def refused(answer, code: str) -> str:
    """The sentence of a refusal of this kind."""
    assert answer.headers["content-type"] == PROBLEM
    problem = answer.json()
    assert problem["code"] == code
    assert problem["status"] == answer.status_code
    assert problem["detail"].endswith(".")
    return problem["detail"]


def test_similar_products_are_those_of_the_engine(client, catalogue, extractor):
    answer = get(client, "products/P00/similar?k=5").json()
    engine = SearchEngine(catalogue, extractor)
    expected = engine.search(Query(product="P00"), None, Options(k=5)).to_dict()
    for hit in answer["hits"]:
        assert hit.pop("links")["product"] == f"/api/v1/products/{hit['id']}"
    del answer["next"]
    for each in (answer, expected):
        del each["search_ms"]
    assert answer == expected


def test_the_keys_are_those_of_the_serialisation(client):
    answer = get(client, "products/P00/similar?k=1").json()
    assert set(COLUMNS) < set(answer["hits"][0]) == set(FoundProduct.model_fields)
    assert set(answer) == set(SearchAnswer.model_fields)


def test_a_photograph_finds_its_product(client):
    answer = post(client, "search?k=3", 200, photograph(7))
    assert ids(answer)[0] == "P07"
    assert answer.json()["hits"][0]["score"] == pytest.approx(1, abs=1e-3)


def test_several_photographs_are_one_thing(client):
    one, both = (post(client, "search?k=3", 200, *seen) for seen in (
        [photograph(7)], [photograph(7), photograph(8)],
    ))  # fmt: skip
    assert {*ids(both)[:2]} == {"P07", "P08"}
    assert ids(one) != ids(both)


def test_a_crop_is_searched_by(client):
    assert ids(post(client, "search?crop=0,0,0.5,0.5", 200, photograph(7)))
    assert "outside" in refused(
        post(client, "search?crop=0,0,1.5,1", 422, photograph(7)), "unusable-photograph"
    )


def test_cheaper_costs_less_and_never_is_sold_out_or_withdrawn(client):
    answer = get(client, "products/P00/cheaper?k=50&min_saving=0.3&min_score=-1").json()
    assert answer["reference_price"] == "200.00"
    assert answer["hits"]
    assert all(float(hit["price"]) <= 140 for hit in answer["hits"])
    assert {"P03", "P04"}.isdisjoint(hit["id"] for hit in answer["hits"])


def test_cheaper_by_a_photograph_and_a_typed_price(client):
    found = post(client, "search?mode=cheaper&cheaper_than=100&min_score=-1", 200, photograph(0))
    assert found.json()["reference_price"] == "100.00"
    assert all(float(hit["price"]) < 100 for hit in found.json()["hits"])


def test_filters_are_obeyed(client):
    found = get(client, "products/P00/similar?category=Boots&brand=Luma&k=50").json()["hits"]
    assert found
    assert {(hit["category"], hit["brand"]) for hit in found} == {("Boots", "Luma")}
    assert ids(get(client, "products/P00/similar?words=thing+7"))[0] == "P07"
    priced = get(client, "products/P00/similar?price_max=95,00&k=50").json()["hits"]
    assert all(float(hit["price"]) <= 95 for hit in priced)


def test_products_are_found_by_words_alone(client, catalogue, extractor):
    answer = get(client, "products?words=red+boots&k=50").json()
    assert answer["hits"]
    assert {(hit["colour"], hit["category"]) for hit in answer["hits"]} == {("red", "Boots")}
    assert set(answer["hits"][0]) == set(ListedProduct.model_fields)
    assert set(answer) == set(ListAnswer.model_fields)
    assert answer["passed"] == len(answer["hits"])
    place = answer["hits"][0]["links"]["thumbnail"].removeprefix("/api/v1/")
    assert get(client, place).headers["content-type"] == "image/jpeg"
    narrowed = get(client, "products?words=boots&price_max=95.00&k=50").json()["hits"]
    assert all(float(hit["price"]) <= 95 for hit in narrowed)
    assert "P04" not in ids(get(client, "products?k=50"))  # withdrawn
    assert get(client, "products?words=boots&min_score=0.5", 422)
    assert get(client, "products?order=saving", 422)


@pytest.mark.parametrize("order", ["similarity", "price"])
def test_pages_of_words_follow_each_other(client, order):
    asked = f"products?words=thing&order={order}"
    whole = ids(get(client, f"{asked}&k=50"))
    seen, place = [], f"{asked}&k=7"
    while place:
        page = get(client, place).json()
        seen += [hit["id"] for hit in page["hits"]]
        place = page["next"] and f"{asked}&k=7&cursor={page['next']}"
    assert seen == whole
    assert len(whole) == PRODUCTS - 2


def test_pages_follow_each_other(client):
    whole = ids(get(client, "products/P00/similar?k=50"))
    seen, place = [], "products/P00/similar?k=7"
    while place:
        page = get(client, place).json()
        seen += [hit["id"] for hit in page["hits"]]
        place = page["next"] and f"products/P00/similar?k=7&cursor={page['next']}"
    assert seen == whole


def test_an_answer_that_is_known_is_not_sent_again(client, catalogue):
    first = get(client, "products/P00/similar?k=3")
    tag = first.headers["etag"]
    again = get(client, "products/P00/similar?k=3", 304, **{"If-None-Match": f'"x", {tag}'})
    assert again.content == b""
    assert again.headers["etag"] == tag
    with catalogue.change("test", "edit") as change:
        change.put(Product("P01", "Renamed", price=5000, currency="EUR"))
    changed = get(client, "products/P00/similar?k=3", **{"If-None-Match": tag})
    assert changed.json()["revision"] > first.json()["revision"]


def test_what_is_posted_is_always_answered(client):
    known = {"If-None-Match": "*"}
    answer = client.post("/api/v1/search?product=P00&k=3", headers=known)
    assert answer.status_code == 200
    assert len(answer.json()["hits"]) == 3


def test_a_product_has_its_photographs_and_no_stock_figures(client):
    answer = get(client, "products/P07").json()
    assert answer["name"] == "Thing 7"
    assert answer["in_stock"] is True
    assert "stock" not in answer
    assert answer["photos"][0]["width"] == 64
    picture = client.get(answer["photos"][0]["photo"])
    assert picture.content == photograph(7)
    assert "immutable" in picture.headers["cache-control"]
    small = client.get(answer["photos"][0]["thumbnail"])
    assert small.headers["content-type"] == "image/jpeg"
    known = {"If-None-Match": picture.headers["etag"]}
    assert client.get(answer["photos"][0]["photo"], headers=known).status_code == 304


def test_what_is_withdrawn_is_not_known(client, catalogue):
    refused(get(client, "products/P04", 404), "no-such-product")
    refused(get(client, "products/P04/similar", 404), "no-such-product")
    (photo,) = catalogue.photos("P04")
    refused(get(client, f"photos/{photo.sha256}", 404), "no-such-photograph")


@pytest.mark.parametrize("name", ["0" * 64, "..%2f..%2fcatalogue.db", "catalogue.db", "x"])
def test_no_other_file_is_a_photograph(client, name):
    get(client, f"photos/{name}", 404)


def test_ids_may_have_any_letters(client, catalogue, extractor):
    with catalogue.change("test", "edit") as change:
        change.put(Product("a/b c?d#é", "Odd"))
    found = get(client, "products/a%2Fb%20c%3Fd%23%C3%A9").json()
    assert found["id"] == "a/b c?d#é"
    assert client.get(found["links"]["product"]).json() == found


def test_the_catalogue_tells_what_can_be_filtered_by(client):
    answer = get(client, "catalogue").json()
    assert answer["products"] == 19  # one is withdrawn
    assert answer["facets"]["brands"] == {"Arden": 9, "Luma": 9}
    assert answer["currencies"] == ["EUR"]


@pytest.mark.parametrize(
    ("place", "status", "code"),
    [
        ("products/none", 404, "no-such-product"),
        ("products/P00/similar?k=0", 422, "invalid-parameter"),
        ("products/P00/similar?colour=", 422, "unanswerable-query"),
        ("products/P00/similar?kk=3", 422, "invalid-parameter"),
        ("products/P00/similar?category=Hats", 422, "unanswerable-query"),
        ("products/P00/similar?price_min=1e9", 422, "invalid-parameter"),
        ("products/P00/similar?min_score=nan", 422, "invalid-parameter"),
        ("products/P00/similar?cursor=eyJza2lwIjogLTF9", 422, "invalid-cursor"),
        ("products/P00/similar?colour_share=0.2&metric=manhattan", 422, "unanswerable-query"),
        ("products/P00/similar?liked=none", 422, "unanswerable-query"),
        ("products/P05/cheaper", 422, "unanswerable-query"),
        ("nothing", 404, "not-found"),
    ],
)
def test_refusals_are_problems(client, place, status, code):
    refused(get(client, place, status), code)


def test_a_search_needs_something_to_search_by(client):
    assert "photograph or a product" in refused(post(client, "search", 422), "unanswerable-query")
    refused(post(client, "search", 422, b"no picture"), "unusable-photograph")
    refused(post(client, "search", 422, *[photograph(1)] * 6), "too-many-photographs")


def test_a_wrong_method_is_a_problem(client):
    refused(client.delete("/api/v1/catalogue"), "method-not-allowed")


def test_a_failure_is_a_problem_without_its_reason(client, monkeypatch):
    def broken(self) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("search.api.shop.Shop.engine", broken)
    assert "secret" not in refused(get(client, "catalogue", 500), "failed")


def test_health_readiness_and_figures(client):
    assert get(client, "health").json() == get(client, "ready").json() == {"status": "ok"}
    get(client, "products/P00/similar")
    get(client, "products/P01/similar")
    figures = get(client, "metrics").text
    counted = 'search_requests_total{route="/v1/products/{id:path}/similar",status="200"} 2.0'
    assert counted in figures
    assert "search_catalogue_products 20.0" in figures


def test_another_catalogue_in_use_answers(client, extractor, monkeypatch):
    from search import workspace
    from search.catalogue import Catalogue
    from tests.ui.shop import fill

    with Catalogue(workspace.data_folder() / "other") as other:
        fill(other, extractor, 3)
    workspace.use("other")
    monkeypatch.setattr("search.api.sources._LOOKED", 0.0)
    assert get(client, "catalogue").json()["name"] == "other"


def test_nothing_heavy_is_loaded_for_a_product(client):
    schema = get(client, "openapi.json").json()
    assert json.dumps(schema).count("problem+json") > 10
    assert "/v1/products/{id}/cheaper" in schema["paths"]
