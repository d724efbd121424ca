"""The test of the tests is tested itself: on a small project of two files, with changes planted in it."""

import os

import pytest

from tests.mutants.__main__ import main

pytestmark = pytest.mark.slow  # each starts pytest anew, twice or more

CODE = "def add(a, b):\n    return a + b\n\n\ndef double(a):\n    return add(a, a)\n"
TESTS = "from sums import add\n\n\ndef test_adding():\n    assert add(2, 2) == 4\n"
ENTRY = """
- id: {id}
  file: sums.py
  before: "{before}"
  after: "{after}"
  tests: [test_sums.py]
"""


@pytest.fixture
def project(tmp_path):
    """Sums, their one test, and a list of changes that is still empty."""
    root = tmp_path / "project"
    (root / "changes").mkdir(parents=True)
    (root / "sums.py").write_text(CODE)
    (root / "test_sums.py").write_text(TESTS)
    return root


def try_changes(project, *changes, wanted=()):
    (project / "changes" / "sums.yaml").write_text("\n".join(changes))
    return main(wanted, root=project, lists=project / "changes", workers=1)


NOTICED = ENTRY.format(id="M1", before="a + b", after="a - b")
NOT_NOTICED = ENTRY.format(id="M2", before="add(a, a)", after="add(a, 0)")
ENDLESS = ENTRY.format(id="M3", before="return a + b", after="while True: pass")


def test_a_change_that_a_test_notices_is_caught(project, capsys):
    assert try_changes(project, NOTICED) == 0
    assert "M1    sums.py  caught: test_sums.py::test_adding" in capsys.readouterr().out
    assert (project / "sums.py").read_text() == CODE


def test_the_test_that_noticed_is_named_though_something_was_logged_before_it_failed(project, capsys):
    logs = "    import logging\n\n    logging.error('this is no test')\n"
    (project / "test_sums.py").write_text(TESTS.replace("    assert", logs + "    assert"))
    assert try_changes(project, NOTICED) == 0
    assert "caught: test_sums.py::test_adding" in capsys.readouterr().out


def test_a_change_that_nothing_notices_makes_the_run_fail(project, capsys):
    assert try_changes(project, NOTICED, NOT_NOTICED) == 1
    output = capsys.readouterr().out
    assert "M2    sums.py  NOT CAUGHT by test_sums.py" in output
    assert output.splitlines()[-1] == "1 passed, 1 failed"


def test_only_the_changes_asked_for_are_tried(project, capsys):
    assert try_changes(project, NOTICED, NOT_NOTICED, wanted=["M1"]) == 0
    assert "M2" not in capsys.readouterr().out
    assert try_changes(project, NOTICED, wanted=["M7"]) == 2
    assert "M7: no list has this id" in capsys.readouterr().out


def test_an_endless_loop_is_caught(project, capsys, monkeypatch):
    monkeypatch.setattr("tests.mutants.copies.CPU_SECONDS", 3)
    assert try_changes(project, ENDLESS) == 0
    assert "M3    sums.py  caught: ended by SIG" in capsys.readouterr().out


def test_code_that_does_not_pass_unchanged_makes_the_run_fail(project, capsys):
    (project / "test_sums.py").write_text(TESTS.replace("== 4", "== 5"))
    assert try_changes(project, NOTICED) == 1
    output = capsys.readouterr().out
    assert "control on sqlite: NOT PASSED" in output
    assert "caught" not in output


def test_a_change_that_only_breaks_the_code_counts_for_nothing(project, capsys):
    assert try_changes(project, ENTRY.format(id="M4", before="def add", after="def add(")) == 1
    assert "M4    sums.py  NOT TRIED: pytest could not run the tests" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change,complaint",
    [
        (ENTRY.format(id="M5", before="(a", after="(b"), "M5: `before` stands 3 times in sums.py"),
        (ENTRY.format(id="M5", before="a * b", after="b"), "M5: `before` stands 0 times in sums.py"),
        (NOTICED + NOTICED, "M1: this id stands more than once"),
        (NOTICED.replace("test_sums", "test_more"), "M1: test_more.py is not there"),
        (NOTICED.replace("file: sums", "file: more"), "M1: more.py is not there"),
        (NOTICED.replace("  tests: [test_sums.py]", ""), "M1: it has either tests or the reason"),
        (NOTICED + "  equivalent: It is the same.\n", "M1: it has either tests or the reason"),
        (NOTICED + "  data: sqlite\n", "M1: unknown field data"),
    ],
    ids=["several places", "no place", "id twice", "no such test", "no such file", "no tests", "both", "unknown field"],
)
def test_a_list_that_is_not_true_any_more_is_loud(project, capsys, change, complaint):
    assert try_changes(project, change) == 2
    assert complaint in capsys.readouterr().out


def test_a_change_struck_out_is_told_with_its_reason_and_not_tried(project, capsys):
    struck_out = NOT_NOTICED.replace("tests: [test_sums.py]", "equivalent: Nobody doubles anything.")
    assert try_changes(project, NOTICED, struck_out) == 0
    assert "M2    equivalent: Nobody doubles anything." in capsys.readouterr().out


def test_nothing_of_a_real_place_reaches_a_copy(project, capsys, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///the-real-one.sqlite3")
    (project / "var").mkdir()
    (project / "var" / "alongside.sqlite3").write_text("Maya's words")
    (project / "test_sums.py").write_text(
        TESTS + "\n\ndef test_alone():\n    import os\n\n"
        "    assert 'DATABASE_URL' not in os.environ and not os.path.exists('var')\n"
    )
    assert try_changes(project, NOTICED) == 0
    assert "DATABASE_URL" in os.environ
