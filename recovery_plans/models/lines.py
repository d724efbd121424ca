"""What an entry, a goal and a step have in common: words, a voice, a version, and a history that only grows."""

import hashlib
import uuid

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Length, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from peers.form_fields import MAX_LENGTH
from peers.models.append_only import AppendOnly, AppendOnlyQuerySet
from peers.phone_numbers import PHONE_LIMIT
from recovery_plans.events import PlanEvent


class Voice(models.TextChoices):
    """Whose words a line is, and how it got here."""

    OWN = "own", _("I wrote it")
    TYPED = "typed", _("Typed for me")
    PAPER = "paper", _("From my paper sheet")


class NotAllowedToChange(Exception):
    """Someone tried to change a line that is the person's own. Only the person changes it."""


class SaveIdReused(Exception):
    """One save came twice with different words; the first one stands, the second is refused."""


class EditConflict(Exception):
    """Someone else changed the line first. Both texts are kept: `theirs` is the line, `mine` the kept branch."""

    def __init__(self, *, theirs, mine):
        super().__init__("changed in two places")
        self.theirs, self.mine = theirs, mine


class Revision(AppendOnly):
    """One text a line has had. Rows are only ever added.

    `version` is empty for a kept branch: words that came too late to be the line's, and are not lost.
    """

    save_id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey("recovery_plans.Plan", on_delete=models.PROTECT, related_name="revisions")
    line = models.UUIDField()
    version = models.PositiveIntegerField(null=True, blank=True)
    base_version = models.PositiveIntegerField(default=0)
    words = models.TextField()
    detail = models.TextField(blank=True)
    phone = models.CharField(max_length=PHONE_LIMIT, blank=True)
    language = models.CharField(max_length=35, blank=True)
    voice = models.CharField(max_length=10, choices=Voice)
    # A digest of what was sent beside the words (which part, what kind, who), to know a save that is repeated.
    facts = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+")
    # Whose device it was written on, where its owner had put it into the person's hands.
    on_device_of = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(db_default=Now())

    unguarded = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "version"], name="one_text_a_version")]
        indexes = [models.Index(fields=["plan", "line"], name="revisions_of_a_line")]

    def __str__(self):
        return f"revision {self.save_id}"


def is_typed_by(line, user_pk):
    """The pen of whoever typed for the person: theirs until the person makes the line their own."""
    return line.voice != Voice.OWN and line.read_back_at is None and line.changed_by_id == user_pk


def typed_by(user):
    """The same, as the database asks it."""
    return ~Q(voice=Voice.OWN) & Q(read_back_at=None, changed_by=user)


