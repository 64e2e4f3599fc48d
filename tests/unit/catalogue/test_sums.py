"""Rows that a disk or another program changed: told apart, left out, put right or taken over."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import numpy as np
import pytest

from search.catalogue import Catalogue, Product, backups, queries, sums
from search.engine.encoding import encode_missing
from search.errors import CatalogueError, DamagedError
from search.importing.export import export_zip
from tests.unit.catalogue.old_versions import VERSION_1, make
from tests.unit.catalogue.shops import rename

TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


def edit(catalogue, *statements):
    """Change the database as another program does."""
    with closing(sqlite3.connect(catalogue.folder / "catalogue.db")) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def rot(catalogue, *statements):
    """Change the database as a disk does: without the file's triggers."""
    with closing(sqlite3.connect(catalogue.folder / "catalogue.db")) as connection, connection:
        triggers = connection.execute(TRIGGERS).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)


def kinds(catalogue, **how):
    return [finding.kind for finding in catalogue.check(**how)]


def test_every_row_that_a_change_writes_is_sealed(stocked, photo):
    rename(stocked, "a", "Größer")
    with stocked.change("ann", "more") as change:
        change.delete("b")
        change.put(Product("d", attributes={"kind": "boot"}))
        change.add_photo("d", photo("d"))
    stocked.undo("ann")
    stocked.set_setting("network", "vgg16")
    with stocked._database.reading() as connection:
        for table in sums.KEYS:
            assert sums.columns(connection, table)
            assert sums.broken(connection, table) == set(), table


def test_a_products_checksum_is_about_all_that_it_says(catalogue):
    with catalogue._database.reading() as connection:
        assert set(queries.PRODUCT_COLUMNS) == set(sums.columns(connection, "product"))
        assert set(queries.PHOTO_COLUMNS) == set(sums.columns(connection, "photo"))


@pytest.mark.parametrize(
    ("one", "another"),
    [((None,), ("None",)), ((1,), ("1",)), (("a", "b"), ("a,b", "")), (("é",), ("e\u0301",))],
)
def test_no_two_rows_of_another_content_have_one_checksum(one, another):
    assert sums.of(one) != sums.of(another)


def test_a_checksum_is_the_same_on_every_machine_and_in_every_version():
    assert sums.of(("a", 1, None, "Größe 🥾")) == 2553558571
    assert sums.of(("<f2", b"\0\1")) == 4088984344


