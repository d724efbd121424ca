"""Visits: Maya and Sam say when they meet next; nothing of it is required, and nobody else sees it."""

import uuid
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from peers.models import Walk
from recovery_plans.models import Draft, LogLine, Plan, Visit, VisitMoved
from recovery_plans.models import How as Ways
from recovery_plans.models.plan import NotEmpty
from recovery_plans.pdf.plan_sheet import print_one
from tests.pdfua import assert_pdf_ua
from tests.recovery_plans.paper_looks import sheet_of
from tests.recovery_plans.test_access_parts import say_yes
from tests.recovery_plans.test_goals import page_of, url
from tests.recovery_plans.test_today import TODAY, meet_many


def address_of(cast, walk=None):
    return reverse("visit", kwargs={"plan": cast.plan.pk, "walk": (walk or cast.walk).pk})


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def in_words(day):
    return date_format(day, "l, N j")


def next_time(cast):
    return Visit.unguarded.get(walk=cast.walk, ended_at=None)


def set_next(cast, by, **arranged):
    arranged = {"instead_of": None, "save_id": uuid.uuid4()} | arranged
    return Visit.set_next(plan=cast.plan, walk=cast.walk, by=by, **arranged)


# --- saying it ---


@pytest.mark.parametrize("who", ["maya", "sam"])
def test_a_day_is_one_tap_on_the_page(cast, browser_of, who):
    browser = browser_of(getattr(cast, who))
    assert "No day picked. That is fine." in page_of(browser, address_of(cast))
    page = browser.post(address_of(cast), {"in_days": "7"}, follow=True).content.decode()
    assert in_words(in_days(7)) in page
    visit = next_time(cast)
    assert (visit.day, visit.time, visit.how, visit.where) == (in_days(7), None, "", "")
    assert visit.set_by == getattr(cast, who)


def test_all_of_it_can_be_said_and_stands_on_the_page_of_both_and_on_today(cast, browser_of):
    sent = {"day": in_days(3).isoformat(), "time": "15:30", "how": "in_person", "where": "The library, <2nd floor>"}
    browser_of(cast.maya).post(address_of(cast), sent)
    visit = next_time(cast)
    assert visit.arranged == {"day": in_days(3), "time": time(15, 30), "how": Ways.IN_PERSON, "where": sent["where"]}
    for who, page in ((cast.maya, address_of(cast)), (cast.sam, address_of(cast)), (cast.sam, TODAY)):
        page = page_of(browser_of(who), page)
        assert in_words(in_days(3)) in page
        assert "3:30 p.m." in page
        assert "The library, &lt;2nd floor&gt;" in page


@pytest.mark.parametrize(
    "arranged",
    [{"time": "09:00"}, {"how": "phone"}, {"where": "The bench by the river"}, {"day": in_days(0).isoformat()}],
)
def test_any_one_thing_is_enough(cast, browser_of, arranged):
    browser_of(cast.sam).post(address_of(cast), arranged)
    assert next_time(cast)


def test_nothing_said_is_no_visit(cast, browser_of):
    answer = browser_of(cast.sam).post(address_of(cast), {"where": "  "}, follow=True)
    assert answer.status_code == 200
    assert not Visit.unguarded.exists()
    assert not LogLine.unguarded.filter(what__startswith="visit_").exists()


def test_in_one_week_keeps_the_time_and_the_place(cast, browser_of):
    set_next(cast, cast.sam, day=in_days(1), time=time(9), how="phone", where="Her kitchen")
    page = page_of(browser_of(cast.maya), address_of(cast))
    again = page.partition('aria-labelledby="h-stands"')[2].partition("</form>")[0]
    for name, value in (("time", "09:00"), ("how", "phone"), ("where", "Her kitchen")):
        assert f'name="{name}" value="{value}"' in again
    sent = {"in_days": "14", "time": "09:00", "how": "phone", "where": "Her kitchen"}
    browser_of(cast.maya).post(address_of(cast), sent | {"instead_of": next_time(cast).pk})
    assert next_time(cast).arranged == {"day": in_days(14), "time": time(9), "how": "phone", "where": "Her kitchen"}


