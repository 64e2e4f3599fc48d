"""Every state of the last changes comes back exactly, as a new revision."""

import contextlib
import dataclasses
import random

import numpy as np
import pytest

from search.catalogue import Catalogue, Product, revisions, undoing
from search.catalogue.database import Database
from search.errors import CatalogueError

AWKWARD = Product(
    "awkward",
    name='quote " backslash \\ tab \t newline \n snowman ☃ clef 𝄞 line \u2028 escape \\u0000',
    price=10**15,
    currency="EUR",
    attributes={"z": "1e5", "a": "", "ключ": 'v"', "number": "007", "json": '{"a": [1, null]}'},
)


def put(catalogue, *products):
    with catalogue.change("ann", "edit") as change:
        for product in products:
            change.put(product)
    return catalogue.revision()


def delete(catalogue, *ids):
    with catalogue.change("ann", "delete") as change:
        for id in ids:
            change.delete(id)
    return catalogue.revision()


def state(catalogue):
    return catalogue.products(), catalogue.photos()


def ids(catalogue):
    return [product.id for product in catalogue.products()]


def names(catalogue):
    return [product.name for product in catalogue.products()]


class TestRestore:
    def test_every_state_of_a_long_random_history_comes_back_exactly(self, catalogue, photo):
        chance = random.Random(5)
        shots = [photo(seed) for seed in range(6)]
        states = {0: state(catalogue)}
        for _ in range(40):
            present = [p.id for p in catalogue.products()]
            with catalogue.change("ann", "random") as change:
                for _ in range(chance.randint(1, 4)):
                    id = chance.choice("abcde")
                    present_photos = [p.id for p in catalogue.photos()]
                    act = chance.randrange(5)
                    if act == 0 and id in present:
                        change.delete(id)
                        present.remove(id)
                    elif act == 1 and present_photos:
                        change.remove_photo(chance.choice(present_photos))
                    else:
                        change.put(Product(id, name=str(chance.random())))
                        present = sorted({*present, id})
                        change.add_photo(id, chance.choice(shots), source=str(chance.random()))
            states[catalogue.revision()] = state(catalogue)
        last = catalogue.revision()
        for number in chance.sample(sorted(states), len(states)):
            newest = catalogue.restore(number, "bob")
            assert state(catalogue) == states[number]
            assert newest == catalogue.revision() <= last + 1
            last = newest
        assert catalogue.check(thorough=True) == []

    def test_awkward_text_and_numbers_survive_the_journal(self, catalogue):
        put(catalogue, AWKWARD)
        before = catalogue.products()
        put(catalogue, dataclasses.replace(AWKWARD, name="plain", price=1, attributes={}))
        delete(catalogue, "awkward")
        catalogue.restore(1, "ann")
        assert catalogue.products() == before

    def test_a_restore_is_a_new_revision_that_says_what_it_restored(self, catalogue):
        put(catalogue, Product("a"))
        put(catalogue, Product("a", name="A"), Product("b"))
        assert catalogue.restore(1, "bob") == 3
        newest = catalogue.revisions(1)[0]
        assert (newest.actor, newest.action, newest.restored) == ("bob", "restore", 1)
        assert newest.products == 2
        assert catalogue.restore(2, "bob") == 4
        assert names(catalogue) == ["A", ""]

    def test_restoring_the_present_state_changes_nothing(self, catalogue):
        put(catalogue, Product("a"))
        assert catalogue.restore(1, "bob") == 1
        assert catalogue.revision() == 1

    def test_the_photographs_of_a_deleted_product_come_back_with_their_features(
        self, catalogue, photo
    ):
        put(catalogue, Product("a"))
        with catalogue.change("ann", "add") as change:
            change.add_photo("a", photo(1))
        catalogue.save_features("f", {photo(1).sha256: np.ones(3, np.float32)})
        taken = catalogue.snapshot("f")
        delete(catalogue, "a")
        assert len(catalogue.snapshot("f").photo_ids) == 0
        catalogue.restore(3, "bob")
        again = catalogue.snapshot("f")
        assert (again.products, again.photos) == (taken.products, taken.photos)
        assert again.photo_ids.tolist() == taken.photo_ids.tolist()
        assert catalogue.path(again.photos[0]).exists()

    @pytest.mark.parametrize("number", [-1, 2, 99])
    def test_an_unknown_revision_is_a_sentence(self, catalogue, number):
        put(catalogue, Product("a"))
        with pytest.raises(CatalogueError, match=f"no revision {number}"):
            catalogue.restore(number, "bob")
        with pytest.raises(CatalogueError, match=f"no revision {number}"):
            catalogue.changes(number)
        assert catalogue.revision() == 1