class Line(models.Model):
    """A statement in the person's words. A line the person wrote or changed is changed by nobody else."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    words = models.TextField()
    # What stands under the words: a goal's why, how a supporter helps, who else does a step.
    detail = models.TextField(blank=True)
    language = models.CharField(max_length=35, blank=True)
    voice = models.CharField(max_length=10, choices=Voice, default=Voice.OWN)
    version = models.PositiveIntegerField(default=1)
    read_back_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    phone = ""  # a number of its own, where a kind of line has one

    unguarded = models.Manager()
    READ_WITH = ("changed_by",)  # what a page tells of a line beside its words

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="%(class)s_has_words"),
            models.CheckConstraint(condition=Q(voice__in=Voice.values), name="%(class)s_voice_is_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="%(class)s_versions_start_at_one"),
        ]

    def __str__(self):
        return f"{self._meta.model_name} {self.code}"

    @property
    def part(self):
        """The part of the plan this line belongs to: a section, or 'goals'."""
        raise NotImplementedError

    @property
    def text(self):
        """What was written in it. Every text a line has had is kept."""
        return {"words": self.words, "detail": self.detail, "phone": self.phone}

    # --- whose pen ---

    def may_be_changed_by(self, user):
        """The person always; else only the one who typed it for the person, until the person makes it their own."""
        if user.pk == self.plan.person.user_id:
            return True
        return is_typed_by(self, user.pk)

    def may_be_taken_out_by(self, user):
        """As for changing it, unless the person has said something of their own about it."""
        return self.may_be_changed_by(user)

    @property
    def is_gone(self):
        """Whether it was taken out of the plan, by itself or with what it belongs to."""
        return self.removed_at is not None

    def require_pen(self, user):
        if not self.may_be_changed_by(user):
            raise NotAllowedToChange

    def require_words_from(self, user):
        """The pen, or words of theirs in this line before: what they typed since then must not vanish."""
        if self.may_be_changed_by(user):
            return
        if not Revision.unguarded.filter(line=self.pk, by=user, version__isnull=False).exists():
            raise NotAllowedToChange

    def _pen(self, user):
        """The same in a change's own filter: between our reading and the change the person may have taken it over."""
        if user.pk == self.plan.person.user_id:
            return Q(pk=self.pk)
        return Q(pk=self.pk) & typed_by(user)

    def voice_for(self, user):
        return Voice.OWN if user.pk == self.plan.person.user_id else Voice.TYPED

    # --- verbs ---

    @classmethod
    @transaction.atomic
    def write(cls, *, plan, words, by, detail="", language="", voice=None, save_id=None, **facts):
        """Write a new line. The same save sent twice is one line. Raises SaveIdReused for other words under one id."""
        line = cls(plan=plan, words=words, detail=detail, created_by=by, changed_by=by, **facts)
        line.voice = voice or line.voice_for(by)
        line.language = language or plan.language
        save_id = save_id or uuid.uuid4()
        text = line.text | {"facts": digest_of(language=line.language, **facts)}
        known = find_saved(save_id, plan=plan, by=by, **text)
        if known is not None:
            return cls._line_saved(known)
        try:
            with transaction.atomic():
                line.save(force_insert=True)
                line._add_revision(save_id=save_id, version=1, base_version=0, by=by, facts=text["facts"])
        except IntegrityError:
            known = find_saved(save_id, plan=plan, by=by, **text)
            if known is None:
                raise
            return cls._line_saved(known)
        plan.note_change(PlanEvent.LINE_ADDED, by=by, line=line)
        return line

    @classmethod
    def _line_saved(cls, known):
        """The line that this text was written for. Raises SaveIdReused when the save was for another kind of line."""
        line = cls.unguarded.filter(plan=known.plan_id, pk=known.line).first()
        if line is None:
            raise SaveIdReused
        return line

    def rewrite(self, *, words, by, base_version, detail="", save_id=None, **facts):
        """Change the words, if nobody was faster: compare and set, never read and then save.

        Words for a line that was taken out meanwhile, or made the person's own, are kept beside it.
        Raises NotAllowedToChange, SaveIdReused, or EditConflict; in the last case both texts are kept, so the caller
        must not roll its own transaction back for it.
        """
        self.require_words_from(by)
        save = {"save_id": save_id or uuid.uuid4(), "base_version": base_version, "by": by, "facts": digest_of(**facts)}
        text = {"words": words, "detail": detail}
        if self.is_gone or not self._set({**facts, **text}, **save):
            text["phone"] = facts.get("phone", "")
            kept = self._kept(**text, language=facts.get("language", ""), **save)
            if kept is not None:
                raise EditConflict(theirs=self, mine=kept)
        return self

    @transaction.atomic(savepoint=False)
    def _set(self, new, *, save_id, base_version, by, facts):
        """The new text with its revision, or False where somebody was faster, or this very save came before.

        Whether the save id is new is not asked first: the database takes none twice, not in one moment either.
        """
        try:
            with transaction.atomic():
                if not self._compare_and_set(new, base_version=base_version, by=by):
                    return False
                self._add_revision(save_id=save_id, version=self.version, base_version=base_version, by=by, facts=facts)
        except IntegrityError:
            if not Revision.unguarded.filter(save_id=save_id).exists():
                raise
            self._read_again()
            return False
        self.plan.note_change(PlanEvent.LINE_CHANGED, by=by, line=self)
        return True

    def _kept(self, *, language, save_id, base_version, by, facts, **text):
        """The branch that these words are kept in; None where they are the line's own text already."""
        text |= {"by": by, "facts": facts}
        try:
            with transaction.atomic():
                known = find_saved(save_id, plan=self.plan, line=self.pk, **text)
                kept = {**text, "language": language, "save_id": save_id, "base_version": base_version}
                known = known or self._keep_beside(**kept)
        except IntegrityError:
            # The same save came twice in one moment and the other was faster: this one has its answer.
            known = find_saved(save_id, plan=self.plan, line=self.pk, **text)
            if known is None:
                raise
        self._read_again()
        return known if known.version is None else None

    def _keep_beside(self, *, save_id, language, base_version, facts, by, **text):
        """Keep words that cannot be the line's. They are found again on Looking back."""
        kept = Revision.unguarded.create(
            save_id=save_id,
            plan=self.plan,
            line=self.pk,
            version=None,
            base_version=base_version,
            **text,
            language=language or self.language,
            voice=self.voice_for(by),
            facts=facts,
            by=by,
            on_device_of=by.on_device_of,
        )
        self.plan.note_change(PlanEvent.LINE_KEPT_BOTH, by=by, line=self)
        return kept

    def _read_again(self):
        """The line as it stands now, and who changed it. The plan it is in is the one that was opened."""
        plan = self.plan
        self.refresh_from_db(from_queryset=type(self).unguarded.select_related(*self.READ_WITH))
        self.plan = plan

    def _compare_and_set(self, new, *, base_version, by):
        """One UPDATE with every condition in it: still this version, still there, and still theirs."""
        new |= {"voice": self.voice_for(by), "read_back_at": None, "changed_at": timezone.now(), "changed_by": by}
        lines = type(self).unguarded.filter(self._pen(by), plan=self.plan, version=base_version, removed_at=None)
        if not lines.update(**new, version=F("version") + 1):
            return False
        for name, value in new.items():
            setattr(self, name, value)
        self.version = base_version + 1
        return True

    @transaction.atomic
    def read_back(self, *, by, base_version):
        """The person says yes to these words: from now on the line is theirs, and nobody else changes it.

        False where it says something else by now, or was taken out: nobody said yes to that. A second yes changes
        nothing. Raises NotAllowedToChange for anybody but the person.
        """
        if by.pk != self.plan.person.user_id:
            raise NotAllowedToChange
        if self.is_gone:
            return False
        lines = type(self).unguarded.filter(pk=self.pk, version=base_version, removed_at=None)
        if lines.exclude(voice=Voice.OWN).filter(read_back_at=None).update(read_back_at=timezone.now()):
            self.plan.note_change(PlanEvent.LINE_READ_BACK, by=by, line=self)
        self._read_again()
        return self.version == base_version and not self.is_gone

    @transaction.atomic
    def take_out(self, *, by):
        """Take the line out of the plan. It is kept, and can be brought back."""
        if not self.may_be_taken_out_by(by):
            raise NotAllowedToChange
        standing = type(self).unguarded.filter(removed_at=None)
        self._change(standing, PlanEvent.LINE_TAKEN_OUT, by=by, removed_at=timezone.now(), removed_by=by)

    @transaction.atomic
    def bring_back(self, *, by):
        """Undo: put a line that was taken out back where it was. What the person took out, only they bring back."""
        self.require_pen(by)
        if self.removed_by_id == self.plan.person.user_id and by.pk != self.removed_by_id:
            raise NotAllowedToChange
        gone = type(self).unguarded.exclude(removed_at=None)
        if by.pk != self.plan.person.user_id:
            gone = gone.exclude(removed_by=self.plan.person.user_id)
        self._change(gone, PlanEvent.LINE_BROUGHT_BACK, by=by, removed_at=None, removed_by=None)

    def _change(self, rows, what, *, by, **new):
        """Change this line if it is among these rows and still theirs to change; says whether anything changed."""
        changed = rows.filter(self._pen(by)).update(**new)
        if changed:
            self.plan.note_change(what, by=by, line=self)
        self.refresh_from_db(fields=["voice", "read_back_at", "changed_by", *new])
        self.require_pen(by)
        return bool(changed)

    def _add_revision(self, *, save_id, version, base_version, by, facts):
        """Keep the line's text as it stands now."""
        Revision.unguarded.create(
            save_id=save_id,
            plan=self.plan,
            line=self.pk,
            version=version,
            base_version=base_version,
            **self.text,
            language=self.language,
            voice=self.voice,
            facts=facts,
            by=by,
            on_device_of=by.on_device_of,
        )


def digest_of(**facts):
    """A digest of what was sent beside the text. The position of a line is given by the plan and is not part of it."""
    values = sorted((name, str(value)) for name, value in facts.items() if name not in ("position", "phone"))
    return hashlib.sha256(repr(values).encode()).hexdigest()


def find_saved(save_id, *, plan, by, words, detail, facts, phone="", line=None):
    """The revision this save made the first time, or None.

    Raises NotAllowedToChange for a save of somebody else's, and SaveIdReused for one's own with other words or facts.
    """
    known = Revision.unguarded.filter(save_id=save_id).first()
    if known is None:
        return None
    if known.plan_id != plan.pk or known.by_id != by.pk:
        raise NotAllowedToChange
    made = (known.words, known.detail, known.phone, known.facts)
    if (line is not None and known.line != line) or made != (words, detail, phone, facts):
        raise SaveIdReused
    return known


def words_fit(name):
    """The database's own limit of length: at most 15,000 characters, on both databases."""
    return models.CheckConstraint(
        condition=models.lookups.LessThanOrEqual(Length("words"), MAX_LENGTH), name=f"{name}_words_fit"
    )
