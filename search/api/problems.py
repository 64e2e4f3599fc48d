"""Refusals as problem+json (RFC 9457): the engine's sentence, and a code that stays."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from search import errors

MEDIA_TYPE = "application/problem+json"

# The first class that an error is of decides: its status and its code.
_OF_ERRORS: tuple[tuple[type[errors.SearchError], int, str], ...] = (
    (errors.OverloadedError, 429, "overloaded"),
    (errors.AccessError, 403, "not-allowed"),
    (errors.OutsideError, 404, "no-such-photograph"),
    (errors.PhotoError, 422, "unusable-photograph"),
    (errors.FeatureError, 422, "unusable-photograph"),
    (errors.QueryError, 422, "unanswerable-query"),
    (errors.BusyError, 503, "catalogue-busy"),
    (errors.MismatchError, 503, "not-encoded"),
    (errors.NetworkError, 503, "network-unavailable"),
    (errors.CatalogueError, 503, "catalogue-unavailable"),
    (errors.IndexUnavailable, 503, "index-unavailable"),
    (errors.SearchError, 500, "failed"),
)
_SAID = {
    404: "There is nothing at this address; /api/v1/openapi.json names all there are.",
    405: "This address is asked by another method; /api/v1/openapi.json names it.",
}
_RETRY_AFTER = {429: "2", 503: "10"}  # seconds


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(
        default="about:blank", description="always about:blank; `code` tells the kind"
    )
    title: str = Field(description="the status in words")
    status: int
    code: str = Field(description="the kind of refusal, for programs; it stays as it is")
    detail: str = Field(description="one sentence for people, which says what to do")


def respond(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Make the answer that refuses a request."""
    problem = Problem(title=HTTPStatus(status).phrase, status=status, code=code, detail=detail)
    more = {"Retry-After": _RETRY_AFTER[status]} if status in _RETRY_AFTER else {}
    return JSONResponse(
        problem.model_dump(), status, {**more, **(headers or {})}, media_type=MEDIA_TYPE
    )


class Refused(Exception):
    """A request is refused by the API itself, with a status and a code."""

    def __init__(
        self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.headers = status, code, detail, headers

    def respond(self) -> JSONResponse:
        """Make its answer."""
        return respond(self.status, self.code, self.detail, self.headers)


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare for the schema that a route may refuse with these statuses."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in (*statuses, 401, 403, 422, 429, 500, 503)
    }


def install(app: FastAPI) -> None:
    """Answer every refusal and failure as a problem."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(errors.SearchError, _of_engine)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _failed)


def _refused(_: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, Refused)
    return refusal.respond()


def _of_engine(_: Request, error: Exception) -> JSONResponse:
    status, code = next((s, c) for kind, s, c in _OF_ERRORS if isinstance(error, kind))
    return respond(status, code, str(error))


def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in ("query", "body"))
    return respond(422, "invalid-parameter", f"{where or 'The request'}: {first['msg']}.")


def _of_http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    detail = _SAID.get(error.status_code, f"{error.detail}.")
    return respond(error.status_code, code, detail, error.headers)


def _failed(_: Request, __: Exception) -> JSONResponse:
    return respond(500, "failed", "Something went wrong here; the server's log says what.")
