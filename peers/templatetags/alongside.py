"""What every page is printed with: icons, the round initial of a name, and the parts of a form.

Nothing here decides anything. The icons are drawn into the page itself, so that no page waits for them.
"""

import re
from functools import cache
from unicodedata import bidirectional
from zlib import crc32

from django import forms, template
from django.conf import settings
from django.template import defaultfilters, defaulttags
from django.template.base import render_value_in_context
from django.templatetags import i18n
from django.templatetags import static as static_files
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from peers.addresses import address

register = template.Library()

AVATAR_COLOURS = ("pine", "plum", "clay", "lake")


@cache
def _drawing(name: str) -> SafeString:
    """The lines of one icon of ours, as an `<svg>` that screen readers pass by."""
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise LookupError(f"{name!r} is not the name of an icon.")
    source = (settings.ROOT / "static" / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    lines = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL).group(1)
    return mark_safe(f'<svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{lines}</svg>')


class _Icon(template.Node):
    """An icon whose name is known only when the page is printed."""

    def __init__(self, name):
        self._name = name

    def render(self, context):
        return _drawing(str(self._name.resolve(context)))


@register.tag
def icon(parser, token):
    """Draw one icon beside its word. An icon without a word beside it says nothing to many people."""
    try:
        _tag, name = token.split_contents()
    except ValueError:
        raise template.TemplateSyntaxError("icon takes the name of one icon.") from None
    known = parser.compile_filter(name)
    plain = isinstance(known.var, str) and not known.filters
    return template.base.TextNode(_drawing(str(known.var))) if plain else _Icon(known)


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
    for sign in str(words or ""):
        way = bidirectional(sign)
        if way in ("LRI", "RLI", "FSI"):
            isolated += 1
        elif way == "PDI":
            isolated = max(0, isolated - 1)
        elif not isolated and way in ("L", "R", "AL"):
            return "ltr" if way == "L" else "rtl"
    return "ltr"


# --- Django's own tags, quicker -------------------------------------------------------------------------------------
# A page has some eighty short texts, thirty addresses and a dozen files that are always the same but for a code. Loaded
# last, this library's `translate`, `blocktranslate`, `url`, `static` and `linebreaksbr` do what Django's do, and
# remember what does not change.


class _SaidOnce(template.Node):
    """A short text of ours: looked up once in each language."""

    def __init__(self, node):
        self._node, self._said = node, {}

    def render(self, context):
        language = get_language()
        said = self._said.get(language)
        if said is None:
            said = self._said[language] = self._node.render(context)
        return said


@register.tag
def translate(parser, token):
    """Django's `translate`; a plain text is looked up once in each language."""
    node = i18n.do_translate(parser, token)
    expression, inside = node.filter_expression, node.message_context
    plain = getattr(expression.var, "literal", None) is not None and not expression.filters
    same_context = inside is None or isinstance(inside.var, str) and not inside.filters
    return _SaidOnce(node) if plain and same_context and not node.asvar else node


class _SaidWith(template.Node):
    """A sentence of ours with names or numbers in it: its words are put together once, not each time."""

    def __init__(self, node):
        self._node = node
        self._one, self._names = node.render_token_list(node.singular)
        self._many = None
        if node.countervar:
            self._many, more = node.render_token_list(node.plural)
            self._names = [*self._names, *more]

    def render(self, context):
        said = {name: value.resolve(context) for name, value in self._node.extra_context.items()}
        if self._many is None:
            sentence = gettext(self._one)
        else:
            number = said[self._node.countervar] = self._node.counter.resolve(context)
            sentence = ngettext(self._one, self._many, number)
        try:
            return sentence % {name: render_value_in_context(said[name], context) for name in self._names}
        except (KeyError, ValueError):
            return self._node.render(context)  # a name from elsewhere, or a mistake that Django words itself


@register.tag
def blocktranslate(parser, token):
    """Django's `blocktranslate`; what does not change in it is worked out when the template is read."""
    node = i18n.do_block_translate(parser, token)
    return node if node.asvar or node.message_context else _SaidWith(node)


class _AddressOf(template.Node):
    """The address of a page of ours, by its name and its parts."""

    def __init__(self, node, name):
        self._node, self._name = node, name

    def render(self, context):
        parts = {key: value.resolve(context) for key, value in self._node.kwargs.items()}
        try:
            return conditional_escape(address(self._name, **parts))
        except NoReverseMatch:
            return self._node.render(context)  # which says what is wrong, in Django's own words


@register.tag
def url(parser, token):
    """Django's `url`; the shape of an address is worked out once."""
    node = defaulttags.url(parser, token)
    name = node.view_name.var
    return node if node.args or node.asvar or not isinstance(name, str) else _AddressOf(node, str(name))


class _File(template.Node):
    """The address of one file of ours. It stays the same as long as the process runs."""

    def __init__(self, node):
        self._node, self._address = node, None

    def render(self, context):
        if self._address is None:
            self._address = self._node.render(context)
        return self._address


@register.tag
def static(parser, token):
    """Django's `static`; the address of a file that is named outright is worked out once."""
    node = static_files.do_static(parser, token)
    plain = isinstance(node.path.var, str) and not node.path.filters
    return _File(node) if plain and node.varname is None else node


@register.filter(is_safe=True, needs_autoescape=True)
def linebreaksbr(words, autoescape=True):
    """Django's `linebreaksbr`; most of what people say stands on one line and is passed on as it is."""
    if isinstance(words, str) and "\n" not in words and "\r" not in words:
        return conditional_escape(words) if autoescape else words
    return defaultfilters.linebreaksbr(words, autoescape)
