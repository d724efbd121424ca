"""Every address of the app, and what came of asking for one."""

from django.urls import URLPattern, get_resolver, reverse

from peers.models import HandOver, Person, TotpDevice
from recovery_plans.models import Plan
from tests.recovery_plans.agreeing import agree


def every_address(resolver=None):
    """Every named address of the app, with the names in it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from every_address(pattern)


def wanted_names(name):
    """The names in an address, the plan's own included (it stands in the prefix)."""
    return set(get_resolver().reverse_dict.getlist(name)[0][0][0][1])


def what_happened(response):
    if response.status_code == 404:
        return "not there"
    if response.status_code in (301, 302, 303) and response.headers["Location"].startswith(reverse("sign-in") + "?"):
        return "asked who is there"
    if response.status_code == 403 and b'id="signed-out"' in response.content:
        return "asked who is there"
    kind_refusal = response.status_code == 503  # no PDF service is told kindly, to those who are let in
    assert response.status_code < 500 or kind_refusal, response.status_code
    return "let in"


def without_tokens(response):
    lines = response.content.decode().splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line and 'name="next"' not in line]


def others(cast):
    """Codes of what some addresses are about, besides Maya's plan and its lines.

    Someone just met, someone with nobody, a hand-over, a role that ended, and what Maya has agreed to.
    """
    ended = cast.harbor.take_on(user=cast.rosa, role="supervisor", by=cast.ines)
    ended.end(by=cast.ines)
    asked = HandOver.objects.create(person=cast.person, peer=cast.alex, organization=cast.harbor, asked_by=cast.ines)
    just_met = Plan.meet(name="Bo", language="en", peer=cast.sam, organization=cast.harbor)
    ash = Person.meet(name="Ash", peer=cast.lee, organization=cast.harbor)
    ash.walks_now().get().end(by=cast.lee)
    TotpDevice.objects.create(user=ash.user, encrypted_secret=b"", confirmed_at=ash.created_at)
    return {
        "agreement": agree(cast).pk,
        "ended_role": ended.pk,
        "hand_over": asked.pk,
        "just_met": just_met.pk,
        "person": ash.pk,
    }
