from __future__ import annotations

import json

from search.access import keys
from search.cli import main


def test_a_key_is_shown_once_listed_and_revoked(capsys):
    assert main(["keys", "add", "website", "--origin", "https://shop.example", "--rate", "5"]) == 0
    secret = capsys.readouterr().out.splitlines()[0]
    key = keys.known(secret)
    assert key is not None
    assert main(["keys", "list"]) == 0
    listed = capsys.readouterr().out
    assert key.id in listed
    assert secret not in listed
    assert main(["keys", "revoke", key.id]) == 0
    assert keys.known(secret) is None


def test_json(capsys):
    assert main(["keys", "add", "website", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert keys.known(made["key"]) is not None
    assert main(["keys", "list", "--json"]) == 0
    assert "key" not in json.loads(capsys.readouterr().out)


def test_refusals_are_sentences(capsys):
    assert main(["keys", "add", ""]) == 1
    assert main(["keys", "revoke", "nobody"]) == 1
    assert "Traceback" not in capsys.readouterr().err
