"""Problem pages: each says that it is not your fault, that your words are safe, and one thing to do."""

import uuid

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

# Fields that hold a secret or nobody's words; they are never shown again.
NOT_SHOWN_AGAIN = {"csrfmiddlewaretoken", "card_words", "pin", "code", "current", "next", "language", "device"}


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
    """Rendered without request or database, so that it cannot fail in its turn."""
    return HttpResponse(render_to_string("500.html", {"exit_site": settings.EXIT_SITE}), status=500)


def csrf_failure(request, reason=""):
    """The form was too old, or came from elsewhere. What was typed is shown again, to be copied or sent anew."""
    shown = {"typed": typed_in(request), "form_was_old": True}
    return render(request, "403.html", shown, status=403)


def signed_out(request, typed):
    """The session was over when the form came. What was typed is shown again, beside the ways in."""
    return render(request, "signed_out.html", {"typed": typed}, status=403)


def typed_in(request):
    """The words somebody typed into the form that was sent; no key, no code, nothing that is never shown again."""
    return [
        words
        for name, values in request.POST.lists()
        if not _is_secret(name)
        for words in values
        if len(words) > 1 and not _is_code(words)
    ]


def _is_secret(name):
    return name in NOT_SHOWN_AGAIN or name.startswith("pass") or name.endswith(("_id", "version"))


def _is_code(words):
    try:
        uuid.UUID(words)
    except ValueError:
        return False
    return True
