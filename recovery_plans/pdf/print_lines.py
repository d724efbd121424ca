"""A plan's lines as paper needs them: the words, whose they are, and whether they may share a row or a page."""

from dataclasses import dataclass, replace

from recovery_plans.models.print_jobs import PrintSize
from recovery_plans.prompts import bank
from recovery_plans.sections import GOALS, GOALS_LABEL, OnPaper, row_of

# About how many characters fill a row, and how many rows a page, at each size of print.
CHARACTERS_PER_ROW = {PrintSize.REGULAR: 78, PrintSize.LARGE: 52, PrintSize.EXTRA_LARGE: 39}
ROWS_PER_PAGE = {PrintSize.REGULAR: 34, PrintSize.LARGE: 26, PrintSize.EXTRA_LARGE: 20}
# A goal's box that takes no more of a page than this stays whole. In large print most are taller than what
# is left of a page: would they all stay whole, every other page would be half empty.
STAYS_WHOLE = {PrintSize.REGULAR: 1, PrintSize.LARGE: 0.3, PrintSize.EXTRA_LARGE: 0.2}
MARK_WIDTH = 30  # what says whose words a line is, and how a step is going
LONG_LINE = 240
# A text with more line ends than these is printed in one piece, and the sheet says so: page after page of single
# letters would be nobody's plan, and would keep everybody else's from being printed.
LINE_ENDS_LIMIT = 200
BETWEEN = " / "
# Characters without a glyph that WeasyPrint stumbles over, other ways to end a line, and codes that are no characters.
ON_PAPER = {0xAD: None, 0xFEFF: None, 0x2028: "\n", 0x2029: "\n"}
ON_PAPER |= {plane << 16 | last: "\ufffd" for plane in range(17) for last in (0xFFFE, 0xFFFF)}
ON_PAPER |= dict.fromkeys(range(0xFDD0, 0xFDF0), "\ufffd")


def for_paper(text):
    """The text as it can be printed: letter by letter, without what has no glyph."""
    text = text.translate(ON_PAPER)
    if text.count("\n") > LINE_ENDS_LIMIT:
        return BETWEEN.join(row.strip() for row in text.split("\n") if row.strip())
    return text


def on_paper(line):
    """The same line with its words as they can be printed."""
    return replace(line, words=for_paper(line.words), detail=for_paper(line.detail), phone=for_paper(line.phone))


def goal_on_paper(goal, *, parts, size, is_first):
    """The same goal as it can be printed, with its steps to tick.

    `parts` are those being printed: what a goal uses is printed only where its own part is printed too. A small box
    stays whole. The first stands under a heading; so that the two do not leave half a page empty above them, it may
    split sooner. One that goes on says so at the top of the page.
    """
    printed = replace(
        on_paper(goal),
        steps=[on_paper(step) for step in goal.steps],
        uses=[on_paper(entry) for entry in goal.uses if entry.section in parts],
        in_the_way=[on_paper(entry) for entry in goal.in_the_way if entry.section in parts],
    )
    lines = [printed, *printed.uses, *printed.in_the_way]
    rows = sum(rows_of_line(line, size) for line in lines)
    rows += sum(rows_of_line(step, size, marks=MARK_WIDTH) for step in printed.steps)
    rows += 2 + bool(printed.so_far_on_paper or printed.look_again_on)
    whole = STAYS_WHOLE[size]
    return replace(printed, may_split=rows > ROWS_PER_PAGE[size] * (min(whole, 0.5) if is_first else whole))


def rows_of_line(line, size, *, marks=0):
    """About how many rows a line takes at this size of print, with the space around it.

    `marks` is how much room something beside its words takes, such as how a step is going.
    """
    marks += MARK_WIDTH * (line.voice.kind != "own")
    rows = [row for text in (line.words, line.detail, line.phone) if text for row in text.split("\n")]
    return 0.4 + sum(1 + (len(row) + marks) // CHARACTERS_PER_ROW[size] for row in rows)


def runs_together(line):
    """Whether a line has too many line ends for paper, and is printed in one piece."""
    return any(
        BETWEEN in for_paper(text) and text.translate(ON_PAPER).count("\n") > LINE_ENDS_LIMIT
        for text in (line.words, line.detail)
    )


@dataclass(frozen=True)
class BlankPart:
    """A part of a plan that is still empty, as a sheet to fill in by hand: what it is for, and what to ask oneself."""

    part: str
    title: str
    intro: str
    questions: tuple
    ends_a_page: bool = False

    @classmethod
    def of(cls, part, *, language):
        words = bank(language)
        if part == GOALS:
            goals = words.goals
            questions = (goals.add_heading, goals.why_label, words.steps.add_label)
            title, intro = str(GOALS_LABEL), goals.add_hint
            return cls(part=part, title=title, intro=intro, questions=questions)
        row, section = row_of(part), words.section(part)
        intro = {"intro": section.intro, "empty": section.empty, "": ""}[row.blank_intro]
        questions = (section.prompts[0].text,)
        return cls(part=part, title=section.title, intro=intro, questions=questions)

    @property
    def is_last_sheet(self):
        return self.part != GOALS and row_of(self.part).on_paper == OnPaper.LAST_SHEET

    @property
    def lists_people(self):
        return self.part != GOALS and row_of(self.part).lists_people

    @property
    def lines_to_write_on(self):
        return range(0 if self.is_last_sheet else 3)

    @property
    def lines_to_the_foot(self):
        """More lines, where nothing else comes on the page: print.css lets those go that find no room."""
        return range(30 if self.ends_a_page else 0)
