"""Steps that were pasted as a list into one box: 1. … 2. … 3. …, or with dashes or bullets. They are only offered.

A box of one line has no line ends: browsers put a space, or nothing, in their place.
"""

import re

from django import forms

NUMBER = re.compile(r"(\d{1,2})[.)]\s+")
BULLET = re.compile(r"\s*([-*•·▪‣◦–—])\s+")
ONE, SEVERAL = "one", "several"
SEVERAL_AT_MOST = 30  # a longer one is no list of small steps


def listed_steps(text):
    """The items of a list that stands in this text; none where it is no list of two or more."""
    items = _numbered(text) or _with_bullets(text)
    return items if 1 < len(items) <= SEVERAL_AT_MOST and all(items) else []


def _numbered(text):
    """Items behind 1., 2., 3. in order; any other number is part of the words."""
    marks, text = [], text.strip()
    for mark in NUMBER.finditer(text):
        if int(mark[1]) == len(marks) + 1 and (marks or mark.start() == 0):
            marks.append(mark)
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return [text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=False)]


def _with_bullets(text):
    """Items that each begin with the sign that the text begins with, as a word of its own."""
    first = BULLET.match(text)
    if first is None:
        return []
    between = re.compile(rf"(?:^|\s){re.escape(first[1])}\s")
    return [item.strip() for item in between.split(text.strip())[1:]]


class ListedAsField(forms.ChoiceField):
    """Whether a list in a box is one step or several. It is asked with buttons, only where there is a list."""

    def __init__(self):
        choices = [(ONE, ONE), (SEVERAL, SEVERAL)]
        super().__init__(required=False, choices=choices, widget=forms.HiddenInput)
