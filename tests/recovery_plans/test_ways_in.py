"""Ways in: Maya reads everything that opens her plan as her, and ends each, or all others."""

import pytest
from django.urls import reverse

from peers.models import PlanCard, User
from recovery_plans.events import PlanEvent
from recovery_plans.models import LogLine
from tests.bench.site import queries_of
from tests.recovery_plans.test_sharing import read, url
from tests.ways import come_in, days_pass, is_in, make_own_words, open_card


@pytest.fixture
def words(cast):
    return make_own_words(cast.person)


@pytest.fixture
def phone(browser_of, words):
    """Her phone, where she came in by her own words."""
    come_in(browser := browser_of(), words)
    return browser


def end(browser, cast, way):
    return browser.post(url(cast, "way-end"), {"way": way}, follow=True)


def test_share_leads_to_the_list_of_every_way_that_works(cast, browser_of, words, phone):
    assert f'href="{url(cast, "ways-in")}"' in phone.get(url(cast, "share")).content.decode()
    open_card(browser_of, person=cast.person, by=cast.sam)
    PlanCard.make(person=cast.person, by=cast.sam)
    page = read(phone, url(cast, "ways-in"))
    assert "You came in with these." in page
    assert "A new card gave them. They open all of it from" in page
    assert "A card that Sam made" in page
    assert "A screen that the card from Sam opened" in page
    assert "Sign-in name and passphrase" in page
    assert "You came in with it." in read(browser_of(cast.maya), url(cast, "ways-in"))
    days_pass(31)
    page = read(phone, url(cast, "ways-in"))
    assert "A card that Sam made" not in page, "it has expired"
    assert "A screen that" not in page, "no screen stays open for longer"


def test_ending_one_ends_it_and_leaves_the_others(cast, browser_of, words, phone):
    opened = open_card(browser_of, person=cast.person, by=cast.sam)
    end(phone, cast, opened.card.pk)
    assert not is_in(opened.browser)
    assert PlanCard.by_words(opened.own) is not None
    end(phone, cast, PlanCard.by_words(opened.own).pk)
    assert PlanCard.by_words(opened.own) is None
    assert is_in(phone)
    assert LogLine.unguarded.filter(plan=cast.plan.pk, what=PlanEvent.CARD_TURNED_OFF, by=cast.maya.pk).count() == 2


def test_the_sign_in_name_ends_and_what_it_opened_too(cast, browser_of, phone):
    library = browser_of(cast.maya)
    assert "Ended." in end(phone, cast, "passphrase").content.decode()
    assert is_in(phone)
    assert not is_in(library)
    assert not User.objects.get(pk=cast.maya.pk).has_passphrase
    assert "Sign-in name" not in read(phone, url(cast, "ways-in"))


def test_the_last_way_of_her_own_does_not_end_by_a_tap(cast, browser_of, words, phone):
    own = PlanCard.by_words(words)
    end(phone, cast, "passphrase")
    answer = end(phone, cast, own.pk)
    assert "This is your only way in of your own." in answer.content.decode()
    assert PlanCard.by_words(words) is not None
    User.objects.get(pk=cast.maya.pk).take_passphrase(username="maya", passphrase="a river of seven lamps")
    come_in(phone, words)
    end(phone, cast, own.pk)
    assert PlanCard.by_words(words) is None
    assert not is_in(phone), "it was what this very session came in by"
    maya = browser_of(User.objects.get(pk=cast.maya.pk))
    assert "This is your only way in of your own." in end(maya, cast, "passphrase").content.decode()
    assert is_in(maya)


@pytest.mark.parametrize("by", ["own words", "passphrase"])
def test_all_others_end_and_this_one_stays(cast, browser_of, words, phone, by):
    opened = open_card(browser_of, person=cast.person, by=cast.sam)
    come_in(waiting := browser_of(), opened.own)
    _card, ticket, _token = PlanCard.make(person=cast.person, by=cast.sam)
    come_in(library := browser_of(), words)
    tablet = browser_of(cast.maya)
    this_one, others = (phone, [library, tablet]) if by == "own words" else (tablet, [library, phone])
    assert "All other ways in have ended" in this_one.post(url(cast, "ways-end-others"), follow=True).content.decode()
    assert is_in(this_one)
    assert [is_in(browser) for browser in [*others, waiting, opened.browser]] == [False] * 4
    assert PlanCard.by_words(ticket) is None
    assert PlanCard.by_words(opened.own) is None
    assert (PlanCard.by_words(words) is not None) == (by == "own words")
    assert User.objects.get(pk=cast.maya.pk).has_passphrase == (by == "passphrase")


def test_nothing_of_another_person_ends(cast, browser_of, phone):
    own = PlanCard.make(person=cast.noor.person, by=cast.noor)[0]
    for way in (own.pk, "nonsense", ""):
        end(phone, cast, way)
    phone.post(url(cast, "ways-end-others"))
    own.refresh_from_db()
    assert own.turned_off_at is None


def test_who_works_here_ends_no_sign_in_name(cast, browser_of):
    sam = browser_of(cast.sam)
    sam.post(reverse("my-plan-start"))
    plan = User.objects.get(pk=cast.sam.pk).person.plan
    page = sam.get(reverse("ways-in", args=[plan.pk])).content.decode()
    assert "End this one" not in page
    sam.post(reverse("way-end", args=[plan.pk]), {"way": "passphrase"})
    sam.post(reverse("ways-end-others", args=[plan.pk]))
    assert is_in(sam)
    assert User.objects.get(pk=cast.sam.pk).has_passphrase


def test_the_menu_offers_sharing_only_in_a_session_of_her_own(cast, browser_of, phone):
    def menu(browser):
        return [item["label"] for item in browser.get(url(cast, "plan")).context["nav"]]

    stranger = open_card(browser_of, person=cast.person, by=cast.sam).browser
    assert menu(phone)[-1] == "Share, print"
    assert menu(stranger)[-1] == "Print"
    assert "This opens with your own words" in stranger.get(reverse("settings")).content.decode()


# --- what it costs ---


def test_a_session_by_words_asks_the_database_once_for_its_way_and_staff_never(cast, browser_of, phone):
    stranger = open_card(browser_of, person=cast.person, by=cast.sam).browser

    def asked(browser, address):
        browser.get(address)
        queries = queries_of(lambda: browser.get(address))
        return len([query for query in queries if '"peers_plancard"' in query]), len(queries)

    for browser in (phone, stranger, browser_of(cast.maya)):
        of_ways, all_of_them = asked(browser, url(cast, "plan"))
        assert of_ways == 1
        assert all_of_them <= 10
    assert asked(browser_of(cast.sam), url(cast, "plan"))[0] == 0
    assert asked(browser_of(cast.sam), reverse("today"))[0] == 0
    assert asked(browser_of(cast.dana), reverse("team"))[0] == 0
