"""A page taken apart: every piece of text on it, with the language it is in and whether it stands by itself."""

from dataclasses import dataclass
from html.parser import HTMLParser

EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_READ = {"script", "style", "svg"}


@dataclass(frozen=True)
class Text:
    """A piece of text: `language` is what a voice would read it in; a piece that is `isolated` cannot turn the
    direction of what stands beside it."""

    words: str
    language: str
    isolated: bool
    typed: bool  # in a box to type in, where it is whatever somebody types

    def __str__(self):
        return f"{self.words[:60]!r} in {self.language or 'no language'}{'' if self.isolated else ', not isolated'}"


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.texts, self.open = [], [("", "", False, False, True)]

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        _tag, language, isolated, typed, is_read = self.open[-1]
        # A direction of its own isolates, as browsers do it; so does <bdi>.
        isolated = isolated or tag == "bdi" or attrs.get("dir") in ("auto", "ltr", "rtl") and tag != "html"
        inside = (
            tag,
            attrs.get("lang", language),
            isolated,
            typed or tag in ("textarea", "option"),
            is_read and tag not in NOT_READ,
        )
        if tag not in EMPTY:
            self.open.append(inside)

    def handle_endtag(self, tag):
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        _tag, language, isolated, typed, is_read = self.open[-1]
        if data.strip() and is_read:
            self.texts.append(Text(" ".join(data.split()), language, isolated, typed))


def texts_of(html):
    """Every piece of text of a page, in order."""
    page = _Page()
    page.feed(html)
    return page.texts
