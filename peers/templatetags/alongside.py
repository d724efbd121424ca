"""Tags and filters of every page: icons, the round initial of a name, the parts of a form.

Nothing here decides anything. The icons are drawn into the page itself, so that no page waits for them.
"""

import re
from functools import cache
from unicodedata import bidirectional
from zlib import crc32

from django import forms, template
from django.conf import settings
from django.template.defaultfilters import linebreaksbr
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from peers.phone_numbers import PHONE_NUMBER
from peers.phone_numbers import numbers_to_call as find_numbers_to_call

register = template.Library()

BEGINNING = 30  # characters by which a line is known
AVATAR_COLOURS = ("pine", "plum", "clay", "lake")


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Draw one icon beside its word. An icon without a word beside it says nothing to many people.

    Its lines stand in the page itself, in an `<svg>` that screen readers pass by.
    """
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise LookupError(f"{name!r} is not the name of an icon.")
    source = (settings.ROOT / "static" / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    lines = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL).group(1)
    return mark_safe(f'<svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{lines}</svg>')


@register.filter
def initial(name):
    """The first letter of a name, for the round mark beside it. Empty for no name."""
    return str(name or "").strip()[:1].upper()


@register.filter
def av_colour(name):
    """The class that colours a name's round mark: the same name has the same colour on every page."""
    colour = AVATAR_COLOURS[crc32(str(name or "").strip().casefold().encode()) % len(AVATAR_COLOURS)]
    return "" if colour == "pine" else f"av--{colour}"


# --- Parts of a form -------------------------------------------------------------------------------------------------

WORD_BOXES = ("text", "search")  # the inputs that people write words in; a number or a date has no direction


@register.filter
def control(field):
    """Print the control of a form's field, as Django makes it, with the direction of people's words left open.

    Django itself ties the hint and the message to it (`aria-describedby`, `aria-invalid`); what was typed stays.
    """
    widget = field.field.widget
    extra = {}
    takes_words = isinstance(widget, forms.Textarea) or getattr(widget, "input_type", "") in WORD_BOXES
    if takes_words and "dir" not in widget.attrs:
        extra["dir"] = "auto"
    if described := widget.attrs.get("aria-describedby"):  # Django would leave hint and message out beside it
        hint = [f"{field.auto_id}_helptext"] if field.help_text else []
        message = [f"{field.auto_id}_error"] if field.errors else []
        extra["aria-describedby"] = " ".join([described, *hint, *message])
    return field.as_widget(attrs=extra)


@register.filter
def control_id(field):
    """The id a link to this field must reach: its box, or the first choice of a set. Empty for a hidden field."""
    if field.is_hidden or not field.auto_id:
        return ""
    widget = field.field.widget
    if isinstance(widget, forms.MultiWidget):
        return f"{field.auto_id}_0"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        choices = field.subwidgets
        return choices[0].id_for_label if choices else field.auto_id
    return field.id_for_label


@register.filter
def kind(field):
    """How the pack lays a field out: hidden, tick, choices (one of a set), ticks (any of a set), group or box."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "ticks"
    if isinstance(widget, forms.RadioSelect):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "group" if field.use_fieldset else "box"


@register.filter
def takes_a_secret(field):
    """Whether a field is typed unseen, so that a "Show" button belongs beside it."""
    return getattr(field.field.widget, "input_type", "") == "password"


# --- Which way words are read ----------------------------------------------------------------------------------------


@register.filter
def direction(words):
    """Which way these words are read: "rtl" when their first letter is read from the right, else "ltr".

    For paper: WeasyPrint does not know `dir="auto"`. It follows the same rule as browsers do.
    """
    isolated = 0  # what stands inside an isolate does not decide
    for character in str(words or ""):
        way = bidirectional(character)
        if way in ("LRI", "RLI", "FSI"):
            isolated += 1
        elif way == "PDI":
            isolated = max(0, isolated - 1)
        elif not isolated and way in ("L", "R", "AL"):
            return "ltr" if way == "L" else "rtl"
    return "ltr"


# Where Unicode has the letters that are read from the right (bidirectional class R or AL).
FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")


@register.filter
def numbers_in_order(words):
    """A person's words, escaped, in which a phone number is read from the left as one piece, wherever it stands.

    After a word that is read from the right, the groups of a number would change places, and somebody in need would
    dial a wrong one.
    """
    words = str(words or "")
    if not FROM_THE_RIGHT.search(words):
        return conditional_escape(words)
    pieces, kept, read, way = [], 0, 0, ""
    for number in PHONE_NUMBER.finditer(words):
        if sum(character.isdigit() for character in number[0]) < 7:
            continue
        start, end = number.span()
        way, read = _last_direction(words[read:start], way), end
        if way != "L":  # after a letter that is read from the left, a number is in order by itself
            pieces += [words[kept:start], format_html('<bdi dir="ltr">{}</bdi>', number[0])]
            kept = end
    return format_html_join("", "{}", ([piece] for piece in [*pieces, words[kept:]]))


@register.filter
def in_lines(words):
    """A person's words as numbers_in_order has them, on as many lines as they were typed on."""
    shown = numbers_in_order(words)
    return linebreaksbr(shown) if "\n" in shown or "\r" in shown else shown


@register.filter
def numbers_to_call(typed):
    """The numbers in what somebody typed, each as a phone dials it."""
    return find_numbers_to_call(typed)


def _last_direction(text, way):
    """The direction of the last letter of this text; `way` where it has none. A new row begins anew."""
    ways = map(bidirectional, reversed(text))
    return next((found for found in ways if found in ("L", "R", "AL", "B")), way)


@register.simple_tag
def mark(voice):
    """A quiet mark behind a line that was not read back yet: who typed it, or that it is from paper; else nothing.

    What it means stands once on the page (components/marks.html).
    """
    if voice.kind == "typed":
        return format_html(
            '<span class="mk">{}<bdi aria-hidden="true">{}</bdi><span class="vh"> ({})</span></span>',
            icon("pencil"),
            voice.by_first_name,
            _("typed by %(name)s") % {"name": voice.by_first_name},
        )
    if voice.kind == "paper":
        drawn = icon("file-text")
        return format_html('<span class="mk mk--paper">{}<span class="vh"> ({})</span></span>', drawn, _("from paper"))
    return ""


@register.simple_tag
def which(line):
    """After what a button does, unseen: to which line, by how it begins. Its whole words would hide the verb."""
    words = line.words if len(line.words) <= BEGINNING else f"{line.words[: BEGINNING - 1]}…"
    beginning = numbers_in_order(words)
    return format_html('<span class="vh">: <bdi lang="{}">{}</bdi></span>', line.language, beginning)
