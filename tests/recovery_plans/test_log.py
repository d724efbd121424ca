"""What happened to Maya's plan: every kind of it is one line of her log."""

from datetime import timedelta

import pyotp
import pytest
from django.urls import reverse
from django.utils import timezone

from peers.models import Person, PlanCard, TotpDevice, User, WalkRequest
from recovery_plans.models import Grant, LogLine, Plan
from recovery_plans.pdf_service import client
from recovery_plans.print_jobs import ask_to_print, print_next
from tests.cast import PASSPHRASE
from tests.history import rewriting
from tests.recovery_plans.agreeing import agree
from tests.recovery_plans.log_story import Story
from tests.recovery_plans.test_sharing import url


@pytest.fixture
def story(cast, browser_of, settings, tmp_path):
    settings.PDF_SERVICE_SOCKET = str(tmp_path / "nobody-listens.sock")
    return Story(cast, browser_of)


# Each change: the verb, and what the log says of it: what, by whom, in which part, of which line.
CHANGES = {
    "an entry is added": (
        lambda s: s.plan.add_entry(section="needs", words="A bus pass", by=s.cast.sam),
        "line_added",
        "sam",
        "needs",
        "new",
    ),
    "a goal is added": (lambda s: s.plan.add_goal(words="Sing", by=s.cast.maya), "line_added", "maya", "goals", "new"),
    "a step is added": (lambda s: s.goal.add_step(words="A cup", by=s.cast.maya), "line_added", "maya", "goals", "new"),
    "an entry is changed": (
        lambda s: s.entry.rewrite(words="I keep it", by=s.cast.maya, base_version=1),
        "line_changed",
        "maya",
        "strengths",
        "entry",
    ),
    "a goal is changed": (
        lambda s: s.goal.rewrite(words="Two mornings", by=s.cast.sam, base_version=1),
        "line_changed",
        "sam",
        "goals",
        "goal",
    ),
    "an entry is read back": (
        lambda s: s.entry.read_back(by=s.cast.maya, base_version=1),
        "line_read_back",
        "maya",
        "strengths",
        "entry",
    ),
    "a step is changed": (
        lambda s: s.step.rewrite(words="Tea on the steps", by=s.cast.sam, base_version=1),
        "line_changed",
        "sam",
        "goals",
        "step",
    ),
    "an entry in two places": (lambda s: s.late(s.entry), "line_kept_both", "sam", "strengths", "entry"),
    "a goal in two places": (lambda s: s.late(s.goal), "line_kept_both", "sam", "goals", "goal"),
    "an entry is taken out": (lambda s: s.entry.take_out(by=s.cast.sam), "line_taken_out", "sam", "strengths", "entry"),
    "a goal is taken out": (lambda s: s.goal.take_out(by=s.cast.maya), "line_taken_out", "maya", "goals", "goal"),
    "a step is taken out": (lambda s: s.step.take_out(by=s.cast.sam), "line_taken_out", "sam", "goals", "step"),
    "an entry comes back": (
        lambda s: s.gone(s.entry).bring_back(by=s.cast.maya),
        "line_brought_back",
        "maya",
        "strengths",
        "entry",
    ),
    "a goal comes back": (
        lambda s: s.gone(s.goal).bring_back(by=s.cast.sam),
        "line_brought_back",
        "sam",
        "goals",
        "goal",
    ),
    "a step comes back": (
        lambda s: s.gone(s.step).bring_back(by=s.cast.sam),
        "line_brought_back",
        "sam",
        "goals",
        "step",
    ),
    "a goal rests": (lambda s: s.goal.rest(by=s.cast.sam), "goal_state", "sam", "goals", "goal"),
    "a goal is reached": (lambda s: s.goal.reach(by=s.cast.maya), "goal_state", "maya", "goals", "goal"),
    "a goal is let go": (lambda s: s.goal.let_go(by=s.cast.maya), "goal_state", "maya", "goals", "goal"),
    "a goal was never hers": (lambda s: s.goal.disown(by=s.cast.maya), "goal_state", "maya", "goals", "goal"),
    "a step is done": (lambda s: s.step.do(by=s.cast.maya), "step_state", "maya", "goals", "step"),
    "a step has to wait": (lambda s: s.step.cannot_yet(by=s.cast.sam), "step_state", "sam", "goals", "step"),
    "a goal is moved": (lambda s: s.second.move(by=s.cast.maya, earlier=True), "goals_ordered", "maya", "goals", None),
    "something goes with a goal": (
        lambda s: s.goal.go_with(entries=[s.entry], by=s.cast.sam),
        "goal_linked",
        "sam",
        "goals",
        "goal",
    ),
    "an idea is offered": (lambda s: s.idea(), "idea_offered", "sam", "goals", None),
    "an idea is kept out": (
        lambda s: (idea := s.idea(), s.begins_here(), idea.keep_mine(by=s.cast.maya)),
        "idea_answered",
        "maya",
        "goals",
        None,
    ),
    "an idea is taken back": (
        lambda s: (idea := s.idea(), s.begins_here(), idea.take_back(by=s.cast.sam)),
        "idea_taken_back",
        "sam",
        "goals",
        None,
    ),
    "a part is opened": (
        lambda s: Grant.open_part(plan=s.plan, walk=s.cast.walk, section="hard_days", by=s.cast.maya),
        "part_opened",
        "maya",
        "hard_days",
        None,
    ),
    "a part is closed": (
        lambda s: (s.opened(), Grant.close_part(plan=s.plan, walk=s.cast.walk, section="experiences", by=s.cast.maya)),
        "part_closed",
        "maya",
        "experiences",
        None,
    ),
    "the walk ends": (lambda s: s.cast.walk.end(by=s.cast.maya), "walk_ended", "maya", "", None),
    "Sam's role ends": (
        lambda s: s.cast.sam.roles.get(until=None).end(by=s.cast.ines),
        "walk_over",
        "sam",
        "",
        None,
    ),
}

