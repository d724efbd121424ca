"""A plan's lines as paper needs them: the words, whose they are, and whether they may share a row or a page."""

from dataclasses import dataclass
from itertools import zip_longest

from recovery_plans.models import GoalState, Section
from recovery_plans.models.printing import PrintSize
from recovery_plans.models.sharing import GOALS, GOALS_LABEL
from recovery_plans.path import state_in_words
from recovery_plans.prompts import bank

# About how many signs fill a row, and how many rows a page, at each size of print.
SIGNS_A_ROW = {PrintSize.REGULAR: 78, PrintSize.LARGE: 42, PrintSize.EXTRA_LARGE: 31}
ROWS_A_PAGE = {PrintSize.REGULAR: 34, PrintSize.LARGE: 21, PrintSize.EXTRA_LARGE: 16}
MARK = 30  # what says whose words a line is, and how a step is going
LONG = 240
# The same for a summary: how many rows of words it may have before they are printed smaller.
ROWS_OF_SUMMARY, SUMMARY_MARK = 12, 16
# A text with more line ends than these is printed in one piece, and the sheet says so: page after page of single
# letters would be nobody's plan, and would keep the PDF service from everybody else's.
LINE_ENDS_AT_MOST = 200
BETWEEN = " / "
# Signs without a shape that WeasyPrint stumbles over, other ways to end a line, and codes that are no signs at all.
ON_PAPER = {0xAD: None, 0xFEFF: None, 0x2028: "\n", 0x2029: "\n"}
ON_PAPER |= {plane << 16 | last: "\ufffd" for plane in range(17) for last in (0xFFFE, 0xFFFF)}
ON_PAPER |= dict.fromkeys(range(0xFDD0, 0xFDF0), "\ufffd")


def for_paper(text):
    """The text as it can be printed: letter by letter, without what has no shape."""
    text = text.translate(ON_PAPER)
    if text.count("\n") > LINE_ENDS_AT_MOST:
        return BETWEEN.join(row.strip() for row in text.split("\n") if row.strip())
    return text


