"""The lists of single changes (changes/*.yaml), read and checked. A list that is not true any more is an error.

A change has an `id`, the `file` it is made in, the text `before` (which stands there exactly once), the text `after`,
and `tests`: the files or pytest node ids that must notice. `database: postgresql` where only that database shows it.
A change that nobody can observe stays in its list, with the reason as `equivalent`, and is not tried.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

LISTS = Path(__file__).parent / "changes"
FIELDS = {"id", "file", "before", "after", "tests", "database", "equivalent"}
DATABASES = ("sqlite", "postgresql")


class WrongList(Exception):
    """An entry of a list cannot be tried as it stands; the message names its id."""


@dataclass(frozen=True)
class Change:
    """One change of one file, and the tests that should notice it."""

    id: str
    file: str
    before: str
    after: str
    tests: tuple
    database: str = "sqlite"
    equivalent: str = ""

    def apply(self, text):
        """The text of the file with the change made."""
        count = text.count(self.before)
        if count != 1:
            raise WrongList(f"{self.id}: `before` stands {count} times in {self.file}, and must stand once")
        return text.replace(self.before, self.after)


def read_changes(root, lists=LISTS, wanted=()):
    """Every change of every list, checked; with `wanted`, only the changes of these ids."""
    changes = read_lists(lists)
    if unknown := sorted(set(wanted) - {change.id for change in changes}):
        raise WrongList(f"{', '.join(unknown)}: no list has this id")
    for change in changes:
        check(change, root)
    return [change for change in changes if not wanted or change.id in wanted]


def read_lists(lists=LISTS):
    """Every change of every list, in the order they are written; whether they can be made is not looked at yet."""
    changes = [
        read_change(entry, path)
        for path in sorted(Path(lists).glob("*.yaml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []
    ]
    ids = [change.id for change in changes]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise WrongList(f"{', '.join(twice)}: this id stands more than once")
    return changes


def read_change(entry, path):
    name = entry.get("id") or f"an entry without an id in {path.name}"
    if wrong := sorted(set(entry) - FIELDS):
        raise WrongList(f"{name}: unknown field {', '.join(wrong)}")
    if missing := sorted({"id", "file", "before", "after"} - set(entry)):
        raise WrongList(f"{name}: no {', '.join(missing)}")
    tests = entry.get("tests") or []
    return Change(**{**entry, "id": str(name), "tests": tuple([tests] if isinstance(tests, str) else tests)})


def check(change, root):
    """Raises WrongList where the change cannot be made, or names a test that is not there."""
    if not change.before or change.before == change.after:
        raise WrongList(f"{change.id}: it changes nothing")
    if change.database not in DATABASES:
        raise WrongList(f"{change.id}: the database is one of {', '.join(DATABASES)}")
    if bool(change.tests) == bool(change.equivalent):
        raise WrongList(f"{change.id}: it has either tests or the reason why it is equivalent")
    for test in change.tests:
        if not is_there(root, test):
            raise WrongList(f"{change.id}: {test} is not there")
    if not Path(root, change.file).is_file():
        raise WrongList(f"{change.id}: {change.file} is not there")
    change.apply(Path(root, change.file).read_text(encoding="utf-8"))


def is_there(root, test):
    """Whether there is this file of tests, and this test in it where one is named."""
    path, _, name = test.partition("::")
    file, function = Path(root, path), name.rpartition("::")[2].partition("[")[0]
    return file.exists() and (not name or f"def {function}(" in file.read_text(encoding="utf-8"))
