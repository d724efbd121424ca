"""Tells who can see what of a plan right now, from the grants in force, for any reader. `access.py` decides it.

A reader is someone who walks with the person, an organization's supervisors, or anyone else the person gave a grant to,
such as a sister. What a grant is for changes how a page speaks of its reader; it never changes that they can see.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peers.models import Role
from peers.models.organization import StaffRole
from peers.pagination import by_name
from recovery_plans.access import grants_now
from recovery_plans.access_log import last_looks
from recovery_plans.models import Action
from recovery_plans.models.sharing import SUMMARY
from recovery_plans.sections import GOALS, GOALS_LABEL, PRIVATE_SECTIONS, SECTIONS

SUMMARY_LABEL = gettext_lazy("My one-page summary")


# --- each part: who can see it ---


class Reader(NamedTuple):
    """Someone with a grant: a named reader, or (without a code) the supervisors of an organization."""

    pk: object
    name: str


class PartReaders:
    """Besides the person, who can see each part of a plan: computed from what its grants open."""

    def __init__(self, open_parts):
        """`open_parts` is what recovery_plans.access.open_parts found."""
        self._open_parts = open_parts

    @cached_property
    def _by_part(self):
        found = defaultdict(dict)  # of dicts, so that each reader is named once, oldest grant first
        for part in self._open_parts:
            if part.action == Action.SEE:
                found[part.part][reader_of(part)] = True
        return found

    def of(self, part):
        """Everyone who can see this part, oldest grant first."""
        return list(self._by_part.get(part, ()))

    @cached_property
    def walkers(self):
        """The peer specialists who walk with the person now, longest first."""
        return list(dict.fromkeys(reader_of(part) for part in self._open_parts if part.walk))

    def with_ideas(self, reach):
        """The first names of those who wait for an answer to an idea that is open to the person here."""
        found = [part for part in self._open_parts if part.ideas_wait and part.part in reach.sees]
        found = [part for part in found if reach.lender is None or part.reader == reach.lender.pk]
        return list(dict.fromkeys(part.reader_name.partition(" ")[0] for part in found))


def reader_of(part):
    """Whom a grant lets read."""
    if part.reader is None:
        return Reader(None, _("the supervisors at %(place)s") % {"place": part.supervisors_of_name})
    return Reader(part.reader, part.reader_name)


def who_sees(reading, section):
    """Who can see this section, in one sentence for this reader."""
    if not section.is_open and reading.is_owner:
        return _("This opens with your own words.")
    if not section.is_open:
        return _("%(name)s has not opened this part to you.") % {"name": reading.person.name}
    others = [reader.name for reader in section.readers if reader.pk != reading.reader.pk]
    if not reading.is_owner:
        names = [reading.person.name, *others, _("you")]
    elif others:
        names = [_("You"), *others]
    else:
        return _("Only you can see this.")
    return _("%(names)s can see this.") % {"names": get_text_list(names, _("and"))}


# --- the share page: everyone who can see something ---


@dataclass(frozen=True)
class PrivatePart:
    """A part that stays closed to the one who walks with the person until the person opens it."""

    section: object
    is_open: bool  # to this one
    is_only_mine: bool  # open to nobody at all


@dataclass(frozen=True)
class WalkerRead:
    """A peer specialist who walks with the person: since when, what they see, when they last looked."""

    walk: object
    name: str
    private_parts: list
    last_looked: object

    @property
    def anchor(self):
        """The id of their card on Share."""
        return f"walk-{self.walk.pk}"


@dataclass(frozen=True)
class SummaryYes:
    """The grant in force to the one page: to whose supervisors, who they are today, until when, the last look."""

    organization: object
    names: list
    until: object
    last_looked: object


@dataclass(frozen=True)
class OtherReader:
    """Anyone else with a grant in force: which parts they see, until when (None: no end), when they last looked."""

    name: str
    parts: list
    until: object
    last_looked: object


class WhoSees:
    """Everyone who can see something of this plan right now."""

    def __init__(self, plan):
        self.plan = plan
        grants, looked = grants_now(plan), last_looks(plan)
        seen = {grant: seen_parts(grant) for grant in grants}
        yes = next((grant for grant in grants if grant.supervisors_of_id and SUMMARY in seen[grant]), None)
        supervisors = supervisors_of(yes.supervisors_of if yes else plan.person.organization)
        elsewhere = {grant: parts - {SUMMARY} if grant == yes else parts for grant, parts in seen.items()}
        others = [grant for grant in grants if grant.walk_id is None and elsewhere[grant]]
        self.supervisors = [user.name for user in supervisors]
        self.walkers = _walkers(grants, seen, looked)
        self.summary = _summary(yes, supervisors, looked) if yes else None
        self.others = [_other_reader(grant, elsewhere[grant], looked) for grant in others]
        readers = {grant.reader_id for grant in grants if grant.reader_id and seen[grant]}
        for organization in {grant.supervisors_of for grant in others if grant.supervisors_of_id}:
            readers |= {user.pk for user in supervisors_of(organization)}
        self.count = len(readers | {user.pk for user in supervisors if yes})


def seen_parts(grant):
    """The parts that a grant lets its reader see."""
    return {part.part for part in grant.parts.all() if part.action == Action.SEE}


def supervisors_of(organization):
    """Who supports the peer specialists of this organization today; nobody where there is none."""
    held = Role.objects.filter(organization=organization, role=StaffRole.SUPERVISOR, until=None)
    held = held.select_related("user").order_by(*by_name("user"), "code")
    return [role.user for role in held] if organization else []


def _walkers(grants, seen, looked):
    parts, walks = defaultdict(set), {}
    for grant in grants:
        if grant.walk_id:
            walks.setdefault(grant.walk_id, grant)
            parts[grant.walk_id] |= seen[grant]
    open_to_anyone = set().union(*seen.values())
    return [
        WalkerRead(
            walk=grant.walk,
            name=grant.reader.name,
            private_parts=[
                PrivatePart(section, section in parts[code], section not in open_to_anyone)
                for section in PRIVATE_SECTIONS
            ],
            last_looked=looked.get(grant.reader_id),
        )
        for code, grant in walks.items()
    ]


def _summary(yes, supervisors, looked):
    looks = [looked[user.pk] for user in supervisors if user.pk in looked]
    return SummaryYes(
        organization=yes.supervisors_of,
        names=[user.name for user in supervisors],
        until=yes.ends_at,
        last_looked=max(looks, default=None),
    )


def _other_reader(grant, parts, looked):
    """A grant to someone who does not walk with the person."""
    organization = {"place": grant.supervisors_of.name} if grant.supervisors_of_id else None
    labels = [*((row.section, row.label) for row in SECTIONS), (GOALS, GOALS_LABEL), (SUMMARY, SUMMARY_LABEL)]
    return OtherReader(
        name=_("The supervisors at %(place)s") % organization if organization else grant.reader.name,
        parts=[label for part, label in labels if part in parts],
        until=grant.ends_at,
        last_looked=looked.get(grant.reader_id),
    )
