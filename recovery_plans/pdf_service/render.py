"""Turning HTML into a tagged PDF. The warm parent makes a Renderer; each worker inherits it and prints one job."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from recovery_plans.pdf_service import weasyprint_patches
from recovery_plans.pdf_service.fetcher import ClosedFetcher
from recovery_plans.pdf_service.fonts import FontsOfWorker, font_files
from recovery_plans.pdf_service.soft_breaks import soften

VARIANT = "pdf/ua-1"
MERGED_AT_MOST = 50
WARM_UP = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Warm</title></head><body>'
    "<h1>Warm</h1><p>A <b>line</b> and <em>another</em>.</p><ul><li>One</li></ul>"
    '<table><tr><th scope="col">Goal</th></tr><tr><td>Step</td></tr></table></body></html>'
)


class Refused(Exception):
    """The document asked for something from elsewhere."""


class Renderer:
    """Fonts found, stylesheet read, one page printed: what takes long is done once, before any job."""

    def __init__(self, *, stylesheet: Path, fonts_folder: Path):
        weasyprint_patches.apply()
        fetcher = ClosedFetcher(font_files(fonts_folder))
        self._fonts = FontConfiguration()
        try:
            self._stylesheet = CSS(filename=stylesheet.resolve(), font_config=self._fonts, url_fetcher=fetcher)
        except FatalURLFetchingError as refusal:
            raise FileNotFoundError("the stylesheet names a font or a picture that is not there") from refusal
        warm_up = HTML(string=WARM_UP, url_fetcher=ClosedFetcher())
        _write(_lay_out(warm_up, self._fonts, [self._stylesheet]))

    def print(self, documents: Iterable[str], *, on_laid_out: Callable[[], None] = lambda: None) -> bytes:
        """One tagged PDF of one or more HTML documents, in their order. Its title is the first one's.

        `on_laid_out` is called each time a document has its pages.
        """
        fonts, fetcher, pictures, laid_out, bodies = FontsOfWorker(self._fonts), ClosedFetcher(), {}, [], []
        for html in merged(HTML(string=each, url_fetcher=fetcher) for each in documents):
            bodies += html.etree_element.iterfind("body")
            soften(html.etree_element)
            laid_out.append(_lay_out(html, fonts, [self._stylesheet], pictures))
            on_laid_out()
        whole = laid_out[0].copy([page for document in laid_out for page in document.pages])
        pdf = _write(whole, is_one_sided=is_one_sided(bodies))
        if fetcher.refused:
            raise Refused("something from elsewhere")
        return pdf


def merged(documents: Iterable[HTML]) -> Iterator[HTML]:
    """These documents, in their order, as few as can be: neighbours of one page each become one with several bodies.

    A page says so of itself (`<body data-pages="1">`). What is the same on fifty sheets is then worked out once; the
    stylesheet begins each body on a new page. MERGED_AT_MOST keeps one layout short enough to be watched.
    """
    last, count = None, 0
    for html in documents:
        if last is not None and count < MERGED_AT_MOST and _head_of(last) == _head_of(html) is not None:
            last.etree_element.append(html.etree_element.find("body"))
            count += 1
            continue
        if last is not None:
            yield last
        last, count = html, 1
    if last is not None:
        yield last


def _head_of(html):
    """What must be the same for two documents to be laid out as one; None for a document of more than one page."""
    root = html.etree_element
    body = root.find("body")
    if body is None or body.get("data-pages") != "1":
        return None
    return root.attrib, [(element.tag, element.attrib, element.text) for element in root.iterfind("head/*")]


def _lay_out(html, fonts, stylesheets, pictures=None) -> Document:
    return html.render(font_config=fonts, stylesheets=stylesheets, pdf_variant=VARIANT, cache=pictures)


def is_one_sided(bodies) -> bool:
    """Whether what these bodies print belongs on the fronts of sheets alone: several documents, which would come on the
    backs of each other, or one that says so of itself (`<body data-sides="one">`).
    """
    return len(bodies) > 1 or any(body.get("data-sides") == "one" for body in bodies)


def _write(document: Document, *, is_one_sided=False) -> bytes:
    def finish(document, pdf):
        weasyprint_patches.name_header_cells(document, pdf)
        if is_one_sided:
            pdf.catalog["ViewerPreferences"]["Duplex"] = "/Simplex"

    return document.write_pdf(pdf_variant=VARIANT, finisher=finish)
