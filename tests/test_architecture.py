"""The app keeps its shape: imports point one way, and nothing goes round the doors.

See also test_imports.py, test_code_style.py and test_templates.py.
"""

import ast
import re
import subprocess
import sys

import pytest
from django.apps import apps
from django.db.models import Manager

from tests.source_code import APP, ROOT, imports_in, named

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def under(path, *parts):
    return path.relative_to(ROOT).parts[: len(parts)] == parts


def test_peers_knows_nothing_of_plans():
    wrong = [
        f"{named(path)} imports {module}"
        for path in APP
        if under(path, "peers")
        for module in imports_in(path)
        if module.split(".")[0] in ("recovery_plans", "config")
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "floor,may_not_import",
    [
        (
            "models",
            ("recovery_plans.access", "recovery_plans.plan_reading", "recovery_plans.views", "recovery_plans.forms"),
        ),
        ("picture", ("django", "peers", "recovery_plans.models", "recovery_plans.views")),
        ("pdf_service", ("django", "peers", "recovery_plans.models", "recovery_plans.views")),
        ("prompts", ("django", "peers", "recovery_plans.models", "recovery_plans.views")),
    ],
)
def test_inside_a_plan_arrows_point_one_way(floor, may_not_import):
    wrong = [
        f"{named(path)} imports {module}"
        for path in APP
        if under(path, "recovery_plans", floor)
        for module in imports_in(path)
        if module.startswith(may_not_import)
    ]
    assert wrong == []


def test_the_pdf_service_knows_no_django():
    code = "import recovery_plans.pdf_service.hooks, sys; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60).returncode == 0


# Only these reach guarded tables without a door: the policy, the models themselves, what runs without a reader
# (the demo, the printer), and the reading that a door has already opened.
UNGUARDED = (
    "recovery_plans/access.py",
    "recovery_plans/models/",
    "recovery_plans/demo/",
    "recovery_plans/plan_reading.py",
    "recovery_plans/history.py",
    "recovery_plans/line_history.py",
    "recovery_plans/access_log.py",
    "recovery_plans/receivers.py",
    "recovery_plans/print_jobs.py",
    "recovery_plans/summaries.py",
    "recovery_plans/stops.py",
    "recovery_plans/conversation.py",
)


def test_no_view_goes_round_the_doors():
    wrong = [
        f"{named(path)}:{number}"
        for path in APP
        if not named(path).startswith(UNGUARDED)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"\bunguarded\b", line)
    ]
    assert wrong == []


def rows_of_a_plan():
    """The names under which guarded rows hang on other rows, such as the entries of a plan."""
    guarded = set(apps.get_app_config("recovery_plans").get_models())
    return {
        relation.get_accessor_name()
        for model in apps.get_models()
        for relation in model._meta.related_objects
        if relation.related_model in guarded and relation.multiple and not relation.hidden
    }


def asked_through_rows(code):
    """The numbers of the lines that ask for guarded rows through what they hang on: `plan.entries.filter(…)`."""
    rows, asks = rows_of_a_plan(), {name for name in dir(Manager) if not name.startswith("_")}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute):
            held = node.value
            of_a_row = isinstance(held, ast.Attribute) and held.attr in rows and node.attr in asks
            # Also where it is only taken in hand, to be asked a line later.
            of_a_plan = node.attr in rows and "plan" in (getattr(held, "id", ""), getattr(held, "attr", ""))
            if of_a_row or of_a_plan:
                yield node.lineno


