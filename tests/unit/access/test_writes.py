"""Every write, as each role: done, or refused with nothing changed."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import pytest

from search import photos, workspace
from search.access import keys, passcodes
from search.catalogue import Catalogue, bulk, editing
from search.engine import colours
from search.engine.encoding import encode_missing, encode_photos
from search.errors import AccessError, CatalogueError
from search.feedback import experiment
from search.feedback.events import Action
from search.feedback.settings import Setting
from search.feedback.store import EventStore
from search.importing.add import add_photographs, add_products, remove_photograph
from search.importing.apply import apply_import
from search.importing.plan import plan_import
from search.importing.review import review_import
from search.roles import OPERATOR, Person, Role
from tests.helpers import FakeExtractor, draw, encode
from tests.ui.shop import fill

NEW = ("new.png", encode(draw("new")))


@dataclass
class Shop:
    catalogue: Catalogue
    extractor: FakeExtractor

    @property
    def fingerprint(self) -> str:
        return self.extractor.fingerprint

    def everything(self) -> object:
        """All that a write may change."""
        events = EventStore(self.catalogue.folder)
        snapshot = self.catalogue.snapshot(self.fingerprint)
        return (
            *(snapshot.revision, snapshot.products, snapshot.photos, snapshot.photo_ids.tolist()),
            *(self.catalogue.fingerprints(), self.catalogue.setting("network")),
            *(workspace.names(), workspace.current(), keys.listed(), passcodes.listed()),
            sorted(str(file) for file in (self.catalogue.folder / "photos").rglob("*")),
            events.rows("SELECT * FROM action"),
        )


@pytest.fixture
def shop(home, extractor, monkeypatch) -> Shop:
    monkeypatch.setattr(passcodes, "COST", (2, 1, 1))
    monkeypatch.setattr(workspace, "DEMO", home / "nowhere")
    opened = Catalogue(home / "shop")
    fill(opened, extractor, 4)
    with opened.change("Ben", "edit") as change:
        change.update("P02", name="Another")
    workspace.create("other").close()
    workspace.use("shop")
    EventStore(opened.folder).write([Action("click", "session-1", "P00")])
    yield Shop(opened, extractor)
    opened.close()


def with_setting(shop: Shop, who: Person) -> None:
    with shop.catalogue.change(who, "adopt") as change:
        change.set_setting("network", "other")


def compared(shop: Shop, who: Person) -> None:
    experiment.begin(shop.catalogue, "metrics", Setting(), Setting(colour=0.2), who)
    shop.catalogue.set_setting("network", "compared")  # as a sign


def imported(shop: Shop, who: Person) -> None:
    plan = plan_import(shop.catalogue, shop.fingerprint, photos=dict([NEW]))
    apply_import(shop.catalogue, shop.extractor, plan, actor=who)


def without_features(shop: Shop) -> Shop:
    other = FakeExtractor()
    other.fingerprint = "other-network"
    return Shop(shop.catalogue, other)


def reviewed(shop: Shop, who: Person) -> None:
    review_import(shop.catalogue, shop.extractor, photos=dict([NEW]), actor=who)
    shop.catalogue.set_setting("network", "seen")  # as a sign: its features are no photograph's


def changed_together(shop: Shop, who: Person) -> None:
    plan = bulk.plan(shop.catalogue.products(), bulk.BulkEdit(stock=9))
    bulk.apply(shop.catalogue, plan, who)


def photographs(shop: Shop, who: Person) -> None:
    add_photographs(shop.catalogue, shop.extractor, "P00", [NEW], who)


def purged(shop: Shop, who: Person) -> None:
    shop.catalogue.purge(yes_all=True, actor=who)
    workspace.create("purged").close()  # as a sign: nothing was old enough to go


def repaired(shop: Shop, who: Person) -> None:
    shop.catalogue.repair(actor=who)
    workspace.create("repaired").close()


def discarded(shop: Shop, who: Person) -> None:
    shop.catalogue.discard_damaged(shop.fingerprint, who)
    workspace.create("discarded").close()


def put_back(shop: Shop, who: Person) -> None:
    shop.catalogue.backups()  # which waits for the day's own
    workspace.restore_backup("shop", actor=who)


def put_back_from_a_folder(shop: Shop, who: Person) -> None:
    folder = shop.catalogue.folder.parent.parent / "backup"
    workspace.back_up(folder, "shop", actor=OPERATOR)
    workspace.restore_folder(folder, actor=who)


def backed_up(shop: Shop, who: Person) -> None:
    folder = shop.catalogue.folder.parent.parent / "backup"
    workspace.back_up(folder, "shop", actor=who)
    workspace.restore_folder(folder, "copy")


def revoked(shop: Shop, who: Person) -> None:
    keys.revoke(keys.listed()[0].id, who)


def taken(shop: Shop, who: Person) -> None:
    passcodes.remove("Cleo", who)


def accepted(shop: Shop, who: Person) -> None:
    shop.catalogue.accept(who)


def features(shop: Shop, who: Person) -> None:
    photo = photos.read(NEW[1])
    encode_photos(shop.catalogue, shop.extractor, [photo], who)
    shop.catalogue.set_setting("network", "seen")


KEEPING: dict[str, Callable[[Shop, Person], object]] = {
    "edit": lambda s, who: editing.save(s.catalogue, {"P00": {"name": "Renamed"}}, who),
    "withdraw": lambda s, who: editing.set_status(s.catalogue, ["P00"], "withdrawn", who),
    "delete": lambda s, who: editing.delete(s.catalogue, ["P00"], who),
    "change together": changed_together,
    "add photographs": photographs,
    "remove a photograph": lambda s, who: remove_photograph(
        s.catalogue, s.catalogue.photos("P00")[0], who
    ),
    "add products": lambda s, who: add_products(s.catalogue, s.extractor, [NEW], who),
    "import": imported,
    "check an import": reviewed,
    "undo": lambda s, who: s.catalogue.undo(who),
    "redo": lambda s, who: s.catalogue.redo(who),
    "go back": lambda s, who: s.catalogue.restore(1, who),
    "accept": accepted,
    "encode": lambda s, who: encode_missing(s.catalogue, without_features(s).extractor, actor=who),
    "encode some": features,
    "colours": lambda s, who: colours.save_missing(s.catalogue, actor=who),
    "discard": discarded,
}
OWNING: dict[str, Callable[[Shop, Person], object]] = {
    "setting": lambda s, who: s.catalogue.set_setting("network", "other", who),
    "setting in a change": with_setting,
    "begin a comparison": compared,
    "default": lambda s, who: workspace.use("other", who),
    "new catalogue": lambda s, who: workspace.create("third", who).close(),
    "purge": purged,
    "repair": repaired,
    "restore a backup": put_back,
    "restore from a folder": put_back_from_a_folder,
    "back up": backed_up,
    "key": lambda s, who: keys.add("website", actor=who),
    "revoke a key": revoked,
    "passcode": lambda s, who: passcodes.put("Dora", "long enough", Role.VIEWER, who),
    "remove a passcode": taken,
    "delete events": lambda s, who: EventStore(s.catalogue.folder).delete(actor=who),
}
WRITES = {**KEEPING, **OWNING}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("write", WRITES)
def test_a_write_is_done_or_refused_by_role(shop, write, role):
    if write == "revoke a key":
        keys.add("old")
    if write == "remove a passcode":
        passcodes.put("Cleo", "long enough", Role.VIEWER)
    if write == "accept":
        with closing(sqlite3.connect(shop.catalogue.folder / "catalogue.db")) as edited, edited:
            edited.execute("UPDATE product SET name = 'From elsewhere' WHERE id = 'P01'")
    if write == "redo":
        shop.catalogue.undo("Ben")
    do = WRITES[write]
    before, who = shop.everything(), Person("Ann", role)
    if role is Role.OWNER or (role is Role.MERCHANDISER and write in KEEPING):
        do(shop, who)
        assert shop.everything() != before
        newest = shop.catalogue.revisions(1)[0]
        if newest.number > before[0]:
            assert newest.actor == "Ann"
    else:
        with pytest.raises(AccessError, match="sign in as one"):
            do(shop, who)
        assert shop.everything() == before


def test_a_refused_change_leaves_the_catalogue_free(shop):
    with pytest.raises(AccessError), shop.catalogue.change(Person("Ann", Role.VIEWER), "edit"):
        raise AssertionError("nothing is done inside")
    with contextlib.suppress(CatalogueError):
        shop.catalogue.undo(Person("Ann", Role.MERCHANDISER))
    assert shop.catalogue.revisions(1)[0].actor == "Ann"
