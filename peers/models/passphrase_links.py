"""A one-time link for someone of the team who has forgotten their passphrase."""

import secrets
import uuid
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from peers.encryption import hash_token
from peers.events import PeopleEvent
from peers.models.organization import StaffRole
from peers.models.organization_log import Event

LINK_HOURS = 24


class HasAPlan(Exception):
    """This user has a plan of their own here: no administrator may make a way into it."""


class PassphraseLink(models.Model):
    """Made by an administrator, or by `manage.py passphrase_link`. Only the hash of its token is kept."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("peers.User", on_delete=models.CASCADE, related_name="passphrase_links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("peers.User", on_delete=models.CASCADE, null=True, related_name="+")
    organization = models.ForeignKey("peers.Organization", on_delete=models.CASCADE, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"passphrase link {self.code}"

    @classmethod
    @transaction.atomic
    def make(cls, *, user, by, organization=None):
        """A link for this user; an earlier one that waits is over. Returns the token, which is kept nowhere.

        Raises HasAPlan where an administrator asks for someone who has a plan of their own. Whoever runs the server
        (`by` is None) could reach it anyway.
        """
        user.lock()
        if by is not None and hasattr(user, "person"):
            raise HasAPlan
        user.passphrase_links.filter(used_at=None).update(expires_at=timezone.now())
        token = secrets.token_urlsafe(24)
        cls.objects.create(
            user=user,
            token_hash=hash_token(token),
            made_by=by,
            organization=organization,
            expires_at=timezone.now() + timedelta(hours=LINK_HOURS),
        )
        Event.note(PeopleEvent.PASSPHRASE_LINK_MADE, by=by, organization=organization, about=user.pk)
        return token

    @classmethod
    def waiting(cls, token):
        """The link behind this token; None when it is used, old or never was, or its maker is no administrator now."""
        open_links = cls.objects.filter(used_at=None, expires_at__gt=timezone.now(), user__is_active=True)
        link = open_links.select_related("user", "made_by", "organization").filter(token_hash=hash_token(token)).first()
        if link is None or link.made_by is None:
            return link
        held = link.made_by.roles.filter(organization=link.organization, role=StaffRole.ADMINISTRATOR, until=None)
        return link if held.exists() and not hasattr(link.user, "person") else None

    @transaction.atomic
    def accept(self, *, passphrase):
        """Give the user this passphrase and end all their sessions. False when the link was used since it was read."""
        now = timezone.now()
        if not PassphraseLink.objects.filter(pk=self.pk, used_at=None, expires_at__gt=now).update(used_at=now):
            return False
        self.user.set_password(passphrase)
        self.user.save(update_fields=["password"])
        self.user.end_all_sessions()
        Event.note(PeopleEvent.PASSPHRASE_LINK_USED, by=self.user, organization=self.organization, about=self.user.pk)
        return True
