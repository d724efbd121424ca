"""How the app asks the PDF service: print this, print these, are you there?

Nothing here loads WeasyPrint or Django; it is safe in a web worker.
"""

import errno
import http.client
import json
import os
import select
import socket
import time
from collections.abc import Callable
from pathlib import Path

from recovery_plans.pdf_service import protocol

# Longer than the service's own limits, with room for a long queue, so that the service says what went wrong.
ONE_DOCUMENT_TIMEOUT = 180
MANY_DOCUMENTS_TIMEOUT = 900
HEARTBEAT_SECONDS = 5
REASONS = {"not_running", "too_large", "busy", "broken"}


class PdfFailed(Exception):
    """No PDF was made. `reason` is not_running, too_large, busy or broken.

    "too_large": the document needs more processor time or memory than one job may have. "busy": too many jobs wait, or
    the machine has no time; try again in a minute. The text never carries a word of the document.
    """

    def __init__(self, reason: str):
        self.reason = reason if reason in REASONS else "broken"
        super().__init__(f"the PDF service made no PDF: {self.reason}")


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str | os.PathLike, *, timeout: float):
        super().__init__("localhost", timeout=timeout)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def print_pdf(html: str, *, socket_path: str | os.PathLike | None = None) -> bytes:
    """A tagged PDF of one HTML document, whole or not at all (PdfFailed)."""
    return _post([html], socket_path, timeout=ONE_DOCUMENT_TIMEOUT)


def print_many(
    documents: list[str],
    *,
    while_waiting: Callable[[], None] = lambda: None,
    socket_path: str | os.PathLike | None = None,
) -> bytes:
    """One tagged PDF of up to MAX_DOCUMENTS HTML documents, in their order; for work in the background.

    `while_waiting` is called every few seconds until the PDF is there. An exception it raises ends the job.
    """
    if not 1 <= len(documents) <= protocol.MAX_DOCUMENTS:
        raise ValueError(f"one PDF holds 1 to {protocol.MAX_DOCUMENTS} documents")
    return _post(documents, socket_path, timeout=MANY_DOCUMENTS_TIMEOUT, while_waiting=while_waiting)


def is_running(*, socket_path: str | os.PathLike | None = None) -> bool:
    """Whether the service takes jobs. It opens its socket once it is warm, and the connection alone tells: an answer
    would have to wait for the jobs before it."""
    connection = UnixConnection(socket_path or default_socket(), timeout=1)
    try:
        connection.connect()
    except OSError as error:
        return error.errno == errno.EAGAIN  # so many wait that no more may: it runs
    finally:
        connection.close()
    return True


def default_socket() -> Path:
    """Where the service listens when nobody says otherwise."""
    root = Path(__file__).resolve().parents[2]
    var = Path(os.environ.get("VAR_DIR") or root / "var")
    return Path(os.environ.get("PDF_SERVICE_SOCKET") or var / "pdf-service.sock")


def _post(documents, socket_path, *, timeout, while_waiting=lambda: None):
    body = json.dumps(documents, ensure_ascii=False).encode("utf-8", "replace")
    if len(body) > protocol.MAX_HTML:
        raise PdfFailed("too_large")
    connection = UnixConnection(socket_path or default_socket(), timeout=timeout)
    try:
        _connect(connection)
        return _exchange(connection, body, while_waiting)
    finally:
        connection.close()


def _connect(connection):
    try:
        connection.connect()
    except BlockingIOError as error:  # the queue is full
        raise PdfFailed("busy") from error
    except OSError as error:
        raise PdfFailed("not_running") from error


def _exchange(connection, body, while_waiting):
    try:
        connection.request("POST", "/", body, {"Content-Type": "application/json"})
        _wait(connection, while_waiting)
        response = connection.getresponse()
        pdf = response.read()
    except TimeoutError as error:
        raise PdfFailed("busy") from error
    except (OSError, http.client.HTTPException) as error:  # the worker was killed
        raise PdfFailed("broken") from error
    if response.status == http.HTTPStatus.OK:
        return pdf
    raise PdfFailed({protocol.TOO_LARGE: "too_large", protocol.BUSY: "busy"}.get(response.status, "broken"))


def _wait(connection, while_waiting):
    """Until the answer begins, or the connection's time is over."""
    until = time.monotonic() + connection.timeout
    while not select.select([connection.sock], [], [], HEARTBEAT_SECONDS)[0]:
        if time.monotonic() > until:
            raise TimeoutError
        while_waiting()
