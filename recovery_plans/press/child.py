"""One job in a process of its own: reads the request, prints, answers, and is gone. Anything may kill it."""

import contextlib
import ctypes
import gc
import os
import resource
import signal
import socket
import time

from recovery_plans.press import wire
from recovery_plans.press.joining import join
from recovery_plans.press.shop import Shop, Unprintable

CPU_SECONDS = 20
# The whole address space, so that a child can never hold more than 1 GB, whatever it does. The last of it is kept for
# saying that there was not enough.
MEMORY = 1 << 30
ROOM_TO_ANSWER = 64 << 20
NICE = 15
BODY_SECONDS = 10
ANSWER_SECONDS = 20
ANSWERING = b"a"

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
_libc = ctypes.CDLL(None)


def work(connection: socket.socket, lifeline: int, header: dict, shop: Shop) -> None:
    """Does one job and ends the process; never returns.

    The client sees nothing before the whole PDF is made. A byte on the lifeline tells the parent, just before the
    first byte of an answer, that the child has begun to answer; after it comes a line for the log, if there is one
    (the child itself may not write to any file, not even to a log).
    """
    try:
        # Whatever happens, this process must not live on as a second parent.
        with contextlib.suppress(BaseException):
            keep_within_limits()
            answer, body, note = _print(connection, header, shop)
            until = time.monotonic() + ANSWER_SECONDS
            os.write(lifeline, ANSWERING + note.encode("ascii", "replace"))
            wire.send(connection, wire.pack(answer), until=until)
            wire.send(connection, body, until=until)
    finally:
        os._exit(0)


def keep_within_limits() -> None:
    """Gives this process a time, a memory, and no way to write a file or leave a core dump with somebody's words."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY - ROOM_TO_ANSWER, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _libc.prctl(_PR_SET_DUMPABLE, 0)
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.nice(NICE)
    gc.disable()


def _print(connection, header, shop):
    try:
        printed = _do(connection, header, shop)
    except wire.WireBroken:
        return {"status": "failed", "reason": "broken"}, b"", ""
    except BaseException as error:  # FatalURLFetchingError is no Exception
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        too_big = isinstance(error, (MemoryError, RecursionError))
        return {"status": "failed", "reason": "too_big" if too_big else "broken"}, b"", _what_broke(error)
    if len(printed) > wire.MAX_PDF:
        return {"status": "failed", "reason": "too_big"}, b"", ""
    return {"status": "ok", "size": len(printed)}, printed, ""


def _do(connection, header, shop):
    sizes = wire.sizes_in(header)
    job = header.get("job")
    if sum(sizes) > (wire.MAX_PDF if job == "join" else wire.MAX_HTML):
        raise MemoryError
    until = time.monotonic() + BODY_SECONDS
    bodies = [wire.receive(connection, size, until=until) for size in sizes]
    if job == "join":
        return join(bodies)
    if job == "print" and len(bodies) <= wire.PAGES_IN_A_PART:
        return shop.print_pages([body.decode("utf-8") for body in bodies], css=header.get("css", "print"))
    raise Unprintable("no such job")


def _what_broke(error):
    """One line for whoever runs the press: what broke and where in the code, never a word of the page."""
    said = f" ({error})" if isinstance(error, Unprintable) else ""
    last = error.__traceback__  # Python has no memory left for one when memory is what ran out
    if last is None:
        return f"{type(error).__name__}{said}"
    while last.tb_next is not None:
        last = last.tb_next
    return f"{type(error).__name__}{said} at {os.path.basename(last.tb_frame.f_code.co_filename)}:{last.tb_lineno}"
