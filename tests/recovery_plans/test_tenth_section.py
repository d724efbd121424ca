"""The tests of the sections are tested themselves: on a copy of the project, with a tenth section planted in it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.copies import Copy, clean_environment

pytestmark = pytest.mark.slow  # copies the project, and starts pytest anew four times

ROOT = Path(__file__).resolve().parent.parent.parent
SECTIONS = "recovery_plans/sections.py"
LAST_SECTION = '    HARD_DAYS = "hard_days", _("On a hard day")\n'
LAST_ROW = "\n)\n\n_BY_SECTION"
TENTH_SECTION = '    HOBBIES = "hobbies", _("What I do for fun")\n'
TENTH_ROW = '\n    SectionRow(section=Section.HOBBIES, icon="sun", paper_order=95),'
PLACES = {
    "it_has_one_row_and_an_icon",
    "it_is_on_the_plan_page",
    "it_is_in_about_me",
    "it_can_be_gone_to_side_by_side",
    "it_is_in_the_pdf",
    "it_can_be_chosen_for_a_print_and_left_out",
    "walking_together_opens_it_unless_it_is_private",
}
PROMPTS = "its_prompts_are_asked_on_its_pages_and_on_a_sheet_to_fill_in"


class Project:
    """A copy of the project that can be written in and tested."""

    def __init__(self, folder):
        self.copy, self.folder = Copy(ROOT, folder / "copy", 0), folder / "copy"
        self.var = folder / "var"
        self.var.mkdir()

    def write(self, before, after):
        path = self.folder / SECTIONS
        text = path.read_text()
        assert text.count(before) == 1
        path.write_text(text.replace(before, after))

    def manage(self, *command):
        settings = {"MODE": "local", "SECRET_KEY": "x" * 60, "VAR_DIR": str(self.var)}
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=self.folder,
            env=clean_environment("") | settings,
            capture_output=True,
            text=True,
        )

    def make_migration(self):
        made = self.manage("makemigrations", "recovery_plans", "--name", "a_tenth_section", "--skip-checks")
        assert made.returncode == 0, made.stderr

    def failed(self, *, wanted="hobbies"):
        """The tests of the sections that fail, each by its name and, in brackets, what it was tried with."""
        ended = self.copy.test(["tests/recovery_plans/test_sections.py"], "-n", "0", "-k", wanted)
        assert ended.passed or ended.failed, ended.output
        found = re.findall(r"^FAILED \S+?::test_(\w+)\[(\S+)\]", ended.output, re.MULTILINE)
        assert ended.passed or found, ended.output
        return {(name, with_what) for name, with_what in found}


def test_a_tenth_section_fails_wherever_it_is_missing(tmp_path):
    project = Project(tmp_path)
    project.write(LAST_SECTION, LAST_SECTION + TENTH_SECTION)

    # Only its name: first the database does not know it.
    assert project.failed(wanted="hobbies and the_database_knows_it") == {("the_database_knows_it", "hobbies")}
    told = project.manage("check").stderr
    assert "The section 'hobbies' has no row in recovery_plans/sections.py." in told
    project.make_migration()
    failed = project.failed()
    assert {name for name, _with_what in failed} >= PLACES | {PROMPTS}
    assert ("the_database_knows_it", "hobbies") not in failed

    # With its row it is everywhere, and only its prompts are missing.
    project.write(LAST_ROW, TENTH_ROW + LAST_ROW)
    assert project.failed() == {(PROMPTS, "en-hobbies"), (PROMPTS, "es-hobbies")}
    told = project.manage("check").stderr
    assert "no row" not in told
    for language in ("en", "es"):
        assert f"The section 'hobbies' is not in recovery_plans/prompts/{language}.yaml." in told
