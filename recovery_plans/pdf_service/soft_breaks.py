"""Makes any text quick to lay out: break opportunities in very long words, no towers of empty lines.

A word of 100,000 letters took over a minute, 100,000 line ends 51 seconds. Break opportunities are zero-width spaces,
which WeasyPrint leaves out of the PDF, so that copied text stays as it was written.
"""

import re
import unicodedata

LONG_RUN = 80
SOFT_BREAK_EVERY = 40
# Scripts that are written without spaces have break opportunities of their own.
_BREAKS_BY_ITSELF = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef"
_LONG_RUN = re.compile(rf"[^\s\u200b{_BREAKS_BY_ITSELF}]{{{LONG_RUN + 1},}}")
_LINE_END = "(?:\r\n|[\n\r\v\f\x85\u2028\u2029])"
_MANY_LINE_ENDS = re.compile(rf"(?:{_LINE_END}[ \t\xa0]*){{4,}}")
_NOT_FOR_READING = {"style", "script", "title", "head"}


def soften(root) -> None:
    """Softens every text below this element."""
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag.startswith("{"):
            continue
        if element.text and element.tag not in _NOT_FOR_READING:
            element.text = soft(element.text)
        for child in element:
            if child.tail:
                child.tail = soft(child.tail)


def soft(text: str) -> str:
    if len(text) <= LONG_RUN and text.count("\n") < 4:
        return text
    return _LONG_RUN.sub(_with_soft_breaks, _MANY_LINE_ENDS.sub("\n\n\n", text))


def _with_soft_breaks(match: re.Match) -> str:
    """A long run with a break opportunity every forty characters, never inside what is read as one character."""
    pieces, since = [], 0
    run = match[0]
    for index, character in enumerate(run):
        if since >= SOFT_BREAK_EVERY and not _joined(run[index - 1], character):
            pieces.append("\u200b")
            since = 0
        pieces.append(character)
        since += 1
    return "".join(pieces)


def _joined(before: str, after: str) -> bool:
    """Whether two neighbours are parts of one character: marks, emoji families and skin tones, flags."""
    return (
        unicodedata.category(after)[0] == "M"
        or "\u200d" in (before, after)
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or ("\U0001f1e6" <= after <= "\U0001f1ff" and "\U0001f1e6" <= before <= "\U0001f1ff")
        or "\U000e0020" <= after <= "\U000e007f"
    )
