"""What it costs to read back: one tap a line, with script and without; and one tap from where the two sit."""

import pytest

from tests.browser.test_friction import at, costs


@pytest.mark.parametrize("runs_script", [True, False])
def test_each_line_is_read_back_in_one_tap(signed_in, cast, plan, runs_script):
    lines = [plan.add_entry(section="strengths", words=words, by=cast.sam) for words in ("I listen", "I sew")]
    with signed_in(cast.maya, at(plan), java_script_enabled=runs_script) as phone:
        phone.tap("Read them back")
        for line in lines:
            phone.sees(line.words)
            phone.tap("Yes, that is me")
        phone.sees("No line waits for my yes.")
        costs(phone, taps=1 + len(lines), loads=1 + len(lines))
    assert not plan.entries.filter(voice="typed", read_back_at=None).exists()


def test_from_the_sitting_reading_back_is_one_tap_away(signed_in, cast, plan):
    plan.add_entry(section="strengths", words="I listen", by=cast.sam)
    with signed_in(cast.sam, f"{at(plan)}together/strengths/") as tablet:
        tablet.tap("Maya reads back")
        tablet.sees("Is this what I said?", "I listen")
        costs(tablet, taps=1, loads=1)
