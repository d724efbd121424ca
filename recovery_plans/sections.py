"""The one place that knows the sections: one row each, with everything that pages, paper, grants and forms ask of it.

How a section is added, and what has to be written besides its row: docs/decisions/0011-one-place-for-sections.md.
"""

from dataclasses import dataclass
from enum import Enum
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Section(models.TextChoices):
    """The parts of a profile, in the order they are offered; no order is required."""

    VISION = "vision", _("Where I am heading")
    STRENGTHS = "strengths", _("What I bring")
    RESILIENCE = "resilience", _("How I get through")
    CULTURE = "culture", _("Where I come from")
    VALUES = "values", _("What matters to me")
    NEEDS = "needs", _("What I need right now")
    EXPERIENCES = "experiences", _("My story so far")
    SUPPORTERS = "supporters", _("Who walks with me")
    HARD_DAYS = "hard_days", _("On a hard day")

    @property
    def slug(self):
        return self.value.replace("_", "-")

    @classmethod
    def from_slug(cls, slug):
        """The section with this address; raises ValueError where there is none."""
        return cls(slug.replace("-", "_"))


class EntryKind(models.TextChoices):
    """What an entry is within its section, where that matters."""

    PLAIN = "", _("As it is")
    LIFTS = "lifts", _("What lights me up")
    DRAINS = "drains", _("What wears me out")
    FROM_US = "from_us", _("What would help from the team")


class OnPlanPage(Enum):
    """Where the plan page shows a section."""

    BY_ITSELF = "in a template written for it"
    SHORT_ROW = "its first line, in a row that leads to its own page"


class OnPaper(Enum):
    """How a printed plan shows a section."""

    BY_ITSELF = "where the template of the print names it"
    QUIET = "a heading and its lines, after what matters to the person"
    LAST_SHEET = "a last sheet of its own, to keep apart from the rest"


# The goals are no section, but a part of the plan like one: they are granted, printed and headed as sections are.
VISITS = "visits"  # what the two of a walk say for their next time: between them, as long as the walk goes on
GOALS = "goals"
VISITS = "visits"  # what two who walk together say for their next time: open to both of them as long as they do
GOALS_LABEL = _("What I am working on")
GOALS_PAPER_ORDER = 40


@dataclass(frozen=True, kw_only=True)
class SectionRow:
    """What is to be known of one section. A new one needs an icon and an order on paper; the rest has a usual value."""

    section: Section
    icon: str
    paper_order: int  # among the other sections and the goals
    # Closed even to the one who walks with the person, until the person opens it.
    is_private: bool = False
    on_plan_page: OnPlanPage = OnPlanPage.SHORT_ROW
    on_paper: OnPaper = OnPaper.QUIET
    # The kinds an entry can be of, as the form asks for them, in this order; none where every entry is plain.
    kinds: tuple = ()
    # The kinds that stand on the one-page summary, whose template knows these sections by name.
    kinds_on_summary: tuple = ()
    # Whether each entry is a person: a name, with how they help as its detail.
    lists_people: bool = False
    # Whether a line of it may have a phone number of its own.
    takes_phone: bool = False
    # Whether its page begins with what was said, and not with a question: it is opened to be read.
    is_read_first: bool = False
    # Its place among the first questions of a new plan; none of its first questions is asked there without one.
    first_question: int | None = None
    # Which words of the conversation bank introduce it on a sheet to fill in by hand; none with "".
    blank_intro: str = "intro"

    @property
    def label(self):
        return self.section.label

    @property
    def slug(self):
        return self.section.slug

    @property
    def special_kinds(self):
        """The kinds that only this section has."""
        return [kind for kind, _label in self.kinds if kind != EntryKind.PLAIN]


