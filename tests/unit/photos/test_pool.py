"""The processes that decode photographs: what a hostile one may cost, and that they come back."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from search import photos
from search.errors import PhotoError, UnreadablePhoto
from search.photos import channel, pool
from tests.helpers import ROOT, draw, encode
from tests.hostile import float_tiff, progressive


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[pool.Pool]:
    """A pool of two workers, of this test alone."""
    made = pool.Pool(2)
    monkeypatch.setattr(pool, "POOL", made)
    yield made
    made.close()


def pids(of: pool.Pool) -> list[int]:
    return [worker._process.pid for worker in of._waiting]


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()  # a zombie has ended
        return status.rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_pixels_arrive_as_they_were_decoded(own: pool.Pool) -> None:
    for size in ((16, 16), (61, 37), (1200, 900)):
        image = draw(str(size), size)
        photo = photos.read(encode(image), cached=False)
        assert photo.image.mode == "RGB"
        assert (np.asarray(photo.image) == np.asarray(image)).all()
    assert len(pids(own)) == 1


def test_without_shared_memory_the_pipe_does(
    own: pool.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "new_region", lambda: None)
    for n in range(3):
        image = draw(n, (400, 300))
        photo = photos.read(encode(image), cached=False)
        assert (np.asarray(photo.image) == np.asarray(image)).all()
    assert photos.reduced(encode(image), 40).size == (40, 30)


def test_one_photograph_is_not_written_over_by_the_next(own: pool.Pool) -> None:
    first, second = draw(1, (300, 300)), draw(2, (300, 300))
    photo = photos.read(encode(first), cached=False)
    photos.read(encode(second), cached=False)
    assert (np.asarray(photo.image) == np.asarray(first)).all()


def test_fewer_pixels_for_who_needs_fewer() -> None:
    data = encode(draw(3, (400, 200)))
    assert photos.reduced(data, 100).size == (100, 50)
    assert photos.reduced(data, 1000).size == (400, 200)
    checked = photos.check(data)
    assert (checked.width, checked.height, checked.format) == (400, 200, "PNG")
    assert checked.sha256 == photos.read(data).sha256
    with pytest.raises(PhotoError, match="“x” is damaged"):
        photos.check(data[:100], name="x")


def test_what_takes_too_long_is_ended_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    impatient = pool.Pool(1, seconds=0.2)
    monkeypatch.setattr(pool, "POOL", impatient)
    impatient.warm()
    slow = progressive((3600, 3600), scans=100)  # within the limits on scans
    with pytest.raises(UnreadablePhoto, match="“slow” takes longer to read"):
        photos.read(slow, name="slow")
    assert photos.read(encode(draw(4)), cached=False).width == 64
    impatient.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only there the limit covers all memory")
def test_what_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    poor = pool.Pool(1, memory=150_000_000)
    monkeypatch.setattr(pool, "POOL", poor)
    with pytest.raises(UnreadablePhoto, match=r"“hog” (takes more memory|breaks its decoder)"):
        photos.read(float_tiff((6300, 6300)), name="hog")
    assert photos.read(encode(draw(5)), cached=False).width == 64
    poor.close()


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
def test_a_crash_is_a_sentence_and_the_next_is_read(own: pool.Pool) -> None:
    photos.read(encode(draw(6)), cached=False)
    (pid,) = pids(own)
    os.kill(pid, signal.SIGSTOP)
    timer = threading.Timer(0.2, os.kill, (pid, signal.SIGKILL))
    timer.start()
    with pytest.raises(UnreadablePhoto, match="“it” breaks its decoder"):
        photos.read(encode(draw(6)), name="it", cached=False)
    timer.join()
    assert photos.read(encode(draw(6)), cached=False).width == 64


def test_a_worker_killed_while_it_waits_is_replaced(own: pool.Pool) -> None:
    own.warm()
    own._waiting[0]._process.kill()
    own._waiting[0]._process.wait()
    assert photos.read(encode(draw(7)), cached=False).width == 64


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"size": [0, 5], "own": [5, 5], "notes": []},
        {"size": [100_000, 100_000], "own": [5, 5], "notes": []},
        {"size": [5], "own": [5, 5], "notes": []},
        {"size": ["a", 5], "own": [5, 5], "notes": []},
        {"size": [5, 5], "own": [5, 5, 5], "notes": []},
        {"size": [5, 5], "own": [5, 5], "notes": 5},
    ],
)
def test_an_answer_that_makes_no_sense_is_not_believed(
    answer: dict[str, object], own: pool.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.warm()
    (asked,) = pids(own)
    monkeypatch.setattr(pool._Worker, "ask", lambda *_: answer)
    with pytest.raises(UnreadablePhoto):
        photos.read(encode(draw(8)), cached=False)
    assert asked not in pids(own)


@pytest.mark.skipif(sys.platform != "linux", reason="only there memory is shared")
def test_the_shared_memory_cannot_be_taken_away() -> None:
    made = channel.new_region()
    assert made is not None
    region, descriptor = made
    for size in (0, channel.REGION + 1):
        with pytest.raises(PermissionError):
            os.ftruncate(descriptor, size)
    os.close(descriptor)
    region.close()


def test_threads_read_side_by_side(own: pool.Pool) -> None:
    pictures = [draw(n, (90, 60)) for n in range(12)]

    def same(n: int) -> bool:
        photo = photos.read(encode(pictures[n]), cached=False)
        return bool((np.asarray(photo.image) == np.asarray(pictures[n])).all())

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(same, range(12)))
    assert 1 <= len(pids(own)) <= 2


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_end_with_their_parent() -> None:
    script = """
        import os, signal
        from search.photos import pool
        pool.POOL.warm()
        print(pool.POOL._waiting[0]._process.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, capture_output=True, text=True
    )
    pid = int(done.stdout)
    for _ in range(100):
        if not is_running(pid):
            return
        time.sleep(0.05)
    pytest.fail("the worker lives on")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_busy_worker_without_a_parent_ends_itself(tmp_path) -> None:
    (tmp_path / "slow.jpg").write_bytes(progressive((3600, 3600), scans=100))
    script = """
        import os, signal, sys, threading
        from search import photos
        from search.photos import pool
        pool.POOL = pool.Pool(1, seconds=0.4)
        pool.POOL.warm()
        print(pool.POOL._waiting[0]._process.pid, flush=True)
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGKILL)).start()
        photos.read(sys.argv[1])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "slow.jpg")],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    pid = int(done.stdout)
    for _ in range(100):
        if not is_running(pid):
            return
        time.sleep(0.05)
    pytest.fail("the worker goes on")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_has_workers_of_its_own(own: pool.Pool) -> None:
    script = """
        import os
        from search import photos
        from search.photos import pool
        from tests.helpers import draw, encode
        pool.POOL.warm()
        parent = pool.POOL._waiting[0]._process.pid
        if child := os.fork():
            assert os.waitpid(child, 0)[1] == 0
            assert photos.read(encode(draw(1)), cached=False).width == 64
            assert pool.POOL._waiting[0]._process.pid == parent
        else:
            assert photos.read(encode(draw(2)), cached=False).width == 64
            assert pool.POOL._waiting[0]._process.pid != parent
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, check=True)


def test_a_process_that_does_not_start_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "POOL", pool.Pool(1))
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(UnreadablePhoto, match="does not start"):
        photos.read(encode(draw(9)), cached=False)
    monkeypatch.setattr(sys, "executable", "/bin/true")
    with pytest.raises(UnreadablePhoto, match="does not start"):
        photos.read(encode(draw(9)), cached=False)
