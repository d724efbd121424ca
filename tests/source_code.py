"""The project's own source files, as the tests that hold its shape read them."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APP_FOLDERS = ("config", "peers", "recovery_plans")


def python_files(*folders):
    """Every Python file under these folders but migrations, which Django writes."""
    files = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in files if not {"migrations", "node_modules"} & set(path.parts)]


APP = python_files(*APP_FOLDERS)
TESTS = python_files("tests")
EVERYTHING = [*APP, *TESTS, ROOT / "manage.py"]


def named(path):
    return str(path.relative_to(ROOT))


@cache
def text_of(path):
    return path.read_text(encoding="utf-8")


def module_name(path):
    """The dotted name under which a file is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(code, package=""):
    """Every module that this code imports, wherever in it, as dotted names; `package` is where `from .` begins."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def imports_in(path):
    """As `imports_of`, of a file."""
    package = module_name(path) if path.name == "__init__.py" else module_name(path).rpartition(".")[0]
    return set(imports_of(text_of(path), package))
