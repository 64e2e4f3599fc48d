"""HTTP for the client's website: `uvicorn search.api:app`, or beside the pages in one process.

What is asked is built from the engine's values, what is answered is the engine's serialisation, and
what is refused is the engine's sentence.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.applications import Starlette

    app: Starlette


def __getattr__(name: str) -> Any:
    if name == "app":  # made when a server asks for it, not by whoever imports a part
        return _application()
    raise AttributeError(name)


@cache
def _application() -> Starlette:
    from search.api.application import create_app

    return create_app()
