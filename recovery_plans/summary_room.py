"""How much of a plan has room on the one page of a summary: how many lines, and how many words of each.

Heights are worked out from the widths of the words and from what `static/css/print.css` says of a summary; the tests
print pages full to the brim in every script.
"""

import unicodedata
from dataclasses import dataclass, replace
from itertools import zip_longest

from recovery_plans.letter_widths import Face, rows_of_words, width_of

# How long one line of each kind may be, in Latin letters. Whole words matter more than many lines.
VISION, STRENGTH, GOAL, STEP, FROM_US = 160, 100, 80, 80, 140
MOST_LINES = 60  # of one kind; no page has room for more


@dataclass(frozen=True)
class SheetPrint:
    """How a summary is printed. Widths are in em of what is printed there, the room round a line in rows of words;
    `rows` is how many of these the page has for all that is not the same on every summary.
    """

    name: float
    vision: float
    shared: float
    heading: float
    strength: float
    goal: float
    step: float
    wish: float
    mark_size: float
    name_row: float
    vision_row: float
    heading_row: float
    round_heading: float
    round_strength: float
    round_goal: float
    round_wish: float
    head_of_table: float
    rows: float
    line_heights: dict


WITH_ROOM = SheetPrint(
    name=16.8,
    vision=29.5,
    shared=39.8,
    heading=29.5,
    strength=18.0,
    goal=16.4,
    step=16.8,
    wish=39.6,
    mark_size=0.8,
    name_row=2.17,
    vision_row=1.31,
    heading_row=1.23,
    round_heading=1.19,
    round_strength=0.4,
    round_goal=0.6,
    round_wish=0.4,
    head_of_table=1.65,
    rows=31.8,
    line_heights={"zh": 1.09, "ar": 1.14, "fa": 1.14, "ur": 1.14},
)
SMALL = SheetPrint(
    name=25.5,
    vision=39.8,
    shared=46.5,
    heading=38.8,
    strength=21.2,
    goal=19.1,
    step=19.6,
    wish=46.2,
    mark_size=0.914,
    name_row=1.61,
    vision_row=1.17,
    heading_row=1.2,
    round_heading=0.77,
    round_strength=0.27,
    round_goal=0.47,
    round_wish=0.18,
    head_of_table=1.42,
    rows=43.2,
    line_heights={"zh": 1.07, "ar": 1.09, "fa": 1.09, "ur": 1.09},
)
# The words of the sheet itself where they are longest, in whichever language it is printed: the same lines are on the
# page for every reader. Marks by the kind of voice (`paper_voice.html`), what stands round a name in a heading, and the
# box that says for whom the page is, which has the person's name four times, and the organization's.
MARKS = {"typed": "(anotada para mí)", "paper": "(from paper)", "read_back": "(me lo leyeron, sí)"}
HEADINGS = {
    "strengths": "Lo que trae ",
    "goals": "En lo que está trabajando ",
    "walkers": "Quién camina con ",
    "from_us": "Lo que ayudaría a  de nuestra parte",
}
SHARED_WORDS = (
    " eligió compartir esta página con quienes supervisan en  hasta el 28 de septiembre de 2028. puede ver cada vez que"
    " se imprime. No se comparte: la historia de, de dónde viene ni sus días difíciles. "
)


def fill(reading, **found):
    """Gives a summary the first lines of each kind that were found: of all kinds one more in turn, while the page has
    room.
    """
    for kind, lines in found.items():
        _give(reading, kind, lines, 0)
    page = PageHeights(reading, SMALL)
    growing = list(found)
    while growing:
        growing = [kind for kind in growing if _give_one_more(reading, page, kind, found[kind])]


def _give_one_more(reading, page, kind, lines):
    """Whether there was one more of this kind, and room for it."""
    count = len(getattr(reading, kind))
    if count == min(len(lines), MOST_LINES):
        return False
    _give(reading, kind, lines, count + 1)
    if page.rows() <= SMALL.rows:
        return True
    _give(reading, kind, lines, count)
    return False


def _give(reading, kind, lines, count):
    setattr(reading, kind, lines[:count])
    setattr(reading, f"more_{kind}", len(lines) - count)


