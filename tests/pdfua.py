"""Whether a PDF can be read by somebody who does not see it: PDF/UA-1, as far as a machine can tell.

Two judges: outloud (the rules of ISO 14289-1 and more), and our own look with pikepdf at what a reader needs first.
WeasyPrint itself says nothing when a language, a title or an alternative text is missing.
"""

import re
import tempfile
from collections import Counter
from collections.abc import Collection
from io import BytesIO

import outloud
import pikepdf
from pikepdf import Name

HEADINGS = {f"/H{level}": level for level in range(1, 7)}


def assert_pdf_ua(pdf: bytes, *, html: str = "", attachments: bool = False, but: Collection[str] = ()) -> None:
    """Fails with every defect found. `but` names outloud's rules that a test has looked at and disagrees with.

    With `html`, what it was made from, each element in another language is looked for among the tags (WCAG 3.1.2).
    """
    found = [*defects(pdf, attachments=attachments, but=but), *_without_their_language(pdf, html)]
    assert not found, "not PDF/UA-1:\n" + "\n".join(found)


def defects(pdf: bytes, *, attachments: bool = False, but: Collection[str] = ()) -> list[str]:
    """Everything that is wrong with the PDF, one line each, without quoting the page."""
    return [*_first_needs(pdf, attachments=attachments), *_judged_by_outloud(pdf, but)]


def _without_their_language(pdf, html):
    """The languages that fewer tags name than elements do. An element on two pages has two tags."""
    wanted = Counter(re.findall(r'<(?!html)[a-z0-9]+\b[^>]*\slang="([^"]+)"', html))
    with pikepdf.open(BytesIO(pdf)) as document:
        found = Counter(str(tag.Lang) for tag in walk(document.Root.StructTreeRoot) if "/Lang" in tag)
    return [f"{count - found[one]} lines in {one} do not say so" for one, count in wanted.items() if found[one] < count]


def _judged_by_outloud(pdf, but):
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        result = outloud.check(file.name)
    if result.error:
        return [f"outloud could not read it: {result.error}"]
    crashed = [f"outloud's rule {run.rule} crashed" for run in result.runs if run.status == "crashed"]
    errors = [one for one in result.sorted_findings() if one.severity == "error" and one.rule not in but]
    return crashed + [f"{one.rule}: {one.message} (page {one.page}, {one.count} times)" for one in errors]


def _first_needs(pdf, *, attachments):
    with pikepdf.open(BytesIO(pdf)) as document:
        root = document.Root
        if not str(root.get(Name.Lang, "")):
            yield "no language"
        if not str(document.docinfo.get(Name.Title, "")) or not document.open_metadata().get("dc:title"):
            yield "no title"
        if document.open_metadata().get("pdfuaid:part") != "1":
            yield "does not say that it is PDF/UA-1"
        if root.get(Name.ViewerPreferences, {}).get("/DisplayDocTitle") is not True:
            yield "does not show its title"
        if root.get(Name.MarkInfo, {}).get("/Marked") is not True:
            yield "does not say that it is tagged"
        if not attachments and has_attachments(document):
            yield "carries an attachment"
        if Name.StructTreeRoot not in root:
            yield "no tags"
            return
        tags = list(walk(root.StructTreeRoot))
        yield from _about_figures(tags)
        yield from _about_headings(tags)
        yield from _about_the_table_of_tags(document)


def _about_figures(tags):
    for tag in tags:
        if tag.get(Name.S) == Name.Figure and not str(tag.get(Name.Alt, "")).strip():
            yield "a figure without alternative text"


def _about_headings(tags):
    """The first heading is an H1, and no level is skipped on the way down."""
    last = 0
    for level in [HEADINGS[str(tag.S)] for tag in tags if str(tag.get(Name.S)) in HEADINGS]:
        if level > last + 1:
            yield f"a heading of level {level} after level {last}"
        last = level


def _about_the_table_of_tags(document):
    """Each page leads to its own line in the table of tags, and every tag there belongs to that page."""
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    table = {int(numbers[index]): numbers[index + 1] for index in range(0, len(numbers), 2)}
    if len(table) * 2 != len(numbers):
        yield "two pages share a line in the table of tags"
    for page in document.pages:
        line = table.get(int(page.obj.get(Name.StructParents, -1)))
        if line is None:
            yield "a page that leads to no tags"
        elif any(tag.Pg.objgen != page.obj.objgen for tag in line if tag is not None):
            yield "a page that leads to the tags of another page"


def has_attachments(document: pikepdf.Pdf) -> bool:
    """Whether any file travels inside the PDF."""
    if len(document.attachments) or Name.AF in document.Root:
        return True
    marks = [mark for page in document.pages for mark in page.obj.get(Name.Annots, [])]
    return any(mark.get(Name.Subtype) == Name.FileAttachment for mark in marks)


def walk(root: pikepdf.Object):
    """Every tag below the root, in reading order."""
    waiting = [root.K]
    while waiting:
        kid = waiting.pop()
        if isinstance(kid, pikepdf.Array):
            waiting.extend(reversed(list(kid)))
        elif isinstance(kid, pikepdf.Dictionary) and Name.S in kid:
            yield kid
            if Name.K in kid:
                waiting.append(kid.K)
