"""The people a peer specialist walks with, as Today shows them."""

from collections import Counter

from peers.models import Walk
from peers.names import plain_name
from peers.pagination import by_name
from recovery_plans.access import plans_reached_by
from recovery_plans.models import Visit

COMING_AT_ONCE = 20  # more days ahead than anyone keeps in mind; further ones stand in the list like all others


def people_i_walk_with(user):
    """Each walk of this peer specialist that opens a plan to them."""
    walks = Walk.objects.filter(peer=user, ended_at=None, person__plan__in=plans_reached_by(user))
    return walks.select_related("person__user", "person__plan")


def coming_first(user):
    """Their walks with a day to come, the soonest first; each knows its `visit`."""
    coming = Visit.coming_of(user, walks=people_i_walk_with(user), at_most=COMING_AT_ONCE)
    for visit in coming:
        visit.walk.visit = visit
    return [visit.walk for visit in coming]


def mark_visits(walks):
    """Say of each of these walks what stands for its next time: its `visit`, or None; never a day that has gone by."""
    stands = Visit.next_of(walks)
    for walk in walks:
        visit = stands.get(walk.pk)
        walk.visit = None if visit is None or visit.is_over else visit


def namesakes(user, *, name):
    """Their walks with someone of this name, however it is typed.

    Of two taps at once the second waits, and finds whom the first began.
    """
    user.lock()
    return walks_with_name(user, name)


def walks_with_name(user, name):
    """The same, where nothing is begun."""
    walks = people_i_walk_with(user).order_by(*by_name("person__user"))
    return [walk for walk in walks if plain_name(walk.person.name) == plain_name(name)]


def may_be_told_apart(user, person):
    """Whether this peer specialist may choose, with the person, what tells them from another of the same name.

    Another is only one that they walk with themself: nobody learns here who else has a plan. What was chosen is, once
    the person has come in or has changed it themself, theirs to change.
    """
    if person.known_by_is_theirs or (person.has_arrived and person.known_by):
        return False
    return bool(person.known_by) or len(walks_with_name(user, person.name)) > 1


def mark_namesakes(walks):
    """Say of each of these walks whether something could still tell its person from another of the same name."""
    names = Counter(plain_name(walk.person.name) for walk in walks)
    for walk in walks:
        is_open = not walk.person.known_by and not walk.person.known_by_is_theirs
        walk.asks_apart = is_open and names[plain_name(walk.person.name)] > 1
