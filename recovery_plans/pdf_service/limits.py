"""What one job may use. The limits of the kernel end a worker; just before them a watch ends the job with an answer."""

import contextlib
import ctypes
import gc
import math
import resource
import select
import signal
import socket
import time
from collections.abc import Iterator

CPU_SECONDS = 20
# Each further document of a job: a summary takes 0.05 s (docs/decisions/0003).
CPU_SECONDS_A_DOCUMENT = 0.25
# The whole address space, so that a worker never holds more than 1 GB. A library in C that finds no memory ends the
# process without a word; so a job ends while there is still some left.
MEMORY = 1 << 30
MEMORY_OF_A_JOB = MEMORY - (192 << 20)
# How long past its limit a worker may go on, should it be deep in a library when the limit is met.
CPU_GRACE = 10
LOOK_EVERY = 0.25

_PR_SET_DUMPABLE = 4


class TooLarge(BaseException):
    """The job has used up its processor time or its memory. No Exception: WeasyPrint passes over many of those."""


class ClientGone(BaseException):
    """Nobody waits for this PDF any more."""


def confine() -> None:
    """Gives this process a limit of memory, and no way to leave a core dump with somebody's words."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0)  # a limit of 0 does not hold where dumps go to a program
    gc.disable()  # the process ends after one job


def cpu_seconds_for(documents: int) -> float:
    """How much processor time a job of so many documents may use."""
    return CPU_SECONDS + CPU_SECONDS_A_DOCUMENT * (documents - 1)


@contextlib.contextmanager
def watched(*, cpu_seconds: float, connection: socket.socket | None) -> Iterator[None]:
    """Ends the block with TooLarge or ClientGone, looking again after each quarter of a second of processor time.

    Meanwhile no file can be written.
    """
    end = time.process_time() + cpu_seconds

    def look(*_):
        if time.process_time() > end or is_short_of_memory():
            raise TooLarge
        if connection is not None and has_hung_up(connection):
            raise ClientGone

    hard = math.ceil(end) + CPU_GRACE
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
    signal.signal(signal.SIGPROF, look)
    signal.siginterrupt(signal.SIGPROF, False)
    signal.setitimer(signal.ITIMER_PROF, LOOK_EVERY, LOOK_EVERY)
    _, hard_limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard_limit))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard_limit, hard_limit))


def is_short_of_memory() -> bool:
    """Whether this process has taken more addresses than a job may have."""
    with open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize() > MEMORY_OF_A_JOB


def has_hung_up(connection: socket.socket) -> bool:
    """Whether the other side has closed its end. It has sent all it had to say before."""
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP)
    return bool(poll.poll(0))
