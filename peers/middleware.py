"""What happens around every page: problems stay quiet, and pages speak the reader's language."""

from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import UnreadablePostError
from django.utils import translation

from peers.models.users import language_known
from peers.views import problems

_TEXT = ("application/x-www-form-urlencoded", "multipart/form-data", "application/json", "text/plain")
_UTF8 = ("utf-8", "utf8", "us-ascii", "ascii")


def quiet_problems(get_response):
    """Refuse bodies that are not text before a view reads them, and let no browser keep any page.

    Django itself would put a replacement sign for a broken byte: a silent change of somebody's words.
    """

    def ask(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    # After who is here and which language they read is known, and before the form's token is looked for.
    ask.process_view = _refuse_what_is_not_text
    return ask


def _refuse_what_is_not_text(request, view, args, kwargs):
    if request.method in ("GET", "HEAD", "OPTIONS") or request.content_type not in _TEXT:
        return None
    try:
        body = request.body
    except RequestDataTooBig:
        request._mark_post_parse_error()  # nothing after this may try to read the body again
        return problems.too_big(request)
    except UnreadablePostError:
        request._mark_post_parse_error()
        return problems.bad_request(request)
    if request.content_params.get("charset", "utf-8").lower() in _UTF8 and _is_text(body, request.content_type):
        return None
    request._mark_post_parse_error()
    return problems.bad_request(request)


def _is_text(body, kind):
    """Whether these bytes are UTF-8 through and through. No form here carries a file."""
    if kind == "application/x-www-form-urlencoded":
        if b"\x00" in body:  # a browser always writes it as %00; this is another encoding, unannounced
            return False
        body = unquote_to_bytes(body)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def refuse_impossible_session_key(get_response):
    """Treat a session cookie that cannot hold a key of ours as no cookie.

    Whoever sends a request writes what they like into a cookie, and PostgreSQL refuses a query with a NUL in it.
    """

    def middleware(request):
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if not (key.isascii() and key.isalnum()):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return get_response(request)

    return middleware


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
    """The language last chosen in this browser; else the reader's own; else what the browser asks for."""
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if cookie in dict(settings.LANGUAGES):
        return cookie
    if request.user.is_authenticated:
        return language_known(request.user.language)
    return translation.get_language_from_request(request)
