"""A Dask cluster reached through its scheduler: checked at once, and what it raises in sentences.

Dask is optional. It pickles what goes between its processes, so whoever reaches one of them may run
anything there: a cluster is a network that is trusted as a whole (see SECURITY.md).
"""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator
from typing import Any

from search.errors import ClusterError
from search.network import worker
from search.network.extractor import Extractor

_ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d+")
_LOGGERS = ("distributed.client", "distributed.core", "tornado.application")
_SECONDS = 15.0  # to reach the scheduler, and for a first worker to be there


@contextlib.contextmanager
def reached(address: str, extractor: Extractor) -> Iterator[Any]:
    """Give joblib's backend of a cluster whose workers all make the extractor's features.

    TLS, its certificates too, is set where Dask's own settings are.

    :raises ClusterError: when Dask is not installed, there is no such scheduler or it has no
        workers, when one of them lacks this program or has another network, or all are lost midway.
    """
    try:
        from dask import config
        from distributed import Client, Security
        from joblib._dask import DaskDistributedBackend
    except ImportError as error:
        raise ClusterError(
            "A cluster is reached through Dask, which is not installed here: "
            "`pip install 'dask[distributed]'`, for its scheduler and workers too."
        ) from error
    if not _ADDRESS.fullmatch(address):
        raise ClusterError(f"“{address}” is no scheduler's address: write it as tcp://host:8786.")
    if address.startswith("tls") and not Security().get_connection_args("client")["ssl_context"]:
        raise ClusterError(
            f"Dask's settings name no certificates to reach {address} with: SECURITY.md says which."
        )

    class Cluster(DaskDistributedBackend):  # type: ignore[misc]
        """Dask's workers, also where they have a single thread: joblib would then compute here."""

        def effective_n_jobs(self, n_jobs: int) -> int:
            return max(2, int(super().effective_n_jobs(n_jobs)))

    # It would warn of more than 10 MB at once, which a batch of photographs may well have.
    with _quiet(), config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"}):
        try:
            client = Client(address, timeout=_SECONDS, set_as_default=False)
        except OSError as error:
            raise ClusterError(
                f"There is no Dask scheduler at {address}: start one with `dask scheduler`, and "
                "look whether this machine may reach it."
            ) from error
        with client, _explained(address):
            _check(client, address, extractor)
            yield Cluster(client=client)


def _check(client: Any, address: str, extractor: Extractor) -> None:
    """Refuse a cluster that lacks workers, or one of which lacks what it needs."""
    try:
        client.wait_for_workers(1, timeout=_SECONDS)
    except TimeoutError as error:
        raise ClusterError(
            f"The scheduler at {address} has no workers: start some with `dask worker {address}`."
        ) from error
    try:
        client.run_on_scheduler(worker.is_here)
    except ImportError as error:
        raise _lacking(f"The scheduler at {address}", str(error)) from error
    found = client.run(worker.fingerprint_here, extractor.recipe(), on_error="return")
    for place, answer in found.items():
        if isinstance(answer, Exception):
            raise _lacking(f"The worker at {place}", str(answer))
        worker.refuse_another(place, answer, extractor.fingerprint)


def _lacking(who: str, why: str) -> ClusterError:
    return ClusterError(
        f"{who} lacks what it needs ({why}): install the same version of this program there, and "
        "start it anew in the folder of app.py."
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Have no tracebacks logged of connections that are lost or closed: our sentences tell that."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@contextlib.contextmanager
def _explained(address: str) -> Iterator[None]:
    """Turn what Dask raises, as where its scheduler is gone, into a sentence."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "distributed":
            raise
        why = re.sub(r"^batch_of\S+ ", "", str(error).partition("\n")[0]).rstrip(".")
        raise ClusterError(
            f"The cluster of {address} gave up ({why}): look after its scheduler and workers, then "
            "run this again; what is encoded is saved."
        ) from error