class TestDamage:
    def test_a_damaged_product_is_left_out_and_named_and_put_right_from_the_journal(self, stocked):
        before = stocked.products()
        rot(stocked, "UPDATE product SET price = 5, currency = 'EUR' WHERE id = 'b'")
        taken = stocked.snapshot("f")
        assert [p.id for p in taken.products] == ["a", "c"]
        assert {p.product_id for p in taken.photos} == {"a", "c"}
        assert len(taken.features) == 2
        assert taken.left_out == (
            "The row of product “b” is damaged: run `python -m search doctor --repair`.",
            "Photograph number 2 is left out with its product “b”.",
        )
        with pytest.raises(DamagedError, match="“b” is damaged"):
            stocked.product("b")
        (found,) = stocked.check()
        assert (found.kind, "product “b” is damaged" in found.sentence) == ("row", True)
        (repaired,) = stocked.repair()
        assert repaired.repaired
        assert "from the journal" in repaired.sentence
        assert stocked.products() == before
        assert (stocked.revision(), kinds(stocked, thorough=True)) == (2, [])

    def test_a_damaged_checksum_is_made_again(self, stocked):
        rot(stocked, "UPDATE photo SET sum = 7 WHERE product_id = 'a'")
        before = stocked.folder
        assert kinds(stocked) == ["row"]
        assert [f.repaired for f in stocked.repair()] == [True]
        assert kinds(stocked) == []
        assert len(stocked.photos()) == 3
        assert before.is_dir()

    @pytest.mark.parametrize(
        ("statement", "named"),
        [
            ("UPDATE journal SET after = NULL WHERE id = 2", "Entry 2 of the journal"),
            ("UPDATE revision SET actor = 'eve' WHERE number = 1", "Revision 1"),
            ("UPDATE setting SET value = '9' WHERE key = 'journal_from'", "setting “journal_from”"),
        ],
    )
    def test_what_the_journal_has_not_comes_from_a_backup(self, stocked, statement, named):
        rot(stocked, statement)
        (found,) = stocked.check()
        assert named in found.sentence
        (repaired,) = stocked.repair()
        assert "from the backup" in repaired.sentence
        assert kinds(stocked, thorough=True) == []

    def test_what_nobody_knows_stays_named_and_no_file_goes(self, stocked):
        for backup in stocked.backups():
            backup.path.unlink()
        rot(stocked, "UPDATE photo SET file = 'photos/x.png', sum = 3 WHERE product_id = 'a'")
        rot(stocked, "DELETE FROM journal WHERE entity = 'photo'")
        files = sorted((stocked.folder / "photos").rglob("*"))
        assert stocked.repair() == []
        assert kinds(stocked) == ["row"]
        with pytest.raises(DamagedError, match="nothing was deleted"):
            stocked.purge(yes_all=True)
        assert sorted((stocked.folder / "photos").rglob("*")) == files

    def test_no_earlier_state_is_restored_by_a_damaged_journal(self, stocked):
        rot(stocked, "UPDATE journal SET after = '{}', before = '{' WHERE id = 1")
        for act in (lambda: stocked.restore(0, "ann"), lambda: stocked.undo("ann")):
            with pytest.raises(DamagedError, match="journal of the catalogue is damaged"):
                act()
        assert len(stocked.products()) == 3

    @pytest.mark.parametrize("attributes", ["{", "[1]", "[" * 20_000, '{"a": {"b": 1}}'])
    def test_damaged_json_stops_nobody_and_is_put_right(self, stocked, attributes):
        rot(stocked, f"UPDATE product SET attributes = '{attributes}' WHERE id = 'b'")
        assert len(stocked.snapshot("f").products) == 2
        assert [f.repaired for f in stocked.repair()] == [True]
        assert len(stocked.snapshot("f").products) == 3

    def test_text_that_is_none_stops_nobody(self, stocked):
        rot(stocked, "UPDATE product SET name = CAST(X'41FF' AS TEXT) WHERE id = 'b'")
        assert len(stocked.snapshot("f").products) == 2
        assert [f.repaired for f in stocked.repair()] == [True]

    def test_nothing_is_exported_without_what_is_damaged(self, stocked, tmp_path):
        rot(stocked, "UPDATE product SET name = 'x' WHERE id = 'b'")
        with pytest.raises(CatalogueError, match=r"“b” is damaged.* nothing can be exported"):
            export_zip(stocked, tmp_path / "shop.zip")
        assert list(tmp_path.glob("*.zip")) == []

    def test_a_damaged_product_can_be_deleted_or_imported_again(self, stocked):
        for id in "ab":
            rot(stocked, f"UPDATE product SET name = CAST(X'FF' AS TEXT) WHERE id = '{id}'")
        with stocked.change("ann", "put right") as change:
            change.delete("a")
            change.put(Product("b", name="Boot"))
        assert [(p.id, p.name) for p in stocked.products()] == [("b", "Boot"), ("c", "")]
        assert kinds(stocked) == []

    def test_photographs_of_a_product_that_is_gone_are_left_out(self, stocked):
        edit(stocked, "DELETE FROM product WHERE id = 'b'")
        taken = stocked.snapshot("f")
        assert ([p.product_id for p in taken.photos], len(taken.features)) == (["a", "c"], 2)
        assert len(taken.row_product) == 2
        assert taken.left_out == ("Photograph number 2 is left out with its product “b”.",)
        assert kinds(stocked) == ["database"]

    def test_a_trigger_that_is_another_is_damage(self, stocked):
        edit(stocked, "DROP TRIGGER journal_photo_delete")
        assert kinds(stocked) == ["database"]

    @pytest.mark.parametrize(
        ("statement", "named"),
        [
            ("DELETE FROM journal", "Entries of the journal of revision 1 are gone"),
            ("DELETE FROM photo WHERE id = 2", "Photograph number 2 is gone"),
        ],
    )
    def test_rows_that_nobody_deleted_are_missed(self, stocked, statement, named):
        rot(stocked, statement)
        assert named in stocked.check()[0].sentence
        files = sorted((stocked.folder / "photos").rglob("*"))
        stocked.repair()
        with pytest.raises(DamagedError, match="nothing was deleted"):
            stocked.purge(yes_all=True)
        assert sorted((stocked.folder / "photos").rglob("*")) == files

    def test_a_backup_with_a_damaged_row_is_none(self, stocked):
        rot(stocked, "UPDATE product SET name = 'x' WHERE id = 'b'")
        assert backups.make(stocked.folder / "catalogue.db", "before") is None
        (backup,) = stocked.backups()
        stocked.repair()
        with closing(sqlite3.connect(backup.path)) as connection, connection:
            connection.execute("UPDATE revision SET actor = 'eve'")
        assert kinds(stocked) == []
        assert kinds(stocked, thorough=True) == ["backup"]
        assert [f.kind for f in stocked.repair(thorough=True)] == ["backup"]
        assert (stocked.backups(), kinds(stocked, thorough=True)) == ([], [])
        assert (stocked.folder / "strays" / backup.name).is_file()

    def test_a_file_of_before_checksums_gets_them(self, tmp_path):
        broken = VERSION_1.replace('\'{"kind":"boot"}\'', "'{\"kind'")
        with (
            Catalogue(make(tmp_path / "sound", VERSION_1)) as catalogue,
            catalogue._database.reading() as connection,
        ):
            assert sums.damaged(connection) == {}
        with Catalogue(make(tmp_path / "broken", broken)) as catalogue:
            assert catalogue.products() == []
            assert "row" in kinds(catalogue)


