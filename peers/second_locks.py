"""Whose second lock somebody else may turn off, because the phone with the code app is lost; and how they are found."""

from django.db.models import Exists, F, OuterRef, Q

from peers.models import PlanCard, Role, TotpDevice, Walk
from peers.models.cards import hash_words
from peers.models.users import as_called
from peers.words import normalize


def people_with_a_second_lock(organization):
    """Persons of this organization whose second lock is on, each with since when (`since`); not who works anywhere.

    The lock of someone who works guards the plans of others too: no administrator alone takes it away.
    """
    works = Role.objects.filter(user=OuterRef("user"), until=None)
    on = {"user__is_active": True, "user__totp_device__confirmed_at__isnull": False}
    people = organization.people.filter(~Exists(works), **on)
    return people.select_related("user__totp_device").annotate(since=F("user__totp_device__confirmed_at"))


def add_walkers(people):
    """Set on each of these persons the names of those who walk with them today (`walkers`)."""
    walks = Walk.objects.filter(person__in=[person.pk for person in people], ended_at=None).select_related("peer")
    walkers = {}
    for walk in walks.order_by("started_at", "code"):
        walkers.setdefault(walk.person_id, []).append(walk.peer.name)
    for person in people:
        person.walkers = walkers.get(person.pk, [])


# --- for whoever runs the server: people of the team too ---


def second_locks_on():
    """Every second lock that is on."""
    return TotpDevice.objects.select_related("user").filter(confirmed_at__isnull=False)


def find_owner_by_words(typed):
    """The user whose plan these four words were made for: own words or a card, also one that opens nothing any more."""
    words = normalize(typed)
    cards = PlanCard.objects.select_related("person__user")
    card = cards.filter(words_hash=hash_words(words)).first() if words else None
    return card.person.user if card else None


def second_locks_of_name(organization, *, name):
    """The second locks of people of this organization who have this name: who make a plan, walk or work here."""
    makes_a_plan = Q(user__person__organization=organization)
    walks = Q(user__person__walks__organization=organization, user__person__walks__ended_at=None)
    works = Q(user__roles__organization=organization, user__roles__until=None)
    among = second_locks_on().filter(makes_a_plan | walks | works).values_list("pk", "user__name")
    return second_locks_on().filter(pk__in={code for code, called in among if as_called(called) == as_called(name)})
