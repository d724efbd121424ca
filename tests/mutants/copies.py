"""A copy of the project's source in which one change is made, tested and taken back."""

import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# The copy does without these: what is kept or fetched for this machine, and what is made anew at every run.
NOT_COPIED = {".git", ".venv", "var", "node_modules"}
MADE_ANEW = shutil.ignore_patterns("__pycache__", "*.pyc", ".*_cache", ".hypothesis")
LINKED = (".venv", "tests/browser/node_modules")  # never changed by a test
# A change can make an endless loop, which counts as noticed: the limit is CPU time, so that a busy machine does not
# matter. The other limit is for what waits for ever.
CPU_SECONDS = 300
WALL_SECONDS = 1200
PASSED, FAILED = 0, 1  # as pytest leaves; whatever else is above nought did not get as far as the tests


@dataclass(frozen=True)
class Outcome:
    """How a run of pytest ended."""

    passed: bool
    failed: bool  # a test failed, or the run was ended at a limit; neither of both: it could not be run
    why: str
    output: str = ""


class Copy:
    """One worker's own copy of the source."""

    def __init__(self, root, folder, number):
        self.root, self.folder, self.number = Path(root), Path(folder), number
        shutil.copytree(self.root, self.folder, ignore=self._ignored, symlinks=True)
        for name in LINKED:
            if (self.root / name).exists():
                (self.folder / name).symlink_to((self.root / name).resolve())

    def _ignored(self, folder, names):
        return {name for name in names if name in NOT_COPIED} | MADE_ANEW(folder, names)

    def try_change(self, change, database_url=""):
        """Make the change, run its tests, and take it back."""
        path = self.folder / change.file
        text = path.read_text(encoding="utf-8")
        try:
            self._write(path, change.apply(text))
            return self.test(change.tests, "-x", "-n", "0", database_url=database_url, limited=True)
        finally:
            self._write(path, text)

    def _write(self, path, text):
        path.write_text(text, encoding="utf-8")
        # What was compiled from the other text may look as if it were from this one: same length, same second.
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
            compiled.unlink()

    def test(self, tests, *options, database_url="", limited=False):
        """Run these tests in the copy."""
        command = [sys.executable, "-m", "pytest", "-q", *options, *tests]
        if limited:
            command = ["prlimit", f"--cpu={CPU_SECONDS}", "--", *command]
        running = subprocess.Popen(
            command,
            cwd=self.folder,
            env=clean_environment(database_url),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # so that what the tests started ends with them
        )
        try:
            output, _ = running.communicate(timeout=WALL_SECONDS if limited else None)
        except subprocess.TimeoutExpired:
            return Outcome(passed=False, failed=True, why=f"no end within {WALL_SECONDS} s")
        finally:
            end_group(running)
        return outcome_of(running.returncode, output)


def end_group(process):
    """End what is left of a run, by its process group."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def outcome_of(code, output):
    if code == PASSED:
        return Outcome(passed=True, failed=False, why="", output=output)
    if code == FAILED:
        _, _, summary = output.rpartition("short test summary info")  # log lines above it may begin with ERROR too
        first = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", summary, re.MULTILINE)
        return Outcome(passed=False, failed=True, why=first[1] if first else "", output=output)
    if code < 0:
        return Outcome(passed=False, failed=True, why=f"ended by {signal.Signals(-code).name}", output=output)
    return Outcome(passed=False, failed=False, why=f"pytest could not run the tests ({code})", output=output)


def clean_environment(database_url):
    """This process's environment, without a database of its own and without traces of a pytest round it."""
    not_passed_on = ("DATABASE_URL", "DJANGO_", "PYTEST")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(not_passed_on)}
    return clean | ({"DATABASE_URL": database_url} if database_url else {})
