"""This is my plan: Maya reads it and says yes, or not yet; Sam writes down what she said elsewhere, as what it was."""

import json
import re
import uuid

import pymupdf
import pytest
from django.urls import reverse

from peers.models import PlanCard
from recovery_plans.access import find_plan
from recovery_plans.agreement import AgreedReading
from recovery_plans.models import Agreement, Grant, LogLine
from recovery_plans.pdf.plan_sheet import Choices, PlanSheet, print_one
from tests.hands import PIN, take_back, together
from tests.pdfua import assert_pdf_ua
from tests.recovery_plans.agreeing import agree, reading_of
from tests.recovery_plans.test_goals import page_of, url
from tests.ways import open_card


@pytest.fixture
def plan(cast):
    """A strength Sam typed, a line of Maya's story, and her goal with a step."""
    cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.sam)
    cast.plan.add_entry(section="experiences", words="CANARY-STORY", by=cast.maya)
    cast.plan.add_goal(words="Slow mornings", why="I breathe", steps={"one": "Coffee on the steps"}, by=cast.maya)
    return cast.plan


def digest_on(page):
    return re.search(r'name="digest" value="([0-9a-f]{64})"', page).group(1)


def say_yes(browser, cast, **more):
    """Read the page, and tap yes on it."""
    sent = {"digest": digest_on(page_of(browser, url(cast, "agree"))), **more}
    return browser.post(url(cast, "agree"), sent, follow=True)


def copy_url(cast, made, name="agreed"):
    return reverse(name, kwargs={"plan": cast.plan.pk, "agreement": made.pk})


# --- Maya, on her own ---


def test_maya_reads_her_whole_plan_and_says_yes(cast, browser_of, plan):
    maya = browser_of(cast.maya)
    assert url(cast, "agree") in page_of(maya, url(cast, "plan"))
    page = page_of(maya, url(cast, "agree"))
    order = [page.index(words) for words in ("I keep my word", "Slow mornings", "Coffee on the steps", "CANARY-STORY")]
    assert order == sorted(order)
    answer = say_yes(maya, cast)
    made = Agreement.unguarded.get()
    assert answer.redirect_chain == [(copy_url(cast, made), 302)]
    assert (made.how, made.by, made.on_device_of, made.others) == ("on_screen", cast.maya, None, "")
    assert "Nothing. The plan is as it was." in answer.content.decode()
    assert "I said yes on my own screen." in answer.content.decode()
    logged = LogLine.unguarded.get(what="plan_agreed")
    assert (logged.by, logged.under) == (cast.maya.pk, made.pk)


def test_a_plan_without_goals_and_an_empty_one_are_agreed_to_as_well(cast, browser_of):
    maya = browser_of(cast.maya)
    say_yes(maya, cast)
    cast.plan.add_entry(section="strengths", words="I sew", by=cast.maya)
    say_yes(maya, cast)
    assert Agreement.unguarded.count() == 2


def test_not_yet_asks_nothing_and_keeps_nothing(cast, browser_of, plan):
    page = page_of(browser_of(cast.maya), url(cast, "agree"))
    assert re.search(rf'<a class="[^"]*" href="{url(cast, "plan")}">Not yet</a>', page)
    assert not Agreement.unguarded.exists()


def test_a_plan_that_changed_meanwhile_is_shown_once_more(cast, browser_of, plan):
    maya = browser_of(cast.maya)
    stale = digest_on(page_of(maya, url(cast, "agree")))
    plan.add_entry(section="needs", words="A bus pass", by=cast.sam)
    page = maya.post(url(cast, "agree"), {"digest": stale}, follow=True).content.decode()
    assert "The plan has changed. Please read it once more." in page
    assert "A bus pass" in page
    assert not Agreement.unguarded.exists()


