"""How often a stranger may guess at a way in: so many wrong guesses in 15 minutes from one place, then a wait.

Every count belongs to the place the guesses come from. Somebody who guesses at Maya's name from one computer makes
that computer wait; Maya, on her own phone, comes in as always. Where both share one address, both wait.
"""

import ipaddress

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from peers.models import Attempt

# Wrong guesses in 15 minutes, from one place, at one and the same thing (a passphrase, a card's PIN, …) …
MOST_AT = {"passphrase": 10, "pin": 5, "code": 5, "name": 10}
# … and at anything at all. A library's computers may share one address, so this one is generous.
MOST_FROM_ONE_PLACE = 60


def place_of(request):
    """Where a request comes from: its address, or for IPv6 the network it stands for, as one house has many.

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


def minutes_to_wait(request, kind, *, at=""):
    """How many minutes before the next guess of this kind, at this thing, from here; 0 when it may be now."""
    place = place_of(request)
    waits = [Attempt.minutes_to_wait(kind="any", place=place, most=MOST_FROM_ONE_PLACE)]
    if kind in MOST_AT:
        waits.append(Attempt.minutes_to_wait(kind=kind, place=f"{place} {at}", most=MOST_AT[kind]))
    return max(waits)


def count_wrong(request, kind, *, at=""):
    """Count one wrong guess. Right ones are never counted."""
    place = place_of(request)
    Attempt.count_wrong(kind="any", place=place)
    if kind in MOST_AT:
        Attempt.count_wrong(kind=kind, place=f"{place} {at}")


def short_break(minutes):
    """What is said to someone who must wait."""
    return ngettext(
        "Let us take a short break. You can try again in %(count)s minute. Nothing is wrong with your plan.",
        "Let us take a short break. You can try again in %(count)s minutes. Nothing is wrong with your plan.",
        minutes,
    ) % {"count": minutes}


WRONG_PAIR = _("That name and passphrase do not go together. Please check both and try again.")
WRONG_WORDS = _("Those words do not match a plan card. Check the spelling, or call your peer specialist.")
WRONG_PIN = _("That is not the PIN of this card. Please try again.")
WRONG_CODE = _("That code does not fit. Wait for the next one in your app and try again.")
