"""The four words of a plan card: random, easy to say on the phone, and accepted in any spelling of case and gaps."""

import re
import secrets
import unicodedata
from pathlib import Path

WORDS = tuple(Path(__file__).with_name("card_words.txt").read_text(encoding="ascii").split())
HOW_MANY = 4
# Four words are under 50 letters. Nobody types more than this, and a script that does costs no time.
LONGEST_TYPED = 500


def draw_four() -> tuple[str, ...]:
    """Four different words by chance. A repeated word would sound like a mistake when the card is read aloud."""
    drawn: list[str] = []
    while len(drawn) < HOW_MANY:
        word = secrets.choice(WORDS)
        if word not in drawn:
            drawn.append(word)
    return tuple(drawn)


def normalize(text: str) -> str:
    """The four words as the card has them, however they were typed; "" when they are not four.

    Capital letters, accents put in by a phone's autocorrect, wide letters and invisible characters are normalized;
    anything between words (spaces, new lines, commas, dots, hyphens, numbers) is one gap.
    Whether the words are on the list is not looked at: a wrong word must take as long to refuse as a right one.
    """
    if len(text) > LONGEST_TYPED:
        return ""
    # NFKC first (wide and ligature letters), then the accents apart from their letters, so that they can go.
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    seen = "".join(c for c in apart if unicodedata.category(c) not in ("Mn", "Cf"))
    words = re.findall(r"[a-z]+", seen)
    return " ".join(words) if len(words) == HOW_MANY else ""
