"""A test that was skipped has shown nothing; CI must not take it for a pass."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow  # each starts a pytest of its own
PASSES = "def test_passes(): pass\n"
SKIPS = "import pytest\n@pytest.mark.skip(reason='not here')\ndef test_skips(): pass\n"
SKIPS_WHOLE = "import pytest\npytest.importorskip('nothing_of_this_name')\ndef test_skips(): pass\n"


def run(folder, text, *options, ci):
    (folder / "test_it.py").write_text(text)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CI", "PYTEST"))}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.infrastructure.nothing_skipped",
            "-p",
            "no:django",
            "-p",
            "no:cacheprovider",
            f"--rootdir={folder}",
            "-c",
            os.devnull,
            *options,
            str(folder),
        ],
        cwd=ROOT,
        env=environment | ({"CI": "true"} if ci else {}),
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("text", [SKIPS, SKIPS_WHOLE])
def test_in_ci_a_skipped_test_fails_the_run_and_is_named(tmp_path, text):
    (tmp_path / "test_other.py").write_text(PASSES)
    result = run(tmp_path, text, ci=True)
    assert result.returncode == 1
    assert "skipped, which CI does not allow" in result.stdout
    assert "test_it.py" in result.stdout.split("CI does not allow")[1]


def test_it_is_seen_from_a_parallel_run_too(tmp_path):
    assert run(tmp_path, PASSES + SKIPS, "-n", "1", ci=True).returncode == 1


def test_in_ci_a_run_without_a_skip_passes(tmp_path):
    assert run(tmp_path, PASSES, ci=True).returncode == 0


def test_at_a_desk_a_skip_is_only_a_skip(tmp_path):
    assert run(tmp_path, PASSES + SKIPS, ci=False).returncode == 0
