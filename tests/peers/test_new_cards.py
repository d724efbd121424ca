"""Maya loses her words, and what a new card opens, at once and after three days; or somebody else made the new card."""

import pytest
from django.urls import reverse

from peers.models import PlanCard
from recovery_plans.events import PlanEvent
from tests.cast import PASSPHRASE
from tests.peers.conftest import STORY, at, log_of, reads_her_story, text_of
from tests.ways import come_in, days_pass, is_in, make_own_words, open_card, unlock

# --- Maya loses her words ---


def test_a_new_card_opens_everyday_parts_at_once_and_what_is_hers_alone_after_three_days(cast, maya, browser_of):
    opened = open_card(browser_of, person=maya.person, by=cast.sam)
    assert opened.card.kind == "new"
    assert opened.browser.get(at("plan", maya.plan)).status_code == 200
    assert not reads_her_story(opened.browser, maya.plan)
    come_in(phone := browser_of(), opened.own)
    assert phone.get(at("plan", maya.plan)).status_code == 200
    assert not reads_her_story(phone, maya.plan)
    assert "They open all of your plan from" in text_of(unlock(opened.browser, card_words=opened.own))
    days_pass(2.9)
    assert not reads_her_story(phone, maya.plan)
    days_pass(0.2)
    assert reads_her_story(phone, maya.plan)
    unlock(opened.browser, card_words=opened.own)
    assert reads_her_story(opened.browser, maya.plan)


def test_within_the_three_days_the_old_words_still_work_and_afterwards_no_more(cast, maya, browser_of):
    opened = open_card(browser_of, person=maya.person, by=cast.sam)
    come_in(browser_of(), opened.own)
    come_in(old := browser_of(), maya.words)
    assert reads_her_story(old, maya.plan)
    days_pass(3.1)
    assert not is_in(old)
    come_in(old, maya.words)
    assert not is_in(old)


def test_words_that_a_new_card_gave_and_nobody_ever_used_take_nothing_away(cast, maya, browser_of):
    open_card(browser_of, person=maya.person, by=cast.sam)
    days_pass(30)
    come_in(phone := browser_of(), maya.words)
    assert reads_her_story(phone, maya.plan)


@pytest.mark.parametrize("proof", ["pin", "passphrase", "old words"])
def test_who_shows_that_it_is_her_does_not_wait(cast, browser_of, proof):
    cast.plan.add_entry(section="experiences", words=STORY, by=cast.maya)
    words = make_own_words(cast.person, pin="4417" if proof == "pin" else "")
    opened = open_card(browser_of, person=cast.person, by=cast.sam)
    given = {"pin": {"pin": "4417"}, "passphrase": {"passphrase": PASSPHRASE}, "old words": {"card_words": words}}
    unlock(opened.browser, **given[proof])
    assert reads_her_story(opened.browser, cast.plan)
    come_in(phone := browser_of(), opened.own)
    assert reads_her_story(phone, cast.plan)
    assert opened.browser.get(at("plan", cast.plan)).context.get("new_card_asked") is None, "who came by it knows"


@pytest.mark.parametrize("guess", [{"pin": "0000"}, {"passphrase": "not hers at all"}, {"pin": ""}])
def test_who_does_not_waits(cast, browser_of, guess):
    make_own_words(cast.person, pin="4417")
    opened = open_card(browser_of, person=cast.person, by=cast.sam)
    unlock(opened.browser, **guess)
    assert opened.browser.get(at("share", cast.plan)).status_code == 403
    assert PlanCard.by_words(opened.own).waits


def test_a_first_cards_session_is_not_asked_for_a_pin_it_can_not_have(cast, quique, browser_of):
    opened = open_card(browser_of, person=quique.person, by=cast.sam)
    fields = opened.browser.get(reverse("own-words")).context["form"].fields
    assert list(fields) == ["card_words"]


