"""Persons, each making a plan, and walks: who walks with whom."""

import uuid
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from peers.events import PeopleEvent
from peers.models.cards import PlanCard
from peers.models.organization_log import Event
from peers.models.users import User
from peers.signals import known_by_changed, walk_ended, walk_resumed

SAME_SITTING = timedelta(minutes=15)
KNOWN_BY_LIMIT = 40


class Person(models.Model):
    """Someone making a recovery plan. They may have no account yet: a name to call them is enough."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField("peers.User", on_delete=models.PROTECT, related_name="person")
    # Where they were met. Empty for someone whose plan is their own business, such as a peer specialist's own.
    organization = models.ForeignKey(
        "peers.Organization", on_delete=models.PROTECT, related_name="people", null=True, blank=True
    )
    # A word or a picture that the two chose, where a peer specialist walks with another of the same name.
    known_by = models.CharField(max_length=KNOWN_BY_LIMIT, blank=True)
    # Whether the person has changed it or taken it out. From then on nobody else changes it, also where it is empty.
    known_by_is_theirs = models.BooleanField(default=False)
    # What should stand on paper, where that is not the name they go by here.
    name_on_paper = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"person {self.code}"

    @property
    def name(self):
        return self.user.name

    @property
    def name_for_staff(self):
        """The name, with what tells them from another of the same name."""
        return f"{self.name} · {self.known_by}" if self.known_by else self.name

    @property
    def paper_name(self):
        """The name on whatever is printed. It is as the person wrote it: no part of a name is guessed."""
        return self.name_on_paper or self.name

    @classmethod
    @transaction.atomic
    def meet(cls, *, name, peer, organization, language="en", known_by=""):
        """A peer specialist meets someone who says yes to walking together. Returns the person, walk begun."""
        user = User.objects.welcome(name=name, language=language)
        person = cls.objects.create(user=user, organization=organization, known_by=known_by)
        Event.note(PeopleEvent.PERSON_MET, by=peer, organization=organization, about=person.pk)
        person.start_walk(peer=peer, organization=organization, by=peer)
        return person

    @classmethod
    @transaction.atomic
    def on_their_own(cls, *, user):
        """Someone begins a plan that no organization knows of. A second call changes nothing."""
        person, _created = cls.objects.get_or_create(user=user, defaults={"organization": None})
        return person

    @transaction.atomic
    def start_walk(self, *, peer, organization, by):
        """From today this peer specialist walks with the person. A second call changes nothing."""
        walk, created = Walk.objects.get_or_create(
            person=self, peer=peer, ended_at=None, defaults={"organization": organization}
        )
        if created:
            Event.note(PeopleEvent.WALK_STARTED, by=by, organization=organization, about=walk.pk)
        return walk

    @property
    def has_arrived(self):
        """Whether they have come in themself; from then on their name is theirs to change."""
        return self.user.welcomed_at is not None or self.user.username is not None

    @transaction.atomic
    def correct_name(self, *, name, by):
        """Correct the name of someone who has not come in themself yet. Says whether it was still to be corrected."""
        self.user.lock()
        not_arrived = User.objects.filter(pk=self.user_id, welcomed_at=None, username=None)
        if not not_arrived.exclude(name=name).exists():
            return False
        self.user.take_name(name)
        Event.note(PeopleEvent.NAME_CORRECTED, by=by, organization=self.organization, about=self.pk)
        return True

    @transaction.atomic
    def take_name_on_paper(self, name):
        """From now on this stands on paper. Their own name follows what they are called."""
        self.name_on_paper = "" if name == self.name else name
        self.save(update_fields=["name_on_paper"])

    @transaction.atomic
    def take_known_by(self, known_by, *, by):
        """From now on this tells them from another of the same name; "" for nothing. Says whether it was another.

        What the person has changed or taken out themself nobody else changes.
        """
        is_theirs = by.pk == self.user_id
        rows = Person.objects.filter(pk=self.pk).exclude(known_by=known_by)
        if not is_theirs:
            rows = rows.filter(known_by_is_theirs=False)
        if not rows.update(known_by=known_by, known_by_is_theirs=is_theirs):
            return False
        self.known_by, self.known_by_is_theirs = known_by, is_theirs
        known_by_changed.send(Person, person=self, by=by)
        return True

    @transaction.atomic
    def take_back(self, *, by):
        """Someone was met by mistake: every walk with them ends, and nothing opens for them. The caller sees to the
        plan. Says whether they had not come in themself yet.
        """
        if not User.objects.filter(pk=self.user_id, welcomed_at=None, username=None).update(is_active=False):
            return False
        for walk in self.walks_now():
            walk.end(by=by)
        Event.note(PeopleEvent.PERSON_TAKEN_BACK, by=by, organization=self.organization, about=self.pk)
        return True

    def lock(self):
        """Until the caller's transaction ends, other transactions that lock this person wait."""
        Person.objects.select_for_update(no_key=True).get(pk=self.pk)

    def walks_now(self):
        return self.walks.filter(ended_at=None).select_related("peer").order_by("started_at")


