"""Staff who lost the phone with their code app, or forgot their passphrase, come in again; and whoever came in without
the second lock does not stay.
"""

import re

import pyotp
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from peers.models import Event, PassphraseLink, Person, RecoveryCode, TotpDevice
from tests.cast import PASSPHRASE
from tests.concurrency import all_at_once

NEW = "seven lamps by the quiet river"


def tries(browser, username="sam", passphrase=PASSPHRASE):
    return browser.post("/sign-in/", {"username": username, "passphrase": passphrase})


def is_in(browser):
    return browser.get("/settings/").status_code == 200


def turns_lock_on(browser, user):
    browser.get("/settings/second-lock/")
    code = pyotp.TOTP(TotpDevice.objects.get(user=user).secret).now()
    return browser.post("/settings/second-lock/", {"code": code})


# --- the second lock ---


def test_turning_the_second_lock_on_ends_every_other_session_and_this_one_stays(cast, browser_of):
    own, forgotten = browser_of(cast.sam), browser_of(cast.sam)
    turns_lock_on(own, cast.sam)
    assert is_in(own)
    assert not is_in(forgotten)


def test_sam_lost_his_phone_and_comes_in_by_a_recovery_code_once(cast, browser_of):
    codes = turns_lock_on(browser_of(cast.sam), cast.sam).context["codes"]
    assert len(set(codes)) == 8
    for number, code in enumerate(codes):
        browser = browser_of(REMOTE_ADDR=f"198.51.100.{number}")
        tries(browser)
        browser.post("/sign-in/code/", {"code": code})
        assert is_in(browser)
    again = browser_of()
    tries(again)
    assert again.post("/sign-in/code/", {"code": codes[0]}).status_code == 200
    assert not is_in(again)
    assert Event.objects.filter(what="recovery_code_used", by=cast.sam.pk).count() == 8


@pytest.mark.django_db(transaction=True)
def test_one_recovery_code_in_two_hands_at_once_opens_one_time(cast, browser_of):
    code = turns_lock_on(browser_of(cast.sam), cast.sam).context["codes"][0].replace(" ", "")
    device = TotpDevice.objects.get(user=cast.sam)
    answers = all_at_once(lambda: RecoveryCode.use(device=device, code=code), times=4)
    assert sorted(answers) == [False, False, False, True]


def test_recovery_codes_are_of_one_lock_and_are_guessed_no_faster_than_its_numbers(cast, browser_of):
    turns_lock_on(browser_of(cast.dana), cast.dana)
    danas = RecoveryCode.make(device=TotpDevice.objects.get(user=cast.dana))
    turns_lock_on(browser_of(cast.sam), cast.sam)
    browser = browser_of()
    tries(browser)
    codes = [browser.post("/sign-in/code/", {"code": code}).status_code for code in danas]
    assert codes == [200] * 5 + [429] * 3
    assert not is_in(browser)


def test_only_hashes_of_recovery_codes_are_kept_and_they_go_with_the_lock(cast, browser_of):
    codes = turns_lock_on(browser_of(cast.sam), cast.sam).context["codes"]
    kept = " ".join(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert not [code for code in codes if code in kept or code.replace(" ", "") in kept]
    TotpDevice.objects.get(user=cast.sam).turn_off(by=cast.sam)
    assert not RecoveryCode.objects.exists()


# --- a forgotten passphrase ---


def link_for(browser, user):
    page = browser.post(f"/organization/team/{user.pk}/passphrase/")
    return page, page.context.get("link", "").replace("http://testserver", "")


def test_ines_makes_a_link_for_sam_who_chooses_a_new_passphrase_once(cast, browser_of):
    ines, open_screen = browser_of(cast.ines), browser_of(cast.sam)
    assert f"/organization/team/{cast.sam.pk}/passphrase/" in ines.get("/organization/").content.decode()
    assert "link" not in ines.get(f"/organization/team/{cast.sam.pk}/passphrase/").context
    _page, link = link_for(ines, cast.sam)
    assert not PassphraseLink.objects.filter(token_hash__contains=link.split("/")[2]).exists(), "only a hash is kept"
    sam = browser_of()
    assert "sam" in sam.get(link).content.decode()
    assert sam.post(link, {"passphrase": "short"}).context["form"].errors
    assert sam.post(link, {"passphrase": NEW}).headers["Location"] == "/sign-in/"
    assert not is_in(sam), "the link alone signs nobody in"
    assert not is_in(open_screen)
    tries(sam, passphrase=PASSPHRASE)
    assert not is_in(sam)
    tries(sam, passphrase=NEW)
    assert is_in(sam)
    assert browser_of().get(link).context["link"] is None
    kinds = {event.what for event in ines.get("/organization/").context["events"]}
    assert {"passphrase_link_made", "passphrase_link_used"} <= kinds


def test_the_second_lock_is_asked_for_all_the_same(cast, browser_of):
    turns_lock_on(browser_of(cast.sam), cast.sam)
    _page, link = link_for(browser_of(cast.ines), cast.sam)
    sam = browser_of()
    sam.post(link, {"passphrase": NEW})
    assert tries(sam, passphrase=NEW).headers["Location"] == "/sign-in/code/"


def test_a_newer_link_an_old_one_and_an_administrator_who_left_end_a_link(cast, browser_of):
    ines = browser_of(cast.ines)
    _page, first = link_for(ines, cast.sam)
    _page, second = link_for(ines, cast.sam)
    assert browser_of().get(first).context["link"] is None
    assert browser_of().get(second).context["link"] is not None
    cast.ines.roles.update(until=timezone.now())
    assert browser_of().get(second).context["link"] is None
    cast.ines.roles.update(until=None)
    PassphraseLink.objects.update(expires_at=timezone.now())
    assert browser_of().post(second, {"passphrase": NEW}).context["link"] is None
    cast.sam.refresh_from_db()
    assert cast.sam.check_password(PASSPHRASE)


def test_no_administrator_makes_a_way_into_a_plan(cast, browser_of):
    """Maya is no staff; Sam has begun a plan of his own; Rosa works elsewhere."""
    ines = browser_of(cast.ines)
    for user in (cast.maya, cast.noor, cast.rosa):
        assert ines.post(f"/organization/team/{user.pk}/passphrase/").status_code == 404
    _page, earlier = link_for(ines, cast.sam)
    Person.on_their_own(user=cast.sam)
    page, link = link_for(ines, cast.sam)
    assert link == ""
    assert "a plan of their own" in page.content.decode()
    assert browser_of().get(earlier).context["link"] is None
    assert not PassphraseLink.objects.filter(user__in=[cast.maya, cast.noor, cast.rosa]).exists()


def test_the_last_administrator_comes_in_again_by_the_command(cast, browser_of, capsys):
    call_command("passphrase_link", "Ines")
    link = re.search(r"/new-passphrase/\S+", capsys.readouterr().out)[0]
    ines = browser_of()
    ines.post(link, {"passphrase": NEW})
    tries(ines, "ines", NEW)
    assert ines.get("/organization/").status_code == 200
    with pytest.raises(CommandError, match="Nobody"):
        call_command("passphrase_link", "nobody-here")
