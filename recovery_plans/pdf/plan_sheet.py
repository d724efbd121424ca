"""The plan on paper: a reading and a reader's choices become the HTML that the PDF is made of.

The HTML is made here, inside the door's transaction; a process of its own makes the PDF after it. Nothing in the HTML
comes from elsewhere: pictures are part of it, and people's words are only ever text.
"""

import base64
import secrets
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation

from peers.templatetags.alongside import direction
from recovery_plans.agreement import AgreedReading, compare
from recovery_plans.models.print_jobs import Paper, PrintSize
from recovery_plans.path import Path
from recovery_plans.pdf.missing_glyphs import missing_glyphs
from recovery_plans.pdf.print_lines import BlankPart, for_paper, goal_on_paper, on_paper, runs_together
from recovery_plans.pdf_service import client
from recovery_plans.picture import draw
from recovery_plans.sections import GOALS, GOALS_LABEL, PRINTED_PARTS, QUIET_PARTS, Section
from recovery_plans.visits import coming_visits

# Lines to write on besides the first three; the last ones fill the page (print.css lets those go that find no room).
LINES_AFTER_GOALS, LINES_AT_THE_END = range(1), range(25)
CHARACTERS_NAMED = 8


@dataclass(frozen=True)
class Choices:
    """How a plan is to be printed."""

    parts: list = field(default_factory=lambda: list(PRINTED_PARTS))
    size: str = PrintSize.REGULAR
    paper: str = Paper.LETTER
    language: str = "en"
    grey: bool = False
    room_to_write: bool = True

    @property
    def page(self):
        """The stylesheet's name for this paper at this size."""
        return f"{self.paper}-{self.size}".replace("_", "-")


