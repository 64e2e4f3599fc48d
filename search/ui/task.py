"""A long task beside the page: progress, cancelling, and a result to pick up later."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from search.errors import SearchError
from search.importing.apply import ImportResult
from search.importing.plan import ImportPlan
from search.importing.review import ImportReview
from search.progress import OnProgress, Progress

Result = TypeVar("Result")

_log = logging.getLogger(__name__)


class Task(Generic[Result]):
    """Runs `work(on_progress)` in a thread; the page looks in as often as it likes."""

    def __init__(self, work: Callable[[OnProgress], Result]) -> None:
        self.progress: Progress | None = None
        self.result: Result | None = None
        self.error: SearchError | None = None
        self._cancelled = threading.Event()
        # The work holds uploads; handed to the thread, it is freed with its end.
        self._thread = threading.Thread(target=self._run, args=(work,), name="task", daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether there is a result or an error."""
        return not self._thread.is_alive()

    def cancel(self) -> None:
        """Ask the task to stop at its next step."""
        self._cancelled.set()

    def _run(self, work: Callable[[OnProgress], Result]) -> None:
        try:
            self.result = work(self._report)
        except SearchError as error:
            self.error = error
        except Exception:
            _log.exception("A task failed")
            self.error = SearchError(
                "Something went wrong here and nothing was changed; the log says what."
            )

    def _report(self, progress: Progress) -> bool:
        self.progress = progress
        return not self._cancelled.is_set()


@dataclass(slots=True)
class Draft:
    """Photographs or a table on their way into the catalogue, from check to done."""

    checking: Task[ImportReview] | None = None
    applying: Task[ImportResult] | None = None
    plan: ImportPlan | None = None
