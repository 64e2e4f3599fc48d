"""Photographs a second by one and two processes of one core each, beside the plain stream.

Beside the clock's is the processor's time over all processes of a contender, sender and scheduler
too: on a machine that others use as well it is the steadier figure.

All contenders are started once, hold the network (`fashion`, in int8 where OpenVINO is installed)
and take turns, round after round, at the same files of one megapixel: the plain stream on one core
and on two, a Dask cluster of one worker and of two, each pinned to a core of its own, and as many
processes of this machine. Their sender, which reads and sends the files, is not pinned: with two
workers on a machine of two cores it takes its time from theirs.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from search.network import openvino
from search.network.cluster import Workers, spread
from search.network.extractor import NetworkExtractor
from search.network.stream import stream
from tests.benchmarks.encode import Times, photograph, ratio
from tests.helpers import ROOT

_COUNT = 96
_QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclass
class Contender:
    """One way to encode the files: what does it once, and the processes that share the work."""

    run: Callable[[], object]
    processes: Callable[[], list[psutil.Process]]

    def add_to(self, times: Times) -> None:
        """Do it once and note the seconds."""
        clock, processor = time.perf_counter(), self._processor()
        self.run()
        times.clock.append(time.perf_counter() - clock)
        times.processor.append(self._processor() - processor)

    def _processor(self) -> float:
        return sum(sum(process.cpu_times()[:2]) for process in self.processes())


def extractor() -> NetworkExtractor:
    """The network that is measured, always in the same arithmetic."""
    return NetworkExtractor("fashion", precision="int8" if openvino.version() else "float32")


def measure(rounds: int, count: int = _COUNT) -> None:
    """Print photographs a second of each contender, and the ratio to the plain stream's."""
    if not hasattr(os, "sched_setaffinity"):
        print("Processes cannot be pinned to cores here, so nothing is measured.")
        return
    cores = sorted(os.sched_getaffinity(0))[:2]
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as opened:
        folder = Path(place)
        files = [folder / f"{n}.jpg" for n in range(count)]
        for n, file in enumerate(files):
            file.write_bytes(photograph(n % 32) + n.to_bytes(4))
        ways = {
            "plain stream, one core": opened.enter_context(_plain(cores[:1], folder)),
            "plain stream, two cores": opened.enter_context(_plain(cores, folder)),
            "1 worker of a cluster": opened.enter_context(_dask(cores[:1], files, folder)),
            "2 workers of a cluster": opened.enter_context(_dask(cores, files, folder)),
            "2 local processes": Contender(lambda: _spread(Workers(2), files), _local),
        }
        for each in ways.values():
            each.run()  # the network is loaded
        times = {name: Times() for name in ways}
        for _ in range(rounds):
            for name, each in ways.items():
                each.add_to(times[name])
    print(f"{count} photographs of 1 megapixel, {rounds} rounds by turns; cores {cores}")
    one, two = list(times.values())[:2]
    for name, each in times.items():
        print(
            f"  {name:<24}{count / statistics.median(each.clock):6.1f} a second"
            f"  best {count / min(each.clock):5.1f}"
            f"  {ratio(one.clock, each.clock):5.2f} times one core's, "
            f"{ratio(two.clock, each.clock):.2f} times two cores'"
            f"   processor {statistics.median(each.processor) / count * 1e3:5.1f} ms each"
        )


def _spread(workers: Workers, files: list[Path]) -> None:
    encoded = list(spread(extractor(), files, workers, total=len(files)))
    assert not [each.error for each in encoded if each.error]
    assert len(encoded) == len(files)


def _family(*pids: int) -> list[psutil.Process]:
    """Processes with all that they started."""
    roots = [psutil.Process(pid) for pid in pids]
    return [each for root in roots for each in (root, *root.children(recursive=True))]


def _local() -> list[psutil.Process]:
    """This process and joblib's, with all that those started."""
    own = psutil.Process()
    pids = [each.pid for each in own.children() if "LokyProcess" in " ".join(each.cmdline())]
    return [own, *_family(*pids)]


@contextlib.contextmanager
def _plain(cores: list[int], folder: Path) -> Iterator[Contender]:
    """A process on these cores that encodes the folder whenever it is told to."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks._workers", str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    to, answer = process.stdin, process.stdout

    def run() -> None:
        to.write("go\n")
        to.flush()
        assert answer.readline() == "done\n"

    try:
        yield Contender(run, lambda: _family(process.pid))
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _dask(cores: list[int], files: list[Path], folder: Path) -> Iterator[Contender]:
    """A cluster of a worker with one thread on each of these cores."""
    from distributed import Client

    place = folder / f"scheduler-{len(cores)}.json"
    common = ["--scheduler-file", str(place), "--no-dashboard"]
    single = ["--nthreads", "1", "--no-nanny", "--local-directory", str(folder)]
    program = [sys.executable, "-m", "distributed.cli.dask_"]
    started: list[subprocess.Popen[bytes]] = []

    def start(what: str, *options: str, core: int | None = None) -> None:
        pin = None if core is None else lambda: os.sched_setaffinity(0, [core])
        command = [*program[:2], program[2] + what, *common, *options]
        started.append(subprocess.Popen(command, cwd=ROOT, preexec_fn=pin, **_QUIET))

    try:
        start("scheduler", "--port", "0")
        while not (place.is_file() and place.read_bytes()):
            time.sleep(0.1)
        for core in cores:
            start("worker", *single, core=core)
        with Client(scheduler_file=str(place)) as client:
            client.wait_for_workers(len(cores))
            address = client.scheduler.address
        yield Contender(
            lambda: _spread(Workers(scheduler=address), files),
            lambda: [psutil.Process(), *_family(*(each.pid for each in started))],
        )
    finally:
        for process in started:
            process.kill()
            process.wait()


def _serve(folder: Path) -> None:
    files, made = sorted(folder.glob("*.jpg")), extractor()
    for _ in sys.stdin:
        assert not [each.error for each in stream(made, files) if each.error]
        print("done", flush=True)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