# What happens to a plan and leaves its words and order as they are.
# What happens to a plan without a word in it: below, and in test_just_met.py.
OF_EMPTY_PLANS = {"plan_started", "plan_taken_back"}


def called_off(story):
    """A next time that stood for a while, and stands no more."""
    story.meet_next("sam", in_days="7")
    story.begins_here()
    story.meet_next("maya", none="1", instead_of=story.plan.visits.get().pk)


def not_arrived(story):
    """Maya, as she was before she came in herself."""
    User.objects.filter(pk=story.cast.maya.pk).update(welcomed_at=None, username=None)


def turn_on_second_lock(user):
    lock = TotpDevice.prepare(user=user)
    assert lock.turn_on(code=pyotp.TOTP(lock.secret).now())
    return lock


OTHER_EVENTS = {
    "walk_asked": ("maya", lambda s: s.post("maya", "walk-ask")),
    "walk_begun": (
        "alex",
        lambda s: Plan.walk_along(
            letters=WalkRequest.make(person=s.cast.person, by=s.cast.maya)[1],
            peer=s.cast.alex,
            organization=s.cast.harbor,
        ),
    ),
    "walk_resumed": (
        "sam",
        lambda s: (role := s.cast.sam.roles.get(until=None), role.end(by=s.cast.ines), role.resume(by=s.cast.ines)),
    ),
    "review_asked": ("maya", lambda s: s.plan.ask_review(by=s.cast.maya)),
    "review_taken_back": (
        "maya",
        lambda s: (s.plan.ask_review(by=s.cast.maya), s.plan.take_back_review(by=s.cast.maya)),
    ),
    "visit_set": ("sam", lambda s: s.meet_next("sam", in_days="7")),
    "visit_called_off": ("maya", lambda s: called_off(s)),
    "known_by_chosen": ("sam", lambda s: s.cast.person.take_known_by("blue cap", by=s.cast.sam)),
    "name_corrected": ("sam", lambda s: (not_arrived(s), s.plan.correct_name(name="Maia", by=s.cast.sam))),
    "plan_agreed": ("maya", lambda s: agree(s.cast)),
    "agreed_on_paper": ("sam", lambda s: agree(s.cast, by=s.cast.sam, how="on_paper")),
    "agreed_aloud": ("sam", lambda s: agree(s.cast, by=s.cast.sam, how="aloud")),
    "agreed_not_asked": ("sam", lambda s: agree(s.cast, by=s.cast.sam, how="not_asked")),
    "agreed_to_walk": ("sam", lambda s: agree(s.cast).walk_along(by=s.cast.sam)),
    "plan_looked": ("sam", lambda s: s.browser_of(s.cast.sam).get(url(s.cast, "plan"))),
    "plan_printed": ("maya", lambda s: s.post("maya", "print-pdf")),
    "plan_not_printed": ("maya", lambda s: s.post("maya", "print-pdf")),
    "summary_yes": (
        "maya",
        lambda s: Grant.say_yes_to_summary(plan=s.plan, organization=s.cast.millbrook, by=s.cast.maya, days=9),
    ),
    "summary_stopped": ("maya", lambda s: Grant.stop_summary(plan=s.plan, by=s.cast.maya)),
    "summary_looked": ("dana", lambda s: s.browser_of(s.cast.dana).get(reverse("summary", args=[s.yes.pk]))),
    "summary_printed": ("dana", lambda s: s.browser_of(s.cast.dana).post(reverse("summary-pdf", args=[s.yes.pk]))),
    "summary_not_printed": ("dana", lambda s: s.browser_of(s.cast.dana).post(reverse("summary-pdf", args=[s.yes.pk]))),
    "summary_refused": (
        "dana",
        lambda s: (
            Grant.stop_summary(plan=s.plan, by=s.cast.maya),
            s.browser_of(s.cast.dana).post(reverse("print-job-new"), {"grant": str(s.yes.pk)}),
        ),
    ),
    "card_made": ("sam", lambda s: s.post("sam", "card-new")),
    "hands_given": ("sam", lambda s: s.post("sam", "hands")),
    "hands_back": ("sam", lambda s: in_her_hands_and_back(s)),
    "card_turned_off": (
        "sam",
        lambda s: (PlanCard.make(person=s.cast.person, by=s.cast.sam), s.post("sam", "card-off")),
    ),
    # Written by nothing any more; lines of before are still read (test_access_log.py).
    "card_used": ("maya", lambda s: LogLine.note("card_used", plan=s.plan, by=s.cast.maya)),
    "card_opened": ("maya", lambda s: s.card_of("sam")[0].open()),
    "card_right": ("maya", lambda s: s.card_of("sam")[0].say_right(by=s.cast.maya)),
    "card_wrong": ("maya", lambda s: s.card_of("sam")[0].say_wrong(by=s.cast.maya)),
    "own_words_made": ("maya", lambda s: s.post("maya", "card-new")),
    "own_words_used": (
        "maya",
        lambda s: s.browser_of().post("/open/", {"card_words": s.card_of("maya")[1], "device": "own"}),
    ),
    "other_ways_ended": ("maya", lambda s: s.post("maya", "ways-end-others")),
    "passphrase_taken": (
        "maya",
        lambda s: s.cast.maya.take_passphrase(username="maya-l", passphrase="a river of seven lamps"),
    ),
    "passphrase_ended": ("maya", lambda s: s.cast.maya.end_passphrase()),
    "second_lock_on": ("maya", lambda s: turn_on_second_lock(s.cast.maya)),
    "second_lock_off": ("maya", lambda s: turn_on_second_lock(s.cast.maya).turn_off(by=s.cast.maya)),
    "card_off_too": (
        "sam",
        lambda s: (
            PlanCard.make(person=s.cast.person, by=s.cast.sam),
            s.cast.sam.roles.get(until=None).end(by=s.cast.ines),
        ),
    ),
}


