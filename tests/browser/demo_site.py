"""Every page of the app, filled with the demo's people, each with a reader who may open it.

Taken from the table of the doors (tests/test_access.py): an address without a page here answers no GET, or leads on.
"""

import uuid
from dataclasses import dataclass
from types import SimpleNamespace

from django.test import Client
from django.urls import reverse

from peers.models import HandOver, PassphraseLink, Person, PlanCard, TotpDevice, User
from peers.ways import BY_CARD, BY_PASSPHRASE, CARD
from recovery_plans.demo.build import build
from recovery_plans.models import Entry, Goal, Grant, Idea, Plan, Section, Step, Telling
from recovery_plans.models.print_jobs import JobState, PrintJob
from tests.addresses import every_address
from tests.recovery_plans.agreeing import agree
from tests.test_access import ACCESS, address

# Who looks, for each kind of door. The first of them is the one the page was made for.
READERS = {
    "public": [None],
    "signed_in": ["maya"],
    "walks": ["sam"],
    "administers": ["ines"],
    "summarizes": ["dana"],
    "summary": ["dana"],
    "meets": ["alex"],
    "reads": ["maya", "sam"],
    "writes": ["maya", "sam"],
    "owns": ["maya"],
    "accompanies": ["sam"],
}
NOT_A_PAGE = {"healthz", "still-signed-in"}  # the machine reads it, or a script
PER_SECTION = {"part", "together-part"}
LENDERS = {"maya on sam's tablet": "sam"}
OLD = {"csrfmiddlewaretoken": "x" * 64}


@dataclass(frozen=True)
class Shown:
    """One page as one reader sees it."""

    name: str
    reader: str | None
    address: str
    status: int = 200
    sent: dict | None = None  # what was sent to get this page as the answer; None for a page that is simply opened

    def __str__(self):
        return f"{self.name} as {self.reader or 'a stranger'}"


