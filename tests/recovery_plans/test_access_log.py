"""Who has looked: Maya reads it in plain words, and no word of the plan stands there."""

from uuid import uuid4

import pyotp
from django.core.management import call_command
from django.urls import reverse

from peers.models import Person, PlanCard, TotpDevice, User
from recovery_plans.events import PlanEvent
from recovery_plans.models import Grant, LogLine, Plan
from tests.history import rewriting
from tests.recovery_plans.test_sharing import read, url


def test_maya_reads_who_looked_in_plain_words_newest_first(cast, browser_of):
    yes = Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    browser_of(cast.sam).get(url(cast, "plan"))
    browser_of(cast.dana).get(reverse("summary", args=[yes.pk]))
    page = read(browser_of(cast.maya), url(cast, "looks"))
    assert page.index("Dana · supervisor looked at the one-page summary") < page.index(
        "Sam · peer specialist looked at the plan"
    )
    assert "said yes to the one-page summary" not in page, "what she did herself is folded away"
    assert "said yes to the one-page summary" in read(browser_of(cast.maya), url(cast, "looks") + "?own=1")


def test_where_nobody_else_ever_looked_it_does_not_say_that_anyone_did(cast, browser_of):
    own = Plan.start(person=Person.objects.get(user=cast.noor), by=cast.noor)
    page = read(browser_of(cast.noor), reverse("looks", kwargs={"plan": own.pk}))
    assert "No one else has looked yet." in page
    assert "since you did" not in page


def test_the_log_never_says_a_word_of_the_plan(cast, browser_of):
    cast.plan.add_entry(section="strengths", words="CANARY-STRENGTH", by=cast.sam)
    cast.plan.add_goal(words="CANARY-GOAL", by=cast.maya)
    page = read(browser_of(cast.maya), url(cast, "looks") + "?own=1")
    assert "Sam · peer specialist added something · What I bring" in page
    assert "CANARY" not in page


def test_her_own_print_stays_in_sight(cast, browser_of):
    LogLine.note(PlanEvent.PLAN_PRINTED, plan=cast.plan, by=cast.maya)
    assert "Me printed the plan" in read(browser_of(cast.maya), url(cast, "looks"))


def test_looks_by_someone_whose_code_is_unknown_still_show(cast, browser_of):
    LogLine.note(PlanEvent.PLAN_LOOKED, plan=cast.plan, by=User(pk=uuid4()))
    assert "Someone who is not here any more" in read(browser_of(cast.maya), url(cast, "looks"))


def test_the_log_goes_on_page_by_page_and_loses_no_line(cast, browser_of):
    with rewriting(LogLine) as lines:
        lines.all().delete()
    for _ in range(75):
        LogLine.note(PlanEvent.SUMMARY_PRINTED, plan=cast.plan, by=cast.dana)
    maya, address, seen = browser_of(cast.maya), url(cast, "looks"), []
    while address:
        page = maya.get(address)
        seen += [line.at for line in page.context["lines"]]
        older = page.context["older"]
        address = f"{url(cast, 'looks')}?before={older}" if older else ""
    assert len(seen) == 75
    assert seen == sorted(seen, reverse=True)


def test_a_made_up_place_to_go_on_from_is_passed_over(cast, browser_of):
    LogLine.note(PlanEvent.SUMMARY_PRINTED, plan=cast.plan, by=cast.dana)
    for before in ("nonsense", "", str(uuid4()), "%00"):
        assert "Dana · supervisor printed" in read(browser_of(cast.maya), f"{url(cast, 'looks')}?before={before}")


def test_maya_reads_that_her_plan_was_opened_with_a_card(cast, browser_of):
    _card, words, _token = PlanCard.make(person=cast.person, by=cast.sam)
    finder = browser_of()
    finder.post("/open/", {"card_words": words, "device": "own"})
    page = read(browser_of(cast.maya), url(cast, "looks"))
    assert "opened the plan with the card that Sam made" in page, "whoever has the card comes in as she does"
    assert "made own words" in page


