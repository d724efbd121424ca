"""How code is written: laid out by the formatter, in modules and functions one can read, without a clock in a test.

Each guard is tested itself: it finds a planted case.
"""

import ast
import re
from collections import defaultdict

import pytest

from tests.source_code import APP, EVERYTHING, ROOT, TESTS, named, text_of

LINES_LIMIT = 400
STYLES_LIMIT = 1000  # one selector and one declaration a line (tests/test_templates.py)
FUNCTION_LIMIT = 40

STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))


# --- sizes ---


def lines_in(text):
    return len(text.splitlines())


def test_modules_stay_small():
    limits = dict.fromkeys([*APP, *SCRIPTS], LINES_LIMIT) | dict.fromkeys(STYLES, STYLES_LIMIT)
    lengths = {path: lines_in(text_of(path)) for path in limits}
    assert {named(path): length for path, length in lengths.items() if length > limits[path]} == {}


def test_one_line_more_is_too_many():
    assert lines_in("\n" * (LINES_LIMIT + 1)) > LINES_LIMIT >= lines_in("\n" * LINES_LIMIT)


def long_functions(code):
    """Functions of more lines than fit on a screen, as (name, lines)."""
    return [
        (node.name, length)
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (length := node.end_lineno - node.lineno + 1) > FUNCTION_LIMIT
    ]


def test_functions_stay_small():
    found = {named(path): functions for path in APP if (functions := long_functions(text_of(path)))}
    assert found == {}


@pytest.mark.parametrize("begin", ["def view():", "async def view():", "class View:\n  def get(self):"])
def test_a_long_function_is_found(begin):
    def of_lines(count):
        return begin + "\n    pass" * (count - 1)

    assert long_functions(of_lines(FUNCTION_LIMIT)) == []
    assert [length for _name, length in long_functions(of_lines(FUNCTION_LIMIT + 1))] == [FUNCTION_LIMIT + 1]


# --- the formatter lays out every line ---

UNFORMATTED = re.compile(r"#\s*(fmt|yapf):\s*(skip|off|disable)|#\s*ruff:\s*noqa|#\s*isort:\s*(skip|off)")


def test_no_line_is_kept_from_the_formatter():
    assert [
        named(path) for path in EVERYTHING if path.name != "test_code_style.py" and UNFORMATTED.search(text_of(path))
    ] == []


@pytest.mark.parametrize(
    "planted", ["x = [1,2]  # fmt: skip", "#fmt:off", "# ruff: noqa: E501", "import re  # isort:skip"]
)
def test_a_line_that_is_kept_from_the_formatter_is_found(planted):
    assert UNFORMATTED.search(planted)


# --- no two classes of one name ---


def names_twice(modules):
    """Public classes that more than one of these modules, {name: code}, defines: {class: modules}."""
    found = defaultdict(list)
    for name, code in modules.items():
        for node in ast.parse(code).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(name)
    return {name: modules for name, modules in found.items() if len(modules) > 1}


def test_no_two_classes_have_one_name():
    modules = {named(path): text_of(path) for path in APP if "commands" not in path.parts}  # each of those is Command
    assert names_twice(modules) == {}


def test_two_classes_of_one_name_are_found():
    assert names_twice(
        {"a": "class Plan: pass", "b": "class Plan: pass\nclass _Own: pass", "c": "class _Own: pass"}
    ) == {"Plan": ["a", "b"]}


# --- words that had too many meanings ---

# What code says instead: data, posted, text · values, message, output · index, site, address · character · limit.
DIALECT = {"said", "told", "place", "places", "sign", "signs", "here", "asking", "most", "hold_still"}
FROM_A_LIBRARY = {"tests/browser/other_sites.py": "sign"}  # cryptography's own: a certificate is signed