def test_what_was_said_before_is_never_written_over(cast):
    first = set_next(cast, cast.sam, day=in_days(1), where="Her kitchen")
    second = set_next(cast, cast.maya, day=in_days(2), instead_of=first.pk)
    first.refresh_from_db()
    assert (first.where, first.ended_at is None) == ("Her kitchen", False)
    assert next_time(cast) == second


def test_it_can_be_taken_out_and_nobody_asks_why(cast, browser_of):
    visit = set_next(cast, cast.sam, day=in_days(1))
    sent = {"none": "1", "instead_of": visit.pk, "where": "typed, and not meant"}
    page = browser_of(cast.maya).post(address_of(cast), sent, follow=True).content.decode()
    assert "No next time is set now. That is fine." in page
    assert not Visit.unguarded.filter(ended_at=None).exists()


def test_a_next_time_with_one_who_has_just_left_is_not_saved_and_says_so(cast, browser_of):
    cast.walk.end(by=cast.maya)
    answer = browser_of(cast.maya).post(address_of(cast), {"where": "My porch"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Sam does not walk with you any more. This was not saved." in page
    assert 'value="My porch"' in page
    assert "see this." not in page
    assert not Visit.unguarded.exists()


def test_it_can_be_taken_out_twice(cast, browser_of):
    visit = set_next(cast, cast.sam, day=in_days(1))
    for one in (cast.maya, cast.sam):  # Sam's page still shows the visit
        page = browser_of(one).post(address_of(cast), {"none": "1", "instead_of": visit.pk}, follow=True)
        assert "No next time is set now. That is fine." in page.content.decode()
    assert LogLine.unguarded.filter(what="visit_called_off").count() == 1


def test_another_day_for_a_visit_that_was_taken_out_says_so_and_is_kept_at_the_next_try(cast, browser_of):
    visit, maya = set_next(cast, cast.sam, day=in_days(1)), browser_of(cast.maya)
    Visit.set_next(plan=cast.plan, walk=cast.walk, by=cast.sam, instead_of=visit.pk, save_id=uuid.uuid4())
    sent = {"where": "My porch", "save_id": str(uuid.uuid4())}
    answer = maya.post(address_of(cast), sent | {"instead_of": visit.pk})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The next time was taken out before you saved." in page
    assert 'value="My porch"' in page
    maya.post(address_of(cast), sent)
    assert next_time(cast).where == "My porch"


def test_a_day_that_has_gone_by_says_so_and_begins_the_next_from_its_place(cast, browser_of):
    visit = set_next(cast, cast.sam, day=in_days(1), where="Her kitchen")
    Visit.unguarded.filter(pk=visit.pk).update(day=in_days(-1))
    page = page_of(browser_of(cast.maya), address_of(cast))
    assert "That day has gone by." in page
    assert 'name="where" value="Her kitchen"' in page
    assert in_days(-1).isoformat() not in page, "no day that has gone by is offered"
    assert in_words(in_days(-1)) not in page_of(browser_of(cast.sam), TODAY)


@pytest.mark.parametrize(
    "typed", [{"day": "next tuesday"}, {"day": in_days(-2).isoformat()}, {"time": "at noon"}, {"how": "by pigeon"}]
)
def test_what_cannot_be_read_comes_back_with_what_was_typed(cast, browser_of, typed):
    answer = browser_of(cast.maya).post(address_of(cast), {"where": "The library"} | typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="The library"' in page
    assert "Please look at this" in page
    assert not Visit.unguarded.exists()


# --- two at once ---


def test_the_same_form_twice_is_one_visit(cast, browser_of):
    sent = {"day": in_days(5).isoformat(), "save_id": str(uuid.uuid4())}
    for _ in range(2):
        assert browser_of(cast.maya).post(address_of(cast), sent).status_code == 302
    assert Visit.unguarded.count() == 1
    assert LogLine.unguarded.filter(what="visit_set").count() == 1


def test_one_save_with_something_else_in_it_is_refused_with_the_text_on_the_page(cast, browser_of):
    sent, maya = {"where": "Her kitchen", "save_id": str(uuid.uuid4())}, browser_of(cast.maya)
    maya.post(address_of(cast), sent)
    answer = maya.post(address_of(cast), sent | {"where": "My porch"})
    assert answer.status_code == 422
    assert 'value="My porch"' in answer.content.decode()
    assert next_time(cast).where == "Her kitchen"


def test_another_day_that_was_saved_meanwhile_is_shown_and_neither_is_lost(cast, browser_of):
    set_next(cast, cast.sam, day=in_days(1))
    answer = browser_of(cast.maya).post(address_of(cast), {"day": in_days(2).isoformat(), "where": "My porch"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert in_words(in_days(1)) in page
    assert 'value="My porch"' in page
    assert f'name="instead_of" value="{next_time(cast).pk}"' in page
    assert next_time(cast).day == in_days(1)


def test_one_that_was_taken_out_meanwhile_is_set_by_nobody_who_did_not_see_it(cast):
    visit = set_next(cast, cast.sam, day=in_days(1))
    assert set_next(cast, cast.maya, instead_of=visit.pk) is None
    with pytest.raises(VisitMoved):
        set_next(cast, cast.sam, day=in_days(2), instead_of=visit.pk)


def test_a_plan_with_a_next_time_in_it_is_not_taken_back_as_begun_by_mistake(cast):
    met = Plan.meet(name="Bo", language="en", peer=cast.sam, organization=cast.harbor)
    assert met.is_blank
    walk = met.person.walks_now().get()
    Visit.set_next(plan=met, walk=walk, by=cast.sam, instead_of=None, save_id=uuid.uuid4(), day=in_days(1))
    with pytest.raises(NotEmpty):
        met.take_back(by=cast.sam)


# --- who sees it ---


def test_it_is_between_the_two_and_nobody_else_who_walks_with_maya(cast, browser_of):
    cast.person.start_walk(peer=cast.alex, organization=cast.harbor, by=cast.maya)
    Plan.start(person=cast.person, by=cast.maya)
    walk = Walk.objects.get(person=cast.person, peer=cast.alex)
    Plan.unguarded.get(pk=cast.plan.pk)
    set_next(cast, cast.maya, day=in_days(1), where="Where Alex is not")
    alex = browser_of(cast.alex)
    assert alex.get(address_of(cast)).status_code == 404
    assert alex.post(address_of(cast), {"in_days": "7"}).status_code == 404
    both = page_of(browser_of(cast.maya), url(cast, "visits"))
    assert address_of(cast) in both
    assert address_of(cast, walk) in both
    assert "Where Alex is not" in both


def test_a_walk_of_another_person_is_not_there(cast, browser_of):
    meet_many(cast, 1)
    other = Walk.objects.exclude(pk=cast.walk.pk).get(peer=cast.sam, ended_at=None)
    for who in (cast.sam, cast.maya):
        assert browser_of(who).get(address_of(cast, other)).status_code == 404


def test_when_the_walk_ends_sam_sees_no_next_time(cast, browser_of):
    set_next(cast, cast.maya, day=in_days(1), where="My porch")
    cast.walk.end(by=cast.maya)
    assert browser_of(cast.sam).get(address_of(cast)).status_code == 404
    assert "My porch" not in page_of(browser_of(cast.sam), TODAY)


def test_the_log_says_who_and_not_where(cast, browser_of):
    browser_of(cast.sam).post(address_of(cast), {"where": "The clinic on Main Street"})
    page = page_of(browser_of(cast.maya), url(cast, "looks"))
    assert "said when we meet next" in page
    assert "Main Street" not in page


def test_what_alex_types_for_the_next_time_of_others_is_held_nowhere(cast, browser_of):
    cast.person.start_walk(peer=cast.alex, organization=cast.harbor, by=cast.maya)
    Plan.start(person=cast.person, by=cast.maya)
    box = reverse("draft", kwargs={"plan": cast.plan.pk, "box": f"visits/{cast.walk.pk}"})
    sent = {"where": "Not mine to say", "save_id": uuid.uuid4(), "draft_version": "0"}
    assert browser_of(cast.alex).post(box, sent).status_code == 404
    assert browser_of(cast.sam).post(box, sent).status_code == 200
    assert [draft.words for draft in Draft.unguarded.all()] == [["Not mine to say"]]


def test_who_only_reads_along_has_no_next_time(cast, browser_of):
    say_yes(cast, {"supporters": ("see", "print")})
    sam = browser_of(cast.sam)
    assert sam.get(url(cast, "plan")).status_code == 200
    assert sam.get(address_of(cast)).status_code == 404
    assert url(cast, "visits") not in page_of(sam, url(cast, "plan"))
    set_next(cast, cast.maya, day=in_days(1), where="My porch")
    assert "My porch" not in sheet_of(cast.plan, reader=cast.sam).html()


# --- Today ---


def test_today_begins_with_whom_sam_meets_next(cast, browser_of):
    meet_many(cast, 3)
    walks = {walk.person.name: walk for walk in Walk.objects.filter(peer=cast.sam, ended_at=None)}
    for name, days in (("Person 1", 5), ("Maya", 2)):
        walk = walks[name]
        Visit.set_next(
            plan=walk.person.plan, walk=walk, by=cast.sam, instead_of=None, save_id=uuid.uuid4(), day=in_days(days)
        )
    page = page_of(browser_of(cast.sam), TODAY)
    assert all(
        page.count(f'href="{reverse("plan", kwargs={"plan": walk.person.plan.pk})}"') == 1 for walk in walks.values()
    )
    order = sorted(walks, key=lambda name: page.index(f"<bdi>{name}</bdi>"))
    assert order[:2] == ["Maya", "Person 1"]
    assert page.count("Next time:") == 2


def test_next_times_further_down_are_on_their_cards(cast, browser_of, monkeypatch):
    monkeypatch.setattr("recovery_plans.today.COMING_AT_ONCE", 1)
    meet_many(cast, 2)
    for days, walk in enumerate(Walk.objects.filter(peer=cast.sam, ended_at=None), start=1):
        Visit.set_next(
            plan=walk.person.plan, walk=walk, by=cast.sam, instead_of=None, save_id=uuid.uuid4(), day=in_days(days)
        )
    page = page_of(browser_of(cast.sam), TODAY)
    assert page.count("Next time:") == 3


# --- on paper ---


def test_the_next_time_stands_on_paper_in_the_language_of_the_print(cast, pdf_service):
    visit = set_next(cast, cast.sam, day=in_days(3), time=time(15, 30), how="phone", where="My porch <3")
    html = sheet_of(cast.plan, language="es").html()
    with translation.override("es"):
        assert f"La próxima vez:\n        {visit.when_and_how}," in html
        assert "Por teléfono" in visit.when_and_how
    assert "My porch &lt;3" in html
    assert_pdf_ua(print_one(html))


def test_the_paper_of_one_who_walks_along_has_no_next_time_of_another(cast):
    cast.person.start_walk(peer=cast.alex, organization=cast.harbor, by=cast.maya)
    Plan.start(person=cast.person, by=cast.maya)
    set_next(cast, cast.sam, day=in_days(3), where="Where Alex is not")
    assert "Where Alex is not" in sheet_of(cast.plan).html()
    assert "Where Alex is not" in sheet_of(cast.plan, reader=cast.sam).html()
    assert "Where Alex is not" not in sheet_of(cast.plan, reader=cast.alex).html()


def test_a_day_that_has_gone_by_is_on_no_paper(cast):
    visit = set_next(cast, cast.sam, day=in_days(3), where="My porch")
    Visit.unguarded.filter(pk=visit.pk).update(day=in_days(-1))
    assert "My porch" not in sheet_of(cast.plan).html()
