"""Whether the real app ever loses a save: real worker processes, a real database, real forms over HTTP, and a killer.

Devices save lines at once and note each answer as a receipt. `what_went_wrong` lays the receipts beside what the
database holds in the end. Retries carry the same save id, as a browser's do.
"""

import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

from tests.concurrency import beside

ROOT = Path(__file__).resolve().parent.parent
PASSPHRASE = "quiet river seven lamps"
WORKERS = 3
SAVED, KEPT, REFUSED = "saved", "kept", "refused"
REDIRECT, CONFLICT, NOT_THERE = 302, 409, 404
UNANSWERED = (OSError, http.client.HTTPException)


# --- what is believed: receipts against rows ---


@dataclass
class Receipt:
    """One save as its device knows it: what was sent, and the first answer that came back whole."""

    save_id: str
    line: str
    base_version: int
    words: str
    answer: str = ""
    tries: int = 0


def what_went_wrong(receipts, held):
    """Every way in which the database does not hold what the devices were told; empty when nothing was lost."""
    revisions = {}
    for row in held["revisions"]:
        revisions.setdefault(row["save_id"], []).append(row)
    wrong = [f"save {code} stands {len(rows)} times" for code, rows in revisions.items() if len(rows) > 1]
    sent = {receipt.save_id for receipt in receipts}
    wrong += [
        f"revision {code} was sent by nobody"
        for code, rows in revisions.items()
        if code not in sent and rows[0]["base_version"] != 0
    ]
    for receipt in receipts:
        rows = revisions.get(receipt.save_id, [])
        wrong += _wrong_with(receipt, rows[0] if rows else None)
    for line in held["lines"]:
        wrong += _wrong_with_history(line, [row for row in held["revisions"] if row["line"] == line["code"]])
    return wrong


def _wrong_with(receipt, row):
    name = f"save {receipt.save_id}, answered {receipt.answer!r} after {receipt.tries} tries,"
    if receipt.answer not in (SAVED, KEPT, REFUSED):
        return [f"{name} never had an answer"]
    if receipt.answer == REFUSED:
        # The first, unanswered try may have been kept before the line became someone else's to change.
        return [f"{name} was kept all the same"] if row and receipt.tries == 1 else []
    if row is None:
        return [f"{name} is lost"]
    wrong = []
    if (row["words"], row["line"]) != (receipt.words, receipt.line):
        wrong.append(f"{name} was changed on the way")
    version = receipt.base_version + 1 if receipt.answer == SAVED else None
    if row["version"] != version:
        wrong.append(f"{name} stands as version {row['version']}, not {version}")
    return wrong


def _wrong_with_history(line, rows):
    """A line's versions are 1, 2, 3 … without gap or double, and the line says what the newest one says."""
    versions = sorted(row["version"] for row in rows if row["version"] is not None)
    if versions != list(range(1, line["version"] + 1)):
        return [f"line {line['code']} at version {line['version']} has the versions {versions}"]
    newest = next(row for row in rows if row["version"] == line["version"])
    return [] if newest["words"] == line["words"] else [f"line {line['code']} does not say what was saved last"]


# --- a place that runs: its own database, the real server ---


class Server:
    """A running app with Maya, Sam who walks with her, and lines to change."""

    def __init__(self, *, environment, listening, application):
        self.environment = environment
        self.port = listening.getsockname()[1]
        self._log = tempfile.TemporaryFile("w+b")
        # A worker that died is back in a moment (--preload), so that more of them can die in the middle of a save.
        self.master = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                application,
                "--bind",
                f"fd://{listening.fileno()}",
                "--preload",
                "--worker-class",
                "gthread",
                "--workers",
                str(WORKERS),
                "--threads",
                "4",
                "--timeout",
                "60",
                "--log-level",
                "warning",
                "--no-control-socket",
            ],
            cwd=ROOT,
            env=environment,
            pass_fds=[listening.fileno()],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def workers(self):
        """The process ids of the workers as they are right now."""
        children = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def wait_until_it_answers(self, seconds=30):
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.master.poll() is None:
            if len(self.workers()) == WORKERS:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                try:
                    connection.request("GET", "/sign-in/")
                    if connection.getresponse().status == 200:
                        return
                except UNANSWERED:
                    pass
                finally:
                    connection.close()
            time.sleep(0.05)
        raise RuntimeError("The app did not come up:\n" + self.log())

    def log(self):
        self._log.seek(0)
        return self._log.read().decode(errors="replace")[-3000:]

    def stop(self):
        """End it as a power cut would: all at once, without a last word."""
        if self.master.poll() is None:
            os.killpg(self.master.pid, signal.SIGKILL)
        self.master.wait()

    def held(self):
        """What the database holds: every revision, and each line as it stands."""
        return json.loads(_in_a_process("tell", self.environment))


@contextmanager
def running_server(*, application="config.wsgi", lines):
    """A fresh database of the kind these tests run on, the cast in it, and the app serving it."""
    with ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="alongside-lost-")))
        (var / "static").mkdir()  # whitenoise warns of a folder that is not there
        url = stack.enter_context(_fresh_database(os.environ["DATABASE_URL"], var))
        environment = os.environ | {
            "DATABASE_URL": url,
            "VAR_DIR": str(var),
            "PDF_SERVICE_SOCKET": str(var / "pdf-service.sock"),
            "PYTHONPATH": str(ROOT),
        }
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "0"],
            cwd=ROOT,
            env=environment,
            check=True,
        )
        seeded = json.loads(_in_a_process("seed", environment, str(lines)))
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=128))
        server = Server(environment=environment, listening=listening, application=application)
        stack.callback(server._log.close)
        stack.callback(server.stop)
        server.wait_until_it_answers()
        server.plan, server.own, server.typed = seeded["plan"], seeded["own"], seeded["typed"]
        yield server


