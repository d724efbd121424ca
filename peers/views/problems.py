"""Problem pages: it is not your fault, your words are safe, here is one thing to do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    """The same page for "not yours" and "not there": what a stranger may not see does not exist."""
    response = render(request, "404.html", status=404)
    response.headers["Cache-Control"] = "no-store"
    return response


def server_error(request):
    """Rendered without request or database, so that it cannot break in its turn."""
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request, reason=""):
    """The form was too old, or came from elsewhere. What was typed is shown again, to be copied or sent anew."""
    typed = [
        words
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and not name.startswith("pass")
        for words in values
        if len(words) > 1 and not name.endswith(("_id", "version"))
    ]
    return render(request, "403.html", {"typed": typed, "form_was_old": True}, status=403)