def test_no_view_asks_for_rows_of_a_plan():
    """What is asked has a name in the field's words, in the models or in a reading."""
    wrong = [
        f"{named(path)}:{number}"
        for path in APP
        if under(path, "recovery_plans", "views")
        for number in asked_through_rows(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "planted",
    [
        "plan.entries.filter(section=section)",
        "request.plan.goals.get(pk=code)",
        "goal.steps.all()",
        "rows = reading.plan.revisions\nrows.order_by('at')",
        "grant.parts.exists()",
    ],
)
def test_a_planted_question_is_found(planted):
    assert set(asked_through_rows(planted)) == {1}


@pytest.mark.parametrize("code", ["reading.goals", "reading.entries(section)", "words.goals.starters", "found.steps"])
def test_what_was_read_already_is_no_question(code):
    assert list(asked_through_rows(code)) == []


def test_every_room_allowed_round_the_doors_needs_it():
    stale = [
        name
        for name in UNGUARDED
        if not any(named(path).startswith(name) and "unguarded" in path.read_text(encoding="utf-8") for path in APP)
    ]
    assert stale == []


def test_guarded_tables_have_no_usual_manager():
    assert [
        model.__name__ for model in apps.get_app_config("recovery_plans").get_models() if hasattr(model, "objects")
    ] == []


def test_public_things_say_what_they_are_for():
    silent = [
        f"{named(path)}: {node.name}"
        for path in APP
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
        and not node.name.startswith("_")
        and node.name not in ("Command", "Meta")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_nothing_is_called_a_helper_or_a_service():
    vague = {"utils.py", "helpers.py", "services.py", "misc.py", "common.py", "admin.py"}
    assert [named(path) for path in APP if path.name in vague] == []


def test_no_page_carries_inline_style_or_script_or_unescaped_words():
    wrong = []
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for what, pattern in {
            "a style attribute": r"<[^>]*\sstyle=",
            "a handler": r"<[^>]*\son[a-z]+=",
            "a style element": r"<style",
            "an inline script": r"<script(?![^>]*\bsrc=)",
            "unescaped words": r"\|\s*safe\b|autoescape off",
            "something from elsewhere": r"<(?:img|script|link|iframe|source)[^>]*(?:src|href)=[\"']https?:",
        }.items():
            if re.search(pattern, text) and "print" not in path.parts:
                wrong.append(f"{named(path)}: {what}")
    assert wrong == []


def test_no_title_says_what_this_is():
    for path in TEMPLATES:
        for title in re.findall(r"block title %}(.*?){% endblock", path.read_text(encoding="utf-8"), re.S):
            assert "recover" not in title.lower(), named(path)
            assert "name" not in re.sub(r"brand[._]?name", "", title.lower()), f"{named(path)}: a name in a title"


def test_only_looks_with_a_reason_leave_the_form_check_out():
    exempt = [named(path) for path in APP if re.search(r"@csrf_exempt", path.read_text(encoding="utf-8"))]
    assert exempt in ([], ["peers/views/leave.py"])  # leaving must work with a stale form too


def test_str_never_carries_words():
    for label in ("peers", "recovery_plans"):
        for model in apps.get_app_config(label).get_models():
            row = model(**{field.name: "SECRET" for field in model._meta.concrete_fields if field.name in SPOKEN})
            assert "SECRET" not in str(row), model.__name__


SPOKEN = {"words", "detail", "name", "town", "username", "email"}


# Only these put something on a page that the page does not escape, each with the reason why it may.
CALLED_SAFE = {
    "peers/templatetags/alongside.py": "an icon is a file of ours, found by a name that can be no path",
    "recovery_plans/path.py": "the picture is numbers and shapes; the drawing escapes the two texts in it",
}
CALLS_SAFE = re.compile(
    r"\b(mark_safe|SafeString|SafeText|SafeData|__html__)\b|\|\s*(safe|safeseq)\b|\bautoescape\s+off\b"
)


def test_only_rooms_with_a_reason_call_words_safe():
    found = {named(path) for path in [*APP, *TEMPLATES] if CALLS_SAFE.search(path.read_text(encoding="utf-8"))}
    assert found == set(CALLED_SAFE)


@pytest.mark.parametrize(
    "planted",
    ["return mark_safe(words)", "class Said(SafeString):", "def __html__(self):"]
    + ["{{ words|safe }}", "{{ words | safe }}", "{{ many|safeseq|join }}", "{% autoescape  off %}"],
)
def test_a_room_that_calls_words_safe_is_found(planted):
    assert CALLS_SAFE.search(planted)
    assert not CALLS_SAFE.search("A safe place: {{ words|linebreaksbr }}, saved_safely|safely {% autoescape on %}")
