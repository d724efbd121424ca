"""The WSGI app of the PDF service: POST a JSON list of HTML documents, get one tagged PDF of them or a reason.

200 is the PDF; 422 says that it is too large to print, 503 that there was no time, 400 that this is no request, 500
that it broke. The answer begins when the PDF is whole.
"""

import json
import os
from collections.abc import Callable
from http import HTTPStatus

from recovery_plans.pdf_service import limits, protocol
from recovery_plans.pdf_service.render import Refused, Renderer


class BadRequest(Exception):
    """What was sent is not a list of documents."""


class PdfApp:
    """`gunicorn.conf.py` warms it up in the parent and tells it, in each worker, how to say that it is alive."""

    renderer: Renderer | None = None

    def __init__(self):
        self.say_alive: Callable[[], None] = lambda: None

    def __call__(self, environ, start_response):
        status, body = self._answer(environ)
        kind = "application/pdf" if status == HTTPStatus.OK else "text/plain"
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    def _answer(self, environ):
        try:
            pdf = self._print(environ)
        except BadRequest:
            return HTTPStatus.BAD_REQUEST, b""
        except limits.ClientGone:
            return HTTPStatus.BAD_REQUEST, b""  # nobody reads it
        except (limits.TooLarge, MemoryError, RecursionError) as error:
            return protocol.TOO_LARGE, _note(environ, error)
        except SystemExit as error:  # gunicorn's timeout
            return protocol.BUSY, _note(environ, error)
        except BaseException as error:  # FatalURLFetchingError is no Exception
            # Whatever kind of error it is: with no memory left, Python and its libraries break in many ways.
            short = limits.is_short_of_memory()
            return (protocol.TOO_LARGE if short else protocol.BROKEN), _note(environ, error)
        return (HTTPStatus.OK, pdf) if len(pdf) <= protocol.MAX_PDF else (protocol.TOO_LARGE, b"")

    def _print(self, environ):
        documents = documents_in(environ)
        with limits.watched(
            cpu_seconds=limits.cpu_seconds_for(len(documents)), connection=environ.get("gunicorn.socket")
        ):
            return self.renderer.print(documents, on_laid_out=self.say_alive)


def documents_in(environ) -> list[str]:
    """The HTML documents of a request, or BadRequest."""
    length = environ.get("CONTENT_LENGTH") or ""
    if environ["REQUEST_METHOD"] != "POST" or not length.isdecimal():
        raise BadRequest
    if int(length) > protocol.MAX_HTML:
        raise MemoryError
    body = environ["wsgi.input"].read(int(length))
    try:
        documents = json.loads(body) if len(body) == int(length) else None
    except ValueError as error:
        raise BadRequest from error
    if not isinstance(documents, list) or not 1 <= len(documents) <= protocol.MAX_DOCUMENTS:
        raise BadRequest
    if not all(isinstance(html, str) for html in documents):
        raise BadRequest
    return documents


def _note(environ, error):
    """A line for whoever runs the service, and the body of the answer: what broke and where in the code, never a word
    of a document."""
    note = what_broke(error)
    environ["wsgi.errors"].write(f"pdf service: a job failed: {note}\n")
    environ["wsgi.errors"].flush()
    return note.encode("ascii", "replace")


def what_broke(error: BaseException) -> str:
    """The class of an error and where it was raised. Its message may quote the document, so it is left out."""
    last = error.__traceback__  # Python has no memory left for one when memory is what ran out
    if last is None:
        return type(error).__name__
    while last.tb_next is not None:
        last = last.tb_next
    reason = f" ({error})" if isinstance(error, Refused) else ""
    return f"{type(error).__name__}{reason} at {os.path.basename(last.tb_frame.f_code.co_filename)}:{last.tb_lineno}"


app = PdfApp()
