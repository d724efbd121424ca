"""The app's own log: that something happened, never what. No person's words, no names, no addresses with secrets."""

import logging
import traceback

# Django's lines about requests carry the address of the page and what the browser sent: keys of cards stand there.
_ABOUT_REQUESTS = ("django.request", "django.security", "django.server")
# Anyone can knock under a wrong host name, all day long; it is answered with 400 and nobody needs to read of it.
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


class Line(logging.Formatter):
    """One line an event; an exception is told by its kind and the places it passed, never by its message.

    Messages of exceptions carry data: a database error repeats the row, a template error the value.
    """

    default_msec_format = None

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record):
        # Another formatter may have left its full telling of the exception on the record; ours starts anew.
        told, record.exc_text = record.exc_text, None
        stack, record.stack_info = record.stack_info, None
        try:
            return super().format(record)
        finally:
            record.exc_text, record.stack_info = told, stack

    def formatMessage(self, record):
        if record.exc_info:
            record.message = "something broke"
        return super().formatMessage(record)

    def formatException(self, exc_info):
        kind, _error, trail = exc_info
        places = " < ".join(
            f"{frame.name} ({frame.filename.rsplit('/', 1)[-1]}:{frame.lineno})"
            for frame in reversed(traceback.extract_tb(trail)[-12:])
        )
        return f"{kind.__module__}.{kind.__name__} at {places}"
