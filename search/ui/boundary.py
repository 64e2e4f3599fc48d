"""Where errors end: a `SearchError` is shown as its sentence, all else goes to the log.

Streamlit runs pages, fragments and callbacks apart from each other, so each has its own way in:
`app.py` and every fragment (a dialog is one) run inside `in_words`, callbacks are `reported`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

from search.errors import SearchError
from search.ui import state
from search.ui.components.common import notices

UNEXPECTED = (
    "Something went wrong here. Try it again; if it happens again, the server's log says why."
)

P = ParamSpec("P")

_log = logging.getLogger(__name__)


@contextmanager
def in_words() -> Iterator[None]:
    """Show what goes wrong inside as one sentence, where the page is at that moment."""
    try:
        yield
    except SearchError as error:
        notices.error(error)
    except Exception:
        _log.exception("A page failed")
        notices.error(UNEXPECTED)


def reported(callback: Callable[P, None]) -> Callable[P, None]:
    """Mark a callback: the run that follows shows what goes wrong in it."""

    @wraps(callback)
    def called(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except SearchError as error:
            state.report_problem(str(error))
        except Exception:
            _log.exception("A callback failed")
            state.report_problem(UNEXPECTED)

    return called