def names_of(code):
    """Every name that this code gives or uses: variables, arguments, attributes, functions and classes."""
    for node in ast.walk(ast.parse(code)):
        for field in ("id", "attr", "arg", "name", "asname"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield name


def dialect_in(code):
    return {name for name in names_of(code) if name.strip("_").lower() in DIALECT}


def test_technical_names_are_those_of_the_field():
    found = {named(path): names for path in EVERYTHING if (names := dialect_in(text_of(path)))}
    assert found == {name: {word} for name, word in FROM_A_LIBRARY.items()}
    assert [named(path) for path in EVERYTHING if path.stem.strip("_") in DIALECT] == []


@pytest.mark.parametrize(
    "planted",
    [
        "said = form.cleaned_data",
        "def view(request, *, told): pass",
        "class Place: pass",
        "def hold_still(plan): pass",
        "view(most=3)",
        "names = [sign for character in text]",
        "self._here = 1",
        "import told",
        "from peers import rows as said",
    ],
)
def test_a_name_of_the_dialect_is_found(planted):
    assert dialect_in(planted)


def test_the_words_of_a_story_are_free():
    assert dialect_in("def test_what_maya_said_is_kept(): 'said'  # as told, in its place") == set()


# --- no clock in a test ---

CLOCKS = {"time", "monotonic", "perf_counter", "perf_counter_ns", "monotonic_ns", "time_ns"}


def is_clock(called):
    if isinstance(called, ast.Attribute):
        return called.attr in CLOCKS and isinstance(called.value, ast.Name) and called.value.id == "time"
    return isinstance(called, ast.Name) and called.id in CLOCKS - {"time"}


def reads_a_clock(node):
    return any(isinstance(call, ast.Call) and is_clock(call.func) for call in ast.walk(node))


def wall_clock_assertions(code):
    """Lines of a test that fail on a busy machine: an assertion on how long something took, or a limit of its time."""
    tree = ast.parse(code)
    clocked, grew = set(), True
    while grew:
        before = len(clocked)
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.NamedExpr) and node.value is not None:
                if reads_a_clock(node.value) or names_in(node.value) & clocked:
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    clocked |= {name for target in targets for name in names_in(target)}
        grew = len(clocked) > before
    found = {
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert) and (reads_a_clock(node.test) or names_in(node.test) & clocked)
    }
    return sorted(found | {number for number, line in enumerate(code.splitlines(), 1) if "mark.timeout" in line})


def names_in(node):
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def test_no_test_asserts_how_long_something_took():
    """Count queries, take the CPU time of a child, or measure in ./bench."""
    tests = [path for path in TESTS if not named(path).startswith("tests/bench/") and path.name != "test_code_style.py"]
    found = {named(path): lines for path in tests if (lines := wall_clock_assertions(text_of(path)))}
    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        "assert time.monotonic() < until",
        "began = time.perf_counter()\nprint_one(html)\nassert time.perf_counter() - began < 2",
        "began = time.time()\ntook = time.time() - began\nassert took < 2, took",
        "from time import monotonic\nbegan = monotonic()\nassert monotonic() - began < 1",
        "@pytest.mark.timeout(5)\ndef test_it(): pass",
        "assert (took := time.monotonic() - 1) < 2",
    ],
)
def test_an_assertion_on_the_wall_clock_is_found(planted):
    assert len(wall_clock_assertions(planted)) == 1


@pytest.mark.parametrize(
    "fine",
    [
        "until = time.monotonic() + 300\nwhile time.monotonic() < until:\n    time.sleep(0.1)",
        "assert cpu_seconds_of_workers(service) < 2",
        "now = timezone.now()\nassert line.created_at <= now",
        "began = time.process_time()\nassert time.process_time() - began < 2",
    ],
)
def test_what_a_busy_machine_does_not_change_passes(fine):
    assert wall_clock_assertions(fine) == []


# --- scripts ---

IMPORTED = re.compile(r"""^import .*?["']\./([\w-]+\.js)["']""", re.MULTILINE)
BY_A_TAG = re.compile(r"""{% static ['"]js/([\w-]+\.js)['"] %}""")


def scripts_that_run_twice(scripts, templates):
    """Scripts that a page loads by a tag and another script imports: their addresses differ, so a browser runs both."""
    by_a_tag = {name for template in templates for name in BY_A_TAG.findall(template)}
    return sorted(by_a_tag & {name for script in scripts for name in IMPORTED.findall(script)})


def test_no_script_runs_twice():
    templates = [text_of(path) for path in (ROOT / "templates").rglob("*.html")]
    assert scripts_that_run_twice([text_of(path) for path in SCRIPTS], templates) == []


def test_a_script_that_would_run_twice_is_found():
    planted = ['import { speak } from "./page.js";\n']
    assert scripts_that_run_twice(planted, ["<script src=\"{% static 'js/page.js' %}\"></script>"]) == ["page.js"]
    assert scripts_that_run_twice(planted, ["{% static 'js/plan.js' %}"]) == []
