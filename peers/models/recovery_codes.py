"""Recovery codes: what opens the second lock once each, for someone who has lost the phone with their code app."""

import secrets

from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from peers.events import PeopleEvent
from peers.models.organization_log import Event

CODES_AT_ONCE = 8
DIGITS = 12  # digits, as the keyboard for the six numbers has no letters


class RecoveryCode(models.Model):
    """One of the codes that came with a second lock. It opens once, and goes with the lock. Only a hash is kept."""

    device = models.ForeignKey("peers.TotpDevice", on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "code_hash"], name="each_recovery_code_once")]

    def __str__(self):
        return f"recovery code {self.pk}"

    @staticmethod
    def hash_of(code):
        """A hash keyed with SECRET_KEY: twelve digits alone could be found by trying all."""
        return salted_hmac("peers.RecoveryCode", code, algorithm="sha256").hexdigest()

    @classmethod
    @transaction.atomic
    def make(cls, *, device):
        """New codes for this lock; those of before go. They are returned this once, and kept nowhere."""
        device.recovery_codes.all().delete()
        codes = [f"{secrets.randbelow(10**DIGITS):0{DIGITS}}" for _ in range(CODES_AT_ONCE)]
        cls.objects.bulk_create([cls(device=device, code_hash=cls.hash_of(code)) for code in codes])
        return [" ".join(code[start : start + 4] for start in range(0, DIGITS, 4)) for code in codes]

    @classmethod
    @transaction.atomic
    def use(cls, *, device, code):
        """Whether this is a code of this lock that was not used before. From now on it is."""
        unused = cls.objects.filter(device=device, code_hash=cls.hash_of(code), used_at=None)
        if not unused.update(used_at=timezone.now()):
            return False
        Event.note(PeopleEvent.RECOVERY_CODE_USED, by=device.user, about=device.user.pk)
        return True
