"""The answer as a file: CSV, JSON, or the photographs' paths."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import streamlit as st

from search import money
from search.engine import Hit, SearchResult

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(result: SearchResult) -> list[dict[str, Any]]:
    """One plain mapping per hit; prices in whole units of their currency, as text."""
    return [_row(hit, result) for hit in result.hits]


def as_csv(result: SearchResult) -> str:
    """CSV with a header; text a spreadsheet would run as a formula is quoted away."""
    out = io.StringIO()
    table = rows(result)
    writer = csv.DictWriter(out, fieldnames=list(table[0]) if table else ["rank"])
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in table)
    return out.getvalue()


def as_json(result: SearchResult) -> str:
    """JSON with the catalogue's revision and the network, so that the answer can be traced."""
    return json.dumps(
        {
            "revision": result.revision,
            "network": result.fingerprint,
            "metric": result.metric,
            "hits": rows(result),
        },
        ensure_ascii=False,
        indent=2,
    )


def downloads(result: SearchResult) -> None:
    """The button with its three kinds of file."""
    files = {
        "CSV": (as_csv(result), "results.csv", "text/csv", ":material/table:"),
        "JSON": (as_json(result), "results.json", "application/json", ":material/data_object:"),
        "File paths": (
            "\n".join(result.paths()) + "\n",
            "results.txt",
            "text/plain",
            ":material/list:",
        ),
    }
    with st.popover("Download", icon=":material/download:", type="tertiary"):
        for label, (data, name, mime, icon) in files.items():
            st.download_button(
                label,
                data,
                name,
                mime,
                key=f"download_{name.rpartition('.')[2]}",
                icon=icon,
                on_click="ignore",
                width="stretch",
            )


def _row(hit: Hit, result: SearchResult) -> dict[str, Any]:
    product = hit.product
    currency = result.reference.currency if result.reference else ""
    return {
        "rank": hit.rank,
        "id": product.id,
        "name": product.name,
        "category": product.category,
        "brand": product.brand,
        "colour": product.colour,
        "price": money.decimal_text(product.price, product.currency),
        "currency": product.currency,
        "saving": money.decimal_text(hit.saving, currency),
        "similarity": round(hit.score, 6),
        "distance": round(hit.distance, 6),
        "path": hit.photo.source,
    }


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
