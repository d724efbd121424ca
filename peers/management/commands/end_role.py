"""`manage.py end_role --organization … --username … --role …`: someone no longer works here in this role."""

from django.core.management.base import BaseCommand, CommandError

from peers.management.organizations import find_organization
from peers.models import Role
from peers.models.organization import NeedsAnAdministrator, StaffRole
from peers.models.users import signin_name


class Command(BaseCommand):
    help = "End someone's role. Their sessions close, and a peer specialist's walks here end with it."

    def add_arguments(self, parser):
        parser.add_argument("--organization", required=True, help="its code or its name")
        parser.add_argument("--username", required=True, help="their sign-in name")
        parser.add_argument("--role", required=True, choices=StaffRole.values)

    def handle(self, *, organization, username, role, **options):
        found = find_organization(organization)
        held = Role.objects.filter(organization=found, user__username=signin_name(username), role=role, until=None)
        if not (ending := held.first()):
            raise CommandError("Nobody with this sign-in name holds this role here today.")
        try:
            ending.end(by=None)
        except NeedsAnAdministrator:
            raise CommandError(
                "This place needs someone to look after it. Please invite another administrator first: "
                f"manage.py invite --organization {found.pk} --role administrator"
            ) from None
        self.stdout.write("The role has ended.")