class Walk(models.Model):
    """A peer specialist walks with a person, from one day until another."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="walks")
    peer = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="walks")
    organization = models.ForeignKey("peers.Organization", on_delete=models.PROTECT, related_name="walks")
    started_at = models.DateTimeField(default=timezone.now)
    # When they last sat down together; at first, when they met.
    together_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # The role it ended with, where nobody ended the walk itself: undone, the walk goes on.
    ended_with = models.ForeignKey("peers.Role", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "peer"], condition=models.Q(ended_at=None), name="one_walk_at_a_time_for_two_people"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
                name="walk_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(fields=["peer", "ended_at", "started_at", "code"], name="walks_of_one_peer"),
            models.Index(fields=["peer", "ended_at", "-together_at", "code"], name="walks_by_last_time_together"),
        ]

    def __str__(self):
        return f"walk {self.code}"

    @classmethod
    def sit_together(cls, *, person, peer):
        """The two sit down together now. Within the same quarter of an hour this is said once."""
        walks = cls.objects.filter(person=person, peer=peer, ended_at=None)
        walks.filter(together_at__lt=timezone.now() - SAME_SITTING).update(together_at=timezone.now())

    @transaction.atomic
    def end(self, *, by):
        """From now on they no longer walk together; what the peer specialist could open closes at once.

        Cards that the peer specialist made are turned off too, as they may still know their words, and the screens end
        that these opened. Own words stay: nobody's leaving takes away what only the person has seen.
        """
        ended = Walk.objects.filter(pk=self.pk, ended_at=None).update(ended_at=timezone.now())
        self.refresh_from_db(fields=["ended_at"])
        if ended:
            Event.note(PeopleEvent.WALK_ENDED, by=by, organization=self.organization, about=self.pk)
            card_is_off = PlanCard.turn_off_tickets_of(self.peer, person=self.person, by=by)
            walk_ended.send(Walk, walk=self, by=by, card_is_off=card_is_off)

    @transaction.atomic
    def resume(self, *, by):
        """Undo the end of a walk that ended with a role. What it opened is open again; cards stay off.

        Nothing changes where the two have begun to walk together anew since.
        """
        if Walk.objects.filter(person=self.person, peer=self.peer, ended_at=None).exists():
            return
        ended = Walk.objects.filter(pk=self.pk, ended_at__isnull=False, ended_with__isnull=False)
        if ended.update(ended_at=None, ended_with=None, resumed_at=timezone.now()):
            self.refresh_from_db(fields=["ended_at", "ended_with", "resumed_at"])
            Event.note(PeopleEvent.WALK_STARTED, by=by, organization=self.organization, about=self.pk)
            walk_resumed.send(Walk, walk=self)
