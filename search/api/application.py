"""The application: routes, refusals, and what stands before them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from search.api import answers, problems, routes
from search.api.gate import AllowedOrigins, Gate
from search.api.metrics import Measured, Metrics
from search.api.shop import Shop

ROOT = "/api"

_DESCRIPTION = """
A shop's visual product search: a photograph goes in, the catalogue's most similar products come
out, each with its cosine score; and the cheaper look-alikes of a product. Every refusal is a
`application/problem+json` with one sentence that says what to do, and a `code` for programs.
"""


def create_app() -> Starlette:
    """Make the application that a server runs, with the API below `/api`."""
    api = create_api()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        api.state.shop.warm_up()
        yield
        api.state.shop.close()

    return Starlette(routes=[Mount(ROOT, api)], lifespan=lifespan)


def create_api() -> FastAPI:
    """Make the API itself, to be mounted below `/api`."""
    api = FastAPI(
        title="Visual product search",
        version="1",
        description=_DESCRIPTION,
        openapi_url=f"/{answers.VERSION}/openapi.json",
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    api.state.shop, api.state.metrics = Shop(), Metrics()
    api.include_router(routes.router)
    problems.install(api)
    # The last one added stands first.
    api.add_middleware(Gate)
    api.add_middleware(AllowedOrigins)
    api.add_middleware(Measured, metrics=api.state.metrics)
    describe = api.openapi

    def described() -> dict[str, Any]:
        schema = describe()
        schema["components"]["schemas"].update(routes.openapi_schemas())
        schema["components"]["schemas"].pop("HTTPValidationError", None)
        schema["components"]["schemas"].pop("ValidationError", None)
        schema["components"]["securitySchemes"] = {
            "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"}
        }
        schema["security"] = [{"key": []}, {}]
        return schema

    api.openapi = described  # type: ignore[method-assign]
    return api
