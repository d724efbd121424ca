"""The plan as something to hold: a reading and a reader's choices become the HTML that the press prints.

The HTML is made here, inside the door's transaction; the press (a process of its own) makes the PDF after it. Nothing in
the HTML comes from elsewhere: pictures are part of it, and people's words are only ever text.
"""

import base64
import secrets
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation

from recovery_plans.models import Section
from recovery_plans.models.printing import Paper, PrintSize
from recovery_plans.models.sharing import GOALS
from recovery_plans.path import Path
from recovery_plans.press import client

# In the order in which they are printed; hard days are always a last sheet of their own.
PRINTED_PARTS = [
    Section.VISION, Section.STRENGTHS, Section.SUPPORTERS, GOALS, Section.VALUES, Section.RESILIENCE,
    Section.CULTURE, Section.NEEDS, Section.EXPERIENCES, Section.HARD_DAYS,
]  # fmt: skip
LINES_TO_WRITE_ON = range(4)


@dataclass(frozen=True)
class Choices:
    """How a plan is to be printed."""

    parts: list = field(default_factory=lambda: list(PRINTED_PARTS))
    size: str = PrintSize.REGULAR
    paper: str = Paper.LETTER
    language: str = "en"
    grey: bool = False
    short_name: bool = False
    room_to_write: bool = True

    @property
    def page(self):
        """The stylesheet's name for this paper at this size."""
        return f"{self.paper}-{self.size}".replace("_", "-")


class PlanSheet:
    """A plan as it is about to be printed for one reader."""

    def __init__(self, reading, choices, *, printed_for):
        self.reading, self.choices, self.printed_for = reading, choices, printed_for
        self.parts = [part for part in choices.parts if part in reading.reach.prints]

    @property
    def name(self):
        name = self.reading.person.name
        return name.split()[0] if self.choices.short_name else name

    def has(self, part):
        return part in self.parts

    def section(self, section):
        """The entries to print of a section; none when it was not chosen or may not be printed."""
        return self.reading.section(section).entries if self.has(section) else []

    @property
    def profile(self):
        """The quieter sections, each with its heading, in order; those without a line are not printed."""
        quiet = (Section.RESILIENCE, Section.CULTURE, Section.NEEDS, Section.EXPERIENCES)
        found = [(section.label, self.section(section)) for section in quiet]
        return [(label, entries) for label, entries in found if entries]

    @property
    def values(self):
        """What lights up, what wears out, and the rest."""
        if not self.has(Section.VALUES):
            return None
        reading = self.reading
        some = reading.lifts or reading.drains or reading.other_values
        return {"lifts": reading.lifts, "drains": reading.drains, "others": reading.other_values} if some else None

    @property
    def goals(self):
        return self.reading.goals_on_path if self.has(GOALS) else []

    @property
    def walkers(self):
        return self.reading.walkers if self.has(Section.SUPPORTERS) else []

    @property
    def has_marked_lines(self):
        """Whether any line waits to be read back, so that the sheet says what its mark means."""
        lines = [entry for part in self.parts if part != GOALS for entry in self.section(part)]
        lines += [line for goal in self.goals for line in (goal, *goal.steps)]
        return any(line.voice.is_marked for line in lines)

    def html(self):
        """The whole document, in the language chosen for it."""
        with translation.override(self.choices.language):
            path = Path(self.reading) if self.has(GOALS) and self.has(Section.STRENGTHS) else None
            context = {
                "sheet": self,
                "choices": self.choices,
                "language": self.choices.language,
                "picture": as_data(path.draw("wide", colours="grey" if self.choices.grey else "print")) if path else "",
                "picture_in_words": path.description if path else "",
                "vision": self.section(Section.VISION),
                "strengths": self.section(Section.STRENGTHS),
                "supporters": self.section(Section.SUPPORTERS),
                "hard_days": self.section(Section.HARD_DAYS),
                "writing_lines": LINES_TO_WRITE_ON if self.choices.room_to_write else (),
                "printed_on": timezone.localdate(),
                "for_someone_else": None if self.reading.is_owner else self.printed_for,
            }
            return render_to_string("print/plan.html", context)


def as_data(svg):
    """A picture as part of the page: an <img> keeps its whole description, an inline drawing only its title."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def print_one(html):
    """The PDF of one document. Raises PressFailed; there is never half a PDF."""
    return client.print_pdf(html, socket_path=settings.PRESS_SOCKET)


def print_many(pages, *, on_progress=None):
    """One PDF of many one-page documents, in their order. Raises PressFailed."""
    return client.print_many(pages, on_progress=on_progress, socket_path=settings.PRESS_SOCKET)


def as_download(pdf, *, called):
    """A PDF to keep, under a name that says nothing of whose it is."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{called}-{secrets.token_hex(4)}.pdf"'
    return response
