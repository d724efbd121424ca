"""One HTML document as the press reads it: the same as WeasyPrint would, with less work where the page allows it."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from xml.etree import ElementTree

import cssselect2
from weasyprint import CSS, HTML
from weasyprint.html import UA, UA_COUNTER_STYLE

START = "<!doctype html>"
# What WeasyPrint says of foot notes and markers it says of every element, six styles for each; and it looks at every
# element for fields and frames. We print none of these.
_NOT_OURS = ("::footnote-", "::note-", "::marker", "input", "select", ":is(", "[dir] ", "[dir=ltr i] ", "table:is(")
_KEPT = "[dir=ltr i] {"
_DEFAULTS = CSS(
    string="\n".join(line for line in UA.splitlines() if line.startswith(_KEPT) or not line.startswith(_NOT_OURS)),
    counter_style=UA_COUNTER_STYLE,
)


class Sheet(HTML):
    """A document to print. Our own pages are XML too, which is read ten times as fast; all others are read as HTML."""

    def __init__(self, html: str, *, url_fetcher):
        root = _well_formed(html)
        if root is None:
            super().__init__(string=html, url_fetcher=url_fetcher)
            return
        self.base_url, self.url_fetcher, self.media_type = None, url_fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root

    @classmethod
    def of_several(cls, pages: Iterable[str], *, url_fetcher) -> Iterator["Sheet"]:
        """All these documents, in their order, as few as can be: neighbours of one page each become one document.

        A page says so of itself (`<body data-pages="1">`). What is the same on a hundred sheets is then worked out
        once; the stylesheet begins each body on a new page.
        """
        last = None
        for html in pages:
            sheet = cls(html, url_fetcher=url_fetcher)
            if last is not None and last._takes(sheet):
                last.etree_element.append(sheet.etree_element.find("body"))
            else:
                if last is not None:
                    yield last
                last = sheet
        if last is not None:
            yield last

    def _takes(self, other):
        """Whether that one may go on in this one: both of one page, in one language, with nothing in their heads that
        the other does not have."""
        return self._about == other._about is not None

    @cached_property
    def _about(self):
        root = self.etree_element
        body = root.find("body")
        if body is None or body.get("data-pages") != "1":
            return None
        return root.attrib, [(element.tag, element.attrib, element.text) for element in root.iterfind("head/*")]

    def _ua_stylesheets(self, forms=False):
        return [_DEFAULTS]


def _well_formed(html):
    """The document as a tree when it is XML, else None. A page that declares anything of its own is not read as XML."""
    inside = html.removeprefix(START)
    if inside == html or "<!" in inside:
        return None
    try:
        return ElementTree.fromstring(inside)  # noqa: S314 - without declarations there is nothing that could unfold
    except ElementTree.ParseError:
        return None
