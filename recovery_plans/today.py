"""The people a peer specialist walks with, as Today shows them."""

from peers.models import Walk
from peers.names import plain_name
from peers.pagination import by_name
from recovery_plans.access import plans_reached_by


def people_i_walk_with(user):
    """Each walk of this peer specialist that opens a plan to them."""
    walks = Walk.objects.filter(peer=user, ended_at=None, person__plan__in=plans_reached_by(user))
    return walks.select_related("person__user", "person__plan")


def namesakes(user, *, name):
    """Their walks with someone of this name, however it is typed.

    Of two taps at once the second waits, and finds whom the first began.
    """
    user.lock()
    walks = people_i_walk_with(user).order_by(*by_name("person__user"))
    return [walk for walk in walks if plain_name(walk.person.name) == plain_name(name)]
