"""What may be imported from where: no circles, nothing hidden in a function, nothing that Django calls its own.

Each guard is tested itself: it finds a planted case, and an exception that is no longer needed fails.
"""

import ast
import re

import pytest

from tests.source_code import APP, EVERYTHING, imports_in, imports_of, module_name, named, text_of

# --- circles ---


def in_a_circle(needs):
    """Of these modules, each with those it imports, the ones that a circle keeps from being imported first."""
    while ready := {name for name, needed in needs.items() if not needed & needs.keys()}:
        needs = {name: needed for name, needed in needs.items() if name not in ready}
    return sorted(needs)


def needs_of_the_app():
    modules = {module_name(path): path for path in APP}
    return {
        name: {module for module in imports_in(path) if module in modules} - {name} for name, path in modules.items()
    }


def test_no_imports_go_round_in_a_circle():
    assert in_a_circle(needs_of_the_app()) == []


def test_a_circle_is_found_also_from_one_app_to_the_other():
    needs = needs_of_the_app()
    assert "recovery_plans.models.plan" in needs["recovery_plans.models"]
    assert in_a_circle(needs | {"recovery_plans.models.plan": {"recovery_plans.access"}}) != []
    assert "peers.doors" in in_a_circle(needs | {"peers.doors": {"recovery_plans.access"}})


@pytest.mark.parametrize(
    "code, module",
    [
        ("import peers.doors", "peers.doors"),
        ("from peers import doors", "peers.doors"),
        ("from . import doors", "peers.doors"),
        ("from .doors import person_only", "peers.doors"),
        ("def view():\n    from peers.doors import person_only", "peers.doors"),
    ],
)
def test_an_import_is_seen_however_it_is_written(code, module):
    assert module in set(imports_of(code, "peers"))


# --- imports inside functions ---

# Where every function imports for itself, for one reason.
LATE_BY_NATURE = {
    "tests/bench/": "each part runs in a process of its own, whose database and settings load_site() names first",
}


def imports_without_reason(code):
    """The numbers of the lines that import inside a function, with no comment on the line or on the one above."""
    lines = code.splitlines()
    inside = {
        node.lineno
        for function in ast.walk(ast.parse(code))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    return [number for number in sorted(inside) if not has_reason(lines, number, inside)]


def has_reason(lines, number, inside):
    """Whether a comment says why: one reason above holds for all the imports that follow it without a gap."""
    if re.search(r"#\s*(?!noqa)\w|#\s*noqa[^(]*\(\w", lines[number - 1]):
        return True
    above = number - 1
    while above in inside:
        above -= 1
    return lines[above - 1].lstrip().startswith("#")


def test_no_function_imports_for_itself_without_a_reason():
    found = {
        f"{named(path)}:{number}"
        for path in EVERYTHING
        if not named(path).startswith(tuple(LATE_BY_NATURE))
        for number in imports_without_reason(text_of(path))
    }
    assert found == set()


def test_every_folder_that_may_import_late_does():
    for folder in LATE_BY_NATURE:
        assert any(imports_without_reason(text_of(path)) for path in EVERYTHING if named(path).startswith(folder))


@pytest.mark.parametrize(
    "planted",
    [
        "def view():\n    from django.apps import apps",
        "async def view():\n    import json",
        "def view():\n    if now:\n        import json  # noqa: F401",
        "class View:\n    def get(self):\n        import json",
        "def view():\n    # one reason\n    import json\n    now = 1\n    import re",
    ],
)
def test_an_import_inside_a_function_is_found(planted):
    assert len(imports_without_reason(planted)) == 1


@pytest.mark.parametrize(
    "fine",
    [
        "import json\ndef view():\n    return json",
        "def view():\n    import json  # the settings are not read before this",
        "def ready():\n    import checks  # noqa: F401  (registers them)",
        "def view():\n    # the settings are not read before this\n    import json\n    import re",
        "try:\n    import json\nexcept ImportError:\n    json = None",
    ],
)
def test_an_import_with_a_reason_passes(fine):
    assert imports_without_reason(fine) == []


# --- Django's own ---

# How querysets become SQL and rows become instances changes from one Django to the next without a word.
PRIVATE_MODULES = re.compile(
    r"django\.db\.models\.(sql|query|options|constants|fields\.related)(\.|$)|django\.db\.backends\.(?!signals)"
    r"|django\.(\w+\.)*_\w"
)
# Of a model's _meta, what Django documents and what names the model.
PUBLIC_META = {"get_field", "get_fields", "app_label", "label", "label_lower", "model_name", "verbose_name"}
PRIVATE_ATTRIBUTES = {"get_compiler", "_prefetched_objects_cache", "_result_cache", "_state", "_fields_cache", "_meta"}


def private_django(code):
    """Every use of a part of Django that it does not document, by its name."""
    yield from (module for module in sorted(set(imports_of(code))) if PRIVATE_MODULES.match(module))
    tree = ast.parse(code)
    public = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.attr in PUBLIC_META
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in PRIVATE_ATTRIBUTES and id(node) not in public:
            yield node.attr


# Each with the reason why there is no public way.
MAY_USE_PRIVATE_PARTS = {}


def test_the_app_uses_only_what_django_documents():
    found = {(named(path), part) for path in APP for part in private_django(text_of(path))}
    assert found == set(MAY_USE_PRIVATE_PARTS)
    assert all(MAY_USE_PRIVATE_PARTS.values())


@pytest.mark.parametrize(
    "planted",
    [
        "from django.db.models.sql import InsertQuery",
        "from django.db.models import sql",
        "import django.db.models.query",
        "from django.db.models.query import get_related_populators",
        "from django.utils.functional import _lazy_proxy",
        "from django.core._private import anything",
        "def view():\n    from django.db.models.sql.compiler import SQLCompiler",
        "sql = rows.query.get_compiler(using='default')",
        "plan._prefetched_objects_cache['goals'] = goals",
        "fields = plan._meta.concrete_fields",
        "meta = Plan._meta",
    ],
)
def test_a_private_part_of_django_is_found(planted):
    assert list(private_django(planted))


@pytest.mark.parametrize(
    "fine",
    [
        "from django.db.models import Q, QuerySet",
        "from django.db.models.functions import Now",
        "from django.utils.translation import gettext as _",
        "name = self._meta.model_name",
        "words = Entry._meta.get_field('words').max_length",
    ],
)
def test_what_django_documents_passes(fine):
    assert list(private_django(fine)) == []
