"""The second lock: a six-digit code from an app on the phone, for staff who turn it on."""

import pyotp
from django.db import models, transaction
from django.utils import timezone

from peers.encryption import box
from peers.events import Happened
from peers.models.organization_log import Event

BOXED_AS = "second lock"  # a change here would make every lock of today unreadable


class SecondLock(models.Model):
    """One user's code app. It asks for a code at sign-in only once a first code has fitted."""

    user = models.OneToOneField("peers.User", on_delete=models.CASCADE, primary_key=True, related_name="second_lock")
    boxed_secret = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)

    def __str__(self):
        return f"second lock of {self.user_id}"

    @classmethod
    def prepare(cls, *, user):
        """A lock not yet turned on, with a fresh secret unless one is waiting; or the one that is on."""
        fresh = {"boxed_secret": box(BOXED_AS).encrypt(pyotp.random_base32().encode())}
        lock, _made = cls.objects.get_or_create(user=user, defaults=fresh)
        return lock

    @classmethod
    def is_on(cls, *, user):
        """Whether this user's way in asks for a code."""
        return cls.objects.filter(user=user, confirmed_at__isnull=False).exists()

    @property
    def secret(self):
        return box(BOXED_AS).decrypt(bytes(self.boxed_secret)).decode()

    def address(self, *, issuer):
        """What the code app reads from the square (otpauth://…)."""
        return pyotp.TOTP(self.secret).provisioning_uri(name=self.user.username or "", issuer_name=issuer)

    @transaction.atomic
    def fits(self, code):
        """Whether this code opens the lock now (RFC 6238, one step of slack). Each code opens it once."""
        lock = SecondLock.objects.select_for_update(no_key=True).get(pk=self.pk)
        totp = pyotp.TOTP(lock.secret)
        step_now = int(timezone.now().timestamp()) // totp.interval
        for step in (step_now - 1, step_now, step_now + 1):
            if step > lock.last_step and pyotp.utils.strings_equal(totp.at(step * totp.interval), code):
                SecondLock.objects.filter(pk=lock.pk).update(last_step=step)
                return True
        return False

    @transaction.atomic
    def turn_on(self, *, code):
        """Turn the lock on with a first code that fits. Returns whether it fitted."""
        if not self.fits(code):
            return False
        SecondLock.objects.filter(pk=self.pk).update(confirmed_at=timezone.now())
        Event.note(Happened.SECOND_LOCK_ON, by=self.user, about=self.user.pk)
        return True

    @transaction.atomic
    def turn_off(self, *, by):
        Event.note(Happened.SECOND_LOCK_OFF, by=by, about=self.user.pk)
        self.delete()