@contextmanager
def _fresh_database(url, folder):
    if not url.startswith(("postgres:", "postgresql:")):
        yield f"sqlite:///{folder / 'alongside.sqlite3'}"
        return
    import psycopg

    name = f"nothing_lost_{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _in_a_process(verb, environment, *arguments):
    """Seed or read the place's database in a process of its own: this one's Django has another database."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.durability", verb, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{verb} did not work:\n{done.stderr}")
    return done.stdout


def seed(lines):
    """Maya and Sam, one line of Maya's own, and lines that Sam typed for her."""
    from peers.models import Organization, Person, User
    from peers.models.organization import StaffRole
    from recovery_plans.models import Plan

    harbor = Organization.found(name="Harbor Street Peer Center", town="Fairhaven")
    sam = User.objects.welcome(name="Sam", username="sam", passphrase=PASSPHRASE)
    harbor.take_on(user=sam, role=StaffRole.PEER_SPECIALIST, by=sam)
    person = Person.meet(name="Maya", peer=sam, organization=harbor)
    plan = Plan.start(person=person, by=sam)
    person.user.take_passphrase(username="maya", passphrase=PASSPHRASE)
    own = plan.add_entry(section="strengths", words="I keep going é😀", by=person.user)
    typed = [plan.add_entry(section="strengths", words=f"I can cook {n}", by=sam) for n in range(lines)]
    return {"plan": str(plan.pk), "own": str(own.pk), "typed": [str(line.pk) for line in typed]}


def tell():
    """Every revision and every line, as the database holds them."""
    from recovery_plans.models import Entry, Revision

    revisions = Revision.unguarded.values("save_id", "line", "version", "base_version", "words")
    return {"revisions": list(revisions), "lines": list(Entry.unguarded.values("code", "version", "words"))}


# --- a device: the real forms over HTTP ---


@dataclass
class Device:
    """A browser of one reader: cookies, the form's own token, and never more belief than an answer deserves."""

    server: Server
    username: str
    cookies: dict = field(default_factory=dict)

    def sign_in(self):
        _status, _there, page = self.ask_until_answered("GET", "/sign-in/")
        data = {"csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"), "username": self.username}
        status, _there, _page = self.ask_until_answered("POST", "/sign-in/", {**data, "passphrase": PASSPHRASE})
        assert status == REDIRECT, f"{self.username} could not sign in: {status}"
        return self

    def ask(self, method, path, data=None):
        """One request on a connection of its own: status, where to, the whole page. Raises when no answer came."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if data is not None:
            body = urlencode(data)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            page = response.read().decode()
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, response.headers.get("Location", ""), page

    def ask_until_answered(self, method, path, data=None, *, count=None, seconds=30):
        """As a browser that tries again for as long as the page is open."""
        until = time.monotonic() + seconds
        while True:
            if count:
                count()
            try:
                return self.ask(method, path, data)
            except UNANSWERED:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def open_form(self, line):
        """The change form of a line as this device reads it now: its hidden fields."""
        status, _there, page = self.ask_until_answered("GET", self._address(line))
        if status == NOT_THERE:
            return None
        assert status == 200, f"the change form answered {status}\n{self.server.log()}"
        return {name: hidden(page, name) for name in ("csrfmiddlewaretoken", "save_id", "base_version")}

    def save(self, line, form, words, *, save_id=None):
        """Send the form, again and again until it is answered, and note what was answered."""
        receipt = Receipt(
            save_id=str(uuid.UUID(save_id or form["save_id"])),
            line=line,
            base_version=int(form["base_version"]),
            words=words,
        )
        self.send(receipt, form)
        return receipt

    def send(self, receipt, form):
        def count():
            receipt.tries += 1

        data = {**form, "save_id": receipt.save_id, "words": receipt.words.replace("\n", "\r\n")}
        status, there, _page = self.ask_until_answered("POST", self._address(receipt.line), data, count=count)
        if status == REDIRECT and there.startswith(f"/plans/{self.server.plan}/about/"):
            receipt.answer = SAVED
        elif status in (CONFLICT, NOT_THERE):
            receipt.answer = KEPT if status == CONFLICT else REFUSED
        else:
            raise AssertionError(f"a save was answered {status} {there}\n{self.server.log()}")

    def _address(self, line):
        return f"/plans/{self.server.plan}/entries/{line}/change/"


def hidden(page, name):
    """The value of a hidden field in a page."""
    tag = next(tag for tag in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in tag)
    return unescape(re.search(r'value="([^"]*)"', tag)[1])


# --- the killer ---


@contextmanager
def killer(server, *, every=0.3):
    """`kill -9` of one worker after another, at random, for as long as the block lasts; yields those it killed."""
    killed = []

    def kill(over):
        while not over.wait(random.uniform(every * 0.7, every * 1.3)):
            alive = server.workers()
            if alive:
                victim = random.choice(alive)
                try:
                    os.kill(victim, signal.SIGKILL)
                except ProcessLookupError:
                    continue
                killed.append(victim)

    with beside(kill):
        yield killed


if __name__ == "__main__":
    import django

    django.setup()
    answer = seed(int(sys.argv[2])) if sys.argv[1] == "seed" else tell()
    print(json.dumps(answer, default=str))  # noqa: T201 -- how the process that asked hears of it
