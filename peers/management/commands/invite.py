"""`manage.py invite --organization … --role …`: a one-time link by which someone joins the team."""

from django.core.management.base import BaseCommand
from django.urls import reverse

from peers.management.organizations import find_organization
from peers.models.organization import INVITATION_DAYS, StaffRole


class Command(BaseCommand):
    help = "Invite someone to the team. Prints a one-time link."

    def add_arguments(self, parser):
        parser.add_argument("--organization", required=True, help="its code or its name")
        parser.add_argument("--role", required=True, choices=StaffRole.values)
        parser.add_argument("--name", default="", help="who it is for, so that the administrator knows")

    def handle(self, *, organization, role, name, **options):
        _invitation, token = find_organization(organization).invite(role=role, by=None, name=name.strip()[:80])
        self.stdout.write(f"They join here (once, within {INVITATION_DAYS} days), after your address:")
        self.stdout.write(reverse("join", kwargs={"token": token}))
