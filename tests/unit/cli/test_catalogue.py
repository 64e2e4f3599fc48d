"""The command line keeps a catalogue as the app does; every refusal is one sentence."""

import io
import json

import pytest

from search import workspace
from search.catalogue import Catalogue
from search.cli import BUSY, DONE, FAILED, PARTLY, main


@pytest.fixture
def folder(tmp_path, picture):
    made = tmp_path / "shots"
    made.mkdir()
    for name in ("boot", "shoe", "heel"):
        (made / f"{name}.png").write_bytes(picture(name))
    return made


@pytest.fixture
def catalogue():
    with Catalogue(workspace.data_folder() / "shoes") as opened:
        yield opened


@pytest.fixture
def filled(catalogue, folder, capsys):
    assert main(["add", *map(str, sorted(folder.iterdir()))]) == DONE
    capsys.readouterr()
    return catalogue


def ids(catalogue):
    return [product.id for product in catalogue.products()]


def refused(capsys, arguments, words, code=FAILED):
    assert main(arguments) == code
    captured = capsys.readouterr()
    assert words in captured.err
    assert len(captured.err.splitlines()) == 1
    assert captured.out == ""


class TestAdd:
    def test_photographs_become_products_that_are_encoded_and_one_revision(
        self, catalogue, folder, extractor, capsys
    ):
        assert main(["add", *map(str, sorted(folder.iterdir())), "--category", "shoes"]) == DONE
        assert capsys.readouterr().out == "3 photographs added.\n"
        assert ids(catalogue) == ["boot", "heel", "shoe"]
        assert {p.category for p in catalogue.products()} == {"shoes"}
        assert [p.source for p in catalogue.photos("boot")] == ["boot.png"]
        assert catalogue.without_feature(extractor.fingerprint) == []
        assert [(r.action, r.products, r.photos) for r in catalogue.revisions()] == [("add", 3, 3)]

    def test_a_named_product_takes_all_photographs_and_fields(self, catalogue, folder, capsys):
        files = sorted(map(str, folder.iterdir()))
        first = ["add", files[0], "--id", "SKU 1", "--name", "Boot", "--price", "1.299,00"]
        more = ["--currency", "eur", "--stock", "4", "--attribute", "sole=a=b"]
        assert main([*first, *more]) == DONE
        assert main(["add", *files[1:], "--id", "SKU 1", "--attribute", "lining=wool"]) == DONE
        (product,) = catalogue.products()
        assert (product.name, product.price, product.currency) == ("Boot", 129900, "EUR")
        assert (product.stock, product.attributes) == (4, {"sole": "a=b", "lining": "wool"})
        assert len(catalogue.photos("SKU 1")) == 3

    def test_duplicates_and_unreadable_files_are_left_out_with_a_note(
        self, filled, folder, picture, capsys
    ):
        (folder / "copy.png").write_bytes(picture("boot"))
        (folder / "new.png").write_bytes(picture("new"))
        (folder / "broken.jpg").write_bytes(b"\xff\xd8 broken")
        names = ("copy.png", "broken.jpg", "new.png")
        assert main(["add", *(str(folder / name) for name in names), "--json"]) == PARTLY
        captured = capsys.readouterr()
        assert json.loads(captured.out) == {
            **{"catalogue": "shoes", "revision": filled.revision()},
            **{"added": 1, "skipped": 2},
        }
        notes = captured.err.splitlines()
        assert len(notes) == 2
        assert any("copy.png" in n and "product “boot” has this photograph" in n for n in notes)
        assert any("broken.jpg" in n for n in notes)
        assert ids(filled) == ["boot", "heel", "new", "shoe"]

    def test_two_products_may_share_a_photograph_when_asked(self, filled, folder):
        assert main(["add", str(folder / "boot.png"), "--id", "twin"]) == DONE
        assert len({p.file for p in filled.photos() if p.product_id in ("boot", "twin")}) == 1

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            (["--price", "free", "--currency", "EUR"], "“free” is not a price"),
            (["--price", "12"], "currency"),
            (["--stock", "many"], "whole number, not “many”"),
            (["--attribute", "sole"], "NAME=VALUE"),
            (["--catalogue", "winter"], "no catalogue “winter”"),
        ],
    )
    def test_refusals_change_nothing(self, filled, folder, picture, capsys, more, words):
        (folder / "new.png").write_bytes(picture("new"))
        refused(capsys, ["add", str(folder / "new.png"), *more], words)
        assert filled.revision() == 1

    def test_a_taken_name_is_refused_and_nothing_is_added(self, filled, tmp_path, picture, capsys):
        for name in ("new", "boot"):
            (tmp_path / f"{name}.png").write_bytes(picture(f"other {name}"))
        files = [str(tmp_path / "new.png"), str(tmp_path / "boot.png")]
        refused(capsys, ["add", *files], "There is a product “boot” already")
        assert ids(filled) == ["boot", "heel", "shoe"]


