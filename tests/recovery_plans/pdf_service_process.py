"""A PDF service of the tests' own, which they can watch and kill, and the pages they print."""

import base64
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pymupdf
import pytest

from recovery_plans.pdf_service import client
from recovery_plans.pdf_service.client import PdfFailed
from tests.concurrency import beside

ROOT = Path(__file__).resolve().parents[2]
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")
SUN = b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><circle cx="45" cy="45" r="30"/></svg>'


def page(body, *, lang="en", title="My plan", head=""):
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"/><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def picture(kind, body):
    return f"data:{kind};base64,{base64.b64encode(body).decode()}"


MAYAS_PAGE = page(
    f"""<h1>Maya</h1><p class="lead">Slow mornings and steady work.</p>
    <p><img alt="A path to a sunrise" src="{picture("image/svg+xml", SUN)}">
    <img alt="A dot" src="{picture("image/png", DOT)}"></p>
    <section><h2>What I bring</h2>
    <ul><li>I can fix almost anything.</li><li lang="es">Hablo español.</li></ul></section>
    <section><h2>What I am working on</h2><table><thead>
    <tr><th scope="col">Goal</th><th scope="col">Next step</th><th scope="col">So far</th></tr></thead><tbody>
    <tr><th scope="row">Mornings that feel like mine</th><td>Three slow mornings</td><td>2 of 3</td></tr>
    <tr><th scope="row">Sew for pay again</th><td>Resting for now</td><td>0 of 1</td></tr>
    <tr><th scope="row">Be the aunt who shows up</th><td>One Saturday game</td><td>1 of 3</td></tr></tbody>
    </table></section>"""
)


COMMAND = [sys.executable, "-m", "gunicorn", "--config", "recovery_plans/pdf_service/gunicorn.conf.py"]


class RunningService:
    """A PDF service as ./run starts one. `options` are gunicorn's; they go before those of gunicorn.conf.py."""

    def __init__(self, folder, *options):
        self.socket = Path(folder) / "pdf.sock"
        self.log = Path(folder) / "log"
        environment = {**os.environ, "PDF_SERVICE_SOCKET": str(self.socket)}
        with self.log.open("wb") as lines:
            self.process = subprocess.Popen(
                [*COMMAND, *options], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=lines, stderr=lines
            )
        # The socket is there a moment before it listens.
        wait_until(lambda: client.is_running(socket_path=self.socket) or self.process.poll() is not None)
        assert self.process.poll() is None, self.log.read_text(errors="replace")

    def workers(self):
        """The processes that wait for a job, or do one."""
        task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in task.read_text().split()]

    def at_work(self):
        """The workers that have used more processor time than coming up and waiting takes."""
        return [pid for pid in self.workers() if cpu_seconds(pid) > 0.5]

    def print(self, html):
        return client.print_many([html], socket_path=self.socket)  # it waits the longest

    def connect(self):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(str(self.socket))
        return connection

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def own_service(*options):
    """The wall clock is left out: beside other tests a job may have to wait. What counts is processor time."""
    folder = tempfile.mkdtemp(prefix="pdf-")  # short: the address of a socket has at most 107 letters
    running = RunningService(folder, "--timeout", "600", *options)
    try:
        yield running
    finally:
        running.close()
        shutil.rmtree(folder)


def cpu_seconds(pid):
    """Processor time of a process so far; none when it has ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if stat[0] == "Z" else (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def cpu_seconds_of_workers(service):
    """Processor time of all its workers that have ended."""
    stat = Path(f"/proc/{service.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[13]) + int(stat[14])) / os.sysconf("SC_CLK_TCK")


def wait_until(happens):
    """Waits as long as a very busy machine may need, so that a test that fails ends at all."""
    until = time.monotonic() + 300
    while not happens():
        if time.monotonic() > until:
            raise TimeoutError("it did not happen")
        time.sleep(0.01)


def text_of(pdf):
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        return "".join(sheet.get_text() for sheet in document)


def reason_of(html, service):
    with pytest.raises(PdfFailed) as failed:
        service.print(html)
    return failed.value.reason


@contextlib.contextmanager
def peak_memory(service):
    """The most memory any worker held, in MB, looked at every few milliseconds."""
    peak = [0]

    def watch(over):
        while not over.wait(0.02):
            for pid in service.workers():
                with contextlib.suppress(OSError, IndexError):
                    status = Path(f"/proc/{pid}/status").read_text()
                    peak[0] = max(peak[0], int(status.split("VmHWM:")[1].split()[0]) // 1024)

    with beside(watch):
        yield peak
