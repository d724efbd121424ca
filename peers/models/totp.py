"""TOTP (RFC 6238), which pages call the second lock: a six-digit code from an app, for staff who turn it on."""

import pyotp
from django.db import models, transaction
from django.utils import timezone

from peers.encryption import fernet_for
from peers.events import PeopleEvent
from peers.models.organization_log import Event
from peers.signals import way_in_changed

PURPOSE = "second lock"  # part of the encryption key: with another, no secret of today can be decrypted


class TotpDevice(models.Model):
    """One user's code app. Signing in asks for a code only once a first code has been right."""

    digits = 6

    user = models.OneToOneField("peers.User", on_delete=models.CASCADE, primary_key=True, related_name="totp_device")
    encrypted_secret = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)

    def __str__(self):
        return f"TOTP device of {self.user_id}"

    @classmethod
    def prepare(cls, *, user):
        """A device not yet turned on, with a new secret unless one is waiting; or the one that is on."""
        new = {"encrypted_secret": fernet_for(PURPOSE).encrypt(pyotp.random_base32().encode())}
        device, _created = cls.objects.get_or_create(user=user, defaults=new)
        return device

    @classmethod
    def is_on(cls, *, user):
        """Whether this user's way in asks for a code."""
        return cls.objects.filter(user=user, confirmed_at__isnull=False).exists()

    @property
    def secret(self):
        return fernet_for(PURPOSE).decrypt(bytes(self.encrypted_secret)).decode()

    def provisioning_uri(self, *, issuer):
        """What the code app reads from the QR code (otpauth://…)."""
        return pyotp.TOTP(self.secret).provisioning_uri(name=self.user.username or "", issuer_name=issuer)

    @transaction.atomic
    def verify(self, code):
        """Whether this code is right, up to one step early or late. Each code is right once."""
        device = TotpDevice.objects.select_for_update(no_key=True).get(pk=self.pk)
        totp = pyotp.TOTP(device.secret)
        step_now = int(timezone.now().timestamp()) // totp.interval
        for step in (step_now - 1, step_now, step_now + 1):
            if step > device.last_step and pyotp.utils.strings_equal(totp.at(step * totp.interval), code):
                TotpDevice.objects.filter(pk=device.pk).update(last_step=step)
                return True
        return False

    @transaction.atomic
    def turn_on(self, *, code):
        """Turn the second lock on with a first right code. Returns whether it was right.

        Their other sessions end: whoever came in without the code must not stay.
        """
        if not self.verify(code):
            return False
        TotpDevice.objects.filter(pk=self.pk).update(confirmed_at=timezone.now())
        self.user.end_all_sessions()
        Event.note(PeopleEvent.SECOND_LOCK_ON, by=self.user, about=self.user.pk)
        way_in_changed.send(TotpDevice, user=self.user, by=self.user, what=PeopleEvent.SECOND_LOCK_ON, card=None)
        return True

    @transaction.atomic
    def turn_off(self, *, by, organization=None):
        """Turn the second lock off: its owner, an administrator of this organization, or by the server (`by` is None).

        Unless it is its owner who does it, their sessions end. Says whether it was on.
        """
        user = self.user
        user.lock()  # of two taps at once, the second finds nothing to turn off
        if not TotpDevice.objects.filter(pk=user.pk).exists():
            return False
        Event.note(PeopleEvent.SECOND_LOCK_OFF, by=by, organization=organization, about=user.pk)
        way_in_changed.send(TotpDevice, user=user, by=by, what=PeopleEvent.SECOND_LOCK_OFF, card=None)
        self.delete()
        if by != user:
            user.end_all_sessions()
        return True
