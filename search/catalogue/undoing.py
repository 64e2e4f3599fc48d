"""Undo, redo and going back: what each would change, and what is asked before.

An undo and a redo bring the state of an earlier revision back, as a revision of their own, so the
list of revisions only grows. Followed from undo to undo they make the familiar two stacks: a
further undo takes back the change before, a redo the undo itself.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Literal

from search.catalogue import revisions
from search.errors import CatalogueError
from search.plural import counted

Kind = Literal["undo", "redo", "restore"]

MANY = 20  # products; more are not changed back without a question
NAMED = 3  # colleagues whom a question names

# What differs between the state after a revision and now: each row as it was, and as it is.
_DIFFERENT = """
WITH span AS (
    SELECT entity, key, min(id) AS first, max(id) AS last
    FROM journal WHERE revision > ? GROUP BY entity, key
)
SELECT span.entity, CASE span.entity WHEN 'product' THEN span.key
       ELSE json_extract(coalesce(then_.before, now.after), '$.product_id') END,
       then_.before IS NOT NULL, now.after IS NOT NULL
FROM span JOIN journal AS then_ ON then_.id = span.first JOIN journal AS now ON now.id = span.last
WHERE json_remove(then_.before, '$.updated') IS NOT json_remove(now.after, '$.updated')
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A way to another state: which one, and what going there would change.

    `change` is the revision taken back, for a redo the undo that is, and for a restore the one
    asked for; `target` the revision whose state comes back. `products` counts those that would
    change or whose photographs would, `left` those there would be in all; `others` are colleagues
    whose changes would be lost.
    """

    kind: Kind
    change: int
    target: int
    products: int
    left: int
    others: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """What to ask first; empty where one may go at once, as a redo always may."""
        if self.kind == "redo" or not (self.others or self.products > MANY or not self.left):
            return ""
        doing = "Undo" if self.kind == "undo" else "Go back to"
        sentences = [
            f"{doing} revision {self.change}?",
            f"That changes {counted(self.products, 'product')}"
            + ("." if self.left else " and leaves the catalogue empty."),
        ]
        if self.others:
            named = ", ".join(self.others[:NAMED]) + ("…" if len(self.others) > NAMED else "")
            sentences.append(f"It takes back what others did: {named}.")
        return " ".join(sentences)


def step(connection: sqlite3.Connection, kind: Kind, actor: str, number: int) -> Step:
    """Plan an undo, a redo, or a way back to revision `number`, from the newest revision.

    :raises CatalogueError: as the functions below.
    """
    before = revisions.newest(connection) + 1
    if kind == "undo":
        return undo_step(connection, actor, before)
    if kind == "redo":
        return redo_step(connection, before)
    return restore_step(connection, actor, number, before)


def undo_step(connection: sqlite3.Connection, actor: str, before: int) -> Step:
    """Plan to take back the last change of products or photographs before a revision.

    An undo that was itself the last change leads on to the change before the one it undid; a
    change that left no difference is passed over.

    :raises CatalogueError: when there is none, or it brought the catalogue its first products.
    """
    number = before
    while True:
        number = _last_change(connection, number)
        found = _step(connection, "undo", number, number - 1)
        if found.products:
            break
    if not found.left:
        raise CatalogueError(
            f"Before revision {number} this catalogue had no products, so it cannot be undone: "
            "delete or withdraw products instead."
        )
    (by,) = connection.execute("SELECT actor FROM revision WHERE number = ?", (number,)).fetchone()
    return _with_others(found, [by], actor)


def redo_step(connection: sqlite3.Connection, before: int) -> Step:
    """Plan to take back the last undo, as long as nothing else was changed since.

    :raises CatalogueError: when there is no such undo, or it is too old.
    """
    found = _last(connection, before - 1)
    while found is not None and found[1] == "redo" and found[2] is not None:
        found = _last(connection, found[2])
    if found is None or found[1] != "undo":
        raise CatalogueError("There is no undo to take back.")
    return _step(connection, "redo", found[0], found[0] - 1)


def restore_step(connection: sqlite3.Connection, actor: str, number: int, before: int) -> Step:
    """Plan to go back to the state after revision `number`.

    :raises CatalogueError: when there is no such revision, or it is too old to be restored.
    """
    revisions.check_restorable(connection, number, before)
    made = connection.execute(
        "SELECT DISTINCT actor FROM revision WHERE number > ? AND number < ?"
        " AND number IN (SELECT revision FROM journal) ORDER BY number DESC",
        (number, before),
    )
    found = _step(connection, "restore", number, number)
    return _with_others(found, [by for (by,) in made], actor)


def check_agreed(step: Step, agreed: str | None) -> None:
    """Refuse a step about which something else would be asked by now than was agreed to.

    :raises CatalogueError: when somebody changed the catalogue meanwhile.
    """
    if agreed is not None and step.question and step.question != agreed:
        raise CatalogueError("The catalogue was changed meanwhile: look again before going back.")


def _with_others(step: Step, names: list[str], actor: str) -> Step:
    others = tuple(dict.fromkeys(name or "somebody" for name in names if name != actor))
    return Step(step.kind, step.change, step.target, step.products, step.left, others)


def _step(connection: sqlite3.Connection, kind: Kind, change: int, target: int) -> Step:
    revisions.refuse_damaged(connection)
    rows = connection.execute(_DIFFERENT, (target,)).fetchall()
    (left,) = connection.execute("SELECT count(*) FROM product").fetchone()
    for entity, _, was, is_ in rows:
        if entity == "product":
            left += was - is_
    return Step(kind, change, target, len({product for _, product, *_ in rows}), left)


def _last(connection: sqlite3.Connection, number: int) -> tuple[int, str, int | None] | None:
    """Return number, action and restored of the last revision up to `number` with a journal."""
    row: tuple[int, str, int | None] | None = connection.execute(
        "SELECT number, action, restored FROM revision"
        " WHERE number = (SELECT max(revision) FROM journal WHERE revision <= ?)",
        (number,),
    ).fetchone()
    return row


def _last_change(connection: sqlite3.Connection, before: int) -> int:
    """Return the last change before a revision that is not undone.

    :raises CatalogueError: when there is none, or it is too old.
    """
    number = before - 1
    while True:
        found = _last(connection, number)
        if found is None:
            raise CatalogueError("There is no earlier change to undo.")
        number, action, restored = found
        if action not in ("undo", "redo") or restored is None:
            return number
        number = restored
