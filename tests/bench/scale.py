"""Whether a page gets slower when 10,000 people are here instead of a dozen.

Two databases in one PostgreSQL: the demo with its eighteen people and a small crowd, and the same with 10,000 more.
The same readers open the same pages in both, turn by turn. Robin, who supervises and sets up the crowd's organization,
has more than one page of everything in both, so that what is compared is growth, not how much stands on a page.

Every address has a row here, or a reason to have none (tests/test_query_counts.py).
"""

import json
import os
import statistics
import subprocess
import sys
from types import SimpleNamespace

from tests.bench.cpu_time import stopwatch
from tests.bench.measure import Measured, ratio
from tests.bench.site import Visitor, load_site

SLOWER_AT_MOST = 1.5
FEW_MORE, MANY_MORE = 130, 10_000
ROUNDS, WARM = 31, 3
TEAM_MORE = 120  # peer specialists without anyone yet, on both sites
LINES_EACH = 20  # lines of the log, for each plan

# Who opens each page. Whoever may open a page of a plan but the person is Sam, who walks with her.
PAGES = {
    "plan": "maya sam",
    "about-me": "maya sam",
    "part": "maya sam",
    "entry-change": "maya sam",
    "goal": "maya sam",
    "goal-new": "maya sam",
    "step-change": "maya sam",
    "back": "maya sam",
    "read-back": "maya",
    "visit": "maya sam",
    "agree": "maya sam",
    "agreed": "maya sam",
    "ideas": "maya sam",
    "line-history": "maya sam",
    "print": "maya sam",
    "card": "maya sam",
    "ways-in": "maya",
    "looks": "maya",
    "share": "maya",
    "share-summary": "maya",
    "together-part": "sam",
    "together-goal": "sam",
    "together-break": "sam",
    "today": "sam",
    "person-new": "sam",
    "team": "dana robin",
    "summaries": "dana robin",
    "summary": "dana robin",
    "print-job": "dana robin",
    "organization": "ines robin",
    "organization-edit": "ines",
    "organization-invite": "ines",
    "organization-alone": "ines robin",
    "organization-second-locks": "ines robin",
    "organization-role-end": "ines robin",
    "walk-ask": "maya",
    "person-asked": "sam",
    "settings": "maya sam",
    "settings-passphrase": "maya",
    "settings-lock": "sam",
    "before": "maya",
    "about": "maya",
    "help-now": "maya",
    "open": "maya",
}
# What a page shows when it goes on from the middle of its list, or is looked at in another way.
FURTHER = {
    "team on": "robin",
    "summaries on": "robin",
    "summaries of one peer specialist": "robin",
    "organization on": "robin",
    "looks on": "maya",
}
SENT = (  # addresses that take what is sent, or send on: what they cost is in ./bench saving and ./bench pdf
    "home language sign-in-code my-plan-start together together-add together-later entry-add entry-remove "
    "entry-restore goal-change goal-state goal-move goal-remove goal-restore goal-uses goal-ruler step-add "
    "step-state step-done step-remove step-restore read-back-answer agreed-walk agreed-pdf "
    "idea-answer idea-take-back telling-remove telling-restore review "
    "draft person-new-draft card-new card-off card-pdf card-pin card-written "
    "hands hands-own-words "
    "print-pdf share-summary-stop walk-end organization-role-resume way-end ways-end-others "
    "new-card-answer hand-over-answer print-job-new print-job-pdf summary-pdf"
).split()
LEFT_OUT = dict.fromkeys(SENT, "no page") | {
    "safe": "the same words for everyone",
    "still-signed-in": "no page: a script asks",
    "leave": "the same words for everyone",
    "components": "no page of a real site",
    "healthz": "no page: a machine asks",
    "sign-in": "shows nothing of the database",
    "join": "one invitation, found by its key",
    "open-link": "one card, found by its key",
    "passphrase-link": "one link, found by its key",
    "organization-passphrase-link": "one user of the team, found by their key",
    "person": "one person, until they have come in themself",
    "person-meet": "one hand-over, found by its key",
    "organization-second-lock-off": "one person, found by their key, and who walks with them",
    "organization-alone-ask": "one person, found by their key, and the names of the team",
    "visits": "sends on to the one visit that is measured, or lists one for each walk of one person",
    "share-part": "one walk, and how many lines stand in one part",
    "walk-end": "one walk, and the ways in that their own page shows",
    "card-words": "one card, made in this very session",
    "own-words": "one person's ways in, and only in a session by a card",
    "hands-back": "a form; it shows nothing of the database",
    "idea-goal": "a form; it shows nothing of the database",
    "idea-words": "a form, and one line found by its key",
    "idea-step": "a form, and one goal found by its key",
    "idea-state": "a form, and one goal found by its key",
    "idea-mine": "a form, and one idea found by its key",
    "telling-new": "a form, and one line found by its key",
    "telling-change": "a form, and two lines found by their keys",
    "settings-device-pin": "a form; it shows nothing of the database",
}


