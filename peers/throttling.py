"""How often a stranger may guess at a way in: so many wrong guesses in 15 minutes from one address, then a wait.

Every count belongs to the address that the guesses come from. Somebody who guesses at Maya's name from one computer
makes that computer wait; Maya, on her own phone, signs in as always. Where both share one address, both wait.
"""

import ipaddress

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from peers.models import LoginAttempt

# Wrong guesses in 15 minutes, from one address, at one and the same thing (a passphrase, a card's PIN, …) …
LIMITS = {"passphrase": 10, "pin": 5, "code": 5, "name": 10, "letters": 10}
# … and at anything at all. A library's computers may share one address, so this one is generous.
LIMIT_PER_ADDRESS = 60


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


def minutes_to_wait(request, kind, *, at=""):
    """How many minutes until this address may make the next guess of this kind, at this thing; 0 when it may now."""
    address = client_address(request)
    waits = [LoginAttempt.minutes_to_wait(kind="any", address=address, limit=LIMIT_PER_ADDRESS)]
    if kind in LIMITS:
        waits.append(LoginAttempt.minutes_to_wait(kind=kind, address=f"{address} {at}", limit=LIMITS[kind]))
    return max(waits)


def count_wrong(request, kind, *, at=""):
    """Count one wrong guess. Right ones are never counted."""
    address = client_address(request)
    LoginAttempt.count_wrong(kind="any", address=address)
    if kind in LIMITS:
        LoginAttempt.count_wrong(kind=kind, address=f"{address} {at}")


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
WRONG_LETTERS = _("Those letters do not fit. They are good for 15 minutes. Ask for new ones.")
WRONG_CODE = _("That code does not fit. Wait for the next one in your app and try again.")
