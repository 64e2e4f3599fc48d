from __future__ import annotations

import json
import signal

import pytest

from search.cli import main
from search.engine.publishing import Publication


@pytest.fixture
def address(tmp_path) -> str:
    return str(tmp_path / "index.db")


def test_publishing_and_verifying(folder, address, capsys, monkeypatch):
    monkeypatch.setattr("search.engine.publishing.GRACE", 0.0)
    assert main(["build", str(folder)]) == 0
    capsys.readouterr()
    assert main(["publish", address, "--verify"]) == 0
    said = capsys.readouterr().out
    assert "5 products, 5 photographs; 5 rows written, 0 deleted; it is in use" in said
    assert "recall@10: 1.0000" in said
    assert main(["publish", f"milvus-lite:{address}", "--json", "--verify"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    events = {line["event"]: line for line in lines}
    assert (events["published"]["written"], events["published"]["switched"]) == (0, False)
    assert events["verified"]["holds"] is True
    assert main(["publish", address, "--rebuild"]) == 0
    assert "5 rows written" in capsys.readouterr().out


def test_following_ends_when_told(folder, address, capsys, monkeypatch):
    def followed(publisher, stopped, **_):
        done = publisher.publish()
        yield Publication(done.address, 7, done.fingerprint, 5, 5, 1, 0, switched=False)
        assert not stopped()
        signal.raise_signal(signal.SIGTERM)
        assert stopped()

    monkeypatch.setattr("search.cli.publish.follow", followed)
    assert main(["build", str(folder)]) == 0
    before = signal.getsignal(signal.SIGTERM)
    assert main(["publish", address, "--follow"]) == 0
    assert "Revision 7 is published" in capsys.readouterr().out
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("text", ["shop", "http://db/shop", "milvus://db"])
def test_what_is_no_address_is_refused(text, capsys):
    assert main(["publish", text]) == 1
    assert "milvus://host:19530/name" in capsys.readouterr().err