class TestWhileAColleagueSaves:
    @pytest.fixture
    def colleague(self, catalogue):
        put(catalogue, Product("a"))
        with Catalogue(catalogue.folder) as opened:
            yield opened

    @pytest.fixture
    def just_before(self, monkeypatch):
        """Let something happen when the next change has not yet got its turn."""

        def arrange(act):
            writing = Database.writing

            def late(self):
                monkeypatch.setattr(Database, "writing", writing)
                act()
                return writing(self)

            monkeypatch.setattr(Database, "writing", late)

        return arrange

    @pytest.fixture
    def just_after(self, monkeypatch):
        """Let something happen when the next change has just been saved."""

        def arrange(act):
            writing = Database.writing

            @contextlib.contextmanager
            def followed(self):
                with writing(self) as connection:
                    yield connection
                monkeypatch.setattr(Database, "writing", writing)
                act()

            monkeypatch.setattr(Database, "writing", followed)

        return arrange

    def test_an_undo_takes_back_one_change_alone(self, catalogue, colleague, just_before):
        just_before(lambda: put(colleague, Product("b")))
        assert catalogue.undo("bob") == 3
        assert ids(catalogue) == ["a"]
        newest = catalogue.revisions(1)[0]
        assert (newest.action, newest.detail, newest.restored) == ("undo", "revision 2", 1)

    def test_undo_and_restore_return_their_own_revision(self, catalogue, colleague, just_after):
        put(catalogue, Product("b"))
        just_after(lambda: put(colleague, Product("c")))
        assert catalogue.undo("bob") == 3
        just_after(lambda: put(colleague, Product("d")))
        assert catalogue.restore(0, "bob") == 5
        assert (ids(catalogue), catalogue.revision()) == (["d"], 6)

    def test_a_restore_without_effect_returns_the_revision_it_found(
        self, catalogue, colleague, just_after
    ):
        just_after(lambda: put(colleague, Product("b")))
        assert catalogue.restore(1, "bob") == 1
        assert catalogue.revision() == 2

    def test_a_restore_brings_back_the_state_asked_for(self, catalogue, colleague, just_before):
        just_before(lambda: put(colleague, Product("b")))
        assert catalogue.restore(1, "bob") == 3
        assert ids(catalogue) == ["a"]


