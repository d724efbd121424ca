"""What the app says to the press: print this, print these, are you there?

Nothing here loads WeasyPrint or Django; it is safe in a web worker.
"""

import contextlib
import os
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from recovery_plans.press import wire

# Longer than the queue and the longest job together, so that the press is the one who says what went wrong.
PATIENCE_SECONDS = 100
AT_ONCE = 2  # parts of one print job: as many as the press has hands
REASONS = {"not_running", "too_long", "too_big", "busy", "broken"}


class PressFailed(Exception):
    """The press did not print. `reason` is not_running, too_long, too_big, busy or broken.

    "busy" means that too many jobs are waiting: try again in a minute. The text never carries a word of the page.
    """

    def __init__(self, reason: str):
        self.reason = reason if reason in REASONS else "broken"
        super().__init__(f"the press did not print: {self.reason}")


def print_pdf(html: str, *, css: str = "print", socket_path: str | os.PathLike | None = None) -> bytes:
    """A tagged PDF of one HTML document, whole or not at all (PressFailed)."""
    return _ask({"job": "print", "css": css}, [html.encode("utf-8", "replace")], socket_path)


def print_many(
    pages: Iterable[str],
    *,
    on_progress: Callable[[int], None] | None = None,
    css: str = "print",
    socket_path: str | os.PathLike | None = None,
) -> bytes:
    """One tagged PDF of many short HTML documents, in their order; for work in the background.

    They are printed in parts of fifty, two at once, each a job like any other: a person who prints meanwhile waits for
    one part at most. `on_progress(done)` is called after each part, in their order, with the number of documents
    printed so far. An exception it raises stops the printing.
    """
    pages, waiting, parts, done = iter(pages), deque(), [], 0
    with ThreadPoolExecutor(max_workers=AT_ONCE) as hands:
        try:
            while True:
                while len(waiting) < AT_ONCE and (batch := _next_part(pages)):
                    waiting.append((len(batch), hands.submit(_ask, {"job": "print", "css": css}, batch, socket_path)))
                if not waiting:
                    break
                count, part = waiting.popleft()
                parts.append(part.result())
                done += count
                if on_progress is not None:
                    on_progress(done)
        finally:
            for _count, part in waiting:
                part.cancel()
    if not parts:
        raise ValueError("nothing to print")
    return parts[0] if len(parts) == 1 else _ask({"job": "join"}, parts, socket_path)


def _next_part(pages):
    return [html.encode("utf-8", "replace") for html in islice(pages, wire.PAGES_IN_A_PART)]


def alive(*, socket_path: str | os.PathLike | None = None) -> bool:
    """Whether the press answers, within a second."""
    try:
        _ask({"job": "ping"}, [], socket_path, patience=1)
    except PressFailed:
        return False
    return True


def default_socket() -> Path:
    """Where the press listens when nobody says otherwise."""
    root = Path(__file__).resolve().parents[2]
    var = Path(os.environ.get("VAR_DIR") or root / "var")
    return Path(os.environ.get("PRESS_SOCKET") or var / "press.sock")


def _ask(header, bodies, socket_path, patience=PATIENCE_SECONDS):
    limit = wire.MAX_PDF if header["job"] == "join" else wire.MAX_HTML
    if sum(map(len, bodies)) > limit:
        raise PressFailed("too_big")
    until = time.monotonic() + patience
    header = header | {"sizes": [len(body) for body in bodies]}
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(patience)
        try:
            connection.connect(str(socket_path or default_socket()))
        except OSError as error:
            raise PressFailed("not_running") from error
        # A press that says no closes the door before it has heard everything; its answer is there to be read.
        with contextlib.suppress(wire.WireBroken):
            wire.send(connection, b"".join([wire.pack(header), *bodies]), until=until)
        try:
            return _hear(connection, until)
        except wire.WireBroken as error:
            raise PressFailed("broken" if time.monotonic() < until else "too_long") from error


def _hear(connection, until):
    answer = wire.receive_header(connection, until=until)
    if answer.get("status") != "ok":
        raise PressFailed(str(answer.get("reason")))
    size = answer.get("size")
    if type(size) is not int or not 0 <= size <= wire.MAX_PDF:
        raise PressFailed("broken")
    return wire.receive(connection, size, until=until)
