"""The lists of single changes speak of today's code: what a rename leaves behind is told here, and none is tried.

`./test mutants` tries them.
"""

from collections import Counter
from pathlib import Path

import pytest

from tests.mutants.changes import Change, WrongList, check, read_lists

ROOT = Path(__file__).resolve().parents[2]


def wrong_with(changes):
    """What is wrong with each of these, all of it at once."""
    found = []
    for change in changes:
        try:
            check(change, ROOT)
        except WrongList as wrong:
            found.append(str(wrong))
    return found


def test_each_change_can_be_made_at_one_place_and_its_tests_are_there():
    changes = read_lists()
    assert len(changes) > 60
    assert wrong_with(changes) == []


def test_no_change_is_in_the_lists_twice():
    made = Counter((change.file, change.before, change.after) for change in read_lists())
    assert [change for change, times in made.items() if times > 1] == []


# --- the test of the test ---


@pytest.mark.parametrize(
    "wrong",
    [
        {"before": "the words of another day"},
        {"before": "def "},
        {"file": "tests/mutants/renamed.py"},
        {"tests": ("tests/mutants/test_renamed.py",)},
        {"tests": ("tests/mutants/test_changes.py::test_of_another_name",)},
    ],
    ids=["no place", "several places", "no such file", "no such file of tests", "no such test"],
)
def test_a_change_left_behind_by_a_rename_is_found(wrong):
    own = "tests/mutants/test_changes.py::test_a_change_left_behind_by_a_rename_is_found"
    true = {"id": "M1", "file": "tests/mutants/changes.py", "before": "count != 1", "after": "False", "tests": (own,)}
    assert wrong_with([Change(**true)]) == []
    assert len(wrong_with([Change(**true | wrong)])) == 1