@pytest.mark.parametrize("who", ["maya", "sam"])
def test_who_else_is_there_is_not_lost_where_the_plan_changed_or_the_save_came_before(cast, browser_of, plan, who):
    browser, code = browser_of(getattr(cast, who)), str(uuid.uuid4())
    how = {} if who == "maya" else {"how": "on_paper"}
    stale = digest_on(page_of(browser, url(cast, "agree")))
    plan.add_entry(section="needs", words="A bus pass", by=cast.sam)
    answer = browser.post(url(cast, "agree"), {"digest": stale, "others": "Tía Bea", "save_id": code, **how})
    page = answer.content.decode()
    assert (answer.status_code, 'value="Tía Bea"' in page) == (422, True)
    sent = {"digest": digest_on(page), "save_id": code, **how}
    assert sent["digest"] != stale
    assert browser.post(url(cast, "agree"), {**sent, "others": "Tía Bea"}).status_code == 302
    answer = browser.post(url(cast, "agree"), {**sent, "others": "Tía Bea and Noor"})
    page = answer.content.decode()
    assert (answer.status_code, 'value="Tía Bea and Noor"' in page, f'value="{code}"' in page) == (422, True, False)
    assert Agreement.unguarded.get().others == "Tía Bea"


def test_two_taps_are_one_yes_and_she_may_agree_again_any_time(cast, browser_of, plan):
    maya, code = browser_of(cast.maya), uuid.uuid4()
    for _tap in range(2):
        say_yes(maya, cast, save_id=code)
    assert Agreement.unguarded.get().pk == code
    assert LogLine.unguarded.filter(what="plan_agreed").count() == 1
    say_yes(maya, cast)
    assert Agreement.unguarded.count() == 2


@pytest.mark.parametrize("odd", [{"digest": "x"}, {"digest": ""}, {"save_id": "x"}, {"others": "a" * 201}])
def test_an_odd_answer_is_no_yes(cast, browser_of, plan, odd):
    maya = browser_of(cast.maya)
    sent = {"digest": digest_on(page_of(maya, url(cast, "agree")))} | odd
    assert maya.post(url(cast, "agree"), sent).status_code in (302, 422)
    assert not Agreement.unguarded.exists()


def test_who_else_was_there_stands_as_it_was_typed(cast, browser_of, plan):
    page = say_yes(browser_of(cast.maya), cast, others="Noor, and Tía Bea").content.decode()
    assert "Noor, and Tía Bea" in page
    assert Agreement.unguarded.get().others == "Noor, and Tía Bea"


def test_the_plan_is_as_free_to_change_as_before(cast, browser_of, plan):
    maya = browser_of(cast.maya)
    say_yes(maya, cast)
    strength = plan.entries.get(section="strengths")
    strength.rewrite(words="I keep my promises", by=cast.sam, base_version=1)
    plan.goals.get().rest(by=cast.maya)
    plan.add_entry(section="needs", words="A bus pass", by=cast.maya)
    plan.entries.get(section="experiences").take_out(by=cast.maya)
    page = page_of(maya, copy_url(cast, Agreement.unguarded.get()))
    since = re.search(r'<ul class="since">(.*?)</ul>', page, re.S).group(1)
    seen = [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in re.findall(r"<li>(.*?)</li>", since, re.S)]
    assert seen == [
        "Changed What I bring Then I keep my word Now I keep my promises",
        "New What I need right now A bus pass",
        "Gone My story so far CANARY-STORY",
        "Changed What I am working on Slow mornings I breathe Then: Working on it. Now: Resting.",
    ]


def test_a_session_by_sams_card_says_no_yes(cast, browser_of, plan):
    cast.maya.end_passphrase()
    PlanCard.objects.all().delete()
    browser = open_card(browser_of, person=cast.person, by=cast.sam).browser
    for answer in (browser.get(url(cast, "agree")), browser.post(url(cast, "agree"), {"digest": "0" * 64})):
        assert answer.status_code == 403
        assert "I keep my word" not in answer.content.decode()
    assert not Agreement.unguarded.exists()


# --- with Sam ---


