"""The README, docs/ and docs/decisions/ name only what is there: files, folders, modules, classes and functions."""

import os
import re
from functools import cache
from pathlib import Path

import pytest

from tests.source_code import ROOT, text_of

DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "decisions").glob("*.md"))]

IN_BACKTICKS = re.compile(r"`([^`\n]+)`")
A_FILE = re.compile(
    r"(?<![\w./@-])(?:\./)?[\w-]+(?:/[\w.-]+)*\.(?:py|sh|html|css|js|yaml|toml|txt|md|svg|po)\b(?!\.\w)"
)
A_FOLDER = re.compile(r"(?<![\w./-])[\w-]+(?:/[\w-]+)*/$")
A_NAME = re.compile(r"[A-Za-z_][\w.]*(?=\(|$)", re.ASCII)

# Made on a machine and never committed.
NOT_COMMITTED = {"var/"}
# Named because the app does without them.
NOT_USED = {
    "ATOMIC_REQUESTS": "the doors begin the transaction",
    "post_save": "a signal has to say what happened, and not that a row was saved",
    "send_robust": "a receiver that fails undoes what happened",
}


@cache
def files():
    """Every file of the project by its path, without what is made on a machine."""
    left_out = {".git", ".venv", "var", "node_modules", "__pycache__"}
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - left_out)
        found += [str((Path(folder) / name).relative_to(ROOT)) for name in names]
    return found


@cache
def words_of_the_source():
    """Every word of the code, templates, styles and scripts: a name that is none of these is nobody's any more."""
    code = (name for name in files() if re.search(r"(\.(py|html|css|js|sh)|^run|^test|^bench)$", name))
    return {word for name in code if name != "tests/test_docs.py" for word in re.findall(r"\w+", text_of(ROOT / name))}


def is_there(path):
    """Whether a file or folder ends like this: `lines.py` may stand for recovery_plans/models/lines.py."""
    path = path.removeprefix("./")
    if path in NOT_COMMITTED:
        return True
    if path.endswith("/"):
        return any(f"/{path}" in f"/{name}" for name in files())
    return any(f"/{name}".endswith(f"/{path}") for name in files())


def is_a_name(text):
    """Whether this is written like a name in code: CamelCase, snake_case or a.b, not a plain word or a command."""
    return re.search(r"[a-z][A-Z]|[A-Z]{2}\w*[a-z]|_|\w\.\w", text) is not None


def not_there(text):
    """What a text names that is not there."""
    quoted = IN_BACKTICKS.findall(text)
    paths = set(A_FILE.findall(text)) | {folder for each in quoted for folder in A_FOLDER.findall(each)}
    names = {name.group() for each in quoted if (name := A_NAME.match(each)) and not A_FILE.search(each)}
    gone = {path for path in paths if not is_there(path)}
    for name in filter(is_a_name, names):
        if name not in NOT_USED and not set(filter(None, name.split("."))) <= words_of_the_source():
            gone.add(name)
    return sorted(gone)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_what_a_document_names_is_there(path):
    assert not_there(text_of(path)) == []


@pytest.mark.parametrize(
    "planted",
    [
        "See `peers/long_gone.py`.",
        "See peers/long_gone.py for more.",
        "[a page](docs/long-gone.md)",
        "It is in `long_gone.py`.",
        "All of `recovery_plans/long_gone/`.",
        "A `LongGone` holds it.",
        "It calls `long_gone_and_over()`.",
        "`Walk.long_gone` says so.",
    ],
)
def test_what_is_gone_is_found(planted):
    assert len(not_there(planted)) == 1


@pytest.mark.parametrize(
    "fine",
    [
        "`peers/doors.py`, `doors.py`, docs/words.md and ./README.md",
        "`recovery_plans/models/` and `locale/es/`",
        "`PlanCard`, `Walk.end`, `require_pen` and `select_for_update(no_key=True)`",
        "`make` and `FOR SHARE` are no names of ours; `plans.example.org` stands in the settings of the tests",
    ],
)
def test_what_is_there_passes(fine):
    assert not_there(fine) == []


def test_no_exception_is_stale():
    ignored = text_of(ROOT / ".gitignore").splitlines()
    assert NOT_COMMITTED <= set(ignored)
    assert not NOT_USED.keys() & words_of_the_source()
    named_in_docs = " ".join(map(text_of, DOCS))
    assert all(re.search(rf"\b{name}", named_in_docs) for name in [*NOT_USED, *NOT_COMMITTED])
