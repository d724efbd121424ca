"""Phone numbers as people type them: what a phone dials, and what it must not."""

import pytest

from peers.phone_numbers import numbers_to_call

DIALED = {
    "508-555-0142": ["tel:5085550142"],
    " (508) 555-0142 ": ["tel:5085550142"],
    "508.555.0142": ["tel:5085550142"],
    "5085550142": ["tel:5085550142"],
    "1 508 555 0142": ["tel:15085550142"],
    "+1 508 555 0199": ["tel:+15085550199"],
    "+44 20 7946 0018": ["tel:+442079460018"],
    "06 12 34 56 78": ["tel:0612345678"],
    "555-0142": ["tel:5550142"],
    "988": ["tel:988"],
    "٥٠٨-٥٥٥-٠١٤٢": ["tel:5085550142"],
    "508-555-0142 x12": ["tel:5085550142,12"],
    "508-555-0142 ext. 12": ["tel:5085550142,12"],
    "1-800-QUIT-NOW": ["tel:18007848669"],
    "1-800-662-HELP": ["tel:18006624357"],
    # What stands around a number dials nothing, and two numbers are two.
    "508-555-0142 HOME": ["tel:5085550142"],
    "508-555-0142, after 7": ["tel:5085550142"],
    "988, press 2": ["tel:988"],
    "home 508-555-0142, work 508-555-0199": ["tel:5085550142", "tel:5085550199"],
    "رقم 508-555-0142": ["tel:5085550142"],
    "508-555-0142 / 508-555-0199": ["tel:5085550142", "tel:5085550199"],
    "508-555-0142 508-555-0199": ["tel:5085550142", "tel:5085550199"],
    "555-0142 988": ["tel:5550142", "tel:988"],
    "1234567890123456": [],
    "*67 508-555-0142": [],
    "room 7": [],
    "": [],
}


@pytest.mark.parametrize("typed", DIALED)
def test_a_phone_dials_what_was_typed_and_nothing_else(typed):
    assert [number.tel for number in numbers_to_call(typed)] == DIALED[typed]


def test_each_number_is_shown_as_it_was_typed():
    first, second = numbers_to_call("home (508) 555-0142, work ٥٠٨-٥٥٥-٠١٩٩")
    assert (first.typed, second.typed) == ("(508) 555-0142", "٥٠٨-٥٥٥-٠١٩٩")


def test_a_number_with_an_extension_takes_no_texts():
    assert [number.sms for number in numbers_to_call("508-555-0142")] == ["sms:5085550142"]
    assert [number.sms for number in numbers_to_call("508-555-0142 x12")] == [""]


@pytest.mark.parametrize("typed", ["7" * 80, "-" * 80, "(" * 40 + "1" * 40, "1-" * 40, "A1-" * 26])
def test_odd_text_takes_no_time(typed):
    numbers_to_call(typed * 2)