def test_in_her_hands_it_says_on_whose_tablet_and_holds_what_was_read(cast, browser_of, plan):
    cast.sam.take_device_pin(PIN)
    tablet = browser_of(cast.sam)
    assert url(cast, "agree") in page_of(tablet, together(plan))
    assert "then=agree" in page_of(tablet, url(cast, "agree"))
    page = tablet.post(reverse("hands", args=[plan.pk]) + "?then=agree", follow=True).content.decode()
    assert "What opens only with my own words is not on this page" in page
    assert "CANARY-STORY" not in page
    page = say_yes(tablet, cast).content.decode()
    assert "device, in my hands." in page
    made = Agreement.unguarded.get()
    assert (made.how, made.by, made.on_device_of) == ("in_hands", cast.maya, cast.sam)
    assert "CANARY-STORY" not in json.dumps(made.reading)
    assert take_back(tablet, plan).redirect_chain[-1][0] == url(cast, "agree")
    page = page_of(browser_of(cast.maya), copy_url(cast, made))
    assert "Not read then:" in page
    assert "Nothing. The plan is as it was." in page


@pytest.mark.parametrize(
    "how, words", [("on_paper", "I said yes on paper."), ("aloud", "out loud."), ("not_asked", "We could not ask.")]
)
def test_what_maya_said_elsewhere_sam_writes_down_as_what_it_was(cast, browser_of, plan, how, words):
    page = say_yes(browser_of(cast.sam), cast, how=how).content.decode()
    assert re.search(rf"{re.escape(words)}.*<bdi>Sam</bdi> wrote it down here.", page, re.S)
    made = Agreement.unguarded.get()
    assert (made.how, made.by, made.is_own) == (how, cast.sam, False)
    assert words in page_of(browser_of(cast.maya), copy_url(cast, made))


@pytest.mark.parametrize("how", ["on_screen", "in_hands", "", "maybe"])
def test_sam_cannot_say_her_own_yes(cast, browser_of, plan, how):
    sam = browser_of(cast.sam)
    sent = {"digest": digest_on(page_of(sam, url(cast, "agree"))), "how": how}
    assert sam.post(url(cast, "agree"), sent).status_code == 422
    assert not Agreement.unguarded.exists()


def test_maya_s_yes_is_her_own_whatever_is_sent(cast, browser_of, plan):
    say_yes(browser_of(cast.maya), cast, how="on_paper")
    assert Agreement.unguarded.get().how == "on_screen"


def test_sam_says_once_that_he_will_walk_this_with_her(cast, browser_of, plan):
    made, sam = agree(cast), browser_of(cast.sam)
    assert "I will walk this with you" in page_of(sam, copy_url(cast, made))
    for _tap in range(2):
        assert sam.post(copy_url(cast, made, "agreed-walk")).status_code == 302
    assert made.walked.get().by == cast.sam
    assert copy_url(cast, made, "agreed-walk") not in page_of(sam, copy_url(cast, made))
    page = page_of(browser_of(cast.maya), copy_url(cast, made))
    assert "<bdi>Sam</bdi> said: I will walk this with you." in page
    assert LogLine.unguarded.filter(what="agreed_to_walk").count() == 1


def test_of_a_copy_sam_sees_what_is_open_to_him_now(cast, browser_of, plan):
    made, sam = agree(cast), browser_of(cast.sam)
    assert "CANARY-STORY" not in page_of(sam, copy_url(cast, made))
    Grant.open_part(plan=plan, walk=cast.walk, section="experiences", by=cast.maya)
    assert "CANARY-STORY" in page_of(sam, copy_url(cast, made))
    Grant.close_part(plan=plan, walk=cast.walk, section="experiences", by=cast.maya)
    assert "CANARY-STORY" not in page_of(sam, copy_url(cast, made))


def test_a_copy_of_another_plan_is_not_there(cast, browser_of, plan):
    made = agree(cast)
    theirs = {"plan": plan.pk, "agreement": uuid.uuid4()}
    assert browser_of(cast.maya).get(reverse("agreed", kwargs=theirs)).status_code == 404
    for other in (cast.lee, cast.noor, cast.dana):
        assert browser_of(other).get(copy_url(cast, made)).status_code == 404
    cast.walk.end(by=cast.maya)
    assert browser_of(cast.sam).get(copy_url(cast, made)).status_code == 404


