"""The app's own log: that something happened, never what. No person's words, no names, no URLs with secrets."""

import logging
import traceback

# Django's lines about requests carry the URL and what the browser sent; either can hold the token of a plan card.
_ABOUT_REQUESTS = ("django.request", "django.security", "django.server")
# Anyone can send requests with a wrong host name, all day long; the response is a 400, and a log line would not help.
_NOISE = ("django.security.DisallowedHost",)


class NoWords(logging.Filter):
    """Drops what could carry a person's words: the request, and everything that a line about a request quotes."""

    def filter(self, record):
        if record.name in _NOISE:
            return False
        record.request = None
        if record.name.startswith(_ABOUT_REQUESTS):
            record.msg = f"answered with {getattr(record, 'status_code', 'a problem page')}"
            record.args = ()
        return True


class QuietServer(logging.Filter):
    """Drops those lines of gunicorn that a stranger sets off and that carry an address, of the client or of a page."""

    def filter(self, record):
        message = str(record.msg)
        if message.startswith("Invalid request from ip="):
            return False
        if message.startswith("Error handling request"):
            record.msg, record.args = "Error handling a request", ()
        return True


class LineFormatter(logging.Formatter):
    """One line a record; of an exception its class and its traceback, never its message.

    Messages of exceptions carry data: a database error repeats the row, a template error the value.
    """

    default_msec_format = None

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record):
        # Another formatter may have left the exception's message in `exc_text`; ours formats it anew.
        cached, record.exc_text = record.exc_text, None
        stack, record.stack_info = record.stack_info, None
        try:
            return super().format(record)
        finally:
            record.exc_text, record.stack_info = cached, stack

    def formatMessage(self, record):
        if record.exc_info:
            record.message = "something broke"
        return super().formatMessage(record)

    def formatException(self, exc_info):
        exception, _error, trace = exc_info
        frames = " < ".join(
            f"{frame.name} ({frame.filename.rsplit('/', 1)[-1]}:{frame.lineno})"
            for frame in reversed(traceback.extract_tb(trace)[-12:])
        )
        return f"{exception.__module__}.{exception.__name__} at {frames}"
