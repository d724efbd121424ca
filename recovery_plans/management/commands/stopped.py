"""`manage.py stopped`: write down what was stopped. `manage.py stopped --replay FILE`: end it again after a restore."""

from pathlib import Path

from django.core.management.base import BaseCommand

from recovery_plans.stops import replay_stops, stops_file, write_stops


class Command(BaseCommand):
    help = "Write down which yeses, walks, cards and roles have ended; or end them again after a restore."

    def add_arguments(self, parser):
        parser.add_argument("--replay", type=Path, metavar="FILE", help="end again what this file says was ended")

    def handle(self, *args, replay, **options):
        if replay is None:
            self.stdout.write(f"{write_stops()} more lines in {stops_file()}")
        else:
            self.stdout.write(f"{replay_stops(replay)} ended again")
