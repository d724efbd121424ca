"""What the app is made of is written down, held at one version, and enough on a machine without the tests."""

import ast
import re
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = {"config", "peers", "recovery_plans", "tests"}
LINE = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+)(\[[a-z,]+\])?==(?P<version>[\w.]+)(\s+# (?P<reason>\S.+))?$")


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def lines(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith(("#", "-r "))]


def pinned(name):
    return {plain(LINE.match(line)["name"]): LINE.match(line)["version"] for line in lines(name)}


def imported_by_the_app():
    found = {}
    for folder in ("config", "peers", "recovery_plans"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module]
                found.update({name.split(".")[0]: path.relative_to(ROOT) for name in names})
    return {name: path for name, path in found.items() if name not in OURS | sys.stdlib_module_names}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_every_package_is_held_at_one_version_and_that_one_is_here(name):
    assert [line for line in lines(name) if not LINE.match(line)] == []
    installed = {package: metadata.version(package) for package in pinned(name)}
    assert installed == pinned(name)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_every_package_that_we_chose_has_its_reason_beside_it(name):
    chosen = (ROOT / name).read_text(encoding="utf-8").split("# Brought along")[0]
    without = [line for line in chosen.splitlines() if "==" in line and not LINE.match(line)["reason"]]
    assert without == []


def test_the_app_imports_nothing_that_only_the_tests_bring():
    where = metadata.packages_distributions()
    missing = {
        name: str(path)
        for name, path in imported_by_the_app().items()
        if not {plain(package) for package in where.get(name, [])} & set(pinned("requirements.txt"))
    }
    assert missing == {}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_what_the_packages_bring_along_is_held_too(name):
    held = pinned("requirements.txt") | pinned(name)
    loose = {}
    for package in held:
        for needed in metadata.requires(package) or []:
            requirement, _, marker = needed.partition(";")
            if marker:  # only for some machines or some extras: those we ask for are in the lists by name
                continue
            if plain(re.match(r"[A-Za-z0-9_.-]+", requirement)[0]) not in held:
                loose[package] = requirement
    assert loose == {}
