"""Nothing that was called saved is ever lost: three real workers, two people at once, and workers that die midway."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from tests.durability import (
    KEPT,
    REFUSED,
    SAVED,
    Device,
    Receipt,
    killer,
    running_server,
    what_went_wrong,
)

# On the database of this run: SQLite, or the private PostgreSQL that ./test makes.
live = [pytest.mark.django_db, pytest.mark.slow]
TEXTS = ["Señora Ruiz é😀\nsays hello", "我很好\n\nوأنا أيضا", "e\u0301 is not é\n", "  two  spaces\t\n👩‍👩‍👧 "]


def words(device, turn):
    return f"{random.choice(TEXTS)} {device} {turn}"


def save_many(device, name, *, times):
    """One device changes Maya's own line again and again; now and then a save is tapped twice in one moment."""
    receipts, line = [], device.server.own
    twin = Device(device.server, device.username, device.cookies)
    with ThreadPoolExecutor(1) as second_tap:
        for turn in range(times):
            form = device.open_form(line)
            text = words(name, turn)
            if turn % 5 == 0:
                tapped = second_tap.submit(twin.save, line, form, text)
                receipts += [device.save(line, form, text), tapped.result()]
            else:
                receipts.append(device.save(line, form, text))
    return receipts


def mayas_devices(server, *, count):
    return [Device(server, "maya").sign_in() for _ in range(count)]


def save_at_once(devices, *, times):
    """Maya on several devices, all of them changing one line at the same time."""
    with ThreadPoolExecutor(len(devices)) as pool:
        runs = [pool.submit(save_many, device, f"d{n}", times=times) for n, device in enumerate(devices)]
        return [receipt for run in runs for receipt in run.result()]


def each_save_once(receipts):
    """One save tapped twice is one save: both answers must be the same, and then one of them stands for both."""
    by_id = {}
    for receipt in receipts:
        first = by_id.setdefault(receipt.save_id, receipt)
        assert first.answer == receipt.answer, f"one save, two answers: {first} {receipt}"
        first.tries = max(first.tries, receipt.tries)
    return list(by_id.values())


def answers(receipts):
    return {answer: sum(receipt.answer == answer for receipt in receipts) for answer in (SAVED, KEPT, REFUSED)}


class TestWithRealWorkers:
    pytestmark = live

    def test_when_maya_saves_from_three_devices_at_once_nothing_is_lost(self):
        with running_server(lines=0) as server:
            receipts = each_save_once(save_at_once(mayas_devices(server, count=3), times=25))
            server.stop()
            assert what_went_wrong(receipts, server.held()) == []
        assert len(receipts) == 75
        counts = answers(receipts)
        assert counts[SAVED] > 20
        assert counts[KEPT] > 5, f"too little happened at once to mean anything: {counts}"
        assert counts[REFUSED] == 0

    def test_when_maya_and_sam_save_one_line_at_once_both_texts_are_kept(self):
        with running_server(lines=25) as server:
            maya, sam = Device(server, "maya").sign_in(), Device(server, "sam").sign_in()
            at_once, receipts = Barrier(2, timeout=30), []

            def save(device, line, form, text):
                at_once.wait()
                return device.save(line, form, text)

            with ThreadPoolExecutor(2) as pool:
                for line in server.typed:
                    forms = [(device, device.open_form(line)) for device in (maya, sam)]
                    runs = [
                        pool.submit(save, device, line, form, words(device.username, line)) for device, form in forms
                    ]
                    hers, his = (run.result() for run in runs)
                    # Once the line is Maya's own, Sam is told so: nothing of his is called saved.
                    assert SAVED in (hers.answer, his.answer)
                    assert hers.answer in (SAVED, KEPT)
                    receipts += [hers, his]
            server.stop()
            assert what_went_wrong(receipts, server.held()) == []

    def test_when_workers_are_killed_midway_no_acknowledged_save_is_lost(self):
        with running_server(lines=0) as server:
            devices = mayas_devices(server, count=3)
            with killer(server) as killed:
                receipts = save_at_once(devices, times=10)
                while len(killed) < 10 or len(receipts) < 120:
                    receipts += save_at_once(devices, times=10)
            server.stop()
            receipts = each_save_once(receipts)
            assert what_went_wrong(receipts, server.held()) == []
        assert len(receipts) >= 100
        assert len(killed) >= 8
        assert any(receipt.tries > 1 for receipt in receipts), "no save was ever left unanswered; nothing was shown"

    def test_the_harness_sees_saves_that_an_app_calls_saved_and_takes_back(self):
        with running_server(application="tests.lossy_wsgi", lines=0) as server:
            receipts = each_save_once(save_at_once(mayas_devices(server, count=1), times=20))
            server.stop()
            assert any("is lost" in found for found in what_went_wrong(receipts, server.held()))


# --- the check itself ---

LINE = "line"


def receipt(save_id, *, version, answer=SAVED, text="é😀\n"):
    return Receipt(save_id=save_id, line=LINE, base_version=version - 1, words=text, answer=answer, tries=1)


def row(save_id, version, *, base=None, text="é😀\n"):
    base = version - 1 if base is None else base
    return {"save_id": save_id, "line": LINE, "version": version, "base_version": base, "words": text}


def held(*rows, version, text="é😀\n"):
    return {"revisions": list(rows), "lines": [{"code": LINE, "version": version, "words": text}]}


GOOD_RECEIPTS = [receipt("a", version=2), receipt("b", version=2, answer=KEPT)]
GOOD_ROWS = [row("first", 1), row("a", 2), row("b", None, base=1)]


def test_the_check_is_content_where_all_is_well():
    assert what_went_wrong(GOOD_RECEIPTS, held(*GOOD_ROWS, version=2)) == []


@pytest.mark.parametrize(
    "receipts, rows, found",
    [
        ([*GOOD_RECEIPTS, receipt("gone", version=3)], GOOD_ROWS, "is lost"),
        ([*GOOD_RECEIPTS, receipt("gone", version=2, answer=KEPT)], GOOD_ROWS, "is lost"),
        (GOOD_RECEIPTS, [row("first", 1), row("a", 2, text="e"), row("b", None, base=1)], "changed on the way"),
        (GOOD_RECEIPTS, [*GOOD_ROWS, row("a", 2)], "stands 2 times"),
        (GOOD_RECEIPTS, [*GOOD_ROWS[:2], row("b", 3, base=2)], "not None"),
        (GOOD_RECEIPTS, [row("first", 1), row("a", 3, base=1), row("b", None, base=1)], "has the versions [1, 3]"),
        (GOOD_RECEIPTS, [*GOOD_ROWS, row("c", None, base=1)], "sent by nobody"),
        ([*GOOD_RECEIPTS, receipt("c", version=2, answer="")], GOOD_ROWS, "never had an answer"),
        ([replace(GOOD_RECEIPTS[0], answer=REFUSED), GOOD_RECEIPTS[1]], GOOD_ROWS, "kept all the same"),
    ],
)
def test_the_check_finds_what_went_wrong(receipts, rows, found):
    assert any(found in problem for problem in what_went_wrong(receipts, held(*rows, version=2)))


def test_the_check_finds_a_line_that_does_not_say_what_was_saved_last():
    found = what_went_wrong(GOOD_RECEIPTS, held(*GOOD_ROWS, version=2, text="older"))
    assert found == ["line line does not say what was saved last"]