def test_every_copy_is_one_tap_from_the_others(cast, browser_of, plan):
    first, second = agree(cast), agree(cast, by=cast.sam, how="aloud")
    maya = browser_of(cast.maya)
    assert copy_url(cast, second) in page_of(maya, url(cast, "agree"))
    looking_back = page_of(maya, url(cast, "back"))
    assert looking_back.index(copy_url(cast, second)) < looking_back.index(copy_url(cast, first))
    assert copy_url(cast, first) in page_of(maya, copy_url(cast, second))
    assert copy_url(cast, second) in page_of(maya, copy_url(cast, first))


# --- on paper ---


def sheet_of(cast, made, reader=None):
    """The copy as it is printed now, for Maya or for another."""
    reader = reader or cast.maya
    reach = reading_of(cast, None if reader == cast.maya else reader).reach
    then = AgreedReading(made, plan=cast.plan, reach=reach, reader=reader)
    return PlanSheet(then, Choices(), printed_for=reader, agreement=made)


def words_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_copy_prints_as_it_was(cast, plan):
    then = PlanSheet(reading_of(cast), Choices(), printed_for=cast.maya).html()
    made = agree(cast)
    plan.entries.get(section="strengths").rewrite(words="I sew", by=cast.maya, base_version=1)
    plan.goals.get().let_go(by=cast.maya)
    plan.entries.get(section="experiences").take_out(by=cast.maya)
    cast.maya.take_name("Maia")
    copied = sheet_of(cast, Agreement.unguarded.get(pk=made.pk)).html()
    standing = r"(A copy of my plan as it was on .*? Agreed on .*?\d{4}|Draft)\. "
    assert re.sub(standing, "", words_of(copied)) == re.sub(standing, "", words_of(then))


def test_the_copy_is_a_pdf_that_can_be_heard_and_prints_for_sam_what_is_open_to_him(
    cast, browser_of, plan, pdf_service
):
    made = agree(cast)
    html = sheet_of(cast, made).html()
    assert_pdf_ua(print_one(html), html=html)
    answer = browser_of(cast.sam).post(copy_url(cast, made, "agreed-pdf"))
    with pymupdf.open(stream=answer.content) as document:
        words = " ".join(" ".join(page.get_text() for page in document).split())
    assert "Slow mornings" in words
    assert "CANARY-STORY" not in words
    assert "A copy of my plan as it was on" in words
    assert LogLine.unguarded.get(what="plan_printed").under == made.pk


def printed(cast, agreement):
    return words_of(PlanSheet(reading_of(cast), Choices(), printed_for=cast.maya, agreement=agreement).html())


def test_a_plan_says_on_paper_whether_it_is_a_draft_or_agreed_and_changed_since(cast, plan):
    assert "Draft." in printed(cast, None)
    made = agree(cast)
    agreed = printed(cast, made)
    assert "Agreed on" in agreed
    assert "Draft." not in agreed
    assert "Some of it has changed since." not in agreed
    plan.goals.get().rest(by=cast.maya)
    assert "Some of it has changed since." in printed(cast, made)


def test_a_yes_that_sam_wrote_down_says_so_on_paper(cast, browser_of, plan, monkeypatch):
    pages = []
    monkeypatch.setattr("recovery_plans.single_prints.print_one", lambda html: pages.append(html) or b"%PDF-")
    agree(cast, by=cast.sam, how="not_asked")
    maya = browser_of(cast.maya)
    maya.post(url(cast, "print-pdf"))
    agree(cast, by=cast.sam, how="on_paper")
    maya.post(url(cast, "print-pdf"))
    draft, agreed = map(words_of, pages)
    assert "Draft." in draft
    assert re.search(r"Agreed on paper; Sam wrote it down on [^.]+\.", agreed)


def test_nothing_is_printed_of_a_copy_in_which_nothing_is_open(cast, browser_of, plan):
    made = agree(cast)
    _plan, reach = find_plan(user=cast.sam, code=plan.pk)
    assert reach.prints
    empty = Agreement.unguarded.create(
        plan=plan, by=cast.maya, how="on_screen", schema=1, digest="0" * 64, reading=made.reading | {"parts": []}
    )
    assert browser_of(cast.sam).post(copy_url(cast, empty, "agreed-pdf")).status_code == 404