class TestRemoveWithdrawRestore:
    def test_remove_and_undo(self, filled, capsys):
        assert main(["remove", "boot", "heel"]) == DONE
        assert capsys.readouterr().out.startswith("2 products removed")
        assert ids(filled) == ["shoe"]
        assert main(["rollback"]) == DONE
        assert ids(filled) == ["boot", "heel", "shoe"]
        assert filled.check(thorough=True) == []

    def test_withdraw_and_restore(self, filled, capsys):
        assert main(["withdraw", "boot", "--json"]) == DONE
        assert json.loads(capsys.readouterr().out)["withdrawn"] == 1
        assert filled.product("boot").status == "withdrawn"
        assert main(["restore", "boot"]) == DONE
        assert capsys.readouterr().out == "1 product restored.\n"
        assert filled.product("boot").status == "active"

    @pytest.mark.parametrize("command", ["remove", "withdraw", "restore"])
    def test_an_unknown_product_stops_all_of_it(self, filled, capsys, command):
        refused(capsys, [command, "boot", "nobody"], "no product “nobody”")
        assert filled.revision() == 1


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestRevisions:
    def test_the_list_and_what_one_changed(self, filled, capsys):
        main(["withdraw", "boot"])
        capsys.readouterr()
        assert main(["revisions", "--json"]) == DONE
        listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [(r["number"], r["action"]) for r in listed] == [(2, "withdraw"), (1, "add")]
        assert main(["revisions", "-n", "1"]) == DONE
        table = capsys.readouterr().out
        assert "withdraw" in table
        assert "add" not in table.splitlines()[-1]
        assert main(["revisions", "2"]) == DONE
        assert "status: active → withdrawn" in capsys.readouterr().out
        assert main(["revisions", "2", "--json"]) == DONE
        (change,) = map(json.loads, capsys.readouterr().out.splitlines())
        assert (change["key"], change["after"]["status"]) == ("boot", "withdrawn")

    def test_prices_are_decimals_of_their_currency(self, filled, capsys):
        with filled.change("Ann", "price") as change:
            change.update("boot", price=129900, currency="EUR")
        with filled.change("Ann", "price") as change:
            change.update("boot", price=99900)
        assert main(["revisions", "3"]) == DONE
        assert "price: 1299.00 → 999.00" in capsys.readouterr().out
        assert main(["revisions", "3", "--json"]) == DONE
        change = json.loads(capsys.readouterr().out)
        assert (change["before"]["price"], change["after"]["price"]) == ("1299.00", "999.00")

    def test_rollback_to_a_revision_is_a_new_one(self, filled, capsys):
        main(["remove", "boot"])
        main(["remove", "heel"])
        capsys.readouterr()
        assert main(["rollback", "1", "--json"]) == DONE
        assert json.loads(capsys.readouterr().out)["revision"] == 4
        assert ids(filled) == ["boot", "heel", "shoe"]

    def test_redo_brings_back_what_was_undone(self, filled, capsys):
        main(["remove", "boot"])
        main(["rollback"])
        capsys.readouterr()
        assert main(["redo", "--json"]) == DONE
        assert json.loads(capsys.readouterr().out)["revision"] == 4
        assert ids(filled) == ["heel", "shoe"]
        refused(capsys, ["redo"], "no undo to take back")

    def test_somebody_elses_change_wants_a_yes(self, filled, capsys, monkeypatch):
        with filled.change("Ann", "price") as change:
            change.update("boot", name="Hers")
        refused(capsys, ["rollback"], "what others did: Ann. Repeat the command with --yes")
        assert filled.product("boot").name == "Hers"
        for answer, name in (("n\n", "Hers"), ("", "Hers"), ("y\n", "")):
            monkeypatch.setattr("sys.stdin", _Terminal(answer))
            main(["rollback"])
            assert "Undo revision 2? That changes 1 product." in capsys.readouterr().err
            assert filled.product("boot").name == name
        main(["redo"])
        assert filled.product("boot").name == "Hers"
        assert main(["rollback", "--yes"]) == DONE
        assert filled.product("boot").name == ""

    def test_the_first_products_stay(self, filled, capsys):
        refused(capsys, ["rollback", "--yes"], "Before revision 1 this catalogue had no products")
        assert ids(filled) == ["boot", "heel", "shoe"]

    @pytest.mark.parametrize("arguments", [["rollback", "9"], ["revisions", "9"]])
    def test_an_unknown_revision_is_refused(self, filled, capsys, arguments):
        refused(capsys, arguments, "no revision 9")

    def test_nothing_to_undo_is_refused(self, catalogue, capsys):
        refused(capsys, ["rollback"], "no earlier change")
        refused(capsys, ["revisions", "-n", "0"], "1 revision or more")


