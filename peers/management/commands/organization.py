"""`manage.py organization --name … --town …`: set up an organization and invite its first administrator."""

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from peers.models import Organization
from peers.models.organization import INVITATION_DAYS, StaffRole
from peers.organization_forms import OrganizationForm


class Command(BaseCommand):
    help = "Set up an organization. Prints a one-time link by which its first administrator joins."

    def add_arguments(self, parser):
        parser.add_argument("--name", required=True)
        parser.add_argument("--town", default="")
        parser.add_argument("--phone", default="", help="for someone who lost their card")
        parser.add_argument("--warmline", default="", help="shown at the foot of each page")

    def handle(self, *, name, town, phone, warmline, **options):
        form = OrganizationForm({"name": name, "town": town, "phone": phone, "warmline": warmline})
        if not form.is_valid():
            raise CommandError("; ".join(f"{field}: {errors[0]}" for field, errors in form.errors.items()))
        if Organization.objects.filter(name=form.cleaned_data["name"]).exists():
            raise CommandError("An organization with this name is here already. Use 'manage.py invite' to add staff.")
        organization = Organization.found(**form.cleaned_data)
        _invitation, token = organization.invite(role=StaffRole.ADMINISTRATOR, by=None)
        self.stdout.write(f"The organization is set up. Its code: {organization.pk}")
        self.stdout.write(f"Its administrator joins here (once, within {INVITATION_DAYS} days), after your address:")
        self.stdout.write(reverse("join", kwargs={"token": token}))
