"""A private PostgreSQL for one run of the tests: made in a moment, reached by nobody else, gone afterwards.

It has an owner, and a role `app` as a real installation has it: no superuser, never past row-level security. The tests
connect as `app`; connected as anyone mightier, every rule that the database itself keeps would pass unseen.

    python -m tests.infrastructure.postgres -- command…     runs the command with DATABASE_URL set
"""

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SUPERUSER = "postgres"
OWNER = "owner"
APP = "app"
DATABASE = "alongside"
PORT = 5432  # only a part of the socket's name: nothing listens on the network

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    # The app refuses to start on less than this, so its tests have no less.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    # As in docs/running-for-real.md: PostgreSQL's own log carries nobody's words.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "max_connections": "120",
    "shared_buffers": "128MB",
    # It would count tables that are empty for a moment between two tests, and plan the next thousand rows for none.
    "autovacuum": "off",
}


def programs() -> Path:
    """Where initdb and postgres are: the newest version that Debian has put here."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found:
        raise FileNotFoundError("PostgreSQL is not here. As root: apt-get install postgresql")
    return max(found, key=lambda path: float(re.sub(r"[^\d.]", "", path.parent.name) or 0))


def _shared_memory_or_disk() -> str | None:
    """A folder in memory where there is room for it, as waiting for the disk is most of a database test."""
    memory = Path("/dev/shm")  # noqa: S108 -- only the private folder that mkdtemp makes in it is used
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30:
        return str(memory)
    return None


def _as_nobody_mighty() -> list[str]:
    """What to put before a command: PostgreSQL refuses to run as root, and must end when the tests do."""
    ended_with_us = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() != 0:
        return ended_with_us
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    group = str(pwd.getpwnam(user).pw_gid)
    return [*ended_with_us, "--reuid", user, "--regid", group, "--clear-groups"]


class Cluster:
    """One private PostgreSQL. `url(role)` is how to reach it; `stop()` ends it and takes its folder away."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="alongside-pg-", dir=_shared_memory_or_disk()))
        self.server = None
        self._before = _as_nobody_mighty()
        self._bin = programs()

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        return f"postgres://{role}@/{database}?host={self.folder}&port={PORT}"

    def start(self) -> "Cluster":
        if os.geteuid() == 0:
            user = self._before[self._before.index("--reuid") + 1]
            shutil.chown(self.folder, user)
        try:
            self._run(
                "initdb",
                "--auth=trust",
                f"--username={SUPERUSER}",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "-D",
                str(self.folder / "data"),
            )
            self.serve()
            self._sql(
                f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB NOCREATEROLE",
                f"CREATE ROLE {APP} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB NOCREATEROLE",
                f"CREATE DATABASE {DATABASE} OWNER {APP}",
            )
        except BaseException:
            self.stop()
            raise
        return self

    def serve(self):
        """Run the server on what is in the folder, until it is halted or stopped."""
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        options += ["-c", f"unix_socket_directories={self.folder}"]
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen(
                [*self._before, str(self._bin / "postgres"), "-D", str(self.folder / "data"), *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # a Ctrl-C in the terminal ends the tests first, and they end it in order
            )
        self._wait_until_it_answers()

    def halt(self):
        """End the server and every connection to it; what is in the folder stays."""
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)  # "fast": ends open connections, loses nothing
            try:
                self.server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()

    def stop(self):
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str):
        done = subprocess.run(
            [*self._before, str(self._bin / program), *arguments], cwd=self.folder, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{program} did not work:\n{done.stderr or done.stdout}")

    def _wait_until_it_answers(self, seconds: float = 30):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.server.poll() is not None:
                break
            try:
                return self._sql("SELECT 1")
            except RuntimeError:
                time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not come up:\n" + (self.folder / "log").read_text(errors="replace")[-2000:])

    def _sql(self, *statements: str):
        commands = [part for statement in statements for part in ("-c", statement)]
        self._run(
            "psql",
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(self.folder),
            "-p",
            str(PORT),
            "-U",
            SUPERUSER,
            "-d",
            "postgres",
            *commands,
        )


@contextlib.contextmanager
def private_postgres():
    """A private cluster for as long as the block lasts, and nothing of it afterwards, also on Ctrl-C."""
    cluster = Cluster().start()
    try:
        yield cluster
    finally:
        cluster.stop()


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _frame: sys.exit(128 + got))
    with private_postgres() as cluster:
        command = subprocess.Popen(arguments, env=os.environ | {"DATABASE_URL": cluster.url()})
        try:
            return command.wait()
        except BaseException as ended:
            # Ctrl-C reaches the command too; give it the time to tidy up before its database goes.
            if not isinstance(ended, KeyboardInterrupt):
                command.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
                command.wait(timeout=15)
            if command.poll() is None:
                command.kill()
            if isinstance(ended, KeyboardInterrupt):
                return 130
            raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