def shortened(line, letters):
    """The same line on one line, perhaps with fewer words."""
    return replace(line, words=in_short(line.words, letters))


def is_full(reading):
    """Whether a summary has so many words that they, and the room round them, must be smaller to stay on one page."""
    return PageHeights(reading, WITH_ROOM).rows() > WITH_ROOM.rows


class PageHeights:
    """How many rows what a summary holds takes in this print. Each line is measured once, however often it is asked."""

    def __init__(self, reading, sheet):
        self._reading, self._sheet, self._heights = reading, sheet, {}
        self._headings = {kind: self._rows_of_heading(words) for kind, words in HEADINGS.items()}
        self._always = (
            sheet.name_row * rows_of_words(self._name, face=Face.SERIF_SEMIBOLD, per_row=sheet.name)
            + rows_of_words(self._words_of_box(), face=Face.REGULAR, per_row=sheet.shared)
            + sum(sheet.vision_row * self._rows(line, sheet.vision, Face.SERIF) for line in reading.vision)
            + bool(reading.walkers) * self._rows_of_walkers()
        )

    def rows(self):
        """Those of all that the summary holds by now."""
        reading, sheet = self._reading, self._sheet
        strengths = [self._height(line, self._strength) for line in reading.strengths]
        return (
            self._always
            + sum(map(max, zip_longest(strengths[::2], strengths[1::2], fillvalue=0)))
            + sum(self._height(goal, self._goal) for goal in reading.goals)
            + sum(self._height(line, self._wish) for line in reading.from_us)
            + sum(height for kind, height in self._headings.items() if getattr(reading, kind))
            + sheet.head_of_table * bool(reading.goals)
            + sum(map(bool, (reading.more_strengths, reading.more_goals, reading.more_from_us)))
        )

    def _height(self, line, measure):
        if id(line) not in self._heights:
            self._heights[id(line)] = measure(line)
        return self._heights[id(line)]

    def _strength(self, line):
        return self._rows(line, self._sheet.strength) + self._sheet.round_strength

    def _goal(self, goal):
        """A goal takes as many rows as the longer of the goal and its next step, which stand side by side."""
        rows = self._rows(goal, self._sheet.goal, Face.SEMIBOLD)
        return max(rows, self._rows(goal.next_step, self._sheet.step)) + self._sheet.round_goal

    def _wish(self, line):
        return self._rows(line, self._sheet.wish) + self._sheet.round_wish

    def _rows(self, line, per_row, face=Face.REGULAR):
        if line is None:
            return 0
        mark = width_of(MARKS.get(line.voice.kind, ""), face=Face.REGULAR) * self._sheet.mark_size
        rows = rows_of_words(line.words, face=face, per_row=per_row, mark=mark)
        return rows * self._sheet.line_heights.get(line.language.partition("-")[0], 1)

    @property
    def _name(self):
        return self._reading.plan.person.paper_name

    def _rows_of_heading(self, words):
        rows = rows_of_words(words + self._name, face=Face.SERIF_SEMIBOLD, per_row=self._sheet.heading)
        return self._sheet.round_heading + self._sheet.heading_row * rows

    def _words_of_box(self):
        organization = self._reading.organization
        return SHARED_WORDS + 4 * f"{self._name} " + (organization.name if organization else "")

    def _rows_of_walkers(self):
        names = ", ".join(self._reading.walkers) + " (especialistas de pares)"
        return rows_of_words(names, face=Face.REGULAR, per_row=self._sheet.wish)


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


def _width(character):
    """A Chinese character is as wide as two Latin letters; a mark on a letter takes no room."""
    return 2 if unicodedata.east_asian_width(character) in "WF" else int(not unicodedata.combining(character))


def _is_one_character(before, after):
    """Whether two neighbours are read as parts of one: a letter and its mark, an emoji family, a flag."""
    flag = "\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff"
    tone = "\U0001f3fb" <= after <= "\U0001f3ff"
    return unicodedata.category(after)[0] == "M" or "\u200d" in (before, after) or flag or tone
