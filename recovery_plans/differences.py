"""What differs between two texts, word by word: taken out, put in, or the same."""

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

SAME, OUT, IN = "same", "out", "in"
# Of longer texts, and of those in which the same few words or marks stand again and again, the new one is shown without
# marks: comparing takes as long as there are pairs of like words, and that for each place in which they differ.
MOST_WORDS = 1200
MOST_PAIRS = 10_000


class Piece(NamedTuple):
    """Some words in a row that have the same fate."""

    kind: str
    text: str


def differences(before, after):
    """`after` in pieces, with what was taken out of `before` where it stood; where nothing is common, `after` alone."""
    old, new = _words(before), _words(after)
    if len(old) + len(new) > MOST_WORDS or _pairs(old, new) > MOST_PAIRS:
        return [Piece(SAME, after)]
    # Spaces are no words in common: they are alike where the words beside them are.
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
    runs = [(tag == "equal", "".join(old[i:j]), "".join(new[k:m])) for tag, i, j, k, m in matcher.get_opcodes()]
    # A space alone between two changes is part of the change: marks of single words are hard to read.
    runs = [(same and bool(text.strip()), text, other) for same, text, other in runs]
    if not any(same for same, _text, _other in runs):
        return [Piece(IN, after)]
    pieces = []
    for same, run in groupby(runs, key=lambda each: each[0]):
        texts = list(run)
        out, put_in = "".join(each[1] for each in texts), "".join(each[2] for each in texts)
        pieces += [Piece(SAME, put_in)] if same else [Piece(OUT, out), Piece(IN, put_in)]
    return [piece for piece in pieces if piece.text]


def _pairs(old, new):
    """How many pairs of like words there are, one of each text."""
    in_new = Counter(new)
    return sum(times * in_new[word] for word, times in Counter(old).items() if not word.isspace())


def _words(text):
    """Words, the spaces between them and each mark, so that the pieces of a text are all of it."""
    return re.findall(r"[\w'’-]+|\s+|[^\w\s]", text)