class PlanSheet:
    """A plan as it is about to be printed for one reader.

    Every property is asked for once, by `html`, in the language of the print.
    """

    def __init__(self, reading, choices, *, printed_for, agreement=None):
        """`agreement` is the last yes to this plan, or the one whose copy the reading is."""
        self.reading, self.choices, self.printed_for, self.agreement = reading, choices, printed_for, agreement
        self.parts = [part for part in PRINTED_PARTS if part in choices.parts and part in reading.reach.prints]

    @property
    def name(self):
        name = for_paper(self.chosen_name)
        return name or self.chosen_name

    @property
    def is_large(self):
        """Large print, in which whatever is said again and again takes whole pages."""
        return self.choices.size != PrintSize.REGULAR

    @property
    def chosen_name(self):
        """The name that the person wants on paper."""
        return self.reading.person.paper_name

    def has(self, part):
        return part in self.parts

    def lines(self, section):
        """The lines to print of a section; none when it was not chosen or may not be printed."""
        return printed(self.reading.entries(section)) if self.has(section) else []

    @property
    def strengths_go_both_ways(self):
        """Whether some are read from the left and some from the right; then they stand under each other."""
        return len({direction(line.words) for line in self.lines(Section.STRENGTHS)}) > 1

    @property
    def quiet_parts(self):
        """The quieter sections, each with its heading, in order; those without a line are not printed."""
        found = [(section.label, self.lines(section)) for section in QUIET_PARTS]
        return [(label, lines) for label, lines in found if lines]

    @property
    def values(self):
        """What lights up, what wears out, and the rest; None when nothing was said."""
        if not self.lines(Section.VALUES):
            return None
        reading = self.reading
        lifts, drains = printed(reading.lifts), printed(reading.drains)
        side_by_side = all(len(lines) < 9 and not any(line.is_long for line in lines) for lines in (lifts, drains))
        return {
            "lifts": lifts,
            "drains": drains,
            "others": printed(reading.other_values),
            "side_by_side": bool(lifts and drains) and side_by_side,
        }

    @property
    def goals(self):
        if not self.has(GOALS):
            return []
        # A link shows an entry's words: only those of a part that is printed too may come along.
        return [
            goal_on_paper(goal, parts=self.parts, size=self.choices.size, is_first=not index)
            for index, goal in enumerate(self.reading.goals_on_path)
        ]

    @cached_property
    def walkers(self):
        """Each peer specialist who walks along, and their next time; a copy of a plan knows no next time."""
        if not self.has(Section.SUPPORTERS):
            return []
        coming = {} if self.is_copy else coming_visits(self.reading)
        return [(walker, coming.get(walker.pk)) for walker in self.reading.walkers]

    @property
    def blank_parts(self):
        """What an empty plan prints instead: each part with a question and room for the answer."""
        parts = [BlankPart.of(part, language=self.choices.language) for part in self.parts]
        *_, last = [part for part in parts if not part.is_last_sheet] or [None]
        return [replace(part, ends_a_page=part is last or part.is_last_sheet) for part in parts]

    @property
    def is_copy(self):
        """Whether what is printed is the plan as it was agreed, and not as it is."""
        return isinstance(self.reading, AgreedReading)

    @property
    def has_changed(self):
        """Whether the plan is not any more what the last yes was said to, as far as this reader sees."""
        if self.agreement is None or self.is_copy:
            return False
        return not compare(self.agreement.reading, self.reading).is_as_it_was

    def html(self):
        """The whole document, in the language chosen for it."""
        with translation.override(self.choices.language):
            return render_to_string("print/plan.html", self._context())

    def _context(self):
        sections = {part.value: self.lines(part) for part in Section}
        lines = self._lines_as_written()
        blank_parts = [] if lines else self.blank_parts
        return {
            **sections,
            **self._picture(),
            "sheet": self,
            "choices": self.choices,
            "language": self.choices.language,
            "goals": self.goals,
            "goals_label": GOALS_LABEL,
            "matters": self.values,
            "quiet_parts": self.quiet_parts,
            "blank_parts": blank_parts,
            # The sheet for hard days is kept apart, so it must not be the back of another.
            "is_one_sided": bool(sections[Section.HARD_DAYS]) or any(part.is_last_sheet for part in blank_parts),
            "has_marked_lines": any(line.voice.is_marked for line in lines),
            # In large print a line's mark is short; who typed for the person is said once, at the end.
            "short": self.is_large,
            "typed_by": typed_by(lines) if self.is_large else [],
            "missing": without_glyphs(
                [
                    self.chosen_name,
                    *(visit.where for _walker, visit in self.walkers if visit),
                    *(line.words + line.detail + line.phone for line in lines),
                ]
            ),
            "some_run_together": any(runs_together(line) for line in lines),
            "lines_after_goals": LINES_AFTER_GOALS if self.choices.room_to_write and not self.is_large else (),
            "lines_at_the_end": LINES_AT_THE_END if self.choices.room_to_write else (),
            "agreement": self.agreement,
            "is_copy": self.is_copy,
            "has_changed": self.has_changed,
            "printed_on": timezone.localdate(),
            "for_someone_else": None if self.reading.is_owner else self.printed_for,
        }

    def _lines_as_written(self):
        """Every line that is printed, with its words as they were written."""
        lines = [line for part in Section if self.has(part) for line in self.reading.entries(part)]
        goals = self.reading.goals_on_path if self.has(GOALS) else []
        return [*lines, *(line for goal in goals for line in (goal, *goal.steps))]

    def _picture(self):
        """The plan as a path; only where all that it shows is printed too."""
        if not all(self.has(part) for part in (GOALS, Section.STRENGTHS, Section.SUPPORTERS)):
            return {}
        path = Path(self.reading)
        colours = "grey" if self.choices.grey else "print"
        svg = draw(
            path.posts,
            strengths=len(self.reading.strengths),
            people=path.people,
            layout="wide",
            colours=colours,
            title="",  # an image's words are those of its alt
            description="",
        )
        return {"picture": as_data(svg), "picture_in_words": path.description}


def printed(entries):
    return [on_paper(entry) for entry in entries]


def typed_by(lines):
    """The names of those who typed any of these lines for the person, each once."""
    return list(dict.fromkeys(line.voice.by_name for line in lines if line.voice.kind in ("typed", "read_back")))


def without_glyphs(texts):
    """How many characters no font here can print, and the first of them as Unicode numbers; None for none."""
    missing = missing_glyphs("".join(texts))
    if not missing:
        return None
    named = ", ".join(f"U+{ord(char):04X}" for char in missing[:CHARACTERS_NAMED])
    return {"count": len(missing), "named": f"{named} …" if len(missing) > CHARACTERS_NAMED else named}


def as_data(svg):
    """A picture as part of the page: an <img> keeps its whole description, an inline drawing only its title."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def print_one(html):
    """The PDF of one document. Raises PdfFailed; there is never half a PDF."""
    return client.print_pdf(html, socket_path=settings.PDF_SERVICE_SOCKET)


def print_many(documents, *, while_waiting):
    """One PDF of many one-page documents, in their order. Raises PdfFailed."""
    return client.print_many(documents, while_waiting=while_waiting, socket_path=settings.PDF_SERVICE_SOCKET)


def as_download(pdf, *, called):
    """A PDF to keep, under a name that says nothing of whose it is."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{called}-{secrets.token_hex(4)}.pdf"'
    return response
