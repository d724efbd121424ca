"""Problem pages: each says that it is not your fault, that your words are safe, and one thing to do."""

import logging
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from peers.faults import drop_gone_connections, is_database_away, is_disk_full
from peers.forms import FORMS_AT

log = logging.getLogger(__name__)

# Words that are a key; they are never shown again.
NOT_SHOWN_AGAIN = {"card_words"}


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    """The same page for "not yours" and "not there": what a stranger may not see does not exist."""
    return render(request, "404.html", status=404)


def too_big(request):
    """The body is larger than a whole plan. Nothing was saved, and the page says so."""
    return render(request, "413.html", status=413)


def too_many(request, *, minutes):
    """Too many guesses from one address: a short wait, which ends by itself."""
    response = render(request, "429.html", {"minutes": minutes}, status=429)
    response.headers["Retry-After"] = str(minutes * 60)
    return response


def server_error(request):
    """Something broke. What was typed is shown again; the log gets the one fact that its owner can mend.

    Rendered without request or database, so that it cannot fail in its turn. Where the database is away or the disk is
    full, it is no mistake of the code, and may be over in a minute: 503.
    """
    error = sys.exc_info()[1]
    if is_disk_full(error):
        log.error("the disk is full")
    for_now = is_disk_full(error) or is_database_away(error)
    shown = {"exit_site": settings.EXIT_SITE, "for_now": for_now, "typed": _typed_if_any(request)}
    response = HttpResponse(render_to_string("500.html", shown), status=503 if for_now else 500)
    if for_now:
        response.headers["Retry-After"] = "60"
        drop_gone_connections(error)
    return response


def _typed_if_any(request):
    try:
        return typed_in(request) if request.method == "POST" else []
    except Exception:  # the body itself may be what could not be read
        return []


@dataclass(frozen=True)
class Typed:
    """What somebody typed into one box, and what the box is called."""

    label: str
    words: str


def csrf_failure(request, reason=""):
    """The form was too old, or came from elsewhere. What was typed is shown again, to be copied or sent anew."""
    shown = {"typed": typed_in(request), "form_was_old": True, "came_from": page_before(request)}
    return render(request, "403.html", shown, status=403)


def signed_out(request, typed):
    """The session was over when the form came. What was typed is shown again, beside the ways in."""
    return render(request, "signed_out.html", {"typed": typed, "came_from": page_before(request)}, status=403)


def typed_in(request):
    """The words somebody typed into the form that was sent, each under the label of its box.

    No choice, no code, and nothing that is never shown again: the form itself says which of its fields take words.
    """
    try:  # where middleware broke, the address was not looked at yet
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return []
    # Where several forms are sent to one address, it is the one that has most of these boxes.
    known = FORMS_AT.get(match.url_name, [])
    forms = sorted(known, key=lambda form: sum(name in form.base_fields for name in request.POST), reverse=True)
    return [
        Typed(label=label, words=words)
        for name, values in request.POST.lists()
        if name not in NOT_SHOWN_AGAIN and (label := _label_of(name, forms))
        for words in values
        if words.strip()
    ]


def _label_of(name, forms):
    return next(filter(None, (form.label_of_words(name) for form in forms)), None)


def page_before(request):
    """The path of the page that the form was on, as the browser says it; "" where that is none of ours."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return ""
    return urlsplit(came_from).path
