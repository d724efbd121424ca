"""`manage.py second_lock_off`: someone lost the phone with their code app.

They are found by their sign-in name, by the four words of a card (`--card`), or by name (`--organization --name`).
"""

from getpass import getpass

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from peers.management.organizations import find_organization
from peers.models.users import signin_name
from peers.pagination import code_in
from peers.second_locks import find_owner_by_words, second_locks_of_name, second_locks_on


class Command(BaseCommand):
    help = "Turn off someone's second lock, so that they can sign in with their passphrase and set up a new one."

    def add_arguments(self, parser):
        parser.add_argument("username", nargs="?", help="their sign-in name")
        parser.add_argument("--card", action="store_true", help="ask for the four words of a card, or their own words")
        parser.add_argument("--organization", help="where they make their plan, or work: its code or its name")
        parser.add_argument("--name", help="what they are called there")
        parser.add_argument("--code", help="their code, where more than one is called so")

    def handle(self, *, username, card, organization, name, code, **options):
        found_in = find_organization(organization) if organization else None
        if username:
            locks = second_locks_on().filter(user__username=signin_name(username))
        elif card:
            locks = second_locks_on().filter(user=_owner_by_words())
        elif found_in and name:
            locks = second_locks_of_name(found_in, name=name)
        elif code:
            locks = second_locks_on()
        else:
            raise CommandError("Say who it is: a sign-in name, or --card, or --organization with --name, or --code.")
        lock = _only_one(locks.filter(pk=code_in(code)) if code else locks)
        lock.turn_off(by=None, organization=found_in or _organization_of(lock.user))
        self.stdout.write("The second lock is off, and every open screen of theirs is closed.")


def _owner_by_words():
    # Not an argument: what is typed after a command stays in the shell's history, and every account sees it run.
    owner = find_owner_by_words(getpass("The four words: "))
    if owner is None:
        raise CommandError("No card has these four words, and nobody has them as their own. Please look again.")
    return owner


def _only_one(locks):
    """The one second lock among these; says kindly what to do where there is none, or more than one."""
    found = list(locks.order_by("confirmed_at", "pk"))
    if not found:
        raise CommandError(
            "Nobody like this has a second lock that is on. Is the name written as they write it? Without a second "
            "lock, a passphrase or four words are all that anyone needs."
        )
    if len(found) > 1:
        known = "\n".join(
            f"  --code {lock.pk}   here since {_day(lock.user.created_at)}, second lock since {_day(lock.confirmed_at)}"
            for lock in found
        )
        raise CommandError(
            f"{len(found)} people are called this. Ask since when they are here, and add the code of the right one:\n"
            + known
        )
    return found[0]


def _day(moment):
    return timezone.localdate(moment).isoformat()


def _organization_of(user):
    """Where this can stand in a log: the organization of their plan, else the first one they work for."""
    if hasattr(user, "person") and user.person.organization:
        return user.person.organization
    return next((held.organization for held in user.roles_now()), None)
