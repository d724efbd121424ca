"""`manage.py passphrase_link USERNAME`: a one-time link for someone who forgot their passphrase, such as the only
administrator of a place."""

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from peers.models import PassphraseLink, User
from peers.models.passphrase_links import LINK_HOURS
from peers.models.users import signin_name


class Command(BaseCommand):
    help = "Print a one-time link by which someone chooses a new passphrase. Their second lock stays on."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *args, username, **options):
        user = User.objects.filter(username=signin_name(username), is_active=True).first()
        if user is None:
            raise CommandError("Nobody has that sign-in name.")
        token = PassphraseLink.make(user=user, by=None)
        self.stdout.write(f"They choose a new passphrase here (once, within {LINK_HOURS} hours), after your address:")
        self.stdout.write(reverse("passphrase-link", kwargs={"token": token}))