class TestPurge:
    def test_it_tells_what_it_freed(self, filled, capsys):
        (filled.folder / "strays").mkdir()
        (filled.folder / "strays" / "x.jpg").write_bytes(bytes(1000))
        refused(capsys, ["purge"], "1 of 4 photograph files")
        assert main(["purge", "--yes-all", "--json"]) == DONE
        report = json.loads(capsys.readouterr().out)
        assert (report["files"], report["bytes"]) == (1, 1000)
        assert main(["purge"]) == DONE
        assert "0 photograph files" in capsys.readouterr().out


class TestDoctor:
    def facts(self, capsys, *arguments):
        code = main(["doctor", "--json", *arguments])
        facts = json.loads(capsys.readouterr().out)
        assert code == (DONE if facts["to_do"] == "nothing" else FAILED)
        return facts

    def test_it_reports_what_is_wrong_and_repairs_it_when_asked(self, filled, folder, capsys):
        boot, heel, _ = [filled.path(photo) for photo in filled.photos()]
        boot.unlink()
        stray = heel.with_name("unknown.png")
        stray.write_bytes(b"unknown")
        listed = " ".join(self.facts(capsys)["to_do"])
        assert "“boot” (boot.png) is gone" in listed
        assert "unknown.png belongs to no product" in listed
        repaired = self.facts(capsys, "--repair", "--originals", str(folder))
        assert len(repaired["repaired"]) == 2
        assert boot.exists()
        assert not stray.exists()
        assert filled.check(thorough=True) == []
        heel.write_bytes(b"damaged")
        assert "damaged" not in " ".join(self.facts(capsys)["to_do"])
        assert "“heel” (heel.png) is damaged" in " ".join(self.facts(capsys, "--thorough")["to_do"])
        refused(capsys, ["doctor", "--originals", str(folder)], "only applies to a repair")
        self.facts(capsys, "--repair", "--thorough")
        assert filled.photos("heel") == []
        assert filled.check(thorough=True) == []


def test_a_busy_catalogue_has_its_own_exit_code(filled, monkeypatch, capsys):
    monkeypatch.setattr(
        "search.workspace.Catalogue", lambda folder: Catalogue(folder, patience=0.05)
    )
    main(["withdraw", "shoe"])
    capsys.readouterr()
    with filled.change("somebody", "long import"):
        for command in (["remove", "boot"], ["withdraw", "boot"], ["rollback"], ["purge"]):
            refused(capsys, command, "try again", BUSY)


class TestRestoreBackup:
    @pytest.fixture
    def emptied(self, filled):
        filled.close()
        (filled.folder / "catalogue.db").write_bytes(b"")
        return filled.folder

    @pytest.mark.parametrize(
        "arguments",
        [
            *(["info"], ["purge"], ["purge", "--yes-all"], ["remove", "boot"], ["revisions"]),
            *(["rollback"], ["export", "shop.zip"], ["encode"], ["query", "--product", "boot"]),
        ],
    )
    def test_every_command_refuses_an_emptied_catalogue(self, emptied, capsys, arguments):
        refused(capsys, arguments, "restore-backup --catalogue shoes")
        assert len(list(emptied.glob("photos/*/*.png"))) == 3

    def test_doctor_names_it_and_the_command_puts_it_back(self, emptied, capsys):
        assert main(["doctor", "--json"]) == FAILED
        (told,) = json.loads(capsys.readouterr().out)["to_do"]
        assert "damaged or was emptied" in told
        assert main(["restore-backup"]) == DONE
        assert "shoes is as it was on 20" in capsys.readouterr().out
        with workspace.open_catalogue() as catalogue:
            assert ids(catalogue) == ["boot", "heel", "shoe"]
        main(["doctor", "--json"])
        assert json.loads(capsys.readouterr().out)["last_backup"].endswith("UTC")

    def test_one_whose_database_is_gone_is_still_there(self, emptied, capsys):
        (emptied / "catalogue.db").unlink()
        assert workspace.names() == ["shoes"]
        refused(capsys, ["info"], "restore-backup")
        assert main(["restore-backup", "--json"]) == DONE
        assert json.loads(capsys.readouterr().out)["findings"] == 0

    def test_the_list_names_each(self, filled, capsys):
        (backup,) = filled.backups()
        assert main(["restore-backup", "--list", "--json"]) == DONE
        row = json.loads(capsys.readouterr().out)
        assert (row["backup"], row["what"]) == (backup.name, "daily")
        assert row["bytes"] == backup.path.stat().st_size
        assert main(["restore-backup", "--list"]) == DONE
        assert backup.name in capsys.readouterr().out
        assert main(["restore-backup", backup.name]) == DONE

    def test_photographs_deleted_since_are_counted(self, filled, capsys):
        filled.path(filled.photos("boot")[0]).unlink()
        assert main(["restore-backup"]) == DONE
        assert "1 photograph to look at" in capsys.readouterr().out

    def test_what_is_not_there_is_a_sentence(self, filled, capsys):
        refused(capsys, ["restore-backup", "yesterday"], "no backup “yesterday”")
        refused(capsys, ["restore-backup", "--catalogue", "hats"], "no catalogue “hats”")
