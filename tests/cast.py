"""The cast of every test. One place, one Tuesday: Maya makes her plan with Sam.

Maya (the person) · Sam (walks with her) · Lee (used to) · Noor (Maya's sister) · Dana (supervisor of Sam) ·
Alex (peer specialist, has never met her) · Rosa (peer specialist in another organization) · Ines (administrator).
"""

from types import SimpleNamespace

import pytest
from django.test import Client

from peers.models import Organization, Person, User
from peers.models.organization import StaffRole
from recovery_plans.models import Plan

PASSPHRASE = "quiet river seven lamps"


def staff(name, organization, *roles):
    user = User.objects.welcome(name=name, username=name.lower(), passphrase=PASSPHRASE)
    for role in roles:
        organization.take_on(user=user, role=role, by=user)
    return user


@pytest.fixture
def harbor(db):
    return Organization.found(name="Harbor Street Peer Center", town="Fairhaven", phone="555-0100")


@pytest.fixture
def millbrook(db):
    return Organization.found(name="Millbrook Commons", town="Millbrook", phone="555-0199")


@pytest.fixture
def cast(harbor, millbrook):
    """Everyone, and Maya's plan: still empty, begun with Sam after Lee moved on."""
    sam = staff("Sam", harbor, StaffRole.PEER_SPECIALIST)
    lee = staff("Lee", harbor, StaffRole.PEER_SPECIALIST)
    person = Person.meet(name="Maya", peer=lee, organization=harbor)
    plan = Plan.start(person=person, by=lee)
    person.walks_now().get().end(by=lee)
    walk = person.start_walk(peer=sam, organization=harbor, by=sam)
    plan = Plan.start(person=person, by=sam)
    person.user.take_passphrase(username="maya", passphrase=PASSPHRASE)
    noor = User.objects.welcome(name="Noor", username="noor", passphrase=PASSPHRASE)
    Person.on_their_own(user=noor)
    for user in (person.user, noor):
        user.welcomed_at = user.created_at
        user.save()
    return SimpleNamespace(
        harbor=harbor,
        millbrook=millbrook,
        maya=person.user,
        person=person,
        plan=plan,
        walk=walk,
        sam=sam,
        lee=lee,
        noor=noor,
        dana=staff("Dana", harbor, StaffRole.SUPERVISOR),
        alex=staff("Alex", harbor, StaffRole.PEER_SPECIALIST),
        rosa=staff("Rosa", millbrook, StaffRole.PEER_SPECIALIST),
        ines=staff("Ines", harbor, StaffRole.ADMINISTRATOR),
    )


@pytest.fixture
def browser_of():
    """A fresh test client, signed in as this user (or signed out for None)."""

    def sign_in(user=None, **kwargs):
        client = Client(**kwargs)
        if user is not None:
            client.force_login(user, backend="peers.auth_backends.Passphrase")
        return client

    return sign_in