def test_whoever_had_a_way_of_their_own_gets_no_first_card_again(cast, maya, browser_of):
    """Else a card made today would open her story today."""
    for card in PlanCard.objects.all():
        card.turn_off(by=maya.user)
    assert PlanCard.make(person=maya.person, by=cast.sam)[0].kind == "new"
    cast.noor.person.start_walk(peer=cast.sam, organization=cast.harbor, by=cast.noor)
    assert PlanCard.make(person=cast.noor.person, by=cast.sam)[0].kind == "new", "she has a passphrase"


# --- somebody else made the new card ---


@pytest.mark.parametrize("by", ["own words", "passphrase"])
@pytest.mark.parametrize("opened", [False, True])
def test_maya_is_asked_about_a_new_card_and_with_no_it_is_off(cast, browser_of, by, opened):
    words = make_own_words(cast.person)
    if opened:
        stranger = open_card(browser_of, person=cast.person, by=cast.sam)
        ticket, waiting, card = stranger.words, browser_of(), stranger.card
        come_in(waiting, stranger.own)
    else:
        card, ticket, _token = PlanCard.make(person=cast.person, by=cast.sam)
    phone = browser_of(cast.maya if by == "passphrase" else None)
    if by == "own words":
        come_in(phone, words)
    page = text_of(phone.get(reverse("home"), follow=True))
    assert "Sam made a new card for you on" in page
    assert "Was that right?" in page
    answer = phone.post(at("new-card-answer", cast.plan), {"card": card.pk, "answer": "no"}, follow=True)
    assert "Was that right?" not in text_of(answer)
    assert PlanCard.by_words(ticket) is None
    if opened:
        assert not is_in(stranger.browser)
        assert not is_in(waiting)
        assert PlanCard.by_words(stranger.own) is None
    assert is_in(phone)
    assert PlanEvent.CARD_WRONG in log_of(cast.plan)


def test_with_yes_she_is_asked_no_more_and_the_card_stays(cast, maya, browser_of):
    card, words, _token = PlanCard.make(person=maya.person, by=cast.sam)
    come_in(phone := browser_of(), maya.words)
    for answer in ("", "perhaps"):
        phone.post(at("new-card-answer", maya.plan), {"card": card.pk, "answer": answer})
    assert "Was that right?" in text_of(phone.get(at("plan", maya.plan)))
    phone.post(at("new-card-answer", maya.plan), {"card": card.pk, "answer": "yes"})
    assert "Was that right?" not in text_of(phone.get(at("plan", maya.plan)))
    assert PlanCard.by_words(words) is not None


def test_only_a_session_of_her_own_is_asked_and_answers(cast, maya, browser_of):
    stranger = open_card(browser_of, person=maya.person, by=cast.sam)
    come_in(waiting := browser_of(), stranger.own)
    for browser in (stranger.browser, waiting, browser_of(cast.sam)):
        assert "Was that right?" not in text_of(browser.get(at("plan", maya.plan)))
        answer = browser.post(at("new-card-answer", maya.plan), {"card": stranger.card.pk, "answer": "yes"})
        assert answer.status_code in (403, 404)
    stranger.card.refresh_from_db()
    assert stranger.card.said_right_at is None


def test_a_card_that_nobody_asks_about_is_not_answered(cast, quique, maya, browser_of):
    other, _words, _token = PlanCard.make(person=quique.person, by=cast.sam)
    come_in(phone := browser_of(), maya.words)
    phone.post(at("new-card-answer", maya.plan), {"card": other.pk, "answer": "no"})
    other.refresh_from_db()
    assert other.turned_off_at is None


def test_who_works_here_and_has_a_plan_of_their_own_is_asked_nothing(cast, browser_of, django_assert_num_queries):
    sam = browser_of(cast.sam)
    sam.post(reverse("my-plan-start"))
    page = sam.get(reverse("today"))
    assert "new_card_asked" not in page.context
