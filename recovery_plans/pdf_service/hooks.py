"""What the PDF service does when gunicorn starts, forks a worker, ends one, and ends itself."""

import gc
import logging
import os
import shutil
import socket
import stat
import sys
import tempfile
from pathlib import Path

from recovery_plans.pdf_service import limits

try:
    from recovery_plans.pdf_service.app import app
    from recovery_plans.pdf_service.render import Renderer
except OSError as missing:  # WeasyPrint looks for its libraries when it is imported
    sys.exit(f"pdf service: a system library is missing ({missing.args[0].splitlines()[0]}); ./run names its package")

ROOT = Path(__file__).resolve().parents[2]


class CannotStart(SystemExit):
    """The service cannot start, for this reason. SystemExit, so that gunicorn ends with the message alone."""

    def __init__(self, reason: str):
        super().__init__(f"pdf service: cannot start: {reason}")


def on_starting(server) -> None:
    """In the parent, before it opens its socket: whoever can connect finds the service warm.

    The unpacked fonts lie beside the socket, not in /tmp, where a system that tidies up would take them away.
    """
    path = socket_of(server)
    refuse_what_is_in_use(path)
    work = work_folder(path)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    tempfile.tempdir = str(work)
    # WeasyPrint's warnings quote the page they are about.
    logging.getLogger("weasyprint").propagate = False
    app.renderer = Renderer(stylesheet=ROOT / "static" / "css" / "print.css", fonts_folder=ROOT / "static" / "fonts")
    gc.collect()
    gc.freeze()  # the workers share this memory as long as nobody touches it


def post_fork(server, worker) -> None:
    """In each new worker."""
    limits.confine()
    app.say_alive = worker.notify


def worker_exit(server, worker) -> None:
    """In a worker that ends. It leaves at once: at an ordinary end of Python, WeasyPrint's font configuration deletes
    the fonts that the parent unpacked, and all later PDFs lose their text.

    Gunicorn calls this in the parent as well, for a worker that had gone; and a worker that could not even start has
    to tell by its status, so that the parent gives up.
    """
    if worker.pid == os.getpid() and worker.booted:
        os._exit(0)


def on_exit(server) -> None:
    """In the parent, when it ends."""
    shutil.rmtree(work_folder(socket_of(server)), ignore_errors=True)


def refuse_what_is_in_use(path: Path) -> None:
    """Stops if another service listens at this socket, or others could replace it with a socket of theirs.

    A socket left behind by a service that died is nobody's; gunicorn removes it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.parent.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise CannotStart("others may write in the folder of the socket; give it mode 700")
    if not path.exists():
        return
    if not stat.S_ISSOCK(path.lstat().st_mode):
        raise CannotStart("there is a file where the socket should be")
    if answers(path):
        raise CannotStart("another one is running at this socket")


def answers(path: Path) -> bool:
    """Whether anybody listens at this socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:
            return True
    return True


def socket_of(server) -> Path:
    """Where this server listens."""
    return Path(server.address[0])


def work_folder(path: Path) -> Path:
    """Where the service keeps its own files while it runs."""
    return Path(f"{path}.work")
