"""What the API answers, with the keys of the command line's JSON; and links to what is named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

from fastapi import Request, Response
from pydantic import BaseModel, Field

from search.catalogue import CataloguePhoto, Product
from search.engine import Hit, Listed, Listing, LoadedRevision, SearchResult
from search.engine.bands import Band
from search.engine.query import Metric
from search.money import decimal_text

VERSION = "v1"
_TIMES = ("encode_ms", "search_ms")  # what differs between two equal answers


class Links(BaseModel):
    """Where more is to be had, as paths on this server."""

    product: str
    similar: str
    cheaper: str
    photo: str | None = None
    thumbnail: str | None = None


class ListedProduct(BaseModel):
    """One product found by words; prices are decimal text in units of their currency, or empty."""

    rank: int = Field(description="from 1, whatever the order asked for")
    id: str
    name: str
    category: str
    brand: str
    colour: str
    price: str = Field(examples=["49.90"])
    currency: str = Field(examples=["EUR"])
    path: str = Field(description="of the photograph, as it was imported")
    regular_price: str = Field(description="while a sale is on, else empty", examples=["69.90"])
    sale_until: str = Field(description="when the sale ends, UTC; empty where it has no end")
    item_group: str = Field(description="the name of its group of variants, if it has any")
    variants: str = Field(description="ids of its variants that pass, separated by |")
    price_from: str = Field(description="the lowest price of those")
    variants_in_words: str = Field(examples=["4 sizes, from €49.00"])
    links: Links


class FoundProduct(ListedProduct):
    """One product found by its look."""

    saving: str = Field(description="against the reference price", examples=["30.00"])
    score: float = Field(description="the cosine similarity of its best photograph, -1 to 1")
    band: Band | None = Field(description="what it is to the query, in words; null where unsure")
    distance: float


class ListAnswer(BaseModel):
    """Products found by words and filters, best first."""

    revision: int = Field(description="of the catalogue that answered")
    products: int
    passed: int = Field(description="products found, on all pages")
    hidden: dict[str, int] = Field(description="why how many products were left out")
    search_ms: float
    hits: list[ListedProduct]
    next: str | None = Field(description="the cursor of the next page; null on the last")


class SearchAnswer(BaseModel):
    """The most similar products, best first."""

    revision: int = Field(description="of the catalogue that answered")
    network: str
    metric: Metric
    products: int
    eligible: int = Field(description="products that the filters let through")
    passed: int = Field(description="those of them that have the minimum score too")
    min_score: float | None
    look_alike: Band | None = Field(description="of cheaper ones: what all of them are, or better")
    nothing_similar: bool = Field(description="the hits are only the least unlike")
    looks_like: str | None = Field(description="the category of what a photograph shows, if sure")
    hidden: dict[str, int] = Field(description="why how many products were left out")
    reference_price: str | None
    reference_currency: str | None
    encode_ms: float
    search_ms: float
    hits: list[FoundProduct]
    next: str | None = Field(description="the cursor of the next page; null on the last")


class PhotoAnswer(BaseModel):
    """One photograph of a product."""

    sha256: str
    width: int
    height: int
    photo: str
    thumbnail: str


class ProductAnswer(BaseModel):
    """One product, as a customer may know it."""

    revision: int
    id: str
    name: str
    category: str
    brand: str
    colour: str
    price: str
    regular_price: str = Field(description="while a sale is on, else empty")
    currency: str
    in_stock: bool
    url: str
    attributes: dict[str, str]
    photos: list[PhotoAnswer]
    links: Links


class CatalogueAnswer(BaseModel):
    """What the catalogue holds, and what can be filtered by."""

    name: str
    revision: int
    network: str
    products: int = Field(description="that are sold")
    photographs: int
    currencies: list[str]
    facets: dict[str, dict[str, int]] = Field(
        description="products in stock by name", examples=[{"categories": {"footwear": 194}}]
    )


class Health(BaseModel):
    """Whether the server lives, or answers."""

    status: Literal["ok"] = "ok"


def of_found(
    request: Request, found: SearchResult | Listing, skipped: int, following: str | None
) -> dict[str, Any]:
    """Give what was found from its serialisation, without the products of earlier pages."""
    whole = found.to_dict()
    named: Sequence[Hit | Listed] = found.hits
    rows = zip(whole["hits"], named, strict=True)
    hits = [{**row, "links": links(request, hit.product.id, hit.photo)} for row, hit in rows]
    return {**whole, "hits": hits[skipped:], "next": following}


def of_product(request: Request, loaded: LoadedRevision, product: Product) -> dict[str, Any]:
    """Give a product's answer."""
    pictures = loaded.photos_of(product.id)
    return {
        "revision": loaded.revision,
        "id": product.id,
        "name": product.name,
        "category": product.category,
        "brand": product.brand,
        "colour": product.colour,
        "price": decimal_text(product.price, product.currency),
        "regular_price": decimal_text(product.was, product.currency),
        "currency": product.currency,
        "in_stock": product.in_stock,
        "url": product.url,
        "attributes": dict(product.attributes),
        "photos": [
            {
                "sha256": photo.sha256,
                "width": photo.width,
                "height": photo.height,
                "photo": _place(request, "photos", photo.sha256),
                "thumbnail": _place(request, "photos", photo.sha256, "thumbnail"),
            }
            for photo in pictures
        ],
        "links": links(request, product.id, pictures[0] if pictures else None),
    }


def links(request: Request, product_id: str, photo: CataloguePhoto | None) -> dict[str, Any]:
    """Give the links of a product and its photograph."""
    found: dict[str, Any] = {
        "product": _place(request, "products", product_id),
        "similar": _place(request, "products", product_id, "similar"),
        "cheaper": _place(request, "products", product_id, "cheaper"),
    }
    if photo is not None:
        found["photo"] = _place(request, "photos", photo.sha256)
        found["thumbnail"] = _place(request, "photos", photo.sha256, "thumbnail")
    return found


def unless_known(request: Request, answer: Mapping[str, Any]) -> Response:
    """Answer with an ETag of the content, or 304 where the caller has that content already."""
    stays = _json({name: value for name, value in answer.items() if name not in _TIMES})
    tag = f'"{hashlib.sha256(stays).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    given = {each.strip() for each in request.headers.get("if-none-match", "").split(",")}
    if request.method in ("GET", "HEAD") and given & {tag, f"W/{tag}", "*"}:
        return Response(status_code=304, headers=headers)
    times = _json({name: value for name, value in answer.items() if name in _TIMES})
    body = stays[:-1] + b"," + times[1:] if len(times) > 2 else stays  # written once, not twice
    return Response(body, headers=headers, media_type="application/json")


def _json(values: Mapping[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _place(request: Request, *parts: str) -> str:
    root = request.scope.get("root_path", "")
    return "/".join([root, VERSION, *(quote(part, safe="") for part in parts)])
