"""Addresses of pages, quickly: the shape of an address is worked out once, the codes are put into it.

`address("goal", plan=…, goal=…)` is `reverse` for addresses whose parts are codes (UUIDs) and the names of sections.
Whatever else it is asked for, it asks `reverse` itself.
"""

import re
import uuid
from functools import cache

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

_SLUG = re.compile(r"[a-z0-9_-]+")


def address(name, **parts):
    """The address of this page with these parts."""
    pieces = _shape(get_urlconf(), get_script_prefix(), name, tuple(parts))
    filled = []
    for text, key, is_code in pieces or ():
        filled.append(text)
        if key is not None:
            part = parts[key]
            if type(part) is not uuid.UUID and (is_code or not _SLUG.fullmatch(str(part))):
                break
            filled.append(str(part))
    else:
        if pieces:
            return "".join(filled)
    return reverse(name, kwargs=parts or None)


@cache
def _shape(urlconf, prefix, name, keys):
    """What stands between the parts: [(text, the part that follows or None, whether it must be a code)].

    None for an address that has no such parts; `reverse` then says so in its own words.
    """
    codes = {key: uuid.uuid4() for key in keys}
    try:
        whole = reverse(name, urlconf=urlconf, kwargs=codes or None)
    except NoReverseMatch:
        return None
    named = {str(code): key for key, code in codes.items()}
    pieces, start = [], 0
    for found in re.finditer("|".join(named) or "(?!)", whole):
        key = named[found[0]]
        pieces.append((whole[start : found.start()], key, not _takes_a_name(urlconf, name, codes, key)))
        start = found.end()
    return [*pieces, (whole[start:], None, False)]


def _takes_a_name(urlconf, name, codes, key):
    try:
        reverse(name, urlconf=urlconf, kwargs={**codes, key: "a-name"})
    except NoReverseMatch:
        return False
    return True
