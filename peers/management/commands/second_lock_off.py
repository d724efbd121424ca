"""Turns off the second lock of someone who has lost the phone it was on."""

from django.core.management.base import BaseCommand, CommandError

from peers.models import TotpDevice
from peers.models.users import signin_name


class Command(BaseCommand):
    help = "Turn off someone's second lock, so that they can sign in with their passphrase and set up a new one."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *args, username, **options):
        devices = TotpDevice.objects.select_related("user").filter(confirmed_at__isnull=False)
        device = devices.filter(user__username=signin_name(username)).first()
        if device is None:
            raise CommandError("Nobody with that sign-in name has a second lock.")
        device.turn_off(by=None)
        self.stdout.write("The second lock is off, and every open screen of theirs is closed.")