def in_her_hands_and_back(story):
    tablet = story.browser_of(story.cast.sam)
    tablet.post(url(story.cast, "hands"))
    tablet.post(url(story.cast, "hands-back"), {"passphrase": PASSPHRASE})


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_is_one_line_of_the_log(story, name):
    verb, what, who, part, line = CHANGES[name]
    made = verb(story)
    line = made.pk if line == "new" else getattr(story, line).pk if line else None
    assert story.lines() == [(what, getattr(story.cast, who).pk, part, line)]


@pytest.mark.parametrize("what", OTHER_EVENTS)
def test_each_other_thing_that_happens_is_in_the_log_too(story, what, monkeypatch):
    who, happens = OTHER_EVENTS[what]
    if what.endswith("_printed") and "not" not in what:  # else nobody prints here
        monkeypatch.setattr(client, "print_pdf", lambda html, **kwargs: b"%PDF")
    happens(story)
    assert [by for happened, by, _part, _line in story.lines() if happened == what] == [getattr(story.cast, who).pk]


def test_no_kind_of_event_is_without_a_test():
    kinds = {value for value, _label in LogLine._meta.get_field("what").choices}
    assert kinds == {what for _verb, what, *_rest in CHANGES.values()} | set(OTHER_EVENTS) | OF_EMPTY_PLANS