class DemoSite:
    """The demo's organization, with one of everything that an address can name."""

    def __init__(self):
        build()
        self.plan = Plan.unguarded.get(person__user__username="maya")
        self.empty_plan = Plan.unguarded.get(person__user__name="Kofi")
        sam = User.objects.get(username="sam")
        self.users = {user.username: user for user in User.objects.exclude(username=None)}
        # Kofi came in by a card that Sam made; another one waits. June is asked about a new card.
        self.users["kofi"] = self.empty_plan.person.user
        self.kofis_card = PlanCard.make(person=self.empty_plan.person, by=sam)[0]
        self.kofis_card.open()
        self.card_token = PlanCard.make(person=self.empty_plan.person, by=sam)[2]
        self.asked_plan = self.users["june"].person.plan
        PlanCard.make(person=self.asked_plan.person, by=sam)
        self.names = self._names()

    def _names(self):
        plan, dana = self.plan, self.users["dana"]
        grant = Grant.unguarded.get(plan=plan, purpose="summary", revoked_at=None)
        organization = grant.supervisors_of
        # Lines that Sam typed: both of them may change these.
        by_sam = {"plan": plan, "voice": "typed", "created_by": self.users["sam"]}
        entry = Entry.unguarded.filter(**by_sam).first()
        step = Step.unguarded.filter(**by_sam, goal__created_by=self.users["sam"]).first()
        job = PrintJob.unguarded.create(by=dana, organization=organization, grants=[str(grant.pk)])
        _invitation, self.invite_token = organization.invite(role="supervisor", name="Pat", by=self.users["ines"])
        self.passphrase_token = PassphraseLink.make(user=self.users["alex"], by=None)
        sam, alex, ines = (self.users[name] for name in ("sam", "alex", "ines"))
        alone = Person.meet(name="Noa", peer=sam, organization=organization)
        TotpDevice.objects.create(user=alone.user, encrypted_secret=b"", confirmed_at=alone.created_at)
        alone.walks_now().get().end(by=sam)
        self._change_words(plan)
        asked = HandOver.objects.create(person=plan.person, peer=alex, organization=organization, asked_by=ines)
        ended = organization.take_on(user=alex, role="supervisor", by=ines)
        ended.end(by=ines)
        return {
            "plan": plan.pk,
            "person": alone.pk,
            "hand_over": asked.pk,
            "just_met": Plan.meet(name="Bo", language="en", peer=sam, organization=organization).pk,
            "ended_role": ended.pk,
            "box": "goals/new",
            "line": entry.pk,
            "goal": step.goal_id,
            "section": "strengths",
            "grant": grant.pk,
            "job": job.pk,
            "agreement": agree(SimpleNamespace(plan=plan, maya=plan.owner)).pk,
            "token": self.card_token,
            "role": self.users["alex"].roles.get(until=None).pk,
            "user": self.users["alex"].pk,
            "step": step.pk,
            "walk": plan.person.walks_now().get().pk,
            **self._ideas(plan, by=sam),
            "about": step.pk,
            "telling": self._telling(plan, step).pk,
        }

    def _change_words(self, plan):
        """A line of Maya's own has had other words before: its earlier words have a link wherever it is read."""
        entry = Entry.unguarded.filter(plan=plan, section="strengths", voice="own", removed_at=None).first()
        entry.rewrite(words=f"{entry.words} Always.", by=plan.owner, base_version=entry.version)

    def _telling(self, plan, step):
        """How a step went, as Maya tells it."""
        words = "I was afraid to call. Then it took four minutes."
        return Telling.write(plan=plan, about=step.pk, of_part="goals", words=words, by=plan.owner)

    def _ideas(self, plan, *, by):
        """Sam's ideas for Maya: for a goal in her own words, how it is, and a new one; of them the first."""
        goal = Goal.unguarded.filter(plan=plan, voice="own", state="now", removed_at=None).first()
        goal.plan = plan
        words = f"{goal.words.rstrip('.')}, two days a week"
        idea = Idea.offer(plan=plan, kind="words", line=goal, words=words, why="You said how many.", by=by)
        Idea.offer(plan=plan, kind="state", line=goal, goal_state="resting", by=by)
        Idea.offer(plan=plan, kind="goal", words="Sing in the choir again", by=by).keep_mine(by=plan.owner)
        return {"own_goal": goal.pk, "idea": idea.pk}

    def client(self, reader, **kwargs):
        client = Client(raise_request_exception=False, **kwargs)
        if reader == "kofi":
            client.force_login(self.users[reader], backend=BY_CARD)
            session = client.session
            session[CARD] = str(self.kofis_card.pk)
            session.save()
        elif reader:
            client.force_login(self.users[LENDERS.get(reader, reader)], backend=BY_PASSPHRASE)
        if reader in LENDERS:
            client.post(reverse("hands", kwargs={"plan": self.plan.pk}) + "?part=strengths")
        return client

    def every_page(self):
        """Every address that answers a GET with a page, as each of its readers; then other states and answers."""
        found = []
        for name in [pattern.name for pattern in every_address()]:
            for reader in READERS[ACCESS[name]]:
                found += self._shown(name, reader)
        return found + self.in_mayas_hands() + self.more_states() + self.not_there() + self.answers()

    def _shown(self, name, reader):
        if name in NOT_A_PAGE:
            return
        for names in self._names_to_try(name):
            there = address(name, names)
            answer = self.client(reader).get(there)
            asked_who = reader and "/sign-in/" in answer.headers.get("Location", "")
            assert not asked_who, f"{reader} is not known at {name}"
            if answer.status_code not in (302, 303, 405):
                yield Shown(f"{name} {names['section']}" if name in PER_SECTION else name, reader, there)

    def _names_to_try(self, name):
        if name in PER_SECTION:
            return [{**self.names, "section": Section(section).slug} for section in Section.values]
        if name == "join":
            return [{**self.names, "token": self.invite_token}]
        if name == "passphrase-link":
            return [{**self.names, "token": self.passphrase_token}]
        return [self.names]

    def in_mayas_hands(self):
        """The pages that open on Sam's tablet while Maya has it."""
        parts = ["strengths", "supporters", "values", "experiences", "goals"]
        there = {name: self._of_plan(name) for name in ("plan", "about-me", "goal-new", "hands-back")}
        there |= {part: self._of_plan("together-part", section=part) for part in parts}
        return [Shown(f"{name}, in Maya's hands", "maya on sam's tablet", page) for name, page in there.items()]

    def more_states(self):
        """Pages in another state than the rich one: empty, or read by somebody else."""
        jobs = [self._job(state) for state in (JobState.PRINTING, JobState.READY, JobState.FAILED)]
        own_goal = Goal.unguarded.filter(plan=self.plan, voice="own").first()
        kept, asked = {"plan": self.empty_plan.pk}, {"plan": self.asked_plan.pk}
        hard_days = reverse("part", kwargs={**kept, "section": "hard-days"})
        walk = f"?walk={self.names['walk']}"
        return [
            Shown("plan, by a card", "kofi", reverse("plan", kwargs=kept)),
            Shown("part, by a card", "kofi", hard_days),
            Shown("card, by a card", "kofi", reverse("card", kwargs=kept)),
            Shown("share, by a card", "kofi", reverse("share", kwargs=kept), 403),
            Shown("settings, by a card", "kofi", reverse("settings")),
            Shown("own-words", "kofi", reverse("own-words")),
            Shown("plan, asked about a new card", "june", reverse("plan", kwargs=asked)),
            Shown("ways-in, with a card", "june", reverse("ways-in", kwargs=asked)),
            Shown("plan, empty", "sam", reverse("plan", kwargs=kept)),
            Shown("about-me, empty", "sam", reverse("about-me", kwargs=kept)),
            Shown("back, empty", "sam", reverse("back", kwargs=kept)),
            Shown("open-link, turned off", None, reverse("open-link", kwargs={"token": "no-such-card"})),
            Shown("together-part goals", "sam", self._of_plan("together-part", section="goals")),
            Shown("goal in her own words", "sam", reverse("goal", kwargs={"plan": self.plan.pk, "goal": own_goal.pk})),
            Shown("read-back, after the last line", "maya", self._of_plan("read-back") + "?at=end"),
            Shown("safe, signed in", "maya", reverse("safe")),
            Shown("help-now, signed in", "maya", reverse("help-now")),
            Shown("leave, signed in", "maya", reverse("leave")),
            Shown("share-part, asked once more", "maya", self._of_plan("share-part", section="hard-days") + walk),
            *(Shown(f"print-job {job.state}", "dana", reverse("print-job", kwargs={"job": job.pk})) for job in jobs),
        ]

    def _job(self, state):
        first = PrintJob.unguarded.get(pk=self.names["job"])
        return PrintJob.unguarded.create(
            by=first.by,
            organization=first.organization,
            grants=first.grants * 2,
            state=state,
            done=1,
            printed=first.grants,
            left_out=[[first.grants[0], "ended"]],
            pdf=b"%PDF-1.7" if state == "ready" else None,
        )

    def answers(self):
        """Pages that only ever come as the answer to a form: a mistake in it, two texts at once, a card's words."""
        line = Entry.unguarded.select_related("plan__person").get(pk=self.names["line"])
        line.rewrite(by=self.users["sam"], words=line.words + " And more.", base_version=line.version)
        goal = {"plan": self.plan.pk, "goal": self.names["goal"]}
        stale = {"words": "Something else.", "base_version": "1"}
        passphrase = reverse("settings-passphrase")
        summary_pdf = reverse("summary-pdf", kwargs={"grant": self.names["grant"]})
        new_goal = self._of_plan("goal-new")
        return [
            Shown("sign-in, nothing typed", None, reverse("sign-in"), sent={}),
            Shown("open, wrong words", None, reverse("open"), sent={"card_words": "one two three", "device": "own"}),
            Shown("goal-new, nothing typed", "maya", new_goal, sent={}),
            Shown("goal, an empty step", "maya", reverse("step-add", kwargs=goal), sent={}),
            Shown("print, no part picked", "maya", self._of_plan("print-pdf"), 422, sent={"size": "regular"}),
            Shown("print, no PDF service", "maya", self._of_plan("print-pdf"), 503, sent={}),
            Shown("settings-passphrase, too short", "maya", passphrase, sent={"passphrase": "short"}),
            Shown(
                "a form that was too old", "maya", self._of_plan("goal-new"), 403, sent={**OLD, "words": "My words."}
            ),
            Shown("person-new, nothing typed", "sam", reverse("person-new"), sent={}),
            Shown("person-new, a name he knows", "sam", reverse("person-new"), sent={"name": "Maya"}),
            Shown("two texts at once", "sam", self._of_plan("entry-change", line=line.pk), 409, sent=stale),
            Shown("summary-pdf, no PDF service", "dana", summary_pdf, 503, sent={}),
            Shown("card-new, own words", "maya", self._of_plan("card-new"), sent={}),
            Shown("card-new, a short PIN", "sam", self._of_plan("card-new"), 422, sent={"pin": "1"}),
            Shown("card-new", "sam", self._of_plan("card-new"), sent={}),
        ]

    def _of_plan(self, name, **names):
        return reverse(name, kwargs={"plan": self.plan.pk, **names})

    def not_there(self):
        return [
            Shown("a page that is not there", None, "/nothing/here/", 404),
            Shown("a plan that is not theirs", "alex", reverse("plan", kwargs={"plan": self.plan.pk}), 404),
            Shown("a plan that never was", "maya", reverse("plan", kwargs={"plan": uuid.uuid4()}), 404),
            Shown("an invitation that is used", None, reverse("join", kwargs={"token": "no-such-invite"})),
        ]
