"""The next times in a reading: of each who walks with the person, as far as its reader sees them."""

from recovery_plans.access import walks_open
from recovery_plans.models import Visit
from recovery_plans.sections import VISITS


def coming_visits(reading):
    """What stands for the next time with each who walks along, by their code; never a day that has gone by."""
    if VISITS not in reading.reach.sees:
        return {}
    walks = walks_open(reading.plan, reach=reading.reach, reader=reading.reader)
    return {visit.peer_id: visit for visit in Visit.next_of(walks).values() if not visit.is_over}
