"""The routes of version 1."""

from __future__ import annotations

import contextlib
import re
from typing import Annotated, Any

from fastapi import APIRouter, File, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse, PlainTextResponse

from search.api import answers, problems
from search.api.problems import Refused, declared
from search.api.questions import LookAlikes, Named, Searched, Similar, Told
from search.api.shop import Shop
from search.catalogue import Product
from search.engine import Filters, LoadedRevision, list_by_words
from search.engine import Query as Question
from search.errors import QueryError
from search.feedback import experiment
from search.feedback.events import Search
from search.feedback.experiment import Drafted
from search.photos import MAX_BYTES

MOST_VIEWS = 5  # photographs of one thing in one request
_SHA256 = re.compile("[0-9a-f]{64}")
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}

router = APIRouter(prefix=f"/{answers.VERSION}")


def _shop(request: Request) -> Shop:
    shop: Shop = request.app.state.shop
    return shop


@router.post(
    "/search", tags=["search"], response_model=answers.SearchAnswer, responses=declared(413)
)
def search(
    request: Request,
    asked: Annotated[Searched, Query()],
    photo: Annotated[
        list[UploadFile], File(description="a photograph, or several of one thing")
    ] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Find the products most similar to a photograph, or to several of one thing.

    Without a photograph, name a `product`. With `mode=cheaper` only look-alikes that cost less.
    """
    if len(photo) > MOST_VIEWS:
        raise Refused(422, "too-many-photographs", f"Send at most {MOST_VIEWS} photographs.")
    question = asked.query([_bytes(each) for each in photo])
    return _answered(request, question, asked)


@router.get(
    "/products/{id:path}/similar",
    tags=["products"],
    response_model=answers.SearchAnswer,
    responses={**declared(404), 304: {"description": "Not Modified"}},
)
def similar(request: Request, id: str, asked: Annotated[Similar, Query()]) -> Response:
    """Find the products most similar to a product."""
    loaded = _shop(request).engine().loaded()
    _sold(loaded, id)
    question = Question(product=id, liked=tuple(asked.liked), disliked=tuple(asked.disliked))
    return _answered(request, question, asked, loaded)


@router.get(
    "/products/{id:path}/cheaper",
    tags=["products"],
    response_model=answers.SearchAnswer,
    responses={**declared(404), 304: {"description": "Not Modified"}},
)
def cheaper(request: Request, id: str, asked: Annotated[LookAlikes, Query()]) -> Response:
    """Find look-alikes of a product that cost less."""
    loaded = _shop(request).engine().loaded()
    _sold(loaded, id)
    return _answered(request, Question(product=id), asked, loaded)


@router.get(
    "/products",
    tags=["products"],
    response_model=answers.ListAnswer,
    responses={**declared(), 304: {"description": "Not Modified"}},
)
def products(request: Request, asked: Annotated[Named, Query()]) -> Response:
    """Find products by words, best first; without words all that pass, by their ids."""
    engine = _shop(request).engine()
    loaded = engine.loaded()
    wanted = asked.skipped() + asked.k
    found = list_by_words(loaded, asked.filters(loaded), wanted, asked.order)
    answer = answers.of_found(request, found, asked.skipped(), asked.next(found.passed))
    response = answers.unless_known(request, answer)
    recorder = _shop(request).recorder() if asked.session and asked.words else None
    if recorder is not None:
        told = Search.of_listing(
            found,
            session=asked.session,
            network=engine.extractor.fingerprint,
            skipped=asked.skipped(),
        )
        recorder.record(told)
        response.headers["X-Search-Id"] = told.id
    return response


@router.get(
    "/products/{id:path}",
    tags=["products"],
    response_model=answers.ProductAnswer,
    responses={**declared(404), 304: {"description": "Not Modified"}},
)
def product(request: Request, id: str) -> Response:
    """Give one product that is sold."""
    loaded = _shop(request).engine().loaded()
    found = _sold(loaded, id)
    return answers.unless_known(request, answers.of_product(request, loaded, found))


@router.get(
    "/catalogue",
    tags=["catalogue"],
    response_model=answers.CatalogueAnswer,
    responses={**declared(), 304: {"description": "Not Modified"}},
)
def catalogue(request: Request) -> Response:
    """Tell what the catalogue holds and what can be filtered by."""
    engine = _shop(request).engine()
    loaded = engine.loaded()
    answer = {
        "name": engine.name,
        "revision": loaded.revision,
        "network": engine.extractor.fingerprint,
        "products": loaded.sold,
        "photographs": loaded.held.photographs,
        "currencies": list(loaded.table.currencies),
        "facets": {name: dict(counts) for name, counts in loaded.table.facets(Filters()).items()},
    }
    return answers.unless_known(request, answer)


@router.post("/events", tags=["events"], status_code=202, responses=declared(413))
def events(request: Request, told: Told) -> dict[str, int]:
    """Tell what a customer did with the products that were shown: written within a second."""
    recorder, actions = _shop(request).recorder(), told.actions()
    if recorder is None:
        raise Refused(
            503,
            "events-elsewhere",
            "This server keeps no events: name a folder for them in SEARCH_HOME where it is "
            "started, or tell them to the shop's own API.",
        )
    for action in actions:
        recorder.record(action)
    return {"accepted": len(actions)}


@router.get(
    "/photos/{sha256}",
    tags=["photographs"],
    response_class=FileResponse,
    responses={200: {"content": {"image/*": {}}}, **declared(404)},
)
def photo(request: Request, sha256: str) -> Response:
    """Give a photograph of a product that is sold, as it was imported."""
    return _picture(request, sha256, thumbnail=False)


@router.get(
    "/photos/{sha256}/thumbnail",
    tags=["photographs"],
    response_class=FileResponse,
    responses={200: {"content": {"image/*": {}}}, **declared(404)},
)
def thumbnail(request: Request, sha256: str) -> Response:
    """Give a photograph as a JPEG of at most 320 pixels a side."""
    return _picture(request, sha256, thumbnail=True)


@router.get("/health", tags=["server"], response_model=answers.Health)
async def health() -> dict[str, str]:
    """Tell that the server lives, however long its answers take."""
    return {"status": "ok"}


@router.get("/ready", tags=["server"], response_model=answers.Health, responses=declared())
def ready(request: Request) -> dict[str, str]:
    """Tell that the catalogue can be asked and the network is loaded; 503 while not."""
    _shop(request).warm_up()
    if not _shop(request).is_warm():
        raise Refused(503, "not-ready", "The network is being loaded: ask again in some seconds.")
    _shop(request).engine().loaded()
    return {"status": "ok"}


@router.get("/metrics", tags=["server"], response_class=PlainTextResponse, responses=declared())
def metrics(request: Request) -> Response:
    """Give figures for Prometheus."""
    body, media_type = request.app.state.metrics.exposed(_shop(request))
    return Response(body, media_type=media_type)


def _answered(
    request: Request,
    question: Question,
    asked: Similar | LookAlikes,
    loaded: LoadedRevision | None = None,
) -> Response:
    engine = _shop(request).engine()
    loaded = loaded or engine.loaded()
    filters = asked.filters(loaded)
    cheaper = None
    if isinstance(asked, Searched | LookAlikes):
        cheaper = asked.cheaper(loaded, filters)
    recorder = _shop(request).recorder() if asked.session else None
    if cheaper is None and recorder is not None:
        drafted = experiment.search(
            engine, question, filters, asked.options(), session=asked.session, loaded=loaded
        )
    else:
        drafted = Drafted(engine.search(question, filters, asked.options(), cheaper, loaded=loaded))
    result = drafted.result
    answer = answers.of_found(request, result, asked.skipped(), asked.next(result.passed))
    response = answers.unless_known(request, answer)
    if recorder is not None:
        told = Search.of(
            question,
            result,
            session=asked.session,
            cheaper=cheaper,
            skipped=asked.skipped(),
            experiment=drafted.experiment,
            teams=drafted.teams,
        )
        recorder.record(told)
        response.headers["X-Search-Id"] = told.id
    return response


def _sold(loaded: LoadedRevision, id: str) -> Product:
    """Give a product that customers may know of.

    :raises Refused: there is none, or it was withdrawn.
    """
    with contextlib.suppress(QueryError):
        found = loaded.product(id)
        if found.active:
            return found
    raise Refused(404, "no-such-product", "The shop sells no product of this id.")


def _picture(request: Request, sha256: str, *, thumbnail: bool) -> Response:
    shop = _shop(request)
    stored = None
    if _SHA256.fullmatch(sha256):
        stored = shop.engine().loaded().sold_photo(sha256)
    if stored is None:
        raise Refused(404, "no-such-photograph", "The shop has no photograph of this name.")
    file = shop.photo_file(stored, thumbnail=thumbnail)
    if not file.is_file():
        raise Refused(404, "no-such-photograph", "The photograph's file is gone: run doctor.")
    headers = {**_FOR_EVER, "ETag": f'"{sha256}"', "X-Content-Type-Options": "nosniff"}
    if f'"{sha256}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return FileResponse(file, headers=headers)


def _bytes(upload: UploadFile) -> bytes:
    """Read a photograph that was sent.

    :raises Refused: it is larger than any that is read.
    """
    data = upload.file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        sentence = f"A photograph has at most {MAX_BYTES // 1_000_000} MB."
        raise Refused(413, "too-large", sentence)
    return data


def openapi_schemas() -> dict[str, Any]:
    """Give the schemas that answers refer to and no route returns."""
    return {"Problem": problems.Problem.model_json_schema()}
