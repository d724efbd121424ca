"""The app's own log: that something happened, never what. No person's words, no names, no addresses with secrets."""

import logging
import traceback


class NoWords(logging.Filter):
    """Drops what could carry a person's words: the request, and the arguments of a failing statement."""

    def filter(self, record):
        record.request = None
        return True


class Line(logging.Formatter):
    """One line an event; an exception is told by its kind and the places it passed, never by its message.

    Messages of exceptions carry data: a database error repeats the row, a template error the value.
    """

    default_msec_format = None

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

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