def test_a_line_of_before_still_says_that_a_card_opened_the_plan(cast, browser_of):
    LogLine.note(PlanEvent.CARD_USED, plan=cast.plan, by=cast.maya)
    assert "opened the plan with a card" in read(browser_of(cast.maya), url(cast, "looks"))


def test_what_one_reader_did_on_one_day_is_one_row_with_each_look_in_it(cast, browser_of):
    with rewriting(LogLine) as lines:
        lines.all().delete()
    for what, by in (
        (PlanEvent.PLAN_LOOKED, cast.sam),
        (PlanEvent.SUMMARY_PRINTED, cast.dana),
        (PlanEvent.PLAN_PRINTED, cast.sam),
    ):
        LogLine.note(what, plan=cast.plan, by=by)
    answer = browser_of(cast.maya).get(url(cast, "looks"))
    rows = {row.newest.who: {line.what for line in row.lines} for row in answer.context["rows"]}
    assert rows == {"Sam": {"printed the plan", "looked at the plan"}, "Dana": {"printed the one-page summary"}}
    page = read(browser_of(cast.maya), url(cast, "looks"))
    assert "looked at the plan · 2 times" in page or "printed the plan · 2 times" in page
    assert "Dana · supervisor printed the one-page summary" in page


def test_when_sams_role_ends_maya_reads_that_he_walks_with_her_no_more(cast, browser_of):
    PlanCard.make(person=cast.person, by=cast.sam)
    cast.sam.roles.get(until=None).end(by=cast.ines)
    page = read(browser_of(User.objects.get(pk=cast.maya.pk)), url(cast, "looks"))
    for event in (PlanEvent.WALK_OVER, PlanEvent.CARD_OFF_TOO):
        line = LogLine.unguarded.get(plan=cast.plan.pk, what=event)
        assert line.by == cast.sam.pk, "it is told of the one who goes; who ended the role is not Maya's to judge"
        assert str(event.label) in page
    assert "Ines" not in page


def test_the_same_from_the_command_line_where_nobody_is_signed_in(cast):
    call_command("end_role", organization=cast.harbor.name, username="sam", role="peer_specialist")
    assert LogLine.unguarded.get(plan=cast.plan.pk, what=PlanEvent.WALK_OVER).by == cast.sam.pk


def test_when_one_of_the_two_ends_the_walk_the_log_says_who(cast):
    cast.walk.end(by=cast.maya)
    cast.walk.end(by=cast.maya)
    lines = LogLine.unguarded.filter(plan=cast.plan.pk, what=PlanEvent.WALK_ENDED)
    assert sorted(lines.values_list("by", flat=True)) == sorted([cast.lee.pk, cast.maya.pk]), "once each"
    assert not LogLine.unguarded.filter(what__in=[PlanEvent.WALK_OVER, PlanEvent.CARD_OFF_TOO]).exists()


def test_someone_without_a_plan_yet_has_no_log_to_write_in(cast):
    ash = Person.meet(name="Ash", peer=cast.sam, organization=cast.harbor)
    before = LogLine.unguarded.count()
    ash.walks_now().get().end(by=cast.sam)
    assert LogLine.unguarded.count() == before


def test_maya_reads_that_a_second_lock_was_turned_on_and_off_whoever_did_it(cast, browser_of):
    for by, who in ((cast.maya, "Me"), (cast.ines, "Ines · administrator"), (None, "Whoever looks after this app")):
        lock = TotpDevice.prepare(user=cast.maya)
        assert lock.turn_on(code=pyotp.TOTP(lock.secret).now())
        assert "Me turned on the second lock" in read(browser_of(cast.maya), url(cast, "looks"))
        assert lock.turn_off(by=by)
        assert f"{who} turned off the second lock" in read(browser_of(cast.maya), url(cast, "looks"))


def test_a_second_lock_of_someone_without_a_plan_is_in_no_log_of_a_plan(cast):
    before = LogLine.unguarded.count()
    lock = TotpDevice.prepare(user=cast.sam)
    assert lock.turn_on(code=pyotp.TOTP(lock.secret).now())
    lock.turn_off(by=None)
    assert LogLine.unguarded.count() == before