def measure(urls):
    """`urls` are the two databases, the small and the large one."""
    few, many = (Site(url, people) for url, people in zip(urls, (FEW_MORE, MANY_MORE), strict=True))
    try:
        names = few.names()
        if names != many.names():
            raise RuntimeError("the two sites do not have the same pages")
        for name in names:
            growth = _growth(few, many, name)
            if growth is not None and growth > SLOWER_AT_MOST:  # a busy moment of the machine, or really so?
                growth = statistics.median([growth, _growth(few, many, name), _growth(few, many, name)])
            if growth is None:
                yield Measured(name=f"{name}: it does not open", value=0, unit="x with a few", target=1.5, ok=False)
            else:
                yield Measured.at_most(name, growth, "x with a few", SLOWER_AT_MOST)
    finally:
        few.close()
        many.close()


def _growth(few, many, name):
    """How many times longer a page takes with many people here; None when it does not open."""
    times = {"few": [], "many": []}
    for turn in range(WARM + ROUNDS):
        for size in ("few", "many") if turn % 2 else ("many", "few"):
            taken = {"few": few, "many": many}[size].visit(name)
            if taken is None:
                return None
            if turn >= WARM:
                times[size].append(taken)
    return ratio(times, "many", "few")


class Site:
    """The app in a process of its own, on one of the two databases: given a page's name, it says how long it took."""

    def __init__(self, url, people):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.scale", str(people)],
            env=os.environ | {"DATABASE_URL": url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _hear(self):
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a site to measure has ended")
        return json.loads(line)

    def names(self):
        return self._hear()

    def visit(self, name):
        self._process.stdin.write(name + "\n")
        self._process.stdin.flush()
        return self._hear()

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=30)


# --- inside the process of one site ---


def serve(people):
    from django.core.management import call_command

    load_site()
    call_command("demo", people=people, stdout=sys.stderr)
    crowd = the_crowd()
    _fill_the_logs(crowd)
    pages = all_pages(crowd)
    _analyze()
    tell(sorted(pages))
    for line in sys.stdin:
        visitor, path = pages[line.strip()]
        elapsed = stopwatch()
        try:
            visitor.get(path)
        except AssertionError:
            tell(None)
        else:
            tell(elapsed())


def tell(what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _analyze():
    """What autovacuum does by itself a minute later: PostgreSQL learns how much of everything there is."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("analyze")


def _fill_the_logs(crowd):
    """The logs grow with every day; the demo's crowd has not lived yet."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "insert into recovery_plans_logline (code, plan, at, what, by, part)"
            " select gen_random_uuid(), plan.code, now() - day * interval '1 day', 'line_changed', walk.peer_id, ''"
            " from recovery_plans_plan plan join peers_walk walk on walk.person_id = plan.person_id,"
            " generate_series(1, %s) day",
            [LINES_EACH],
        )
        cursor.execute(
            "insert into peers_event (code, at, what, by, organization)"
            " select gen_random_uuid(), now() - row_number() over () * interval '1 hour', 'card_made', peer_id,"
            " organization_id from peers_walk where organization_id = %s",
            [crowd.organization.pk],
        )


def the_crowd():
    """The crowd's organization with Robin, who supervises it and sets it up, and a team of more than one page."""
    from peers.models import Organization, User
    from peers.models.organization import StaffRole

    organization = Organization.objects.order_by("-created_at").first()
    robin = User.objects.welcome(name="Robin", username="robin")
    for role in (StaffRole.SUPERVISOR, StaffRole.ADMINISTRATOR):
        organization.take_on(user=robin, role=role, by=robin)
    for number in range(TEAM_MORE):
        user = User.objects.welcome(name=f"Morgan {number}")
        organization.take_on(user=user, role=StaffRole.PEER_SPECIALIST, by=robin)
    return SimpleNamespace(organization=organization, robin=robin)


