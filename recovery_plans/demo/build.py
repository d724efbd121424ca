"""Builds the demo's people and plans from the files beside this one. Everything in them is invented."""

from datetime import timedelta
from pathlib import Path

import yaml
from django.db import transaction
from django.utils import timezone

from peers.models import Organization, Person, PlanCard, Role, User, Walk
from recovery_plans.demo.rows import Rows
from recovery_plans.models import Entry, Goal, Grant, Plan, Ruler, Step
from recovery_plans.models.goals import GoalLink
from recovery_plans.sections import PRIVATE_SECTIONS

FOLDER = Path(__file__).parent
WORKED_HERE_FOR_DAYS = 400


def is_empty():
    return not Organization.objects.exists() and not User.objects.exists()


def is_only_demo():
    """Whether everything here was made up by the demo, so that more may be added to it."""
    return not Organization.objects.filter(is_demo=False).exists()


@transaction.atomic
def build():
    """Build the invented organizations and everyone in them. Returns lines that say who to sign in as."""
    content = _read(FOLDER / "organization.yaml")
    organizations = {
        row["key"]: Organization.found(
            name=row["name"], town=row["town"], phone=row["phone"], warmline=row["warmline"], is_demo=True
        )
        for row in content["organizations"]
    }
    staff = {row["key"]: _take_on(row, organizations) for row in content["staff"]}
    for row in content["others"]:
        user = _welcome(row)
        Plan.start(person=Person.on_their_own(user=user), by=user)
    cards = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.name != "organization.yaml":
            person = _read(path)
            cards[person["key"]] = _Builder(person, organizations, staff).build()
    return _who_to_sign_in_as(content, cards)


def _read(path):
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def _welcome(row):
    account = row.get("account") or {}
    return User.objects.welcome(
        name=row["name"],
        username=account.get("username"),
        passphrase=account.get("passphrase"),
        language=row.get("language", "en"),
    )


def _take_on(row, organizations):
    user = _welcome(row)
    for role in row["roles"]:
        held = organizations[row["organization"]].take_on(user=user, role=role, by=user)
        # Before anyone's plan began: the log shows the role of the day.
        Role.objects.filter(pk=held.pk).update(since=timezone.now() - timedelta(days=WORKED_HERE_FOR_DAYS))
    return user


class _Builder:
    """Builds one person and their plan."""

    def __init__(self, content, organizations, staff):
        self.content, self.staff = content, staff
        self.organization = organizations[content["organization"]]
        self.rows = Rows()
        self.user = _welcome(content)
        self.started = content["started_days_ago"]

    def build(self):
        """Build it all. Returns the person's own words, if they have some."""
        self.person = Person.objects.create(
            user=self.user, organization=self.organization, created_at=self._day(self.started)
        )
        walks = [self._walk(row) for row in self.content["walks_with"]]
        self.plan = self.rows.add(Plan(person=self.person, created_at=self._day(self.started)))
        self.entries = {}
        for row in self.content.get("entries") or []:
            self._entry(row)
        for position, row in enumerate(self.content.get("goals") or [], start=1):
            self._goal(position, row)
        self.rows.write()
        self._grants([walk for walk in walks if walk.ended_at is None])
        if self.content["card"]:
            _card, words, _token = PlanCard.make(person=self.person, by=self.user)
            return words
        return None

    def _day(self, days_ago):
        return timezone.now() - timedelta(days=days_ago)

    def _walk(self, row):
        ended = row.get("ended_days_ago")
        return Walk.objects.create(
            person=self.person,
            peer=self.staff[row["peer"]],
            organization=self.organization,
            started_at=self._day(row["days_ago"]),
            together_at=self._day(max(ended or 0, self._last_line())),
            ended_at=None if ended is None else self._day(ended),
        )

    def _last_line(self):
        """How many days ago a line was written last: that day the two sat together, for all an invented plan knows."""
        lines = [*(self.content.get("entries") or []), *(self.content.get("goals") or [])]
        return min([row["days_ago"] for row in lines if "days_ago" in row], default=self.started)

    def _peer_on(self, days_ago):
        """Who walked with the person that day, and so typed for them."""
        for row in self.content["walks_with"]:
            if row["days_ago"] >= days_ago >= row.get("ended_days_ago", 0):
                return self.staff[row["peer"]]
        return self.user

    def _line(self, table, row, *, days_ago, **facts):
        return self.rows.line(
            table,
            plan=self.plan,
            words=row["words"],
            by=self._peer_on(days_ago),
            owner=self.user,
            days_ago=days_ago,
            voice=row.get("voice", "own"),
            language=row.get("language", ""),
            **facts,
        )

    def _entry(self, row):
        self.entries[row["words"]] = self._line(
            Entry,
            row,
            days_ago=row.get("days_ago", self.started),
            detail=row.get("helps", ""),
            phone=row.get("phone", ""),
            section=row["section"],
            kind=row.get("kind", ""),
            prompt=row.get("prompt", ""),
        )

    def _goal(self, position, row):
        days_ago = row.get("days_ago", self.started)
        look_again = row.get("look_again_in_days")
        goal = self._line(
            Goal,
            row,
            days_ago=days_ago,
            detail=row.get("why", ""),
            state=row["state"],
            position=position,
            look_again_on=None if look_again is None else (timezone.localdate() + timedelta(days=look_again)),
        )
        goal.state_since = goal.created_at
        if "matters" in row or "sure" in row:
            self.rows.add(Ruler(goal=goal, matters=row.get("matters"), sure=row.get("sure")))
        for words in [*row.get("uses", []), *row.get("in_the_way", [])]:
            self.rows.add(GoalLink(goal=goal, entry=self.entries[words]))
        for number, step in enumerate(row.get("steps", []), start=1):
            line = self._line(
                Step,
                step,
                days_ago=step.get("days_ago", days_ago),
                goal=goal,
                detail=step.get("other", ""),
                who=step["who"],
                state=step["state"],
                position=number,
            )
            line.state_since = line.created_at

    def _grants(self, walks):
        for walk in walks:
            Grant.for_walk(plan=self.plan, walk=walk, by=self.user)
            for section, key in zip(PRIVATE_SECTIONS, ("story_open", "hard_days_open"), strict=True):
                if self.content[key]:
                    Grant.open_part(plan=self.plan, walk=walk, section=section, by=self.user)
        if self.content.get("summary_yes"):
            Grant.say_yes_to_summary(
                plan=self.plan, organization=self.organization, by=self.user, days=self.content["summary_yes"]["days"]
            )


def _who_to_sign_in_as(content, cards):
    """The few lines a newcomer needs: names, what each does, and the words that open it."""
    named = {row["key"]: row for row in [*content["staff"], *content["others"]]}
    maya = _read(FOLDER / "maya.yaml")
    say = [
        f"  sam    walks with people      passphrase: {named['sam']['account']['passphrase']}",
        f"  dana   prints summaries       passphrase: {named['dana']['account']['passphrase']}",
        f"  ines   sets the place up      passphrase: {named['ines']['account']['passphrase']}",
        f"  maya   has a plan of her own  passphrase: {maya['account']['passphrase']}",
    ]
    if cards.get("maya"):
        say.append(f"  or open Maya's plan by her own words: {cards['maya']}")
    return say