SECTIONS = (
    SectionRow(
        section=Section.VISION,
        icon="compass",
        paper_order=10,
        on_plan_page=OnPlanPage.BY_ITSELF,
        on_paper=OnPaper.BY_ITSELF,
        kinds_on_summary=(EntryKind.PLAIN,),
        first_question=2,
    ),
    SectionRow(
        section=Section.STRENGTHS,
        icon="sprout",
        paper_order=20,
        on_plan_page=OnPlanPage.BY_ITSELF,
        on_paper=OnPaper.BY_ITSELF,
        kinds_on_summary=(EntryKind.PLAIN,),
        first_question=1,
    ),
    SectionRow(section=Section.RESILIENCE, icon="mountain", paper_order=60),
    SectionRow(section=Section.CULTURE, icon="house", paper_order=70),
    SectionRow(
        section=Section.VALUES,
        icon="sun",
        paper_order=50,
        on_plan_page=OnPlanPage.BY_ITSELF,
        on_paper=OnPaper.BY_ITSELF,
        kinds=(
            (EntryKind.LIFTS, _("It lights me up")),
            (EntryKind.DRAINS, _("It wears me out")),
            (EntryKind.PLAIN, _("It just matters to me")),
        ),
        first_question=3,
    ),
    SectionRow(
        section=Section.NEEDS,
        icon="hand-helping",
        paper_order=80,
        kinds=(
            (EntryKind.PLAIN, _("This is for me to know")),
            (EntryKind.FROM_US, _("This is something the team could help with")),
        ),
        kinds_on_summary=(EntryKind.FROM_US,),
    ),
    # What the intro of these two private sections says is about who can open them; paper is open to whoever holds it.
    SectionRow(section=Section.EXPERIENCES, icon="book-open", paper_order=90, is_private=True, blank_intro="empty"),
    SectionRow(
        section=Section.SUPPORTERS,
        icon="users",
        paper_order=30,
        on_plan_page=OnPlanPage.BY_ITSELF,
        on_paper=OnPaper.BY_ITSELF,
        lists_people=True,
        takes_phone=True,
    ),
    SectionRow(
        section=Section.HARD_DAYS,
        icon="umbrella",
        paper_order=100,
        is_private=True,
        on_plan_page=OnPlanPage.BY_ITSELF,
        on_paper=OnPaper.LAST_SHEET,
        takes_phone=True,
        is_read_first=True,
        blank_intro="",
    ),
)

_BY_SECTION = {row.section: row for row in SECTIONS}


def row_of(section):
    """The row of a section, or of its value; KeyError where it has none (a system check says so at the start)."""
    return _BY_SECTION[section]


# --- what others read from the table ---

PRIVATE_SECTIONS = tuple(row.section for row in SECTIONS if row.is_private)
# What walking together opens.
OPEN_BY_WALKING = (*(row.section.value for row in SECTIONS if not row.is_private), GOALS)
SHORT_ROWS = tuple(row.section for row in SECTIONS if row.on_plan_page == OnPlanPage.SHORT_ROW)
FIRST_QUESTIONS = tuple(
    row.section for row in sorted((row for row in SECTIONS if row.first_question), key=lambda row: row.first_question)
)


def _in_paper_order():
    numbered = [(row.paper_order, row.section) for row in SECTIONS]
    return tuple(part for _order, part in sorted([*numbered, (GOALS_PAPER_ORDER, GOALS)], key=lambda pair: pair[0]))


PRINTED_PARTS = _in_paper_order()
QUIET_PARTS = tuple(part for part in PRINTED_PARTS if part != GOALS and row_of(part).on_paper == OnPaper.QUIET)


def kind_fits_section():
    """The condition of the database that an entry's kind is one of its section's."""
    fits = Q(kind=EntryKind.PLAIN.value)
    for row in SECTIONS:
        if len(row.special_kinds) == 1:
            fits |= Q(kind=row.special_kinds[0], section=row.section)
        elif row.special_kinds:
            fits |= Q(kind__in=row.special_kinds, section=row.section)
    return fits


def stands_on_summary():
    """The condition that an entry stands on the one-page summary."""
    shown = (Q(section=row.section, kind__in=row.kinds_on_summary) for row in SECTIONS if row.kinds_on_summary)
    return reduce(or_, shown)


def open_to_walks(section):
    """For the migration that adds a section: what opens it to those who walk with someone now.

    A grant is rows of parts and actions, so one that was given before knows nothing of a new section. Put it last
    among the operations, after the constraints that know the new section:

        migrations.RunPython(open_to_walks("hobbies"), migrations.RunPython.noop)

    Only a section that walking together opens may be opened so; a private one stays closed until the person opens it.
    Grants that open no more than one private part are left alone, and so is whatever has ended. Running it twice
    changes nothing.
    """

    def open_it(apps, schema_editor):
        if section not in OPEN_BY_WALKING:
            raise ValueError(f"{section} is not opened by walking together")
        parts = apps.get_model("recovery_plans", "GrantedPart")._base_manager
        # The goals are open by each grant of a walk, and by no grant of a single private part.
        goals = parts.filter(part=GOALS, grant__purpose="walk", grant__revoked_at=None, grant__walk__ended_at=None)
        rows = goals.exclude(grant__walk=None).values_list("grant_id", "action")
        model = parts.model
        parts.bulk_create(
            [model(grant_id=grant, part=section, action=action) for grant, action in rows],
            batch_size=1000,
            ignore_conflicts=True,
        )

    return open_it
