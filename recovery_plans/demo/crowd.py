"""A crowd of invented people, for looking at the app at scale. Lines are borrowed from the demo's own plans."""

import random
from datetime import timedelta
from pathlib import Path

import yaml
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from peers.models import Organization, Person, Role, User, Walk
from peers.models.organization import StaffRole
from recovery_plans.demo.rows import Rows
from recovery_plans.models import Entry, Goal, Grant, GrantedPart, Plan, Step
from recovery_plans.models.sharing import SUMMARY, ConsentMethod
from recovery_plans.sections import OPEN_BY_WALKING, PRIVATE_SECTIONS, Section

NAMES = (
    "Ada Bao Cleo Dev Elif Femi Gia Hugo Ida Jun Kai Lena Malik Nadia Omar Pia Quinn Rafa Sana Theo Uma Vera Wes "
    "Xenia Yara Zoe"
).split()
PEOPLE_A_PEER = 40  # how many people one peer specialist of the crowd walks with
AT_ONCE = 500
# The last in this list said no to the summary: one in five did.
SAID_YES = (True, True, True, True, False)


def build_crowd(people, *, say=lambda line: None):
    """Build a third organization with this many people. Needs about a second for every two hundred."""
    rng = random.Random(people)
    organization = Organization.found(name="Long Wharf Peer Center", town="Invented Harbor", is_demo=True)
    peers = _peers(organization, rng, -(-people // PEOPLE_A_PEER))
    lines = _borrowed_lines()
    for first in range(0, people, AT_ONCE):
        count = min(AT_ONCE, people - first)
        with transaction.atomic():
            _some(organization, peers, lines, rng, first=first, count=count)
        say(f"{first + count} of {people} people")


def _peers(organization, rng, count):
    nobody = make_password(None)
    users = [User(name=f"{rng.choice(NAMES)} {number}", password=nobody) for number in range(1, count + 1)]
    User.objects.bulk_create(users, batch_size=2000)
    Role.objects.bulk_create(
        [Role(user=user, organization=organization, role=StaffRole.PEER_SPECIALIST) for user in users], batch_size=2000
    )
    return users


def _borrowed_lines():
    """Every English line of the demo's plans, by section, and goals with their steps."""
    by_section = {section: [] for section in Section.values}
    goals = []
    for path in sorted(Path(__file__).parent.glob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for row in content.get("entries") or []:
            by_section[row["section"]].append((row["words"], row.get("helps", ""), row.get("kind", "")))
        for row in content.get("goals") or []:
            goals.append((row["words"], [step["words"] for step in row.get("steps", [])]))
    return by_section, goals


def _some(organization, peers, lines, rng, *, first, count):
    """Write some people of the crowd: users, walks, plans with their lines, and their yeses."""
    now, nobody = timezone.now(), make_password(None)
    users = [User(name=rng.choice(NAMES), password=nobody) for _ in range(count)]
    User.objects.bulk_create(users, batch_size=2000)
    people = [Person(user=user, organization=organization) for user in users]
    Person.objects.bulk_create(people, batch_size=2000)
    walks = [
        Walk(
            person=person,
            peer=peers[(first + index) // PEOPLE_A_PEER],
            organization=organization,
            started_at=(met := now - timedelta(days=rng.randrange(1, 400))),
            together_at=met,
        )
        for index, person in enumerate(people)
    ]
    Walk.objects.bulk_create(walks, batch_size=2000)
    rows = Rows()
    plans = [_plan(rows, person, walk.peer, lines, rng) for person, walk in zip(people, walks, strict=True)]
    rows.write()
    _grants(plans, walks, organization, rng)


def _plan(rows, person, peer, lines, rng):
    by_section, goals = lines
    plan = rows.add(Plan(person=person))
    owner = person.user
    for section, lines_in_it in by_section.items():
        for words, helps, kind in rng.sample(lines_in_it, k=min(len(lines_in_it), rng.randrange(0, 3))):
            own = section in PRIVATE_SECTIONS or rng.random() < 0.5
            rows.line(
                Entry,
                plan=plan,
                words=words,
                detail=helps,
                by=peer,
                owner=owner,
                days_ago=rng.randrange(1, 300),
                voice="own" if own else "typed",
                section=section,
                kind=kind,
            )
    _goals(rows, plan, peer, goals, rng)
    return plan


def _goals(rows, plan, peer, goals, rng):
    """Some goals with their first steps."""
    owner = plan.person.user
    for position, (words, steps) in enumerate(rng.sample(goals, k=rng.randrange(0, 4)), start=1):
        days_ago = rng.randrange(1, 300)
        goal = rows.line(
            Goal,
            plan=plan,
            words=words,
            by=peer,
            owner=owner,
            days_ago=days_ago,
            position=position,
            state=rng.choice(["now", "now", "resting", "reached"]),
        )
        for number, step in enumerate(steps[:3], start=1):
            rows.line(
                Step,
                plan=plan,
                words=step,
                by=peer,
                owner=owner,
                days_ago=days_ago,
                goal=goal,
                position=number,
                state=rng.choice(["done", "not_yet"]),
            )


def _grants(plans, walks, organization, rng):
    grants, parts = [], []
    for plan, walk in zip(plans, walks, strict=True):
        owner = plan.person.user
        grant = Grant(
            plan=plan,
            reader=walk.peer,
            walk=walk,
            purpose="walk",
            given_by=owner,
            given=ConsentMethod.SAID_TOGETHER,
            starts_at=walk.started_at,
        )
        grants.append(grant)
        parts += [(grant, part, action) for part in OPEN_BY_WALKING for action in ("see", "write", "print")]
        if rng.choice(SAID_YES):
            yes = Grant(
                plan=plan,
                supervisors_of=organization,
                purpose="summary",
                given_by=owner,
                given=ConsentMethod.ON_SCREEN,
                starts_at=walk.started_at,
                ends_at=timezone.now() + timedelta(days=90),
            )
            grants.append(yes)
            parts += [(yes, SUMMARY, action) for action in ("see", "print")]
    Grant.unguarded.bulk_create(grants, batch_size=2000)
    GrantedPart.unguarded.bulk_create(
        [GrantedPart(grant=grant, part=part, action=action) for grant, part, action in parts], batch_size=4000
    )