def all_pages(crowd):
    """{what it is: (who opens it, its address)}: every page, opened by those whom PAGES and FURTHER name."""
    from django.urls import reverse

    from peers.models import User

    of = {name: User.objects.get(username=name) for name in ("maya", "sam", "dana", "ines")} | {"robin": crowd.robin}
    visitors = {who: Visitor(user) for who, user in of.items()}
    of_a_plan, pages = _of_a_plan(of["maya"]), {}
    codes = {who: of_a_plan | _of_a_supervisor(user) | _of_an_administrator(user) for who, user in of.items()}
    for name, readers in PAGES.items():
        for who in readers.split():
            ids = {part: codes[who][part] for part in parts_of(name)}
            pages[f"{name}, {who}"] = visitors[who], reverse(name, kwargs=ids)
    for name, who in FURTHER.items():
        path = pages[f"{name.partition(' ')[0]}, {who}"][1]
        pages[f"{name}, {who}"] = visitors[who], f"{path}?{_further(name, of['maya'], crowd)}"
    return pages


def parts_of(name):
    """The names that stand in an address, such as "plan" and "goal"."""
    from django.urls import get_resolver

    return get_resolver().reverse_dict.getlist(name)[0][0][0][1]


def _of_a_plan(maya):
    """What stands in the addresses of a plan."""
    from recovery_plans.access import OWNER
    from recovery_plans.agreement import freeze
    from recovery_plans.models import Agreement, Plan
    from recovery_plans.plan_reading import PlanReading

    plan = Plan.unguarded.get(person__user=maya)
    sam = plan.person.walks_now()[0].peer  # what he typed, both may change
    line = plan.add_entry(section="strengths", words="I keep my word.", by=sam)
    goal = plan.goals.filter(state="now", removed_at=None).order_by("position").first()
    step = goal.add_step(words="Coffee on the steps", by=sam)
    frozen = freeze(PlanReading(plan, reach=OWNER, reader=maya))
    made = Agreement.record(plan=plan, frozen=frozen, by=maya, how="on_screen")
    lines = {"line": line.pk, "goal": goal.pk, "step": step.pk}
    return {"plan": plan.pk, "section": "strengths", "agreement": made.pk, **lines}


def _of_a_supervisor(user):
    """What stands in the addresses of who supervises: a page that is shared with them, and a job of theirs."""
    from recovery_plans import print_jobs
    from recovery_plans.access import summaries_reached_by

    shared = list(summaries_reached_by(user).order_by("pk")[:12])
    if not shared:
        return {}
    job = print_jobs.ask_to_print(grants=shared, by=user, size="regular", language="en")
    return {"grant": shared[0].pk, "job": job.pk}


def _of_an_administrator(user):
    """What stands in the addresses of who administers: the role of somebody who leaves nobody behind.

    For anyone else that page also names all of the team, as organization-alone-ask does.
    """
    administered = [role.organization for role in user.roles_now() if role.role == "administrator"]
    if not administered:
        return {}
    team = administered[0].roles.filter(role="peer_specialist", until=None).order_by("pk")
    return {"role": (team.filter(user__walks=None).first() or team.first()).pk}


def _further(name, maya, crowd):
    """What an address carries when it goes on from the middle of its list."""
    from peers.models import Event
    from recovery_plans.access import summaries_reached_by
    from recovery_plans.models import LogLine
    from recovery_plans.team import BY_NAME

    team = crowd.organization.roles.filter(role="peer_specialist").order_by("user__name", "pk")
    if name.endswith("of one peer specialist"):
        return f"with={team.filter(user__walks__ended_at=None).exclude(user__walks=None).first().user_id}"
    if name == "looks on":
        lines = LogLine.unguarded.filter(plan=maya.person.plan.pk).order_by("-at", "pk")
        return f"before={_in_the_middle(lines)}&own=1"
    if name == "summaries on":
        return f"after={_in_the_middle(summaries_reached_by(crowd.robin).order_by(*BY_NAME))}"
    events = Event.objects.filter(organization=crowd.organization.pk).order_by("-at", "pk")
    older = f"&before={_in_the_middle(events)}" if name == "organization on" else ""
    return f"after={_in_the_middle(team)}{older}"


def _in_the_middle(rows):
    codes = list(rows.values_list("pk", flat=True))
    return codes[(len(codes) - 1) // 2]


if __name__ == "__main__":
    serve(int(sys.argv[1]))
