"""What somebody else has seen is a ticket, not a key; what only the person has seen is theirs.

Sam walks with Maya, Lee used to. Quique was met by Sam and has never opened his plan; Ana meets him later.
"""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from peers.models import PlanCard, User
from peers.models.cards import OpenedAlready
from peers.models.organization import StaffRole
from recovery_plans.access import find_plan
from recovery_plans.events import PlanEvent
from recovery_plans.models import Grant
from tests.bad_input import KINDS, send
from tests.cast import staff
from tests.concurrency import all_at_once
from tests.peers.conftest import at, log_of, reads_her_story, text_of
from tests.ways import come_in, days_pass, is_in, make_own_words, open_card, own_words_on, unlock, write_down

# --- the first card ---


def test_quique_opens_his_first_card_and_is_at_once_given_words_that_sam_has_not_seen(cast, quique, browser_of):
    _card, words, _token = PlanCard.make(person=quique.person, by=cast.sam)
    phone = browser_of()
    page = come_in(phone, words)
    assert page.redirect_chain[-1][0] == at("card-words", quique.plan)
    assert "Sam has seen the words on your card. No one but you has seen these." in text_of(page)
    own = own_words_on(page)
    assert own != words
    assert own_words_on(phone.get(at("card-words", quique.plan))) == own, "a reload shows them again"
    assert write_down(phone, quique.plan).redirect_chain[-1][0] == at("plan", quique.plan)
    assert own not in phone.get(at("card-words", quique.plan), follow=True).content.decode()
    library = browser_of()
    come_in(library, own, device="shared")
    assert library.get(at("share", quique.plan)).status_code == 200


def test_a_card_opens_once_and_sam_who_kept_its_words_is_out(cast, quique, browser_of):
    opened = open_card(browser_of, person=quique.person, by=cast.sam)
    again = browser_of()
    come_in(again, opened.words)
    assert not is_in(again)
    assert is_in(opened.browser)


def test_a_card_opens_for_fourteen_days(cast, quique, browser_of):
    _card, words, _token = PlanCard.make(person=quique.person, by=cast.sam)
    days_pass(13.9)
    assert PlanCard.by_words(words) is not None
    days_pass(0.2)
    come_in(phone := browser_of(), words)
    assert not is_in(phone)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_the_same_card_at_once_one_is_in(cast, quique):
    card, _words, _token = PlanCard.make(person=quique.person, by=cast.sam)
    outcomes = []

    def open_it():
        try:
            outcomes.append(PlanCard.objects.select_related("person__user").get(pk=card.pk).open())
        except OpenedAlready:
            outcomes.append(None)

    all_at_once(open_it, times=4)
    assert len([given for given in outcomes if given]) == 1
    assert PlanCard.objects.filter(kind="own", turned_off_at=None).count() == 1


def test_whoever_was_slower_is_told_so_and_is_not_in(cast, quique, browser_of, monkeypatch):
    card, words, _token = PlanCard.make(person=quique.person, by=cast.sam)
    monkeypatch.setattr(PlanCard, "_open_now", classmethod(lambda cls, **found_by: card))
    card.open()
    page = come_in(phone := browser_of(), words)
    assert "This card has just been opened." in text_of(page)
    assert not is_in(phone)


def test_words_that_were_not_written_down_are_shown_as_four_others_until_they_are_used(cast, quique, browser_of):
    opened = open_card(browser_of, person=quique.person, by=cast.sam)
    write_down(opened.browser, quique.plan)
    page = opened.browser.get(at("card", quique.plan))
    assert "Show me four other words" in text_of(page)
    other = own_words_on(opened.browser.post(at("card-new", quique.plan), follow=True))
    assert PlanCard.by_words(opened.own) is None
    come_in(browser_of(), other)
    assert "Show me four other words" not in text_of(opened.browser.get(at("card", quique.plan)))
    opened.browser.post(at("card-new", quique.plan))
    assert PlanCard.by_words(other) is not None, "used words are nobody's to replace without them"


def test_a_pin_is_added_to_own_words_while_they_are_shown(cast, quique, browser_of):
    opened = open_card(browser_of, person=quique.person, by=cast.sam)
    refused = opened.browser.post(at("card-pin", quique.plan), {"pin": "12"})
    assert refused.status_code == 422
    assert own_words_on(refused) == opened.own
    page = opened.browser.post(at("card-pin", quique.plan), {"pin": "44170938"}, follow=True)
    assert own_words_on(page) == opened.own
    assert "44170938" not in page.content.decode()
    come_in(phone := browser_of(), opened.own)
    assert not is_in(phone)
    come_in(phone, opened.own, pin="44170938")
    assert is_in(phone)
    write_down(opened.browser, quique.plan)
    opened.browser.post(at("card-pin", quique.plan), {"pin": "0000"})
    assert PlanCard.by_words(opened.own).fits_pin("44170938"), (
        "once written down, a PIN is not for this session to change"
    )


