"""Doctor repairs what is damaged, encodes anew, and takes over what other programs changed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from search import workspace
from search.catalogue import Catalogue
from search.cli import DONE, main
from search.network import registry, weights


@pytest.fixture
def catalogue(folder, capsys):
    with Catalogue(workspace.data_folder() / "shoes") as opened:
        assert main(["add", *map(str, sorted(folder.glob("*.png")))]) == DONE
        capsys.readouterr()
        yield opened


def edit(catalogue, statement):
    with closing(sqlite3.connect(catalogue.folder / "catalogue.db")) as connection, connection:
        connection.execute(statement)


def doctor(capsys, *arguments):
    main(["doctor", "--json", *arguments])
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_damaged_feature_is_named_and_encoded_anew(catalogue, extractor, capsys, monkeypatch):
    monkeypatch.setattr(weights, "fingerprint", lambda network, *_: f"{network.name}-1")
    name = next(iter(registry.NETWORKS))
    extractor.fingerprint = f"{name}-1"
    found = weights.Weights(catalogue.folder, "sha256:0")
    monkeypatch.setattr(weights, "find_weights", lambda network, *_: found)
    assert main(["encode", "--network", name]) == DONE
    capsys.readouterr()
    before = catalogue.snapshot(extractor.fingerprint).features
    edit(catalogue, "UPDATE feature SET vector = zeroblob(96) WHERE rowid ="
         f" (SELECT max(rowid) FROM feature WHERE fingerprint = '{name}-1')")  # fmt: skip
    said = doctor(capsys)
    assert any("is damaged" in sentence for sentence in said["to_do"])
    repaired = doctor(capsys, "--repair")["repaired"]
    assert f"1 photograph encoded by {name}." in repaired
    assert (catalogue.snapshot(extractor.fingerprint).features == before).all()
    assert catalogue.check() == []


def test_what_another_program_changed_is_named_and_taken_over(catalogue, capsys):
    (first, *_) = catalogue.products()
    edit(catalogue, f"UPDATE product SET name = 'By hand' WHERE id = '{first.id}'")
    (said,) = [s for s in doctor(capsys)["to_do"] if "another program" in s]
    assert f"“{first.id}” was changed by another program" in said
    facts = doctor(capsys, "--accept")
    assert facts["accepted"] == f"revision {catalogue.revision()}"
    assert not [s for s in facts["to_do"] if "another program" in s]
    assert catalogue.product(first.id).name == "By hand"
    assert main(["rollback"]) == DONE
    assert catalogue.product(first.id).name == first.name


def test_a_search_names_what_is_left_out(catalogue, capsys, caplog):
    first, second, *_ = catalogue.products()
    edit(catalogue, f"UPDATE product SET sum = 1 WHERE id = '{first.id}'")
    assert main(["query", "--product", second.id]) == DONE
    assert f"product “{first.id}” is damaged" in caplog.text
