"""Sessions that have ended: what they held is freed soon, not at some later visit."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from streamlit import runtime

from search.ui.web import kept, signing, uploads

EVERY = 10.0  # seconds


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """Say how people sign in, and sweep for as long as the server runs."""
    signing.begin()
    sweeping = asyncio.create_task(_keep_sweeping())
    try:
        yield
    finally:
        sweeping.cancel()


async def _keep_sweeping() -> None:
    while True:
        await asyncio.sleep(EVERY)
        if sweep():
            await asyncio.to_thread(gc.collect)


def sweep() -> int:
    """End the sessions whose time to come back is over; tell how many.

    Streamlit forgets them only when the next one is stored, and its store has no way to ask for
    that: what is used of it here is its cache, which a test holds.
    """
    manager: Any = runtime.get_instance()._session_mgr
    over = manager._session_storage._cache.expire()
    for _, info in over:
        info.session.shutdown()
    present = {info.session.id for info in manager.list_sessions()}
    uploads.LEDGER.forget_all_but(present)
    kept.KEPT.forget_all_but(present)
    return len(over)
