"""Names as people type them: one name, whatever the keyboard made of it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from peers.names import plain_name


@pytest.mark.parametrize(
    "spellings",
    [
        ("O’Brien", "O'Brien", "O‘Brien", "O´Brien", "O`Brien", "OBrien", "o brien"),
        ("Nguyen Van Minh", "Nguyễn Văn Minh", unicodedata.normalize("NFD", "Nguyễn Văn Minh"), "NGUYỄN  VĂN MINH"),
        ("Maria Jose", "María José", "Maria-José"),
        ("Mary-Jane", "Mary Jane", "Mary\u2010Jane", "Mary\u2013Jane", "MaryJane", " mary\xa0jane "),
        ("J.", "J", "j"),
        ("J. R.", "JR", "J.R."),
        ("Đặng", "Dang"),
        ("Søren", "Soren"),
        ("Łukasz", "Lukasz"),
        ("Groß", "Gross", "GROSS"),
        ("Işıl", "Isil", "IŞIL"),
        ("Алёна", "Алена"),
        ("Γιώργος", "Γιωργος", "ΓΙΩΡΓΟΣ"),
        ("Ｓｋｙ", "Sky"),
        ("علی\u200cرضا", "علی رضا"),
    ],
    ids=lambda spellings: spellings[1],
)
def test_these_are_one_name(spellings):
    assert len({plain_name(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    "one, other",
    [
        ("कि", "का"),  # vowel signs are letters
        ("ஜா", "ஜி"),
        ("ปู", "ปี"),
        ("が", "か"),  # two sounds
        ("Ann", "Anna"),
        ("Sky 🦊", "Sky 🐢"),  # told apart by a picture
        ("Sky 1", "Sky 2"),
        ("陈", "陳"),
        ("J.", "K."),
    ],
)
def test_these_are_two_names(one, other):
    assert plain_name(one) != plain_name(other)


@given(some.text(max_size=80))
def test_a_plain_name_is_plain_already(name):
    assert plain_name(plain_name(name)) == plain_name(name)


@given(some.text(max_size=80))
def test_how_a_mark_is_written_makes_no_difference(name):
    assert plain_name(unicodedata.normalize("NFD", name)) == plain_name(unicodedata.normalize("NFC", name))


@given(some.characters(categories=["L", "N"]), some.text(max_size=20))
def test_a_name_that_can_be_seen_is_never_empty(letter, rest):
    """Or everyone would be the same person."""
    assert plain_name(rest + letter)
