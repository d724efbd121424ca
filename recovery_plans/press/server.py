"""The warm parent of the press: one thread, one socket, one killable child for each job.

It reads only the header of a request. Whatever a client or a child does – garbage, silence, hanging up, dying – ends at
most that one job.
"""

import contextlib
import gc
import os
import select
import shutil
import signal
import socket
import stat
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from recovery_plans.press import child, wire
from recovery_plans.press.shop import Shop

WALL_SECONDS = 25
HEADER_SECONDS = 5
QUEUE_SECONDS = 60
QUEUE = 64
CALLERS = 256
# When there is no memory left, GLib ends the process with one of the first two; the libraries beside it walk on to
# where nothing is. A child that held little when that happened is broken.
_OUT_OF_MEMORY = {signal.SIGABRT, signal.SIGTRAP, signal.SIGSEGV}
MUCH_MEMORY = child.MEMORY // 3


class CannotOpen(Exception):
    """The press cannot open at this place, for the reason said."""


@dataclass(eq=False)
class Caller:
    """Somebody at the door who has not said everything yet, or waits in the queue."""

    connection: socket.socket
    until: float
    said: bytearray = field(default_factory=bytearray)
    header: dict | None = None

    def listen(self) -> bool:
        """Takes in what has come of the header, never a byte beyond it; true once it is complete."""
        wanted = wire.LENGTH.size
        if len(self.said) >= wanted:
            wanted += wire.header_length(self.said[: wire.LENGTH.size])
        piece = self.connection.recv(wanted - len(self.said))
        if not piece:
            raise wire.WireBroken("gone")
        self.said += piece
        if len(self.said) == wanted and wanted > wire.LENGTH.size:
            self.header = wire.unpack(bytes(self.said[wire.LENGTH.size :]))
        return self.header is not None


@dataclass(eq=False)
class Job:
    """A child at work, the client who waits for it, and the pipe that ends when the child does."""

    pid: int
    connection: socket.socket
    lifeline: int
    until: float
    too_long: bool = False
    left_alone: bool = False


class Press:
    """The press at one socket. `run` serves until it is told to stop."""

    def __init__(self, *, socket_path: Path, shop: Shop, workers: int):
        self._path = socket_path
        self._shop = shop
        self._workers = workers
        self._callers: list[Caller] = []
        self._queue: deque[Caller] = deque()
        self._jobs: list[Job] = []
        self._listener = listen_at(socket_path)

    def run(self) -> None:
        """Serves until SystemExit is raised by a signal; then ends its children and removes its socket."""
        try:
            while True:
                self._turn()
        finally:
            for job in self._jobs:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(job.pid, signal.SIGKILL)
            self._listener.close()
            self._path.unlink(missing_ok=True)

    def _turn(self):
        for what, happened in self._wait():
            if what is self._listener:
                self._welcome()
            elif isinstance(what, Job):
                self._look_after(what, happened)
            elif what in self._callers:
                self._hear(what)
            elif what in self._queue:  # hung up while waiting
                self._queue.remove(what)
                what.connection.close()
        self._mind_the_clock()
        while self._queue and len(self._jobs) < self._workers:
            self._start(self._queue.popleft())

    def _wait(self):
        """Whatever happened, waiting at most until the next deadline."""
        poll, known = select.poll(), {}

        def watch(number, what, events):
            known[number] = what
            poll.register(number, events)

        if len(self._callers) < CALLERS:
            watch(self._listener.fileno(), self._listener, select.POLLIN)
        for caller in self._callers:
            watch(caller.connection.fileno(), caller, select.POLLIN)
        for caller in self._queue:
            watch(caller.connection.fileno(), caller, 0)  # only hanging up: the rest of its words are the child's
        for job in self._jobs:
            watch(job.connection.fileno(), job, 0)
            watch(job.lifeline, job, 0)
        deadlines = [one.until for one in (*self._callers, *self._queue, *self._jobs)]
        left = max(0, min(deadlines) - time.monotonic()) * 1000 + 1 if deadlines else None
        happened = dict(poll.poll(left))
        return [(what, {n for n in happened if known[n] is what}) for what in {known[n] for n in happened}]

    def _welcome(self):
        with contextlib.suppress(OSError):
            connection, _ = self._listener.accept()
            connection.setblocking(False)
            self._callers.append(Caller(connection, time.monotonic() + HEADER_SECONDS))

    def _hear(self, caller):
        try:
            if not caller.listen():
                return
        except BlockingIOError:
            return
        except (wire.WireBroken, OSError):
            self._callers.remove(caller)
            caller.connection.close()
            return
        self._callers.remove(caller)
        if caller.header.get("job") == "ping":
            answer(caller.connection, {"status": "ok", "size": 0})
        elif len(self._queue) >= QUEUE:
            answer(caller.connection, {"status": "failed", "reason": "busy"})
        else:
            caller.until = time.monotonic() + QUEUE_SECONDS
            self._queue.append(caller)

    def _mind_the_clock(self):
        now = time.monotonic()
        for caller in [caller for caller in self._callers if caller.until <= now]:
            self._callers.remove(caller)
            caller.connection.close()
        for caller in [caller for caller in self._queue if caller.until <= now]:
            self._queue.remove(caller)
            answer(caller.connection, {"status": "failed", "reason": "busy"})
        for job in [job for job in self._jobs if job.until <= now]:
            job.too_long = True
            job.until = now + WALL_SECONDS
            os.kill(job.pid, signal.SIGKILL)

    def _start(self, caller):
        ours, childs = os.pipe()
        try:
            pid = os.fork()
        except OSError:  # no room for another process just now
            os.close(ours)
            os.close(childs)
            answer(caller.connection, {"status": "failed", "reason": "busy"})
            return
        if pid == 0:
            try:
                os.close(ours)
                self._leave_to_the_parent()
            finally:
                child.work(caller.connection, childs, caller.header, self._shop)
        os.close(childs)
        self._jobs.append(Job(pid, caller.connection, ours, time.monotonic() + WALL_SECONDS))

    def _leave_to_the_parent(self):
        """In the child: lets go of everybody else, so that they notice when the parent closes them."""
        self._listener.close()
        for other in (*self._callers, *self._queue, *self._jobs):
            other.connection.close()
        for job in self._jobs:
            os.close(job.lifeline)

    def _look_after(self, job, happened):
        if job.lifeline not in happened:  # the client has its answer, or nobody waits for this page any more
            os.kill(job.pid, signal.SIGKILL)
            job.left_alone = True
        said = os.read(job.lifeline, 1024)
        _, status, used = os.wait4(job.pid, 0)
        if note := said.removeprefix(child.ANSWERING).decode("ascii"):
            log(f"a job failed: {note}")
        if not said and not job.left_alone:
            by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            log(f"a job ended by signal {by}, with {used.ru_maxrss >> 10} MB")
            answer(job.connection, {"status": "failed", "reason": why_it_ended(job, by, used.ru_maxrss << 10)})
        self._put_away(job)

    def _put_away(self, job):
        os.close(job.lifeline)
        job.connection.close()
        self._jobs.remove(job)


