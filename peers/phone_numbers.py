"""Phone numbers as people type them: where one stands in a text, and what a phone is to dial."""

import re
import unicodedata
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from peers.form_fields import WordsField

PHONE_LIMIT = 80
SHORTEST, LONGEST = 3, 15  # 988, 911; ITU-T E.164

_GAP = r"[ \xa0]?[ \xa0.\-\u2010-\u2013][ \xa0]?"
# A phone number, as people write it: (508) 555-0142, 1-833-773-2445, 555-0142; +44 20 7946 0018, 06 12 34 56 78; and
# whatever has at least three groups with a hyphen or a dot between, such as a date, which is in order like this too.
PHONE_NUMBER = re.compile(
    rf"""(?<!\d)(?<!\d[.,:/\-])(?:
        (?:\+?[1١۱](?:{_GAP})?)?(?:\(\d{{3}}\)[ \xa0]?|\d{{3}}{_GAP})\d{{3}}(?:{_GAP})?\d{{4}}
        |\d{{3}}{_GAP}\d{{4}}
        |\+[ \xa0]?\d{{1,15}}(?:(?:{_GAP})?\(\d{{1,5}}\)|{_GAP}\d{{1,14}}|(?<=\))\d{{1,14}}){{0,6}}
        |[0٠۰]\d{{1,14}}(?:{_GAP}\d{{2,14}}){{1,5}}
        |\d{{1,5}}(?:[.\-\u2010-\u2013]\d{{1,5}}){{2,5}}
    )(?![\d/]|[.,:\-]\d)(?:[ \xa0]?(?:x|ext\.?)[ \xa0]?\d{{1,6}}(?!\w))?""",
    re.VERBOSE,
)
# A number that ends in a word, as 1-800-662-HELP does: seven letters and digits after the area code.
WORD_NUMBER = re.compile(
    rf"(?:\+?1(?:{_GAP})?)?\(?\d{{3}}\)?{_GAP}(?=(?:\d-?){{0,4}}[A-Z]{{3}})(?:-?[A-Z\d]){{7}}(?![A-Za-z\d])"
)
ONLY_A_NUMBER = re.compile(r"\s*\+?[\d\s().\-\u2010-\u2013]+")
# *67 before a number hides who calls; a button would dial without it.
SERVICE_CODE = re.compile(r"[*#][ \xa0]?\d")
BARE_DIGITS = re.compile(r"(?<![\d.,:/\-])\d{3,15}(?![\d/]|[.,:\-]\d)")
EXTENSION = re.compile(r"(?:x|ext\.?)\s?(\d+)$")
KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")


@dataclass(frozen=True)
class NumberToCall:
    """One number in what somebody typed: as it was typed, and as a phone takes it."""

    typed: str
    digits: str
    extension: str = ""

    @property
    def tel(self):
        """Where a button to call leads. A comma is a short wait, after which a phone dials the extension."""
        return f"tel:{self.digits},{self.extension}" if self.extension else f"tel:{self.digits}"

    @property
    def sms(self):
        """Where a button to text leads; "" for a number with an extension, which takes no texts."""
        return "" if self.extension else f"sms:{self.digits}"


def numbers_to_call(typed):
    """Every number in these words, in order. Words around it, such as whose it is, dial nothing."""
    typed = str(typed or "").strip()
    plain = in_plain_digits(typed)
    if SERVICE_CODE.search(plain):
        return []
    if ONLY_A_NUMBER.fullmatch(plain) and not _holds_more_than_one(plain):
        found = [_number(typed, plain)]
    else:
        found, end = [], 0
        while match := _next_number(plain, end):
            found.append(_number(typed[match.start() : match.end()], match[0]))
            end = match.end()
    return [number for number in found if SHORTEST <= len(number.digits.removeprefix("+")) <= LONGEST]


def _holds_more_than_one(text):
    """Whether digits are left beside the first number in this text: they are not to be joined with it."""
    first = PHONE_NUMBER.search(text)
    return first is not None and any(map(str.isdecimal, text[: first.start()] + text[first.end() :]))


def _next_number(text, after):
    """The first number after this position. Where two shapes begin together, the one that ends in a word is it."""
    shapes = (WORD_NUMBER, PHONE_NUMBER, BARE_DIGITS)
    found = [match for shape in shapes if (match := shape.search(text, after))]
    return min(found, key=lambda match: match.start(), default=None)


def _number(typed, plain):
    extension = EXTENSION.search(plain)
    number = plain[: extension.start()] if extension else plain
    plus = "+" if number.lstrip().startswith("+") else ""
    digits = re.sub(r"\D", "", number.translate(KEYS))
    return NumberToCall(typed, plus + digits, extension[1] if extension else "")


def in_plain_digits(text):
    """The text letter by letter, every digit of any script as 0 to 9."""
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)


class PhoneField(WordsField):
    """A phone number, kept as it was typed, or nothing. It must hold a digit."""

    def __init__(self, **kwargs):
        super().__init__(one_line=True, limit=PHONE_LIMIT, required=False, widget=forms.TelInput(), **kwargs)
        self.widget.attrs["dir"] = "ltr"

    def validate(self, value):
        super().validate(value)
        if value and not any(character.isdecimal() for character in value):
            raise ValidationError(_("There is no number in this. Type one, or leave it empty."), "number")