class TestUndo:
    def test_undo_goes_back_step_by_step_and_restore_brings_all_again(self, catalogue):
        for name in ("one", "two", "three"):
            put(catalogue, Product("a", name=name))
        for expected in (["two"], ["one"]):
            catalogue.undo("bob")
            assert names(catalogue) == expected
        catalogue.restore(3, "bob")
        assert names(catalogue) == ["three"]
        catalogue.undo("bob")  # takes that restore back
        assert names(catalogue) == ["one"]

    def test_the_first_products_stay(self, catalogue):
        put(catalogue, Product("a", name="one"), Product("b"))
        for refused in (catalogue.undo, lambda by: catalogue.step("undo", by)):
            with pytest.raises(CatalogueError, match="this catalogue had no products"):
                refused("bob")
        put(catalogue, Product("a", name="two"))
        catalogue.undo("bob")
        with pytest.raises(CatalogueError, match="this catalogue had no products"):
            catalogue.undo("bob")
        assert names(catalogue) == ["one", ""]
        assert catalogue.revision() == 3

    def test_a_change_after_an_undo_is_the_next_to_be_undone(self, catalogue):
        put(catalogue, Product("a", name="one"))
        put(catalogue, Product("a", name="two"))
        catalogue.undo("bob")
        put(catalogue, Product("a", name="other"))
        catalogue.undo("bob")
        assert names(catalogue) == ["one"]
        assert catalogue.revisions(1)[0].detail == "revision 4"

    def test_encoding_is_not_undone(self, catalogue, photo):
        put(catalogue, Product("a", name="one"))
        with catalogue.change("ann", "add") as change:
            change.update("a", name="two")
            change.add_photo("a", photo(1))
        catalogue.save_features("f", {photo(1).sha256: np.ones(3, np.float32)})
        assert catalogue.revisions(1)[0].action == "encode"
        catalogue.undo("bob")
        assert (names(catalogue), catalogue.photos()) == (["one"], [])

    def test_a_change_that_took_itself_back_is_passed_over(self, catalogue):
        put(catalogue, Product("a", name="one"))
        put(catalogue, Product("a", name="two"))
        with catalogue.change("ann", "edit") as change:
            change.update("a", name="three")
            change.update("a", name="two")
            change.put(Product("b"))
            change.delete("b")
        assert catalogue.revision() == 3
        catalogue.undo("bob")
        assert names(catalogue) == ["one"]

    def test_an_empty_catalogue_has_nothing_to_undo(self, catalogue):
        with pytest.raises(CatalogueError, match="no earlier change"):
            catalogue.undo("bob")


class TestRedo:
    def test_redo_goes_forth_as_often_as_undo_went_back(self, catalogue):
        for name in ("one", "two", "three"):
            put(catalogue, Product("a", name=name))
        seen = []
        for act in (catalogue.undo, catalogue.undo, catalogue.redo, catalogue.redo):
            act("bob")
            seen += names(catalogue)
        assert seen == ["two", "one", "two", "three"]
        with pytest.raises(CatalogueError, match="no undo to take back"):
            catalogue.redo("bob")
        newest = catalogue.revisions(1)[0]
        assert (newest.action, newest.actor, newest.restored) == ("redo", "bob", 3)

    def test_any_mixture_walks_along_one_line(self, catalogue):
        line = [str(n) for n in range(8)]
        for name in line:
            put(catalogue, Product("a", name=name))
        chance, place = random.Random(3), len(line) - 1
        for _ in range(60):
            back = chance.random() < 0.55
            to = place - 1 if back else place + 1
            act = catalogue.undo if back else catalogue.redo
            if to in range(len(line)):
                act("bob")
                place = to
            else:
                with pytest.raises(CatalogueError):
                    act("bob")
            assert names(catalogue) == [line[place]]

    def test_a_change_after_an_undo_leaves_nothing_to_redo(self, catalogue):
        put(catalogue, Product("a", name="one"))
        put(catalogue, Product("a", name="two"))
        catalogue.undo("bob")
        assert catalogue.step("redo").products == 1
        put(catalogue, Product("a", name="other"))
        for refused in (lambda: catalogue.redo("bob"), lambda: catalogue.step("redo")):
            with pytest.raises(CatalogueError, match="no undo to take back"):
                refused()


