"""Form fields for what people type: kept exactly as typed, or refused kindly with the text still on screen."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

WORDS_AT_MOST = 15_000
COMBINING_AT_MOST = 12  # marks on one letter; more is no writing system, and slows every page down

_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


class WordsField(forms.CharField):
    """A person's words. Nothing is trimmed or mended in silence.

    NUL and broken characters are refused; other control signs are taken out, and `taken_out` says how many.
    More than 15,000 characters are refused with the count. Line ends are kept as one sign, as browsers mean them.
    """

    widget = forms.Textarea

    def __init__(self, *, one_line=False, most=WORDS_AT_MOST, rows=4, **kwargs):
        self.one_line, self.most = one_line, most
        kwargs.setdefault("widget", forms.TextInput() if one_line else forms.Textarea(attrs={"rows": rows}))
        super().__init__(strip=False, **kwargs)
        self.widget.attrs.update({"dir": "auto", "autocomplete": "off", "spellcheck": "false", "translate": "no"})
        # Django would refuse NUL with a sentence of its own; ours comes first.
        self.validators = []

    def to_python(self, value):
        words = super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")
        if "\x00" in words or _SURROGATES.search(words):
            raise ValidationError(
                _("There is a sign in here that we cannot keep. Please type this part again."), "sign"
            )
        if self.one_line and "\n" in words:
            raise ValidationError(_("Please keep this on one line."), "line")
        words = _CONTROLS.sub("", words)
        if not words.strip():
            return ""
        if len(words) > self.most:
            raise ValidationError(too_long(len(words), self.most), "long")
        if most_marks_on_a_letter(words) > COMBINING_AT_MOST:
            raise ValidationError(_("There are too many marks on one letter. Please type this part again."), "marks")
        return words


def too_long(length, most):
    """What is said when words are too long: how many there are, how many fit, and that nothing is lost."""
    return _(
        "This is a bit long to save in one piece: it has %(length)s signs, and %(most)s fit. "
        "Try two shorter pieces. Nothing is lost."
    ) % {"length": length, "most": most}


def most_marks_on_a_letter(words):
    longest = run = 0
    for sign in words:
        run = run + 1 if unicodedata.combining(sign) else 0
        longest = max(longest, run)
    return longest


def controls_in(typed):
    """How many control signs the field took out of what was typed, so that the page can say so."""
    return len(_CONTROLS.findall(typed or ""))


def told_of_controls(count):
    """The sentence that tells the reader what was taken out."""
    return ngettext(
        "We took out %(count)s sign that cannot be shown.", "We took out %(count)s signs that cannot be shown.", count
    ) % {"count": count}


class NameField(WordsField):
    """A name to call someone: one line, at most 80 characters, never empty."""

    def __init__(self, **kwargs):
        super().__init__(one_line=True, most=80, **kwargs)

    def to_python(self, value):
        return super().to_python(value).strip()


class LanguageSelect(forms.Select):
    """Languages to choose from, each name marked as being in that language."""

    own = ""  # the language that choosing nothing means

    def create_option(self, name, value, label, *args, **kwargs):
        option = super().create_option(name, value, label, *args, **kwargs)
        language = str(value) or self.own
        return {**option, "attrs": {**option["attrs"], **({"lang": language} if language else {})}}
