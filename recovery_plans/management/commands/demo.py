"""Builds an invented organization to look around in."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from recovery_plans.demo import build, build_crowd, is_empty, is_only_demo


class Command(BaseCommand):
    help = "Build an invented organization with the cast and their plans. Refuses to run over real people."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing, quietly, where anyone is here already")
        parser.add_argument("--people", type=int, default=0, help="add a third organization with this many people")

    def handle(self, *args, if_empty, people, **options):
        if if_empty and not is_empty():
            return
        if not is_only_demo():
            raise CommandError("Real people are here. The demo is only for an empty place; nothing was changed.")
        if is_empty():
            self._build()
        elif not people:
            raise CommandError("The demo is here already. Add a crowd with --people, or begin with an empty database.")
        if people:
            build_crowd(people, say=self.stdout.write)

    def _build(self):
        lines = "\n".join(build())
        self.stdout.write(lines)
        sign_in_names = settings.VAR_DIR / "demo.txt"
        sign_in_names.parent.mkdir(parents=True, exist_ok=True)
        sign_in_names.write_text(lines + "\n", encoding="utf-8")
        sign_in_names.chmod(0o600)
