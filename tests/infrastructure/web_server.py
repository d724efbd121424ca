"""The web server of the tests' own, as ./run and the guide start it, on a database of its own."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class RunningSite:
    """gunicorn with config/gunicorn.conf.py, at a unix socket in this folder. What it writes is in `log`."""

    def __init__(self, folder, **environment):
        self.folder = Path(folder)
        self.socket, self.log = self.folder / "web.sock", self.folder / "web.log"
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{self.folder}/alongside.sqlite3",
            "VAR_DIR": str(self.folder),
            "MODE": "local",
            **environment,
        }
        (self.folder / "static").mkdir(exist_ok=True)
        self.manage("migrate", "--verbosity", "0")
        self.start()

    def manage(self, *arguments):
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *options):
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.conf.py"]
        with self.log.open("ab") as lines:
            self.process = subprocess.Popen(
                [*gunicorn, "--bind", f"unix:{self.socket}", *options],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=lines,
                stderr=lines,
            )
        until = time.monotonic() + 60
        while not self.is_listening() and time.monotonic() < until:
            assert self.process.poll() is None, self.written()
            time.sleep(0.05)

    def is_listening(self):
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

    def ask(self, request, *, timeout=60):
        """All that comes back for these bytes, as text."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(timeout)
            connection.connect(str(self.socket))
            connection.sendall(request)
            return read_all(connection)

    def written(self):
        return self.log.read_text(errors="replace")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


def get(path, *headers, method="GET"):
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode()


def read_all(connection):
    """What comes until the other side closes the connection, as text."""
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts).decode(errors="replace")


def links_in(page):
    """Where everything on this page leads to, and comes from."""
    return re.findall(r'(?:href|src|action)="([^"]*)"', page)