def why_it_ended(job: Job, by: int, memory: int) -> str:
    """What a client is told of a job that ended without an answer, by this signal, having held so many bytes."""
    if job.too_long or by == signal.SIGXCPU:
        return "too_long"
    return "too_big" if by in _OUT_OF_MEMORY and memory > MUCH_MEMORY else "broken"


def answer(connection: socket.socket, header: dict) -> None:
    """A short answer from the parent itself. It never waits for a client, and closes the connection."""
    with contextlib.suppress(OSError):
        connection.setblocking(False)
        connection.sendall(wire.pack(header))
    connection.close()


def log(line: str) -> None:
    """A line for whoever runs the press. It never carries a word of a page."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"press: {line}\n")
        sys.stderr.flush()


def stand_back() -> None:
    """Lets everybody else on the machine go first, where Linux shares the time out between sessions.

    There a child's niceness counts only among the processes of its own session, and `./run` starts the press in one of
    its own: without this, two children took as much of the machine as all the pages together.
    """
    if os.getsid(0) == os.getpid():  # a session shared with others is not ours to slow down
        with contextlib.suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(child.NICE), encoding="ascii")


def listen_at(path: Path) -> socket.socket:
    """A socket only this account can reach. A socket left by a press that died is removed."""
    folder = path.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise CannotOpen("others may write in the folder of the socket; give it mode 700")
    if path.exists():
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise CannotOpen("there is a file where the socket should be")
        if _answers(path):
            raise CannotOpen("another press is open at this socket")
        path.unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen(CALLERS)
    listener.setblocking(False)
    return listener


def _answers(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def open_press(*, socket_path: Path, stylesheets: dict[str, Path], fonts_folder: Path, workers: int) -> None:
    """Warms the press up, opens it, and serves until SIGTERM or SIGINT.

    The unpacked fonts lie beside the socket, not in /tmp, where a system that tidies up would take them away.
    """

    def stop(*_):
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    stand_back()
    socket_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    desk = Path(f"{socket_path}.desk")
    if socket_path.exists() and _answers(socket_path):
        raise CannotOpen("another press is open at this socket")
    shutil.rmtree(desk, ignore_errors=True)
    desk.mkdir(mode=0o700)
    tempfile.tempdir = str(desk)
    try:
        shop = Shop(stylesheets=stylesheets, fonts_folder=fonts_folder)
        gc.collect()
        gc.freeze()  # the children share this memory as long as nobody touches it
        Press(socket_path=socket_path, shop=shop, workers=workers).run()
    finally:
        shutil.rmtree(desk, ignore_errors=True)
