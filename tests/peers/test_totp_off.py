"""Someone lost the phone with their code app: whoever runs the server lets them in again."""

import pyotp
import pytest
from django.core.management import CommandError, call_command

from peers.models import Event, TotpDevice


def test_sam_lost_the_phone_and_signs_in_with_the_passphrase_again(cast, browser_of):
    lock = TotpDevice.prepare(user=cast.sam)
    assert lock.turn_on(code=pyotp.TOTP(lock.secret).now())
    open_screen = browser_of(cast.sam)
    call_command("second_lock_off", "Sam")
    assert not TotpDevice.objects.filter(user=cast.sam).exists()
    assert open_screen.get("/today/").status_code == 302
    assert Event.objects.filter(what="second_lock_off", about=cast.sam.pk).exists()


def test_nothing_happens_for_someone_without_a_second_lock(cast):
    TotpDevice.prepare(user=cast.dana)  # she looked at the page, and left it at that
    with pytest.raises(CommandError, match="Nobody"):
        call_command("second_lock_off", "dana")
    assert not Event.objects.filter(what="second_lock_off").exists()
