from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from search import SearchEngine, filenames, search_paths, workspace
from search.catalogue import Catalogue
from search.cli import BUSY, DONE, FAILED, PARTLY, USAGE, main
from search.network import registry


@pytest.fixture
def built(folder: Path, capsys) -> Path:
    assert main(["build", str(folder)]) == DONE
    capsys.readouterr()
    return folder


def lines(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_build_then_query(folder, picture, capsys, tmp_path):
    assert main(["build", str(folder)]) == DONE
    assert "5 photographs added to catalogue “summer-shoes”" in capsys.readouterr().out
    query = tmp_path / "query.png"
    query.write_bytes(picture(2))
    assert main(["query", str(query), "-k", "2", "--paths"]) == DONE
    paths = capsys.readouterr().out.splitlines()
    assert paths[0] == "shoe 2.png"
    assert len(paths) == 2
    assert main(["query", str(query), "-k", "3", "--json"]) == DONE
    (answer,) = lines(capsys)
    assert [hit["rank"] for hit in answer["hits"]] == [1, 2, 3]
    assert answer["hits"][0]["score"] == pytest.approx(1, abs=1e-6)
    assert answer["products"] == answer["eligible"] == 5
    assert main(["query", str(query)]) == DONE
    table = capsys.readouterr().out
    assert "1.000" in table
    assert "5 products" in table


def test_what_paths_prints_is_on_the_disk(tmp_path, picture, extractor, capsysbinary):
    folder = tmp_path / "photos"
    folder.mkdir()
    names = [
        *("Screenshot 9.41\u202fAM.png", "no\u00a0break  two.png", "soft\u00adhyphen.png"),
        *("tab\there.png", "e\u0301.png", "sk\udce5.png", "sk\udcf8.png", " led.png"),
    ]
    try:
        for number, name in enumerate(names):
            (folder / name).write_bytes(picture(number))
    except OSError:
        pytest.skip("this disk refuses names that are not UTF-8")
    assert main(["build", str(folder)]) == DONE
    query = str(folder / names[5])
    capsysbinary.readouterr()
    assert main(["query", query, "-k", "20", "--paths"]) == DONE
    printed = capsysbinary.readouterr().out.splitlines()
    assert printed[0] == os.fsencode(names[5])
    assert sorted(printed) == sorted(map(os.fsencode, names))
    assert main(["query", query, "-k", "20", "--null"]) == DONE
    assert capsysbinary.readouterr().out.split(b"\0")[:-1] == printed
    assert main(["query", query, "-k", "20", "--json"]) == DONE
    hits = json.loads(capsysbinary.readouterr().out)["hits"]
    assert {filenames.restored(hit["path"]) for hit in hits} == set(names)
    assert len({hit["id"] for hit in hits}) == len(names)
    engine = SearchEngine(workspace.open_catalogue("photos"), extractor)
    assert {(folder / p).is_file() for p in search_paths(query, k=20, engine=engine)} == {True}
    assert main(["add", query, "--id", "other"]) == DONE


def test_a_product_is_asked_for_however_its_accents_are_typed(tmp_path, picture, capsys):
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("cafe\u0301.png", "b.png"):
        (folder / name).write_bytes(picture(name))
    assert main(["build", str(folder)]) == DONE
    for typed in ("caf\u00e9", "cafe\u0301"):
        assert main(["query", "--product", typed, "--paths"]) == DONE
    assert capsys.readouterr().out.splitlines()[-1] == "b.png"


def test_building_again_changes_nothing_and_encodes_nothing(built, capsys, extractor):
    encoded = extractor.encoded
    with Catalogue(workspace.data_folder() / "summer-shoes") as catalogue:
        revision = catalogue.revision()
        assert main(["build", str(built)]) == DONE
        assert catalogue.revision() == revision
    assert extractor.encoded == encoded


def test_an_unreadable_photograph_is_told_and_the_rest_goes_on(folder, capsys):
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff cut off")
    assert main(["build", str(folder), "--json"]) == PARTLY
    captured = capsys.readouterr()
    assert "broken.jpg" in captured.err
    done = json.loads(captured.out.splitlines()[-1])
    assert (done["added"], done["failed"]) == (5, 1)


def test_by_product_leaves_itself_out(built, capsys):
    assert main(["query", "--product", "shoe 1", "-k", "48", "--json"]) == DONE
    found = [hit["id"] for hit in lines(capsys)[0]["hits"]]
    assert len(found) == 4
    assert "shoe 1" not in found


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["query", "nowhere.jpg"], "nowhere.jpg"),
        (["query", "--product", "shoe 1", "-k", "0"], "1 or more"),
        (["query", "--product", "shoe 9"], "no product “shoe 9”"),
        (["query"], "photograph or a product"),
        (["query", "--product", "shoe 1", "--cheaper"], "type the price"),
        (["query", "--product", "shoe 1", "--price-max", "free"], "free"),
        (["query", "--product", "shoe 1", "--catalogue", "winter"], "no catalogue “winter”"),
        (["build", "nowhere"], "not a folder"),
        (["use", "winter"], "no catalogue “winter”"),
        (["info", "--catalogue", "../x"], "cannot name a catalogue"),
    ],
)
def test_refusals_are_one_sentence_on_stderr(built, capsys, arguments, sentence):
    assert main(arguments) == FAILED
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert len(captured.err.splitlines()) == 1
    assert captured.out == ""


