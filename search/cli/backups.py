"""`backup` and `restore-backup`: folders elsewhere, and the backups made by themselves."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from pathlib import Path
from typing import Any

from search import workspace
from search.cli import DONE, PARTLY
from search.cli import arguments as shared
from search.cli.output import print_json, print_table, progress
from search.errors import BackupError
from search.files import size
from search.plural import counted


def add_commands(commands: Any) -> None:
    """Add `backup` and `restore-backup`."""
    parser = commands.add_parser(
        "backup", help="back up the database and all photographs to a folder, also while in use"
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="a new one, or an earlier backup")
    _finish(parser, back_up)

    parser = commands.add_parser(
        "restore-backup", help="put a backup back, also where the catalogue is damaged or emptied"
    )
    parser.add_argument(
        "backup",
        nargs="?",
        metavar="NAME|DIR",
        help="one made by itself (default: the last sound one), or a folder made by `backup`",
    )
    parser.add_argument("--list", action="store_true", help="list those made by themselves")
    _finish(parser, restore_backup)


def _finish(parser: argparse.ArgumentParser, run: Any) -> None:
    shared.add_catalogue(parser)
    shared.add_json(parser)
    parser.set_defaults(run=run)


def back_up(arguments: argparse.Namespace) -> int:
    """Back the catalogue up to a folder, or bring the backup there up to date."""
    folder: Path = arguments.folder
    with progress("Backing up", as_json=arguments.json) as on_progress:
        done = workspace.back_up(
            folder, arguments.catalogue, actor=shared.actor(), on_progress=on_progress
        )
    for sentence in done.problems:
        print(sentence, file=sys.stderr)
    if arguments.json:
        print_json({"event": "done", **dataclasses.asdict(done)})
    else:
        parts = {"there already": done.kept, "linked": done.linked, "copied": done.copied}
        told = ", ".join(f"{count:,} {how}" for how, count in parts.items() if count)
        photographs = counted(done.photographs, "photograph")
        print(
            f"Revision {done.revision} with {photographs}{f' ({told})' if told else ''} is in "
            f"{folder}; `python -m search restore-backup {folder}` puts it back."
        )
        if done.linked:
            print("What is linked is lost with its disk: keep a backup on another one too.")
    return PARTLY if done.problems else DONE


def restore_backup(arguments: argparse.Namespace) -> int:
    """Put the last backup back, or the one named; what was there is kept as a backup too."""
    if arguments.list:
        return _list_backups(arguments)
    named = arguments.backup
    if named is not None and (os.sep in named or Path(named).is_dir()):
        return _restore_folder(arguments, Path(named))
    backup = workspace.restore_backup(arguments.catalogue, named, actor=shared.actor())
    when = f"{backup.at:%Y-%m-%d at %H:%M} UTC"
    return _report(arguments, arguments.catalogue, when, (), backup=backup.name)


def _restore_folder(arguments: argparse.Namespace, folder: Path) -> int:
    if not folder.is_dir():
        raise BackupError(f"{folder} is not a folder: name one made by `python -m search backup`.")
    with progress("Putting back", as_json=arguments.json) as on_progress:
        name, done = workspace.restore_folder(
            folder, arguments.catalogue, actor=shared.actor(), on_progress=on_progress
        )
    facts = {"backup": str(folder), "photographs": done.photographs}
    when = f"{done.backup.at} (revision {done.backup.revision} of {done.backup.catalogue})"
    return _report(arguments, name, when, done.problems, is_new=done.is_new, **facts)


def _report(
    arguments: argparse.Namespace,
    name: str | None,
    when: str,
    problems: tuple[str, ...],
    *,
    is_new: bool = False,
    **facts: object,
) -> int:
    """Say what is there now, and what is not as it should be."""
    with workspace.open_catalogue(name) as catalogue:
        wrong = len(catalogue.check())
        facts = {"catalogue": catalogue.name, "revision": catalogue.revision(), **facts}
    for problem in problems:
        print(problem, file=sys.stderr)
    sentence = f"{facts['catalogue']} is as it was on {when}"
    if is_new:
        sentence += f", as a new catalogue: `--catalogue {facts['catalogue']}` names it."
    else:
        sentence += (
            "; what was there until now is in its folder “backups”. Programs that have it open "
            "should be started anew."
        )
    if wrong:
        sentence += f" {counted(wrong, 'photograph')} to look at: run `python -m search doctor`."
    if arguments.json:
        print_json({**facts, "findings": wrong})
    else:
        print(sentence)
    return PARTLY if problems else DONE


def _list_backups(arguments: argparse.Namespace) -> int:
    rows = [
        {"backup": b.name, "when": f"{b.at:%Y-%m-%d %H:%M}", "what": b.kind, "bytes": size(b.path)}
        for b in workspace.backups_of(arguments.catalogue)
    ]
    if arguments.json:
        for row in rows:
            print_json(row)
    else:
        print_table(("backup", "when (UTC)", "what", "bytes"), [tuple(r.values()) for r in rows])
    return DONE
