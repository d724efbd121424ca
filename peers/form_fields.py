"""Form fields for what people type: kept exactly as typed, or refused kindly with the text still on screen."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

MAX_LENGTH = 15_000
MAX_COMBINING = 12  # marks on one letter; more is no writing system, and slows every page down

# Letters by their category, of Hangul; they stand for a letter that is not there, and show nothing.
FILLERS = "\u115f\u1160\u3164\uffa0"

_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


class WordsField(forms.CharField):
    """A person's words. Nothing is stripped or changed in silence.

    NUL and surrogates are refused; other control characters are taken out, and the view says how many. More than
    `limit` characters are refused with the count. Each line end is kept as one newline, whatever the browser sent.
    """

    widget = forms.Textarea

    def __init__(self, *, one_line=False, limit=MAX_LENGTH, rows=4, **kwargs):
        self.one_line, self.limit = one_line, limit
        kwargs.setdefault("widget", forms.TextInput() if one_line else forms.Textarea(attrs={"rows": rows}))
        super().__init__(strip=False, **kwargs)
        self.widget.attrs.update({"dir": "auto", "spellcheck": "false", "translate": "no"})
        if one_line:
            # Or a browser offers it to whoever types there next. In a textarea it never does; there "off" would only
            # mean that Back gives an empty box after a dropped line. Where script runs, keeper.js sets it.
            self.widget.attrs["autocomplete"] = "off"
        # Django's validator would refuse NUL with a sentence of its own; ours comes first.
        self.validators = []

    def to_python(self, value):
        words = super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")
        if "\x00" in words or _SURROGATES.search(words):
            raise ValidationError(
                _("There is a character here that we cannot keep. Please type this part again."), "character"
            )
        if self.one_line and "\n" in words:
            raise ValidationError(_("Please keep this on one line."), "line")
        words = _CONTROLS.sub("", words)
        if not words.strip():
            return ""
        if len(words) > self.limit:
            raise ValidationError(too_long(len(words), self.limit), "long")
        if longest_run_of_marks(words) > MAX_COMBINING:
            raise ValidationError(_("There are too many marks on one letter. Please type this part again."), "marks")
        return words


def too_long(length, limit):
    """The message for words that are too long: how many characters, how many fit, and that nothing is lost."""
    return _(
        "This is a bit long to save in one piece: it has %(length)s characters, and %(limit)s fit. "
        "Try two shorter pieces. Nothing is lost."
    ) % {"length": length, "limit": limit}


def longest_run_of_marks(words):
    longest = run = 0
    for character in words:
        run = run + 1 if unicodedata.combining(character) else 0
        longest = max(longest, run)
    return longest


def count_controls(text):
    """How many control characters `WordsField` takes out of this text."""
    return len(_CONTROLS.findall(text or ""))


def removed_message(count):
    """The message that says how many characters were taken out."""
    return ngettext(
        "We took out %(count)s character that cannot be shown.",
        "We took out %(count)s characters that cannot be shown.",
        count,
    ) % {"count": count}


class NameField(WordsField):
    """A name to call someone: one line, 80 characters, never empty, and something of it can be seen."""

    def __init__(self, **kwargs):
        super().__init__(one_line=True, limit=80, **kwargs)

    def to_python(self, value):
        name = super().to_python(value).strip()
        if name and not can_be_seen(name):
            raise ValidationError(
                _("Please use at least one letter or number, so that the name can be seen."), "unseen"
            )
        return name


def can_be_seen(name):
    """Whether at least one letter or digit of this name shows on a page."""
    return any(unicodedata.category(character)[0] in "LN" and character not in FILLERS for character in name)


class LanguageSelect(forms.Select):
    """Languages to choose from, each name marked as being in that language."""

    own = ""  # the language that choosing nothing means

    def create_option(self, name, value, label, *args, **kwargs):
        option = super().create_option(name, value, label, *args, **kwargs)
        language = str(value) or self.own
        return {**option, "attrs": {**option["attrs"], **({"lang": language} if language else {})}}