def test_that_a_plan_was_started_is_the_first_thing_in_its_log(cast):
    ash = Person.meet(name="Ash", peer=cast.sam, organization=cast.harbor)
    plan = Plan.start(person=ash, by=cast.sam)
    Plan.start(person=ash, by=cast.sam)
    started = LogLine.unguarded.filter(plan=plan.pk).values_list("what", "by")
    assert list(started) == [("plan_started", cast.sam.pk)]


@pytest.mark.parametrize(
    "verb",
    [
        lambda s: s.goal.pick_up(by=s.cast.maya),
        lambda s: s.step.undo(by=s.cast.maya),
        lambda s: s.entry.bring_back(by=s.cast.maya),
        lambda s: s.goal.move(by=s.cast.maya, earlier=True),
        lambda s: s.gone(s.entry).take_out(by=s.cast.sam),
        lambda s: Grant.close_part(plan=s.plan, walk=s.cast.walk, section="hard_days", by=s.cast.maya),
        lambda s: Grant.for_walk(plan=s.plan, walk=s.cast.walk, by=s.cast.maya),
    ],
    ids=["now already", "not done", "not gone", "first already", "gone already", "closed already", "walks already"],
)
def test_what_changes_nothing_is_no_change(story, verb):
    verb(story)
    assert story.lines() == []


def test_what_happens_to_one_plan_is_in_no_other_log(story):
    noor = story.cast.noor
    hers = Plan.start(person=Person.objects.get(user=noor), by=noor)
    for verb, *_rest in list(CHANGES.values())[:3]:
        verb(story)
    assert LogLine.unguarded.filter(plan=hers.pk).count() == 1


# --- looks: which are one line, and which never ---


def looks(cast, what="plan_looked", by=None):
    return LogLine.unguarded.filter(plan=cast.plan.pk, what=what, **({"by": by.pk} if by else {}))


def test_a_look_is_noted_though_the_same_reader_just_wrote_something(cast, browser_of):
    sam = browser_of(cast.sam)
    sam.post(url(cast, "entry-add", section="strengths"), {"words": "I laugh easily"})
    assert not looks(cast).exists(), "who is sent on has seen nothing yet"
    sam.get(url(cast, "plan"))
    assert looks(cast, by=cast.sam).count() == 1


def test_one_readers_look_does_not_hide_anothers(cast, browser_of):
    second = cast.person.start_walk(peer=cast.alex, organization=cast.harbor, by=cast.maya)
    Grant.for_walk(plan=cast.plan, walk=second, by=cast.maya)
    for reader in (cast.sam, cast.alex, cast.sam):
        browser_of(reader).get(url(cast, "plan"))
    assert sorted(looks(cast).values_list("by", flat=True)) == sorted([cast.sam.pk, cast.alex.pk])


def test_a_look_at_the_plan_does_not_hide_one_at_the_page_nor_the_other_way_round(cast, browser_of):
    """Sam supports the team as well: he looks at the plan, and then at its summary."""
    cast.harbor.take_on(user=cast.sam, role="supervisor", by=cast.ines)
    yes = Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    sam = browser_of(cast.sam)
    for address in (url(cast, "plan"), reverse("summary", args=[yes.pk]), url(cast, "plan")):
        assert sam.get(address).status_code == 200
    assert looks(cast, "plan_looked", by=cast.sam).count() == 1
    assert looks(cast, "summary_looked", by=cast.sam).count() == 1


def test_a_look_at_one_plan_does_not_hide_a_look_at_another(cast, browser_of):
    teo = Plan.start(person=Person.meet(name="Teo", peer=cast.sam, organization=cast.harbor), by=cast.sam)
    sam = browser_of(cast.sam)
    sam.get(reverse("plan", kwargs={"plan": teo.pk}))
    sam.get(url(cast, "plan"))
    assert looks(cast, by=cast.sam).count() == 1


@pytest.mark.parametrize("minutes,lines", [(9, 1), (11, 2)])
def test_looks_within_ten_minutes_are_one_and_a_later_one_is_another(cast, browser_of, minutes, lines):
    sam = browser_of(cast.sam)
    sam.get(url(cast, "plan"))
    with rewriting(LogLine) as lines_of_now:
        lines_of_now.filter(what="plan_looked").update(at=timezone.now() - timedelta(minutes=minutes))
    sam.get(url(cast, "plan"))
    assert looks(cast, by=cast.sam).count() == lines


def test_each_page_of_a_print_job_is_a_line_for_its_person(story, paper):
    ask_to_print(grants=[story.yes], by=story.cast.dana, size="regular", language="en")
    print_next()
    assert [what for what, *_rest in story.lines()] == ["summary_printed"]
