"""Middleware: no page is kept by a browser, bodies are UTF-8, and pages are in the reader's language."""

import contextlib
import re
import socket
import threading
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponseNotAllowed, QueryDict, UnreadablePostError
from django.utils import translation

from peers.hands import hands_of
from peers.models.users import nearest_language
from peers.views import problems

_TEXT = ("application/x-www-form-urlencoded", "multipart/form-data", "application/json", "text/plain")
_UTF8 = ("utf-8", "utf8", "us-ascii", "ascii")


METHODS = ("GET", "HEAD", "POST")
# A body of 3 MB comes in far less over a bad line. Behind the proxy it is there at once.
BODY_SECONDS = 15


def known_methods(get_response):
    """Answer 405 to every method that no page here has."""

    def middleware(request):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return get_response(request)

    return middleware


def no_store(get_response):
    """No cache and no history snapshot keeps a page: after Leave, the browser's Back button shows nothing."""

    def middleware(request):
        response = get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def require_utf8(get_response):
    """Refuse bodies that are not UTF-8 before a view reads them.

    Django itself would put a replacement character for a broken byte: a silent change of somebody's words.
    """

    def middleware(request):
        return get_response(request)

    # After the user and their language are known, and before the CSRF token is looked for in the body.
    middleware.process_view = _refuse_if_not_utf8
    return middleware


def _refuse_if_not_utf8(request, view, args, kwargs):
    if request.method in ("GET", "HEAD", "OPTIONS") or request.content_type not in _TEXT:
        return None
    try:
        with _in_time(request):
            body = request.body
    except RequestDataTooBig:
        return _without_form(request, problems.too_big)
    except UnreadablePostError:
        return _without_form(request, problems.bad_request)
    if not _is_all_there(body, request.META.get("CONTENT_LENGTH") or "0"):
        return _without_form(request, problems.bad_request)
    if request.content_params.get("charset", "utf-8").lower() in _UTF8 and _is_utf8(body, request):
        return None
    return _without_form(request, problems.bad_request)


def _without_form(request, page):
    """A problem page whose template cannot make Django read the body again."""
    request.POST = QueryDict()
    return page(request)


@contextlib.contextmanager
def _in_time(request):
    """Stop reading a body after BODY_SECONDS: a letter at a time would keep a thread for hours."""
    connection = request.environ.get("gunicorn.socket")
    if connection is None:
        yield
        return
    deadline = threading.Timer(BODY_SECONDS, _stop_reading, [connection])
    deadline.daemon = True
    deadline.start()
    try:
        yield
    finally:
        deadline.cancel()


def _is_all_there(body, announced):
    """Whether the body is as long as was announced. Else the line dropped, or it took too long: half a text is here."""
    return announced.isdecimal() and len(body) >= int(announced)


def _stop_reading(connection):
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RD)


def _is_utf8(body, request):
    """Whether all of these bytes are UTF-8. No form here carries a file."""
    content_type = request.content_type
    if content_type == "multipart/form-data" and _is_encoded_again(body, request.content_params.get("boundary", "")):
        return False
    if content_type == "application/x-www-form-urlencoded":
        if b"\x00" in body:  # a browser always writes it as %00; this is another encoding, unannounced
            return False
        body = unquote_to_bytes(body)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_encoded_again(body, boundary):
    """Whether a part of the form says that it is in base64 or the like, as no browser does: Django would decode it."""
    parts = body.split(b"--" + boundary.encode("ascii", "replace"))
    heads = (part.lstrip(b"\r\n").partition(b"\r\n\r\n")[0] for part in parts)
    return any(re.search(rb"(?im)^content-transfer-encoding[ \t]*:[ \t]*(?!7bit|8bit|binary)", head) for head in heads)


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


def reader_language(get_response):
    """Each reader chooses the language of the pages; it is kept with their user, or in a cookie before sign-in."""

    def middleware(request):
        language = chosen_language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        return response

    return middleware


def chosen_language(request):
    """The language last chosen in this browser; else the reader's own; else what the browser asks for.

    On a device that is in somebody else's hands, what its owner chose does not count.
    """
    hands = hands_of(request)
    if hands:
        return hands.language or nearest_language(request.user.language)
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if cookie in dict(settings.LANGUAGES):
        return cookie
    if request.user.is_authenticated:
        return nearest_language(request.user.language)
    return translation.get_language_from_request(request)
