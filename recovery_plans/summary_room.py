"""How much of a plan has room on the one page of a summary: how many lines, and how many words of each.

Heights are guessed, from how wide the words are; the tests print pages full to the brim in every script.
"""

import unicodedata
from dataclasses import dataclass, replace
from itertools import zip_longest


@dataclass(frozen=True)
class Room:
    """How much of one kind there is room for at least: how many lines, how wide each may be (in Latin letters), and how
    wide all of them together. Whole words matter more than many: long lines leave room for fewer.
    """

    lines: int
    each: int
    together: int


VISION, STRENGTH = Room(lines=1, each=160, together=160), Room(lines=6, each=100, together=340)
GOAL = STEP = Room(lines=5, each=80, together=250)
FROM_US = Room(lines=3, each=140, together=240)
ROOM_OF = {"strengths": STRENGTH, "goals": GOAL, "from_us": FROM_US}
ROOM_ROUND_A_LINE = 12


@dataclass(frozen=True)
class SheetPrint:
    """How a summary is printed: how many Latin letters a row of each kind has at least and a mark takes; how many rows
    the page has, and the headings, where those are counted.
    """

    vision: int
    strength: int
    goal: int
    step: int
    wish: int
    mark: int
    rows: int
    heading: float = 0
    head_of_table: float = 0


WITH_ROOM = SheetPrint(vision=48, strength=30, goal=30, step=32, wish=80, mark=16, rows=12)
SMALL = SheetPrint(vision=76, strength=44, goal=36, step=40, wish=96, mark=14, rows=37, heading=2, head_of_table=1.5)
LINE_HEIGHTS = {"zh": 1.05, "ar": 1.09}  # of print.css, where they differ from the others
MOST_LINES = 60  # of one kind; no page has room for more


def fill(reading, **found):
    """Gives a summary the first lines of each kind that were found: as many as its kind has room for, and of all kinds
    more in turn, while the page has room.
    """
    for kind, lines in found.items():
        _give(reading, kind, lines, len(as_fit(lines[:MOST_LINES], ROOM_OF[kind])))
    growing = list(found)
    while growing:
        growing = [kind for kind in growing if _give_one_more(reading, kind, found[kind])]


def _give_one_more(reading, kind, lines):
    """Whether there was one more of this kind, and room for it."""
    count = len(getattr(reading, kind))
    if count == min(len(lines), MOST_LINES):
        return False
    _give(reading, kind, lines, count + 1)
    if rows_of(reading, SMALL) <= SMALL.rows:
        return True
    _give(reading, kind, lines, count)
    return False


def _give(reading, kind, lines, count):
    setattr(reading, kind, lines[:count])
    setattr(reading, f"more_{kind}", len(lines) - count)


def shortened(line, room):
    """The same line on one line, perhaps with fewer words."""
    return replace(line, words=in_short(line.words, room.each))


def as_fit(lines, room):
    """The first of these lines, as many as there is room for; never fewer than one."""
    taken, left = [], room.together
    for line in lines[: room.lines]:
        left -= _width_on_page(line) + ROOM_ROUND_A_LINE
        if taken and left < 0:
            break
        taken.append(line)
    return taken


def _width_on_page(line):
    """A goal takes as many rows as the longer of the goal and its next step, which stand side by side."""
    beside = getattr(line, "next_step", None)
    return max(width_of(line.words), width_of(beside.words) if beside else 0)


def is_full(reading):
    """Whether a summary has so many words that they, and the room round them, must be smaller to stay on one page."""
    return rows_of(reading, WITH_ROOM) > WITH_ROOM.rows


def rows_of(reading, sheet):
    """About how many rows the words of a summary take in this print, with the room round each line."""

    def rows(line, per_row):
        if line is None:
            return 0
        marked = sheet.mark * (line.voice.kind != "own")
        return (1 + (width_of(line.words) + marked) // per_row) * LINE_HEIGHTS.get(line.language.partition("-")[0], 1)

    strengths = [rows(line, sheet.strength) for line in reading.strengths]
    side_by_side = zip_longest(strengths[::2], strengths[1::2], fillvalue=0)
    return (
        sum(1.4 * rows(line, sheet.vision) for line in reading.vision)
        + sum(max(pair) + 0.4 for pair in side_by_side)
        + sum(max(rows(goal, sheet.goal), rows(goal.next_step, sheet.step)) + 0.6 for goal in reading.goals)
        + sum(rows(line, sheet.wish) + 0.4 for line in reading.from_us)
        + sheet.heading * sum(map(bool, (reading.strengths, reading.goals, reading.from_us)))
        + sheet.head_of_table * bool(reading.goals)
        + sum(map(bool, (reading.more_strengths, reading.more_goals, reading.more_from_us)))
    )


# --- words ---


def in_short(words, limit):
    """Words on one line; where there are too many, the first of them and a mark that there are more."""
    text = " ".join(words.split())
    end = _fits(text, limit)
    if end == len(text):
        return text
    gap = text.rfind(" ", end * 2 // 3, end + 1)
    end = gap if gap > 0 else end
    while end > 1 and _is_one_character(text[end - 1], text[end]):
        end -= 1
    return text[:end].rstrip() + "…"


def _fits(text, limit):
    """How many of these characters fit where `limit` Latin letters do."""
    for index, character in enumerate(text):
        limit -= _width(character)
        if limit < 0:
            return index
    return len(text)


def width_of(text):
    """How wide a text is, in Latin letters."""
    return sum(map(_width, text))


def _width(character):
    """A Chinese character is as wide as two Latin letters; a mark on a letter takes no room."""
    return 2 if unicodedata.east_asian_width(character) in "WF" else int(not unicodedata.combining(character))


def _is_one_character(before, after):
    """Whether two neighbours are read as parts of one: a letter and its mark, an emoji family, a flag."""
    flag = "\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff"
    tone = "\U0001f3fb" <= after <= "\U0001f3ff"
    return unicodedata.category(after)[0] == "M" or "\u200d" in (before, after) or flag or tone
