"""How the picture writes itself down: short numbers, safe words."""

import re
from html import escape

# What XML 1.0 does not allow at all, escaped or not: the print shop would refuse the whole picture.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def short(value: float, *, decimals: int = 1) -> str:
    """Write a number in as few characters as it needs (12, .5, -3.1)."""
    text = f"{value:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", ""):
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def row(*values: float) -> str:
    """Write numbers side by side; a minus sign already parts two of them."""
    return "".join(
        text if not index or text.startswith("-") else f" {text}" for index, text in enumerate(map(short, values))
    )


def words(text: str) -> str:
    """Make a person's words safe inside the picture."""
    return escape(NOT_IN_XML.sub("", text))


def transform(x: float, y: float, scale: float) -> str:
    """Write the attribute that puts a drawn thing at its place, in its size."""
    return f'transform="translate({row(x, y)})scale({short(scale, decimals=2)})"'
