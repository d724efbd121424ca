"""What happens around every page: problems stay quiet, and pages speak the reader's language."""

from django.conf import settings
from django.http import HttpResponseBadRequest
from django.template.loader import render_to_string
from django.utils import translation

from peers.models.people import language_known


def quiet_problems(get_response):
    """Refuse bodies that are not text, before anything reads them: a broken byte is never silently replaced."""

    def ask(request):
        if request.method == "POST" and not _is_text(request):
            return HttpResponseBadRequest(render_to_string("400.html", request=None))
        return get_response(request)

    return ask


def _is_text(request):
    kind = request.content_type or ""
    if kind not in ("application/x-www-form-urlencoded", "application/json", "text/plain"):
        return True
    return (request.content_params.get("charset", "utf-8").lower() in ("utf-8", "utf8", "us-ascii")) and True


def speak_their_language(get_response):
    """Each reader chooses the language of the pages; it is kept with them, or in a cookie before sign-in."""

    def ask(request):
        language = chosen_language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        return response

    return ask


def chosen_language(request):
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if cookie in dict(settings.LANGUAGES):
        return cookie
    if request.user.is_authenticated:
        return language_known(request.user.language)
    return translation.get_language_from_request(request)
