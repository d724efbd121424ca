"""Users: everyone who can sign in, and how they like to read."""

import unicodedata
import uuid

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password, make_password
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from peers.events import PeopleEvent
from peers.models.former_names import FormerName
from peers.models.organization_log import Event
from peers.pagination import ByName
from peers.signals import way_in_changed


class TextSize(models.IntegerChoices):
    """How large the text is on this person's screens, in percent."""

    USUAL = 100, _("Usual")
    LARGER = 125, _("Larger")
    LARGE = 150, _("Large")
    VERY_LARGE = 200, _("Very large")


class Users(BaseUserManager):
    """How users are made and found."""

    def welcome(self, *, name, username=None, passphrase=None, language="en"):
        """Make a user. Without a passphrase they have no account yet, only a name to call them."""
        user = self.model(name=name, username=signin_name(username) if username else None, language=language)
        user.set_password(passphrase)  # None makes an unusable password
        user.save(force_insert=True, using=self._db)
        return user

    def get_by_natural_key(self, username):
        """The user with this sign-in name, however it was typed."""
        return self.get(username=signin_name(username))


def signin_name(typed):
    """The one spelling under which a sign-in name is kept: 'Sam ' and 'sam' are the same person."""
    return User.normalize_username(typed).strip().casefold()


def as_called(name):
    """A name as it counts for being the same: capitals, spaces and how an accent is written make no difference."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


class User(AbstractBaseUser):
    """Anyone with a name: a person, a peer specialist, a supervisor, an administrator. Some are more than one."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    username = models.CharField(max_length=150, unique=True, null=True, blank=True)
    language = models.CharField(max_length=16, default="en")
    text_size = models.PositiveSmallIntegerField(choices=TextSize, default=TextSize.USUAL)
    plain_font = models.BooleanField(default=False)
    calm = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    welcomed_at = models.DateTimeField(null=True, blank=True)
    # Goes up when all their sessions must end at once: a card was turned off, a role has ended.
    session_version = models.PositiveIntegerField(default=0)
    # With which a peer specialist takes back a device that is in a person's hands; hashed, empty for none.
    device_pin = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    last_login = None  # nobody needs to know when someone last signed in
    on_device_of = None  # during a request: whoever lent them the device they are at (peers/hands.py)

    objects = Users()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="one_signin_name_without_case"),
            models.CheckConstraint(condition=~models.Q(name=""), name="user_has_a_name_to_call_them"),
            models.CheckConstraint(condition=~models.Q(username=""), name="signin_name_is_a_name_or_nothing"),
            models.CheckConstraint(condition=models.Q(text_size__in=TextSize.values), name="text_size_is_one_of_four"),
        ]
        indexes = [models.Index(ByName("name"), "code", name="users_by_name")]

    def __str__(self):
        return f"user {self.code}"

    def get_session_auth_hash(self):
        """What a session must match to stay valid. It changes with the passphrase and with `session_version`."""
        value = f"{self.password}:{self.session_version}"
        return salted_hmac("peers.User.session", value, algorithm="sha256").hexdigest()

    @property
    def has_passphrase(self):
        return bool(self.username) and self.has_usable_password()

    def roles_now(self):
        """The staff roles they hold today, oldest first, with their organizations; one query a request."""
        if not hasattr(self, "_roles_now"):
            held = self.roles.filter(until=None).select_related("organization")
            self._roles_now = list(held.order_by("since", "code"))
        return self._roles_now

    def holds(self, role):
        """Whether they hold this staff role in any organization today."""
        return any(held.role == role for held in self.roles_now())

    def lock(self):
        """Until the caller's transaction ends, other transactions that lock this user wait, such as a second tap."""
        User.objects.select_for_update(no_key=True).get(pk=self.pk)

    @transaction.atomic
    def end_all_sessions(self):
        """End every session of theirs, on every device."""
        User.objects.filter(pk=self.pk).update(session_version=models.F("session_version") + 1)
        self.refresh_from_db(fields=["session_version"])

    @transaction.atomic
    def take_passphrase(self, *, username, passphrase):
        """Take a sign-in name and a passphrase of one's own. Ends their sessions on other devices."""
        self.username = signin_name(username)
        self.set_password(passphrase)
        self.save(update_fields=["username", "password"])
        Event.note(PeopleEvent.PASSPHRASE_TAKEN, by=self, about=self.pk)
        way_in_changed.send(User, user=self, by=self, what=PeopleEvent.PASSPHRASE_TAKEN, card=None)

    @transaction.atomic
    def end_passphrase(self):
        """Give up the sign-in name and the passphrase, and with them the second lock. Ends their sessions."""
        self.username = None
        self.set_unusable_password()
        self.save(update_fields=["username", "password"])
        Event.note(PeopleEvent.PASSPHRASE_ENDED, by=self, about=self.pk)
        way_in_changed.send(User, user=self, by=self, what=PeopleEvent.PASSPHRASE_ENDED, card=None)

    @transaction.atomic
    def take_device_pin(self, pin):
        """Choose the short PIN that takes their device back out of a person's hands; "" for none."""
        self.device_pin = make_password(pin) if pin else ""
        self.save(update_fields=["device_pin"])

    def fits_device_pin(self, pin):
        return check_password(pin, self.device_pin)

    @transaction.atomic
    def read_like(self, *, name, language, text_size, plain_font, calm):
        """What to call them, and how they like to read."""
        self.take_name(name)
        self.language, self.text_size = language, text_size
        self.plain_font, self.calm = plain_font, calm
        self.save(update_fields=["language", "text_size", "plain_font", "calm"])

    @transaction.atomic
    def take_name(self, name):
        """From now on they are called this.

        What they were called before is kept for whoever works or worked in an organization, and for nobody else: only
        they stand in somebody else's log.
        """
        self.lock()  # of two changes at once, each keeps the name that it took the place of
        before = User.objects.values_list("name", flat=True).get(pk=self.pk)
        self.name = name
        if name != before:
            self.save(update_fields=["name"])
            if self.roles.exists():
                FormerName.objects.create(user=self.pk, name=before)

    @transaction.atomic
    def read_in(self, *, language):
        """From now on their pages are in this language."""
        self.language = language
        self.save(update_fields=["language"])

    @transaction.atomic
    def arrive(self):
        """They have read the page that comes before the first time. A second call changes nothing."""
        User.objects.filter(pk=self.pk, welcomed_at=None).update(welcomed_at=timezone.now())
        self.refresh_from_db(fields=["welcomed_at"])


def nearest_language(language):
    """The language of pages that is nearest to this one; English where none is."""
    known = dict(settings.LANGUAGES)
    return language if language in known else language.split("-")[0] if language.split("-")[0] in known else "en"
