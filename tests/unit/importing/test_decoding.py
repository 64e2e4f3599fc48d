"""The letters of a table: what is told by evidence, and what is only guessed."""

import pytest

from search.errors import ImportRefused
from search.importing.decoding import decode

WESTERN = [
    "Robe d’été – l’œuvre",
    "Ärmel, Größe Ü",
    "São João ÇA VÁ",
    "Niño «casa»",
    "1/2½ °C",
    "Café™ Zoë®",
    "5 £",
]
GUESSED = {
    "cp1251": "Ботинок\nПлатье красное",
    "koi8_r": "Ботинок\nПлатье красное",
    "cp866": "Ботинок\nПлатье красное",
    "cp1250": "Příliš žluťoučký\nŁódź żółta",
    "cp1254": "Kırmızı çanta ğüş",
    "cp1256": "فستان أحمر",
    "cp932": "赤いブーツ\n靴下",
    "gb18030": "红色靴子\n连衣裙",
    "big5": "紅色靴子\n連衣裙",
    "cp949": "빨간 부츠\n원피스",
    "mac_roman": "Größe Café\nNoël",
    "cp850": "Größe Café\nNoël",
}


def refusal(data: bytes, encoding: str = "") -> str:
    with pytest.raises(ImportRefused) as caught:
        decode(data, encoding)
    assert str(caught.value).endswith(".")
    return str(caught.value)


@pytest.mark.parametrize("text", WESTERN)
def test_western_words_are_told_by_evidence_and_said(text: str) -> None:
    decoded = decode(f"id;name\n7;{text}\n".encode("cp1252"))
    assert (decoded.encoding, decoded.is_guess) == ("cp1252", False)
    assert text in decoded.text
    assert "Windows-1252" in decoded.note


@pytest.mark.parametrize("encoding", GUESSED)
def test_other_letters_are_a_guess_that_shows_samples(encoding: str) -> None:
    text = "id;name\n" + "".join(f"{n};{w}\n" for n, w in enumerate(GUESSED[encoding].split("\n")))
    decoded = decode(text.encode(encoding))
    assert decoded.is_guess
    assert (decoded.encoding, decoded.text) == (encoding, text)
    for word in GUESSED[encoding].split("\n"):
        assert f"“{word}”" in decoded.note


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_what_has_a_form_needs_no_note(encoding: str) -> None:
    decoded = decode("id;name\n7;Größe ботинок 赤い\n".encode(encoding))
    assert "Größe ботинок 赤い" in decoded.text
    assert (decoded.is_guess, decoded.note) == (False, "")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_byte_that_is_no_utf_8_is_named_with_its_line(newline: str) -> None:
    lines = ["id;name", "1;Größe Ä", "2;Caf\udce9", "3;Zoë", "4;\udcff"]
    sentence = refusal(newline.join(lines).encode("utf-8", "surrogateescape"))
    assert sentence.startswith("Line 3 (and 1 more) of the table is not UTF-8")
    assert "“2;Caf\ufffd”" in sentence


def test_a_marked_utf_8_is_not_taken_for_another() -> None:
    assert "Line 2" in refusal(b"\xef\xbb\xbfid;name\n1;Caf\xe9\n")


def test_the_encoding_named_is_obeyed() -> None:
    data = "id;name\n1;Платье\n".encode("cp1251")
    decoded = decode(data, "windows-1251")
    assert ("Платье" in decoded.text, decoded.is_guess, decoded.note) == (True, False, "")
    assert "Ïëàòüå" in decode(data, "cp1252").text
    assert "Line 2" in refusal(data, "utf-8")
    assert decode("\ufeffid".encode(), "utf8").text == "id"


@pytest.mark.parametrize("encoding", ["no-such", "base64", "zlib", "rot13", "a\0b"])
def test_an_encoding_that_is_none_is_refused(encoding: str) -> None:
    assert "unknown" in refusal(b"id\n1\n", encoding)