def test_wrong_usage_and_a_wrong_crop(built, capsys):
    for arguments in (["query", "--colours"], ["fly"], []):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == USAGE
    assert main(["query", str(built / "shoe 1.png"), "--crop", "0,0,1"]) == FAILED


def test_a_busy_catalogue_has_its_own_exit_code(folder, monkeypatch, capsys):
    monkeypatch.setattr(
        "search.workspace.Catalogue", lambda folder: Catalogue(folder, patience=0.05)
    )
    with (
        Catalogue(workspace.data_folder() / "summer-shoes") as other,
        other.change("somebody", "long import"),
    ):
        assert main(["build", str(folder)]) == BUSY
    assert "try again" in capsys.readouterr().err


def test_what_is_here(built, capsys):
    assert main(["info", "--json"]) == DONE
    (facts,) = lines(capsys)
    assert (facts["catalogue"], facts["products"], facts["photographs"]) == ("summer-shoes", 5, 5)
    assert facts["without_price"] == 5
    assert main(["networks", "--json"]) == DONE
    names = [row["network"] for row in lines(capsys)]
    assert names[0] == registry.DEFAULT_NETWORK
    assert "resnet50-imagenet" in names
    for command in (["info"], ["networks"], ["catalogues"]):
        assert main(command) == DONE
        assert capsys.readouterr().out
    assert main(["doctor", "--json"]) in (DONE, FAILED)
    (facts,) = lines(capsys)
    assert [said.split(": ")[0] for said in facts["served_by"]] == list(registry.NETWORKS)


def test_the_catalogue_in_use(built, folder, capsys):
    assert main(["build", str(folder / "boots"), "--catalogue", "boots"]) == DONE
    assert workspace.current() == "boots"
    assert main(["use", "summer-shoes"]) == DONE
    capsys.readouterr()
    assert main(["catalogues", "--json"]) == DONE
    listed = {row["catalogue"]: row["in_use"] for row in lines(capsys)}
    assert listed == {"boots": False, "summer-shoes": True}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--category", "Typo"], "no category “Typo”; it has “boots”"),
        (["--min-score", "nan"], "from -1 to 1, not nan"),
        (["--min-score", "1.5"], "from -1 to 1"),
        (["--min-saving", "0.3"], "only applies to cheaper look-alikes"),
        (["--cheaper", "--min-saving", "30"], "a share from 0 to 1"),
        (["--crop", "0,0,1,1"], "leave the crop out"),
    ],
)
def test_what_cannot_apply_is_refused_with_a_sentence(built, capsys, options, sentence):
    assert main(["query", "--product", "shoe 1", *options]) == FAILED
    captured = capsys.readouterr()
    assert captured.out == ""
    assert sentence in captured.err


def test_words_alone_find_products_without_scores(built, capsys):
    assert main(["query", "--words", "boots", "--json"]) == DONE
    (answer,) = lines(capsys)
    assert answer["passed"] == len(answer["hits"]) > 0
    assert {hit["category"] for hit in answer["hits"]} == {"boots"}
    assert "score" not in answer["hits"][0]
    assert main(["query", "--words", "boots", "--paths"]) == DONE
    paths = capsys.readouterr().out.splitlines()
    assert paths == [hit["path"] for hit in answer["hits"]]
    assert main(["query", "--words", "boots"]) == DONE
    assert f"of {answer['passed']} found" in capsys.readouterr().out


def test_words_narrow_a_search_by_a_product(built, capsys):
    assert main(["query", "--product", "shoe 1", "--words", "boots", "--json"]) == DONE
    (answer,) = lines(capsys)
    assert {hit["category"] for hit in answer["hits"]} == {"boots"}
    assert answer["hits"][0]["score"]


def test_words_alone_have_no_similarity(built, capsys):
    assert main(["query", "--words", "boots", "--min-score", "0.5"]) == FAILED
    assert "leave --min-score out" in capsys.readouterr().err


def test_liked_disliked_and_the_share_of_colour(built, capsys):
    def asked(*options: str) -> list[str]:
        assert main(["query", "--product", "shoe 1", "--json", *options]) == DONE
        (answer,) = lines(capsys)
        return [hit["id"] for hit in answer["hits"]]

    plain = asked()
    assert plain[0] not in asked("--dislike", plain[0])
    assert asked("--like", plain[-1]).index(plain[-1]) < len(plain) - 1
    assert set(asked("--colour-share", "0.3")) == set(plain)
    assert main(["query", "--product", "shoe 1", "--colour-share", "2"]) == FAILED
    assert "share of colour" in capsys.readouterr().err
