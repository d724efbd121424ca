"""An organization, who works there in which role, and how someone is invited."""

import secrets
import uuid
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from peers.encryption import hash_token
from peers.events import PeopleEvent
from peers.models.organization_log import Event
from peers.models.users import User
from peers.models.walks import Walk
from peers.pagination import by_name

INVITATION_DAYS = 7
RESUMED_WITHIN = timedelta(days=1)


class StaffRole(models.TextChoices):
    """What someone does in an organization. An administrator sets the organization up and never sees a plan."""

    PEER_SPECIALIST = "peer_specialist", _("Peer specialist")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMINISTRATOR = "administrator", _("Administrator")


class NeedsAnAdministrator(Exception):
    """The role of an organization's only administrator cannot end: another administrator comes first."""


class Organization(models.Model):
    """An organization in which peer specialists work."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    town = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    warmline = models.CharField(max_length=40, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="organization_has_a_name")]

    def __str__(self):
        return f"organization {self.code}"

    @classmethod
    @transaction.atomic
    def found(cls, *, name, town="", phone="", warmline="", is_demo=False):
        organization = cls.objects.create(name=name, town=town, phone=phone, warmline=warmline, is_demo=is_demo)
        Event.note(PeopleEvent.ORGANIZATION_FOUNDED, by=None, organization=organization, about=organization.pk)
        return organization

    @transaction.atomic
    def take_on(self, *, user, role, by):
        """From today this user holds this role in this organization. A second call changes nothing."""
        held, new = Role.objects.get_or_create(organization=self, user=user, role=role, until=None)
        if new:
            Event.note(PeopleEvent.ROLE_BEGUN, by=by, organization=self, about=held.pk)
        return held

    @transaction.atomic
    def invite(self, *, role, by, name=""):
        """Invite someone to the team. Returns (invitation, token); the token goes into a one-time link."""
        token = secrets.token_urlsafe(24)
        invitation = Invitation.objects.create(
            organization=self,
            role=StaffRole(role),
            name=name,
            token_hash=hash_token(token),
            expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
            invited_by=by,
        )
        Event.note(PeopleEvent.STAFF_INVITED, by=by, organization=self, about=invitation.pk)
        return invitation, token

    def peer_specialists_now(self):
        """Who works here as a peer specialist today, by name."""
        held = {"roles__organization": self, "roles__role": StaffRole.PEER_SPECIALIST, "roles__until": None}
        return User.objects.filter(is_active=True, **held).order_by(*by_name())

    @transaction.atomic
    def describe(self, *, name, town, phone, warmline, by):
        self.name, self.town, self.phone, self.warmline = name, town, phone, warmline
        self.save(update_fields=["name", "town", "phone", "warmline"])
        Event.note(PeopleEvent.ORGANIZATION_CHANGED, by=by, organization=self, about=self.pk)


class Role(models.Model):
    """One user's work in one organization, from one day until another."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20, choices=StaffRole)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    resumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "role"], condition=models.Q(until=None), name="one_role_at_a_time"
            ),
            models.CheckConstraint(condition=models.Q(role__in=StaffRole.values), name="role_is_a_staff_role"),
        ]

    def __str__(self):
        return f"role {self.code}"

    @transaction.atomic
    def end(self, *, by):
        """End this role and all sessions of its user.

        With it end a peer specialist's walks in this organization, and an administrator's invitations that nobody has
        used yet.

        An organization needs an administrator: `NeedsAnAdministrator` is raised for the role of the last one.
        """
        if self.role == StaffRole.ADMINISTRATOR:
            self._require_another_administrator()
        # Whoever meets someone at this moment locks the same row: either is over before the other looks.
        self.user.lock()
        ended = Role.objects.filter(pk=self.pk, until=None).update(until=timezone.now())
        self.refresh_from_db(fields=["until"])
        if not ended:
            return
        if self.role == StaffRole.PEER_SPECIALIST:
            walks = list(Walk.objects.filter(peer=self.user, organization=self.organization, ended_at=None))
            for walk in walks:
                walk.end(by=by)
            Walk.objects.filter(pk__in=[walk.pk for walk in walks]).update(ended_with=self)
        if self.role == StaffRole.ADMINISTRATOR:
            sent = Invitation.objects.filter(still_open(), invited_by=self.user, organization=self.organization)
            sent.update(expires_at=timezone.now())
        self.user.end_all_sessions()
        Event.note(PeopleEvent.ROLE_ENDED, by=by, organization=self.organization, about=self.pk)

    @transaction.atomic
    def resume(self, *, by):
        """Undo the end of this role, for a day: the walks that ended with it go on. Says whether anything changed."""
        self.user.lock()
        same = Role.objects.filter(user=self.user, organization=self.organization, role=self.role, until=None)
        if same.exists() or not Role.objects.filter(can_be_resumed(), pk=self.pk).update(
            until=None, resumed_at=timezone.now()
        ):
            return False
        self.refresh_from_db(fields=["until", "resumed_at"])
        for walk in Walk.objects.filter(ended_with=self).select_related("person", "peer", "organization"):
            walk.resume(by=by)
        Event.note(PeopleEvent.ROLE_RESUMED, by=by, organization=self.organization, about=self.pk)
        return True

    def _require_another_administrator(self):
        # Two administrators who end each other's role in the same moment must not leave the organization without one.
        Organization.objects.select_for_update(no_key=True).get(pk=self.organization_id)
        held = Role.objects.filter(organization=self.organization_id, role=StaffRole.ADMINISTRATOR, until=None)
        if list(held.values_list("pk", flat=True)[:2]) == [self.pk]:
            raise NeedsAnAdministrator


def can_be_resumed():
    """Which roles ended less than a day ago."""
    return models.Q(until__gt=timezone.now() - RESUMED_WITHIN)


def still_open():
    """Which invitations can be used now: neither used nor ended nor too old."""
    return models.Q(used_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A one-time link by which someone joins the team. Only the hash of its token is kept."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20, choices=StaffRole)
    name = models.CharField(max_length=80, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="invitations")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"invitation {self.code}"

    @classmethod
    def waiting(cls, token):
        """The invitation behind this token, or None when it is used, old or never was."""
        return (
            cls.objects.select_related("organization", "invited_by")
            .filter(still_open(), token_hash=hash_token(token))
            .first()
        )

    @transaction.atomic
    def accept(self, *, name, username, passphrase):
        """Join the team: makes the user and the role. Returns the user, or None when the invitation was used or ended
        since it was read.
        """
        if not self._use_up():
            return None
        user = User.objects.welcome(name=name, username=username, passphrase=passphrase)
        self.organization.take_on(user=user, role=self.role, by=user)
        return user

    @transaction.atomic
    def accept_as(self, *, user):
        """Join the team as a user who has signed in by passphrase. Returns the role, or None as above.

        All their sessions end: one may have been opened with a card, and a card must not open their work.
        """
        if not self._use_up():
            return None
        held = self.organization.take_on(user=user, role=self.role, by=user)
        user.end_all_sessions()
        return held

    def _use_up(self):
        return Invitation.objects.filter(still_open(), pk=self.pk).update(used_at=timezone.now())
