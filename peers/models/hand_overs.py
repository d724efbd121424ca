"""Nobody is left with nobody: an organization asks a peer specialist to meet someone it knows."""

import uuid

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from peers.events import PeopleEvent
from peers.models.organization import Role, StaffRole
from peers.models.organization_log import Event
from peers.models.walks import Person, Walk


class NobodyToAsk(Exception):
    """The one who was to be asked works as a peer specialist here no more, or the person is not alone any more."""


class HandOver(models.Model):
    """A peer specialist is asked to meet a person. Until the person says yes they know the name, and nothing else."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="hand_overs")
    peer = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="hand_overs")
    organization = models.ForeignKey("peers.Organization", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    said_yes = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "peer"], condition=models.Q(answered_at=None), name="asked_once_to_meet_someone"
            )
        ]

    def __str__(self):
        return f"hand-over {self.code}"

    @classmethod
    @transaction.atomic
    def ask(cls, *, person, peer, organization, by):
        """Ask a peer specialist to meet this person. A second call changes nothing.

        Raises NobodyToAsk where that peer specialist does not work here today, or the person is not of this
        organization or walks with somebody here.
        """
        peer.lock()
        works_here = Role.objects.filter(
            user=peer, organization=organization, role=StaffRole.PEER_SPECIALIST, until=None
        )
        alone = who_walk_with_nobody(organization).exclude(user=peer).filter(pk=person.pk)
        if not works_here.exists() or not alone.exists():
            raise NobodyToAsk
        asked, new = cls.objects.get_or_create(
            person=person, peer=peer, answered_at=None, defaults={"organization": organization, "asked_by": by}
        )
        if new:
            Event.note(PeopleEvent.HAND_OVER_ASKED, by=by, organization=organization, about=asked.pk)
        return asked

    @transaction.atomic
    def answer(self, *, yes, by):
        """The person's yes, or not now: said on their own screen, or together at the first meeting.

        With a yes the walk begins, and whoever else was asked is not needed any more. Returns the walk, or None.
        """
        answered = HandOver.objects.filter(open_now(), pk=self.pk).update(answered_at=timezone.now(), said_yes=yes)
        if not answered or not yes:
            return None
        HandOver.objects.filter(open_now(), person=self.person).update(answered_at=timezone.now(), said_yes=False)
        return self.person.start_walk(peer=self.peer, organization=self.organization, by=by)


def open_now():
    """Which hand-overs wait for an answer, asked of someone who still works there."""
    works = Role.objects.filter(
        user=models.OuterRef("peer"),
        organization=models.OuterRef("organization"),
        role=StaffRole.PEER_SPECIALIST,
        until=None,
    )
    return models.Q(models.Exists(works), answered_at=None)


def who_walk_with_nobody(organization):
    """Persons of this organization who walk with no peer specialist, each with since when (`since`)."""
    walks_now = Walk.objects.filter(person=models.OuterRef("pk"), ended_at=None)
    people = organization.people.filter(~models.Exists(walks_now), user__is_active=True)
    over = Walk.objects.filter(person=models.OuterRef("pk")).order_by("-ended_at").values("ended_at")[:1]
    return people.select_related("user").annotate(since=Coalesce(models.Subquery(over), "created_at"))


def left_with_nobody_by(role):
    """Persons who walk with the one who holds this role, in this organization, and with nobody else."""
    others = Walk.objects.filter(person=models.OuterRef("pk"), ended_at=None).exclude(peer=role.user)
    mine = {"walks__peer": role.user, "walks__organization": role.organization, "walks__ended_at": None}
    return Person.objects.filter(~models.Exists(others), **mine).select_related("user")


@transaction.atomic
def end_and_hand_over(role, *, by, ask_peer=None):
    """End a role. Whoever is left with nobody by it, `ask_peer` is asked to meet.

    Raises NobodyToAsk and NeedsAnAdministrator; then nothing has changed.
    """
    is_peer = role.role == StaffRole.PEER_SPECIALIST
    left = list(left_with_nobody_by(role)) if is_peer and ask_peer else []
    role.end(by=by)
    for person in left:
        if person.organization_id == role.organization_id:
            HandOver.ask(person=person, peer=ask_peer, organization=role.organization, by=by)
