"""How a command names an organization."""

import uuid

from django.core.management.base import CommandError

from peers.models import Organization


def find_organization(named):
    """The organization with this code or exactly this name; says what to do where there is none, or more than one."""
    try:
        return Organization.objects.get(pk=uuid.UUID(named))
    except (ValueError, Organization.DoesNotExist):
        found = list(Organization.objects.filter(name=named)[:2])
    if len(found) == 1:
        return found[0]
    raise CommandError("No organization has this code or name." if not found else "More than one has it: use its code.")
