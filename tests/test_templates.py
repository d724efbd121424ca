"""Templates and stylesheets are written so that nobody has to scroll sideways, or to guess which rule wins."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))

WIDTH = 120
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\"[^\"]*\"")


def named(path):
    return str(path.relative_to(ROOT))


def too_wide(text):
    """The numbers of the lines that are longer than a screen is wide."""
    return [number for number, line in enumerate(text.splitlines(), start=1) if len(line) > WIDTH]


def packed(css):
    """The lines of a stylesheet that hold more than one selector, more than one declaration, or a whole rule."""
    return [line.strip() for line in COMMENT.sub("", css).splitlines() if is_packed(line)]


def is_packed(line):
    while (shorter := IN_BRACKETS.sub("", line)) != line:
        line = shorter
    line = line.strip()
    return (
        line.count(";") > 1
        or ("{" in line and not line.endswith("{"))
        or ("}" in line and line != "}")
        or (line.endswith("{") and "," in line and not line.startswith("@"))
    )


def test_no_line_of_a_template_is_wider_than_a_screen():
    wide = {named(path): too_wide(path.read_text(encoding="utf-8")) for path in TEMPLATES}
    assert {name: numbers for name, numbers in wide.items() if numbers} == {}


def test_a_line_that_is_too_wide_is_found():
    assert too_wide("<p>\n" + "x" * WIDTH + "\n" + "x" * (WIDTH + 1)) == [3]


def test_one_selector_and_one_declaration_stand_on_a_line():
    found = {named(path): packed(path.read_text(encoding="utf-8")) for path in STYLES}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "planted",
    ["h1, h2 {", ".a{color:red}", "  color: red; margin: 0;", "} .b {", ".a:hover, .b {", "a { }", "}}"],
)
def test_a_line_that_holds_too_much_is_found(planted):
    assert packed(planted) == [planted.strip()]


@pytest.mark.parametrize(
    "fine",
    [
        "h1,\nh2 {\n  margin: 0;\n}",
        ":is(h1, h2) :not(.a, .b) {",
        "@media (min-width: 48em), print {",
        "  transition: color 1s, background 1s;",
        '  background: url("data:image/svg+xml;a,b;c");',
        "/* One, two; three { four } */",
    ],
)
def test_what_is_written_in_full_passes(fine):
    assert packed(fine) == []


def test_no_rule_shouts_down_another():
    """Where two rules speak of one thing, the weight of their selectors and their order say which of them holds."""
    loud = [named(path) for path in STYLES if re.search(r"!\s*important", path.read_text(encoding="utf-8"))]
    assert loud == []