def test_quique_who_never_used_his_own_words_gets_another_first_card_from_ana(cast, quique, browser_of):
    open_card(browser_of, person=quique.person, by=cast.sam)
    quique.walk.end(by=cast.sam)
    ana = staff("Ana", cast.harbor, StaffRole.PEER_SPECIALIST)
    quique.person.start_walk(peer=ana, organization=cast.harbor, by=ana)
    opened = open_card(browser_of, person=quique.person, by=ana)
    assert opened.card.kind == "first"
    come_in(phone := browser_of(), opened.own)
    assert phone.get(at("ways-in", quique.plan)).status_code == 200, "there was nothing of his yet that could wait"


# --- what is the person's alone ---


def test_a_session_by_a_card_becomes_the_persons_own_with_the_four_words_in_place(cast, quique, browser_of):
    opened = open_card(browser_of, person=quique.person, by=cast.sam)
    write_down(opened.browser, quique.plan)
    story = at("part", quique.plan, section="experiences")
    assert "This opens with your own words" in text_of(opened.browser.get(story))
    assert opened.browser.get(at("share", quique.plan)).status_code == 403
    page = unlock(opened.browser, card_words=opened.own.upper(), next=story)
    assert page.redirect_chain[-1][0] == story
    assert "This opens with your own words" not in text_of(page)
    assert opened.browser.get(at("share", quique.plan)).status_code == 200
    assert opened.browser.cookies["alongside"]["max-age"] == 30 * 24 * 60 * 60, "still on his own phone"


def test_wrong_words_in_the_box_open_nothing_and_are_slowed(cast, quique, browser_of):
    opened = open_card(browser_of, person=quique.person, by=cast.sam)
    codes = [unlock(opened.browser, card_words=f"river lamp cotton seven{'x' * n}").status_code for n in range(7)]
    assert codes == [200] * 5 + [429] * 2
    assert unlock(opened.browser, card_words=opened.own).status_code == 429
    assert opened.browser.get(at("share", quique.plan)).status_code == 403
    assert "Please type your four words." in text_of(unlock(opened.browser, card_words=" "))


@pytest.mark.parametrize("name", KINDS)
def test_whatever_is_typed_into_the_box_breaks_nothing(cast, quique, browser_of, name):
    opened = open_card(browser_of, person=quique.person, by=cast.sam)
    answer = send(opened.browser, reverse("own-words"), {"card_words": KINDS[name].text, "next": "//evil.example"})
    assert answer.status_code == 200
    assert 'class="errors"' in answer.content.decode()
    assert opened.browser.get(at("share", quique.plan)).status_code == 403


def test_the_cards_own_words_and_anyone_elses_do_not_open_the_box(cast, quique, maya, browser_of):
    opened = open_card(browser_of, person=quique.person, by=cast.sam)
    for words in (opened.words, maya.words):
        unlock(opened.browser, card_words=words)
        assert opened.browser.get(at("share", quique.plan)).status_code == 403


def test_own_words_with_a_pin_open_the_box_only_with_it(cast, browser_of):
    words = make_own_words(cast.person, pin="44170938")
    opened = open_card(browser_of, person=cast.person, by=cast.sam)
    assert "These words have a PIN." in text_of(unlock(opened.browser, card_words=words))
    unlock(opened.browser, card_words=words, pin="0000")
    assert opened.browser.get(at("share", cast.plan)).status_code == 403
    unlock(opened.browser, card_words=words, pin="44170938")
    assert opened.browser.get(at("share", cast.plan)).status_code == 200


def test_what_was_typed_for_a_part_that_is_closed_is_given_back(cast, quique, browser_of):
    opened = open_card(browser_of, person=quique.person, by=cast.sam)
    answer = opened.browser.post(at("share-summary", quique.plan), {"days": "30", "from_us": "A quiet room"})
    assert answer.status_code == 403
    assert "A quiet room" in answer.content.decode()
    assert not Grant.unguarded.filter(plan=quique.plan, purpose="summary").exists()


def test_whoever_is_in_by_own_words_already_is_sent_on_from_the_box(maya, browser_of):
    come_in(phone := browser_of(), maya.words)
    assert phone.get(reverse("own-words"), {"next": at("share", maya.plan)}).headers["Location"] == at(
        "share", maya.plan
    )


# --- Lee keeps a card and comes back ---


def test_lee_keeps_a_card_that_nobody_opened_and_can_not_come_back(cast, quique, browser_of):
    walk = quique.person.start_walk(peer=cast.lee, organization=cast.harbor, by=cast.lee)
    _card, words, token = PlanCard.make(person=quique.person, by=cast.lee)
    walk.end(by=quique.user)
    lee = browser_of()
    come_in(lee, words)
    lee.post(reverse("open-link", args=[token]), {"device": "own"})
    assert not is_in(lee)