class TestWhatIsAsked:
    @pytest.fixture
    def full(self, catalogue):
        put(catalogue, *(Product(f"p{n:02}") for n in range(30)))
        return catalogue

    def renamed(self, catalogue, count, actor="ann"):
        with catalogue.change(actor, "edit") as change:
            for n in range(count):
                change.update(f"p{n:02}", name="new")

    def test_few_products_of_ones_own_are_taken_back_unasked(self, full):
        self.renamed(full, undoing.MANY)
        step = full.step("undo", "ann")
        assert (step.kind, step.change, step.products, step.question) == ("undo", 2, 20, "")

    def test_more_products_are_asked_about_by_number(self, full):
        self.renamed(full, undoing.MANY + 1)
        question = full.step("undo", "ann").question
        assert question == "Undo revision 2? That changes 21 products."

    def test_somebody_elses_change_is_asked_about_by_name(self, full):
        self.renamed(full, 1)
        question = full.step("undo", "bob").question
        assert question == (
            "Undo revision 2? That changes 1 product. It takes back what others did: ann."
        )

    def test_photographs_count_with_their_product(self, full, photo):
        with full.change("ann", "add") as change:
            change.add_photo("p00", photo(1))
            change.add_photo("p00", photo(2))
            change.add_photo("p01", photo(3))
        assert full.step("undo", "ann").products == 2

    def test_going_back_counts_what_differs_between_then_and_now(self, full):
        self.renamed(full, 30)
        self.renamed(full, 2, "bob")
        assert full.step("restore", "bob", 2).products == 0
        with full.change("cy", "edit") as change:
            change.update("p29", name="")
            change.update("p28", name="other")
        step = full.step("restore", "bob", 1)
        assert (step.products, step.left, step.others) == (29, 30, ("cy", "ann"))
        assert full.step("restore", "ann", 0).question == (
            "Go back to revision 0? That changes 30 products and leaves the catalogue empty."
            " It takes back what others did: cy."
        )

    def test_a_redo_is_never_asked_about(self, full):
        self.renamed(full, 30)
        full.undo("ann", full.step("undo", "ann").question)
        step = full.step("redo")
        assert (step.kind, step.products, step.question) == ("redo", 30, "")

    def test_what_was_agreed_to_counts_for_that_alone(self, full):
        self.renamed(full, 1)
        agreed = full.step("undo", "ann").question
        self.renamed(full, 30, "bob")
        before = full.revision()
        for act in (lambda: full.undo("ann", agreed), lambda: full.restore(1, "ann", agreed)):
            with pytest.raises(CatalogueError, match="changed meanwhile"):
                act()
        assert full.revision() == before
        full.undo("ann", full.step("undo", "ann").question)
        assert full.product("p29").name == ""


class TestChanges:
    def test_they_tell_what_each_row_was_and_is(self, catalogue, photo):
        put(catalogue, Product("a", price=100, currency="EUR", attributes={"kind": "boot"}))
        with catalogue.change("ann", "edit") as change:
            change.update("a", price=90)
            change.add_photo("a", photo(1))
            change.put(Product("b"))
            change.delete("b")
        edit, added, new, deleted = catalogue.changes(2)
        assert (edit.table, edit.key) == ("product", "a")
        assert (edit.before["price"], edit.after["price"]) == (100, 90)
        assert edit.after["attributes"] == {"kind": "boot"}
        assert (added.table, added.before) == ("photo", None)
        assert added.after["sha256"] == photo(1).sha256
        assert (new.key, new.before) == ("b", None)
        assert (deleted.key, deleted.after) == ("b", None)


class TestHowFarBack:
    def test_the_last_fifty_changes_survive_a_purge_and_older_ones_say_so(self, catalogue):
        for count in range(revisions.RESTORABLE + 5):
            put(catalogue, Product("a", name=str(count)))
        assert catalogue.oldest_restorable() == 0
        assert catalogue.purge().revisions == 5
        assert catalogue.oldest_restorable() == 5
        assert len(catalogue.revisions(limit=1000)) == revisions.RESTORABLE + 5
        with pytest.raises(CatalogueError, match="too old to be restored: choose revision 5"):
            catalogue.restore(4, "bob")
        with pytest.raises(CatalogueError, match="too old to be known in detail"):
            catalogue.changes(5)
        catalogue.restore(5, "bob")
        assert names(catalogue) == ["4"]

    def test_undo_stops_where_the_journal_begins(self, catalogue):
        for count in range(revisions.RESTORABLE + 1):
            put(catalogue, Product("a", name=str(count)))
        catalogue.purge()
        for _ in range(revisions.RESTORABLE):
            catalogue.undo("bob")
        assert names(catalogue) == ["0"]
        with pytest.raises(CatalogueError, match="no earlier change"):
            catalogue.undo("bob")
