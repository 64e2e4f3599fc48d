"""`publish`: the catalogue written to Milvus, where many processes search it."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from dataclasses import asdict
from types import FrameType
from typing import Any

from search.cli import DONE, FAILED, PARTLY
from search.cli import arguments as shared
from search.cli.output import print_json, progress
from search.engine.milvus.address import Address
from search.engine.milvus.client import disconnect
from search.engine.publishing import Publication, Publisher, follow
from search.engine.verifying import ENOUGH, Verification, verify
from search.plural import counted


def add_commands(commands: Any) -> None:
    """Add `publish`."""
    parser = commands.add_parser(
        "publish", help="write the catalogue to Milvus, to be searched there"
    )
    parser.add_argument(
        "address", help="milvus://host:19530/name, or milvus-lite:PATH or PATH.db for a folder"
    )
    parser.add_argument(
        "--rebuild", action="store_true", help="write all of it anew, then switch to it at once"
    )
    parser.add_argument(
        "--verify", action="store_true", help="compare counts and neighbours with the exact answer"
    )
    parser.add_argument(
        "--follow", action="store_true", help="go on publishing each change within a second"
    )
    shared.add_catalogue(parser)
    shared.add_network(parser)
    shared.add_json(parser)
    parser.set_defaults(run=publish)


def publish(arguments: argparse.Namespace) -> int:
    """Publish the newest revision; then, if asked to, verify it and go on with the next ones."""
    address = Address.parse(arguments.address)
    catalogue = shared.catalogue(arguments)
    fingerprint = shared.extractor(arguments, catalogue).fingerprint
    try:
        with Publisher(catalogue, fingerprint, address) as publisher:
            with progress("Publishing", as_json=arguments.json) as on_progress:
                done = publisher.publish(rebuild=arguments.rebuild, on_progress=on_progress)
            _report(done, as_json=arguments.json)
            code = PARTLY if done.left_out else DONE
            if arguments.verify:
                with progress("Verifying", as_json=arguments.json) as on_progress:
                    found = verify(catalogue, fingerprint, address, on_progress=on_progress)
                code = _tell(found, as_json=arguments.json) or code
            if arguments.follow:
                _follow(publisher, as_json=arguments.json)
    finally:
        disconnect(address)
    return code


def _follow(publisher: Publisher, *, as_json: bool) -> None:
    """Publish each change until the process is told to end."""
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for done in follow(
            publisher, ended.is_set, on_failure=lambda error: print(error, file=sys.stderr)
        ):
            if done.written or done.deleted:
                _report(done, as_json=as_json)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _report(done: Publication, *, as_json: bool) -> None:
    for sentence in done.left_out:
        print(sentence, file=sys.stderr)
    if as_json:
        print_json({"event": "published", **asdict(done)})
        return
    switched = "; it is in use from now on" if done.switched else ""
    print(
        f"Revision {done.revision} is published at {done.address}: "
        f"{counted(done.products, 'product')}, {counted(done.photographs, 'photograph')}; "
        f"{counted(done.written, 'row')} written, {done.deleted:,} deleted{switched}.",
        flush=True,
    )


def _tell(found: Verification, *, as_json: bool) -> int:
    if as_json:
        print_json({"event": "verified", **found.to_dict()})
    else:
        for title, (own, theirs) in (
            ("products", found.products),
            ("products to buy, variants once", found.buyable),
            ("photographs", found.photographs),
        ):
            print(f"{title}: {own:,} in the catalogue, {theirs:,} published")
        print(
            f"recall@10: {found.recall:.4f} of the exact neighbours of "
            f"{counted(found.sampled, 'photograph')}"
        )
    if found.holds:
        return DONE
    print(
        "What is published is not the catalogue, or finds less than "
        f"{ENOUGH:.0%} of the neighbours: publish it anew with --rebuild.",
        file=sys.stderr,
    )
    return FAILED
