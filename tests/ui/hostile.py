"""A shop whose every text tries to be more than text: markup, links, pictures, icons, formulas."""

from __future__ import annotations

from collections.abc import Iterable

from search.catalogue import Catalogue, Product
from search.photos import Photo

TEXTS = (
    "![pic](http://{host}/md.png) foe1",
    "foe2”. **Your session has expired:** [sign in again](http://{host}/login) “",
    "<img src=http://{host}/html.png onerror=alert(1)> foe3 <script>alert(2)</script>",
    "$\\frac{{a}}{{b}}$ costs $5 and $6 foe4 $$x^2$$",
    ":material/delete: :red[foe5] :rainbow[x] :smile: :streamlit: :green-badge[Verified]",
    "www.evil.example/foe6 and http://evil.example/a and sales@evil.example",
    "# foe7 -- <iframe src=javascript:alert(5)> `code` ~~gone~~ | a | b |",
    "1. foe8 \u202eevil\u202c &lt;b&gt; &#x3c;script&#x3e; -> [x](javascript:alert(3))",
    "[foe9]: http://{host}/reference  [foe9] ![foe9][foe9] <http://{host}/auto>",
    "+ foe10 :color[x]{{foreground=red}} ::leaf[y] :::box ==mark== *",
)
"""Each has one word of its own, foe1 to foe10; {host} is where a picture would come from."""

URLS = ("javascript:alert(9)", "JaVaScRiPt:alert(9)", "data:text/html,<script>alert(9)</script>")


def texts(host: str) -> list[str]:
    return [text.format(host=host) for text in TEXTS]


def product(number: int, host: str) -> Product:
    said = texts(host)

    def say(offset: int) -> str:
        return said[(number + offset) % len(said)]

    return Product(
        f"{say(0)} {number:02d}",
        name=f"{say(1)} {number:02d}",
        category=said[number % 2],
        brand=say(2),
        colour=say(3),
        price={0: 20000, 1: 8000}.get(number, 9000 + 500 * number),
        currency="USD",
        stock=5,
        url=URLS[number % len(URLS)],
        attributes={say(4): say(5), "material": say(6)},
    )


def fill(catalogue: Catalogue, host: str, pictures: Iterable[Photo]) -> None:
    """Put the shop into a catalogue, a product a picture."""
    said = texts(host)
    with catalogue.change(said[1], said[2]) as change:
        for number, picture in enumerate(pictures):
            change.put(product(number, host))
            source = said[number % len(said)]
            change.add_photo(product(number, host).id, picture, source=source)


def rename(catalogue: Catalogue, host: str) -> None:
    """Change two names, by somebody and for a reason that are hostile too."""
    said = texts(host)
    for number in (2, 3):
        with catalogue.change(said[number], said[number + 1]) as change:
            change.update(product(number, host).id, name=f"{said[number + 3]} {number:02d}")