def test_lee_who_opened_a_card_of_his_own_making_is_out_when_the_walk_ends(cast, maya, browser_of):
    walk = maya.person.start_walk(peer=cast.lee, organization=cast.harbor, by=cast.lee)
    lee = open_card(browser_of, person=maya.person, by=cast.lee).browser
    assert is_in(lee)
    assert not reads_her_story(lee, maya.plan)
    come_in(phone := browser_of(), maya.words)
    walk.end(by=maya.user)
    assert not is_in(lee)
    assert is_in(phone), "her own session is not the one that ends"


def test_lee_takes_no_sign_in_name_and_no_second_lock_in_mayas_place(cast, maya, browser_of):
    lee = open_card(browser_of, person=maya.person, by=cast.lee).browser
    lee.post(reverse("settings-passphrase"), {"username": "lee-as-maya", "passphrase": "a river of seven lamps"})
    lee.post(reverse("settings-lock"), {"code": "000000"})
    user = User.objects.get(pk=maya.user.pk)
    assert not user.has_passphrase
    assert not hasattr(user, "totp_device")


# --- Sam leaves ---


@pytest.mark.parametrize("how", ["maya", "sam", "role", "command"])
def test_sam_leaves_and_maya_still_opens_her_plan(cast, quique, browser_of, how):
    opened = open_card(browser_of, person=quique.person, by=cast.sam)
    come_in(phone := browser_of(), opened.own)
    _card, ticket, _token = PlanCard.make(person=quique.person, by=cast.sam)
    if how == "role":
        cast.sam.roles.get(role=StaffRole.PEER_SPECIALIST).end(by=cast.ines)
    elif how == "command":
        call_command("end_role", organization=cast.harbor.name, username="sam", role="peer_specialist")
    else:
        quique.walk.end(by=quique.user if how == "maya" else cast.sam)
    assert is_in(phone)
    come_in(library := browser_of(), opened.own)
    assert library.get(at("share", quique.plan)).status_code == 200
    assert not is_in(opened.browser), "the screen that the card opened"
    assert PlanCard.by_words(ticket) is None
    with pytest.raises(Http404):
        find_plan(user=cast.sam, code=quique.plan.pk)


def test_a_card_that_ana_made_stays_when_sam_leaves(cast, quique, browser_of):
    ana = staff("Ana", cast.harbor, StaffRole.PEER_SPECIALIST)
    quique.person.start_walk(peer=ana, organization=cast.harbor, by=ana)
    opened = open_card(browser_of, person=quique.person, by=ana)
    quique.walk.end(by=cast.sam)
    assert is_in(opened.browser)


# --- the log ---


def test_every_way_in_is_a_line_that_says_who_made_the_card(cast, quique, browser_of):
    opened = open_card(browser_of, person=quique.person, by=cast.sam)
    come_in(phone := browser_of(), opened.own)
    phone.post(reverse("settings-passphrase"), {"username": "quique", "passphrase": "a river of seven lamps"})
    assert log_of(quique.plan)[-5:] == [
        PlanEvent.CARD_MADE,
        PlanEvent.CARD_OPENED,
        PlanEvent.OWN_WORDS_MADE,
        PlanEvent.OWN_WORDS_USED,
        PlanEvent.PASSPHRASE_TAKEN,
    ]
    page = text_of(phone.get(at("looks", quique.plan)))
    assert "opened the plan with the card that Sam made" in page
    assert "chose a sign-in name and passphrase" in page


# --- cards of before ---


def test_cards_of_before_are_own_words_or_open_once_more(cast, quique, browser_of):
    _card, hers, _token = PlanCard.make(person=cast.person, by=cast.maya)
    _card, his, _token = PlanCard.make(person=quique.person, by=cast.sam)
    # As they were: nothing said which was which, and Sam's had opened screens already.
    PlanCard.objects.update(kind="new", expires_at=timezone.now())
    screen = browser_of()
    screen.force_login(quique.user, backend="peers.auth_backends.Card")
    session = screen.session
    session["card"] = str(PlanCard.objects.get(person=quique.person).pk)
    session.save()
    import_module("peers.migrations.0007_ways_in").say_what_each_card_is(apps, None)
    assert {card.kind for card in PlanCard.objects.filter(person=cast.person)} == {"own"}
    come_in(phone := browser_of(), hers)
    assert phone.get(at("share", cast.plan)).status_code == 200
    assert PlanCard.make(person=cast.person, by=cast.sam)[0].kind == "new"
    assert not is_in(screen)
    page = come_in(browser_of(), his)
    assert page.redirect_chain[-1][0] == at("card-words", quique.plan)
    come_in(again := browser_of(), his)
    assert not is_in(again)


# --- the database ---


def test_the_database_keeps_no_two_cards_that_wait_and_none_without_an_end(cast):
    card, _words, _token = PlanCard.make(person=cast.person, by=cast.sam)
    facts = {"person": cast.person, "created_by": cast.sam, "words_hash": "w", "token_hash": "t"}
    for wrong in ({"kind": "new", "expires_at": card.expires_at}, {"kind": "new"}, {"kind": "key"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanCard.objects.create(**facts | wrong)
    assert card.expires_at - card.created_at < timedelta(days=14, seconds=5)
