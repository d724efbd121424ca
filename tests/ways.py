"""Ways in for the tests: a card and what it opens, own words, and whether a session still is one."""

import re
from datetime import timedelta
from types import SimpleNamespace

from django.urls import reverse

from peers.models import PlanCard


def come_in(browser, words, *, device="own", **more):
    """Type four words at the door, and follow to where that leads."""
    return browser.post(reverse("open"), {"card_words": words, "device": device, **more}, follow=True)


def is_in(browser):
    return browser.get(reverse("settings")).status_code == 200


def own_words_on(page):
    """The four words that a page shows."""
    return re.search(r'class="words-secret[^"]*"[^>]*>([^<]+)<', page.content.decode())[1].strip()


def write_down(browser, plan):
    """ "I have written them down"."""
    return browser.post(reverse("card-written", args=[plan.pk]), follow=True)


def make_own_words(person, *, pin=""):
    """Own words as the person makes them in a session of their own: the four words."""
    return PlanCard.make(person=person, by=person.user, pin=pin)[1]


def open_card(browser_of, *, person, by):
    """A card made by another hand and opened: the session it opened, its row, and the own words it gave."""
    card, words, _token = PlanCard.make(person=person, by=by)
    browser = browser_of()
    page = come_in(browser, words)
    card.refresh_from_db()
    return SimpleNamespace(browser=browser, card=card, words=words, own=own_words_on(page))


def days_pass(days):
    """Move every card and all own words this many days into the past."""
    moved = timedelta(days=days)
    for card in PlanCard.objects.all():
        for field in ("created_at", "opened_at", "expires_at", "opens_all_from", "said_right_at"):
            if (at := getattr(card, field)) is not None:
                setattr(card, field, at - moved)
        card.save()


def unlock(browser, **typed):
    """Type own words, passphrase or PIN into the box: whether the session is the person's own now."""
    return browser.post(reverse("own-words"), typed, follow=True)
