"""A press of its own for tests that watch and kill it, and the pages they print."""

import base64
import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pymupdf
import pytest

from recovery_plans.press import client
from recovery_plans.press.client import PressFailed
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


class RunningPress:
    """A press of these tests' own, so that its children can be watched and killed."""

    def __init__(self, folder, workers):
        self.socket = Path(folder) / "press.sock"
        self.log = Path(folder) / "log"
        command = [sys.executable, "-m", "recovery_plans.press", "--socket", str(self.socket)]
        with self.log.open("wb") as lines:
            self.process = subprocess.Popen([*command, "--workers", str(workers)], cwd=ROOT, stderr=lines)
        wait_until(lambda: self.socket.exists() or self.process.poll() is not None, seconds=30)
        assert self.process.poll() is None, self.log.read_text()

    def children(self):
        task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in task.read_text().split()]

    def print(self, html):
        return client.print_pdf(html, socket_path=self.socket)

    def connect(self):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(str(self.socket))
        connection.settimeout(30)
        return connection

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=10)


@contextlib.contextmanager
def open_press(*, workers=2):
    folder = tempfile.mkdtemp(prefix="press-")  # short: the address of a socket has at most 107 letters
    running = RunningPress(folder, workers)
    try:
        yield running
    finally:
        running.close()
        shutil.rmtree(folder)


def wait_until(happens, *, seconds=10):
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def text_of(pdf):
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        return "".join(sheet.get_text() for sheet in document)


def reason_of(html, press):
    with pytest.raises(PressFailed) as failed:
        press.print(html)
    return failed.value.reason


@contextlib.contextmanager
def peak_memory(press):
    """The most memory any child held, in MB, looked at every few milliseconds."""
    peak = [0]

    def watch(over):
        while not over.wait(0.02):
            for child in press.children():
                with contextlib.suppress(OSError, IndexError):
                    status = Path(f"/proc/{child}/status").read_text()
                    peak[0] = max(peak[0], int(status.split("VmHWM:")[1].split()[0]) // 1024)

    with beside(watch):
        yield peak
