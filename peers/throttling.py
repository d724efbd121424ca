"""How often a stranger may guess at a way in: so many guesses in 15 minutes, then a wait.

Guesses at a passphrase belong to the address that they come from. Somebody who guesses at Maya's name from one computer
makes that computer wait; Maya, on her own phone, signs in as always. A PIN and the six numbers of a code app are short,
so the guesses at one card or one account are counted wherever they come from. A browser in which its owner has come in
before has a count of its own, and does not wait for what strangers do. Guesses at cards never close the door of those
who have a passphrase, and the other way round.
"""

import ipaddress

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from peers.known_browsers import known_browser
from peers.models import LoginAttempt, User

# Guesses in 15 minutes at one and the same thing (a passphrase, a card's PIN, …) …
LIMITS = {"passphrase": 10, "pin": 5, "code": 5, "name": 10, "letters": 10}
# … and from one address at one door. A library's computers may share one address, so this one is generous.
LIMIT_PER_ADDRESS = 60
# So short that they are counted wherever the guesses come from.
SHORT = {"pin", "code", "letters"}
OF_CARDS = {"card", "pin"}


def client_address(request):
    """The IP address of the client; for IPv6 the network it belongs to, as one household has many addresses.

    What the browser says about itself (X-Forwarded-For) counts only behind a proxy of ours, and then only the entry
    that this proxy added: the last.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip() or address
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def count_guess(request, kind, *, at="", account=None):
    """Count a guess before it is looked at. How many minutes it has to wait; 0 when it may be looked at now.

    `at` is what is guessed at; `account` the code of the user whose it is, where that is known by then.
    """
    taken = []
    for count in _counts(request, kind, at, account):
        limit = count.pop("limit")
        if not LoginAttempt.count(**count, limit=limit):
            for earlier in taken:
                LoginAttempt.give_back(**earlier)
            return LoginAttempt.minutes_to_wait(**count)
        taken.append(count)
    return 0


def give_back(request, kind, *, at="", account=None):
    """The guess was right: it does not count."""
    for count in _counts(request, kind, at, account):
        LoginAttempt.give_back(kind=count["kind"], address=count["address"])


def _counts(request, kind, at, account):
    """The counts that a guess belongs to."""
    if browser := _browser_of_owner(request, kind, at, account):
        if kind == "card":
            return [{"kind": "card known", "address": browser.user, "limit": LIMIT_PER_ADDRESS}]
        return [{"kind": f"{kind} known", "address": f"{browser.code} {at}", "limit": LIMITS[kind]}]
    address = client_address(request)
    door = "any card" if kind in OF_CARDS else "any"
    counts = [{"kind": door, "address": address, "limit": LIMIT_PER_ADDRESS}]
    if kind in LIMITS:
        where = at if kind in SHORT else f"{address} {at}"
        counts.append({"kind": kind, "address": where, "limit": LIMITS[kind]})
    return counts


def _browser_of_owner(request, kind, at, account):
    """This browser, where the one whose account is guessed at has come in by it before; else None.

    Four words name no account before they are found, so there any owner's browser will do. It has one count for all
    browsers of that owner: nobody gets more guesses by coming in more often.
    """
    browser = known_browser(request)
    if browser is None:
        return None
    if kind == "passphrase":
        return browser if User.objects.filter(pk=browser.user, username=at).exists() else None
    return browser if kind == "card" or browser.user == account else None


def wait_message(minutes):
    """The message for someone who must wait."""
    return ngettext(
        "Let us take a short break. You can try again in %(count)s minute. Nothing is wrong with your plan.",
        "Let us take a short break. You can try again in %(count)s minutes. Nothing is wrong with your plan.",
        minutes,
    ) % {"count": minutes}


WRONG_PAIR = _("That name and passphrase do not go together. Please check both and try again.")
WRONG_WORDS = _("Those words do not match a plan card. Check the spelling, or call your peer specialist.")
WRONG_PIN = _("That is not the PIN of this card. Please try again.")
WRONG_LETTERS = _("Those letters do not match. They are good for 15 minutes. Ask for new ones.")
WRONG_CODE = _("That code does not match. Wait for the next one in your app and try again.")
