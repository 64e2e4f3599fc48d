"""Where catalogues live: the demo on first use, names, and the one in use."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from search import workspace
from search.catalogue import Catalogue
from search.errors import CatalogueError
from search.files import sync_all


@pytest.fixture
def demo(home: Path):
    with workspace.open_catalogue() as catalogue:
        yield catalogue


@pytest.fixture
def two(home: Path) -> Path:
    """Two catalogues, and no demo."""
    for name in ("boots", "shoes"):
        Catalogue(home / name).close()
    return home


def test_first_use_installs_it_whole_and_only_once(demo, home):
    assert workspace.names() == ["demo"]
    assert workspace.current() == "demo"
    assert not [f for f in home.iterdir() if f.name.startswith(".")]
    assert demo.check() == []
    with demo.change("test", "delete") as change:
        change.delete(demo.products()[0].id)
    count = len(demo.products())
    assert len(workspace.open_catalogue().products()) == count


def test_two_that_start_at_once_install_it_once(home):
    ready, errors = threading.Barrier(2), []

    def first() -> None:
        ready.wait()
        try:
            workspace.install_demo()
        except CatalogueError as error:
            errors.append(error)

    threads = [threading.Thread(target=first) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [file.name for file in home.iterdir()] == ["demo"]


def test_the_first_copy_is_on_the_disk_before_it_is_seen(home, monkeypatch):
    synced: list[Path] = []

    def noted(paths) -> None:
        assert not (home / "demo").exists()
        synced.extend(paths)
        sync_all(synced)

    monkeypatch.setattr(workspace, "sync_all", noted)
    (home / ".killed.part").mkdir(parents=True)
    assert workspace.install_demo()
    assert [file.name for file in home.iterdir()] == ["demo"]
    with workspace.open_catalogue("demo") as catalogue:
        photographs = {catalogue.path(photo).name for photo in catalogue.photos()}
    assert photographs < {path.name for path in synced}
    assert "catalogue.db" in {path.name for path in synced}


def test_a_new_catalogue_is_empty_and_its_name_its_own(two):
    with workspace.create("hats") as made:
        assert (made.name, made.products()) == ("hats", [])
    assert workspace.names() == ["boots", "hats", "shoes"]
    assert workspace.current() != "hats"
    with pytest.raises(CatalogueError, match="already: choose another name"):
        workspace.create("hats")
    for name in ("", "Hats", "../hats"):
        with pytest.raises(CatalogueError, match="cannot name a catalogue"):
            workspace.create(name)


def test_the_catalogue_chosen_last_is_in_use(two):
    assert workspace.current() == "boots"  # the first, where none was chosen
    workspace.use("shoes")
    assert workspace.current() == "shoes"
    with workspace.open_catalogue() as opened:
        assert opened.name == "shoes"
    assert workspace.names() == ["boots", "shoes"]


@pytest.mark.parametrize("content", [b"", b"gone", b"\xff\xfe", b"boots\x00"])
def test_a_choice_that_makes_no_sense_is_none(two, content):
    (two / "current").write_bytes(content)
    assert workspace.current() == "boots"


def test_a_choice_is_saved_whole_or_not_at_all(two, monkeypatch):
    workspace.use("shoes")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", fail)
        with pytest.raises(CatalogueError, match=r"No space left on device.*SEARCH_HOME"):
            workspace.use("boots")
    assert workspace.current() == "shoes"
    assert sorted(file.name for file in two.iterdir()) == ["boots", "current", "shoes"]


@pytest.mark.parametrize("name", ["Shoes", "", "a/b", "..", "-a", "a" * 65])
def test_a_name_that_no_folder_may_have_is_a_sentence(two, name):
    with pytest.raises(CatalogueError, match="cannot name a catalogue"):
        workspace.open_catalogue(name, create=True)


def test_an_unknown_catalogue_is_a_sentence_that_names_those_present(two):
    for act in (workspace.open_catalogue, workspace.use):
        with pytest.raises(CatalogueError, match=r"no catalogue “hats”.*boots, shoes"):
            act("hats")


def test_a_home_that_cannot_be_written_is_a_sentence(monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("SEARCH_HOME", str(blocked / "home"))
    with pytest.raises(CatalogueError, match="SEARCH_HOME"):
        workspace.open_catalogue()


def test_a_home_may_begin_with_the_users_own(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("SEARCH_HOME", "~/shops")
    assert workspace.data_folder() == tmp_path / "shops"
    monkeypatch.setenv("SEARCH_HOME", "~nobody-of-that-name/shops")
    with pytest.raises(CatalogueError, match="write the whole path"):
        workspace.data_folder()


def test_the_demo_can_be_read_while_somebody_changes_it(demo):
    with demo.change("ann", "import") as change:
        change.update(demo.products()[0].id, name="Being changed")
        with Catalogue(demo.folder, patience=0.0) as reader:
            assert reader.products()[0].name != "Being changed"