class TestEdits:
    def test_another_programs_edit_is_shown_and_named_until_it_is_taken_over(self, stocked):
        edit(stocked, "UPDATE product SET name = 'By hand' WHERE id = 'b'")
        edit(stocked, "INSERT INTO product (id, created, updated) VALUES ('d', '', '')")
        edit(stocked, "DELETE FROM photo WHERE product_id = 'c'")
        assert stocked.product("b").name == "By hand"
        assert len(stocked.snapshot("f").products) == 4
        said = [f.sentence for f in stocked.check() if f.kind == "edited"]
        assert [sentence.split(":")[0] for sentence in said] == [
            "Product “b” was changed by another program",
            "Product “d” was added by another program",
            "Photograph number 3 was deleted by another program",
        ]
        assert all("doctor --accept" in sentence for sentence in said)
        assert stocked.accept("ann") == 3
        assert kinds(stocked) == []
        assert [c.key for c in stocked.changes(3)] == ["b", "d", "3"]
        assert stocked.product("b").name == "By hand"
        stocked.undo("ann")
        assert [p.name for p in stocked.products()] == ["", "", ""]
        assert len(stocked.photos()) == 3
        assert kinds(stocked) == []

    def test_a_backup_is_made_of_them_too(self, stocked):
        edit(stocked, "UPDATE product SET name = 'By hand' WHERE id = 'b'")
        assert backups.make(stocked.folder / "catalogue.db", "before") is not None

    def test_one_followed_by_a_change_of_ours_keeps_its_place(self, stocked):
        edit(stocked, "UPDATE product SET name = 'By hand' WHERE id = 'b'")
        rename(stocked, "b", "By us")
        assert "edited" in kinds(stocked)
        stocked.accept("ann")
        assert kinds(stocked) == []
        stocked.restore(2, "ann")
        assert stocked.product("b").name == "By hand"

    def test_one_that_is_not_legal_is_left_out(self, stocked):
        edit(stocked, "UPDATE product SET price = 'dear' WHERE id = 'b'")
        taken = stocked.snapshot("f")
        assert ([p.id for p in taken.products], len(taken.left_out)) == (["a", "c"], 2)
        stocked.accept("ann")
        (found,) = stocked.check()
        assert "to what may not be stored, and is left out" in found.sentence
        with stocked.change("ann", "import again") as change:
            change.put(Product("b", price=900, currency="EUR"))
        stocked.accept("ann")
        assert kinds(stocked) == []

    def test_a_setting_is_used_again_once_it_is_taken_over(self, stocked):
        stocked.set_setting("network", "vgg16")
        edit(stocked, "UPDATE setting SET value = 'other' WHERE key = 'network'")
        with pytest.raises(DamagedError, match="--accept"):
            stocked.setting("network")
        stocked.accept("ann")
        assert stocked.setting("network") == "other"

    def test_where_the_journal_begins_is_taken_over_only_as_a_number(self, stocked):
        edit(stocked, "UPDATE setting SET value = 'x' WHERE key = 'journal_from'")
        stocked.accept("ann")
        assert kinds(stocked) == ["row"]
        with pytest.raises(DamagedError, match="journal_from"):
            stocked.oldest_restorable()
        assert [f.repaired for f in stocked.repair()] == [True]
        assert stocked.oldest_restorable() == 0