@dataclass(frozen=True)
class PrintedLine:
    """One line of a plan on paper. `who` and `state` are a step's alone; `said` is what was said, sign by sign."""

    words: str
    detail: str
    language: str
    voice: object
    said: str
    who: str = ""
    state: str = ""

    @classmethod
    def of(cls, line, *, voice, **facts):
        return cls(
            words=for_paper(line.words), detail=for_paper(line.detail), language=line.language, voice=voice,
            said=line.words + line.detail, **facts,
        )  # fmt: skip

    @property
    def keeps_form(self):
        """Whether spaces and line ends are part of what was said; most lines have none to keep, and print faster."""
        return any(form in text for text in (self.words, self.detail) for form in ("\n", "  ", "\t"))

    @property
    def runs_together(self):
        """Whether it had too many line ends for paper."""
        return BETWEEN in self.words + self.detail and self.said.translate(ON_PAPER).count("\n") > LINE_ENDS_AT_MOST

    @property
    def is_long(self):
        """Whether it needs the whole width, and may run over a page's end rather than jump to the next."""
        return len(self.words) + len(self.detail) + 60 * (self.words + self.detail).count("\n") > LONG

    def rows(self, size):
        """About how many rows it takes at this size of print, with the space around it."""
        marks = MARK * (self.voice.kind != "own") + MARK * bool(self.state)
        return 0.4 + sum(1 + (len(row) + marks) // SIGNS_A_ROW[size] for row in self.all_rows)

    @property
    def all_rows(self):
        return [row for text in (self.words, self.detail) if text for row in text.split("\n")]


@dataclass(frozen=True)
class PrintedGoal:
    """A goal on paper, with its steps to tick."""

    line: PrintedLine
    number: int
    state: str
    look_again_on: object
    steps: list
    uses: list
    in_the_way: list
    may_split: bool
    so_far: str = ""

    @classmethod
    def of(cls, goal, *, parts, size, is_first):
        """`parts` are those being printed: what a goal uses is told only where its own part is told too.

        A box stays whole where it fits on a page. The first stands under a heading; so that the two do not leave half
        a page empty above them, it may split sooner.
        """
        line = PrintedLine.of(goal.line, voice=goal.voice)
        steps = [printed_step(step) for step in goal.steps]
        uses, in_the_way = (
            [PrintedLine.of(entry.line, voice=entry.voice) for entry in linked if entry.line.section in parts]
            for linked in (goal.uses, goal.in_the_way)
        )
        so_far = state_in_words(goal) if steps and goal.state == GoalState.NOW else ""
        rows = sum(each.rows(size) for each in (line, *steps, *uses, *in_the_way))
        rows += 2 + bool(so_far or goal.line.look_again_on)
        return cls(
            line=line, number=goal.number, state=goal.state, look_again_on=goal.line.look_again_on, steps=steps,
            uses=uses, in_the_way=in_the_way, so_far=so_far,
            may_split=rows > ROWS_A_PAGE[size] * (0.5 if is_first else 1),
        )  # fmt: skip

    @property
    def lines(self):
        return [self.line, *self.steps]

    @property
    def is_bare(self):
        """Whether there is nothing under its heading."""
        quiet = self.state == GoalState.NOW and not self.look_again_on and not self.line.detail
        return quiet and not (self.steps or self.uses or self.in_the_way)


def printed_step(step):
    state = "done" if step.is_done else "next" if step.is_next else "cannot" if step.cannot_yet else "later"
    who = "" if step.line.who == "me" else for_paper(step.line.detail) or step.line.get_who_display()
    return PrintedLine.of(step.line, voice=step.voice, who=who, state=state)


@dataclass(frozen=True)
class BlankPart:
    """A part of a plan that is still empty, as a sheet to fill in by hand: what it is for, and what to ask oneself."""

    part: str
    title: str
    intro: str
    questions: tuple
    ends_a_page: bool

    @classmethod
    def of(cls, part, *, language, ends_a_page):
        words = bank(language)
        if part == GOALS:
            goals = words.goals
            asked = (goals.add_heading, goals.why_label, words.steps.add_label)
            title, intro = str(GOALS_LABEL), goals.add_hint
            return cls(part=part, title=title, intro=intro, questions=asked, ends_a_page=ends_a_page)
        said = words.section(Section(part).value)
        # What these two say on screen is about who can open them; paper is open to whoever holds it.
        intro = {Section.EXPERIENCES: said.empty, Section.HARD_DAYS: ""}.get(part, said.intro)
        asked = (said.prompts[0].text,)
        return cls(part=part, title=said.title, intro=intro, questions=asked, ends_a_page=ends_a_page)

    @property
    def lines_to_write_on(self):
        return range(0 if self.part == Section.HARD_DAYS else 3)

    @property
    def lines_to_the_foot(self):
        """More lines, where nothing else comes on the page: print.css lets those go that find no room."""
        return range(10 if self.ends_a_page else 0)


# --- a summary ---


def is_full(reading):
    """Whether a summary has so many words that they, and the room round them, must be smaller to stay on one page."""
    return rows_of(reading) > ROWS_OF_SUMMARY


def rows_of(reading):
    """About how many rows the words of a summary take in regular print, with the room round each line."""

    def rows(said, a_row):
        return 1 + (said.width + SUMMARY_MARK * (said.voice.kind != "own")) // a_row if said else 0

    strengths = [rows(said, 30) for said in reading.strengths]
    return (
        sum(1.4 * rows(said, 48) for said in reading.vision)
        # Two stand side by side.
        + sum(max(pair) + 0.4 for pair in zip_longest(strengths[::2], strengths[1::2], fillvalue=0))
        + sum(max(rows(goal.said, 30), rows(goal.next_step, 32)) + 0.6 for goal in reading.goals)
        + sum(rows(said, 80) + 0.4 for said in reading.from_us)
        + bool(reading.more_strengths) + bool(reading.more_goals) + bool(reading.more_from_us)
    )  # fmt: skip