class TestFeatures:
    @pytest.fixture
    def encoded(self, stocked, extractor):
        encode_missing(stocked, extractor)
        return stocked

    @pytest.mark.parametrize(
        "vector",
        ["zeroblob(96)", "X'0000'", "X''", "'text'", "X'007E' || zeroblob(94)", "zeroblob(1000)"],
    )
    def test_a_damaged_one_costs_its_photograph_until_it_is_encoded_anew(
        self, encoded, extractor, vector
    ):
        taken = encoded.snapshot(extractor.fingerprint)
        sha = encoded.photos("a")[0].sha256  # the first: its size is not taken for all of them
        edit(encoded, f"UPDATE feature SET vector = {vector} WHERE sha256 = '{sha}'"
             " AND fingerprint LIKE 'fake%'")  # fmt: skip
        damaged = encoded.snapshot(extractor.fingerprint)
        np.testing.assert_array_equal(damaged.features, taken.features[1:])
        (sentence,) = damaged.left_out
        assert f"feature of photograph {sha[:12]} by {extractor.fingerprint}" in sentence
        assert encoded.known_features(extractor.fingerprint, [sha]) == {}
        assert kinds(encoded) == ["feature"]
        (repaired,) = encoded.repair()
        assert (repaired.repaired, repaired.fingerprint) == (True, extractor.fingerprint)
        assert encode_missing(encoded, extractor).encoded == 1
        again = encoded.snapshot(extractor.fingerprint)
        np.testing.assert_array_equal(again.features, taken.features)
        assert kinds(encoded) == []

    def test_encode_finds_it_by_itself(self, encoded, extractor):
        edit(encoded, "UPDATE feature SET sum = 1 WHERE fingerprint LIKE 'fake%'")
        assert len(encoded.snapshot(extractor.fingerprint).features) == 0
        assert encode_missing(encoded, extractor).encoded == 3
        assert len(encoded.snapshot(extractor.fingerprint).features) == 3

    def test_it_is_saved_over(self, encoded, extractor):
        edit(encoded, "UPDATE feature SET vector = X'0000' WHERE fingerprint = 'f'")
        sha = encoded.photos("a")[0].sha256
        encoded.save_features("f", {sha: np.full(3, 2, np.float32)})
        np.testing.assert_array_equal(encoded.snapshot("f").features, [[2, 2, 2]])
