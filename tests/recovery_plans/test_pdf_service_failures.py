"""Each failure is told and the next job is printed: workers that are killed, clients that go, too many jobs at once."""

import contextlib
import http.client
import io
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from recovery_plans.pdf_service import app, client, hooks, limits, protocol
from recovery_plans.pdf_service.client import PdfFailed
from tests.recovery_plans.pdf_service_process import (
    COMMAND,
    MAYAS_PAGE,
    ROOT,
    cpu_seconds_of_workers,
    own_service,
    page,
    reason_of,
    text_of,
    wait_until,
)

pytestmark = pytest.mark.slow  # a real PDF service, and inputs made to be slow

SLOW_PAGE = page("<p>" + "abcdefghij " * 30_000 + "</p>")
ENDLESS_PAGE = page("<div>" * 20_000 + "x" + "</div>" * 20_000)


def request_of(*documents):
    body = json.dumps(documents).encode()
    return b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body


@pytest.fixture
def app_alone():
    """The WSGI app without gunicorn; its renderer does what the test says."""

    class Alone(app.PdfApp):
        def ask(self, render, body=b'["x"]', *, method="POST", length=None):
            self.renderer = type("Renderer", (), {"print": staticmethod(lambda documents, on_laid_out: render())})
            environ = {"REQUEST_METHOD": method, "CONTENT_LENGTH": str(len(body)) if length is None else length}
            environ |= {"wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO()}
            status = []
            answer = b"".join(self(environ, lambda line, headers: status.append(line)))
            return int(status[0].split()[0]), answer, environ["wsgi.errors"].getvalue()

    watch, app.limits.watched = app.limits.watched, lambda **_: contextlib.nullcontext()
    yield Alone()
    app.limits.watched = watch


# --- what is told ---


def test_without_a_service_it_is_said(tmp_path):
    nowhere = tmp_path / "pdf.sock"
    with pytest.raises(PdfFailed) as failed:
        client.print_pdf(MAYAS_PAGE, socket_path=nowhere)
    assert failed.value.reason == "not_running"
    assert client.is_running(socket_path=nowhere) is False


@pytest.mark.parametrize(
    "error, status",
    [
        (limits.TooLarge, protocol.TOO_LARGE),
        (MemoryError, protocol.TOO_LARGE),
        (RecursionError, protocol.TOO_LARGE),
        (SystemExit, protocol.BUSY),  # what gunicorn raises when the time of the wall clock is over
        (ValueError, protocol.BROKEN),
        (KeyboardInterrupt, protocol.BROKEN),
    ],
)
@pytest.mark.usefixtures("memory_of_the_tests")
def test_what_broke_is_answered_by_its_kind_and_never_with_a_word_of_the_page(app_alone, error, status):
    def breaks():
        raise error("Maya")

    answered, answer, log = app_alone.ask(breaks)
    assert answered == status
    assert f"{error.__name__} at test_pdf_service_failures.py" in log
    assert "Maya" not in log + answer.decode()


@pytest.mark.parametrize(
    "body, more",
    [
        (b"", {}),
        (b"{}", {}),
        (b"[]", {}),
        (b"[1]", {}),
        (b"\xff\xfe", {}),
        (b'["x"', {}),
        (b'["x"]', {"length": "7"}),
        (b'["x"]', {"length": "-1"}),
        (b'["x"]', {"length": ""}),
        (b'["x"]', {"method": "GET"}),
        (json.dumps(["x"] * (protocol.MAX_DOCUMENTS + 1)).encode(), {}),
    ],
)
def test_what_is_no_request_is_refused_unread(app_alone, body, more):
    assert app_alone.ask(lambda: pytest.fail("it was printed"), body, **more)[0] == 400


def test_more_html_than_one_job_may_bring_is_too_large(app_alone):
    length = str(protocol.MAX_HTML + 1)
    assert app_alone.ask(lambda: pytest.fail("it was printed"), length=length)[0] == protocol.TOO_LARGE


def test_a_job_of_many_people_may_use_more_processor_time_but_each_of_them_little():
    assert limits.cpu_seconds_for(1) == 20
    assert limits.cpu_seconds_for(protocol.MAX_DOCUMENTS) == 70


# --- limits ---


def in_a_child(work):
    """Does this in a process of its own; what it returned, or the name of what it raised."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            answer = work()
        except BaseException as error:
            answer = type(error).__name__
        os.write(writing, str(answer).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    os.waitpid(pid, 0)
    return answer


def spin():
    while True:
        with contextlib.suppress(Exception):  # as WeasyPrint passes over errors
            sum(range(1000))


@pytest.fixture
def memory_of_the_tests(monkeypatch):
    """A process that runs tests may have taken more addresses than a job may have; here they are not what is tried."""
    monkeypatch.setattr(limits, "MEMORY_OF_A_JOB", 1 << 50)


@pytest.mark.usefixtures("memory_of_the_tests")
def test_a_job_ends_when_its_processor_time_is_used_up():
    def work():
        with limits.watched(cpu_seconds=0.3, connection=None):
            spin()

    assert in_a_child(work) == "TooLarge"


@pytest.mark.usefixtures("memory_of_the_tests")
def test_a_job_ends_when_nobody_waits_for_it_any_more():
    def work():
        ours, clients = socket.socketpair()
        threading.Timer(0.2, clients.close).start()
        with limits.watched(cpu_seconds=60, connection=ours):
            spin()

    assert in_a_child(work) == "ClientGone"


def test_a_job_ends_before_its_memory_does():
    def work():
        limits.confine()
        kept = []
        with limits.watched(cpu_seconds=60, connection=None):
            while True:
                kept.append(bytearray(1 << 20))

    assert in_a_child(work) in {"TooLarge", "MemoryError"}


@pytest.mark.usefixtures("memory_of_the_tests")
def test_a_job_writes_no_file(tmp_path):
    def work():
        with limits.watched(cpu_seconds=60, connection=None):
            (tmp_path / "words").write_text("Maya")

    assert in_a_child(work) == "OSError"


# --- workers that are killed, clients that go ---


def test_a_service_that_is_there_says_so_even_when_all_its_workers_are_busy(own_pdf_service):
    with contextlib.ExitStack() as silent:
        for _ in range(8):
            silent.enter_context(own_pdf_service.connect())
        assert client.is_running(socket_path=own_pdf_service.socket)
    assert "Maya" in text_of(own_pdf_service.print(MAYAS_PAGE))


def test_who_waits_for_many_pages_is_told_again_and_again_that_it_goes_on(own_pdf_service, monkeypatch):
    monkeypatch.setattr(client, "HEARTBEAT_SECONDS", 0.01)
    signals = []
    client.print_many([MAYAS_PAGE], while_waiting=lambda: signals.append(1), socket_path=own_pdf_service.socket)
    assert len(signals) > 1


def test_two_jobs_are_printed_at_once(own_pdf_service):
    wait_until(lambda: not own_pdf_service.at_work())  # what the test before has left
    with ThreadPoolExecutor(2) as both:
        jobs = [both.submit(own_pdf_service.print, SLOW_PAGE) for _ in range(2)]
        wait_until(lambda: len(own_pdf_service.at_work()) == 2)
        assert [job.result().startswith(b"%PDF") for job in jobs] == [True, True]


def test_a_worker_that_is_killed_is_told_and_the_next_job_is_printed(own_pdf_service):
    wait_until(lambda: not own_pdf_service.at_work())
    with ThreadPoolExecutor(1) as one:
        job = one.submit(reason_of, ENDLESS_PAGE, own_pdf_service)
        wait_until(own_pdf_service.at_work)
        for pid in own_pdf_service.at_work():
            os.kill(pid, signal.SIGKILL)
        assert job.result() == "broken"
    assert "Maya" in text_of(own_pdf_service.print(MAYAS_PAGE))


def test_a_job_nobody_waits_for_is_ended_long_before_it_is_done(own_pdf_service):
    wait_until(lambda: not own_pdf_service.at_work())
    before = cpu_seconds_of_workers(own_pdf_service)
    connection = own_pdf_service.connect()
    connection.sendall(request_of(ENDLESS_PAGE))
    wait_until(own_pdf_service.at_work)
    connection.close()
    wait_until(lambda: cpu_seconds_of_workers(own_pdf_service) > before)
    assert cpu_seconds_of_workers(own_pdf_service) - before < limits.CPU_SECONDS / 2
    assert "Maya" in text_of(own_pdf_service.print(MAYAS_PAGE))


@pytest.mark.parametrize(
    "sent", [b"", b"\x00", b"\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n[", b"\xff" * 70_000]
)
def test_whatever_a_client_sends_the_service_goes_on(own_pdf_service, sent):
    with own_pdf_service.connect() as connection, contextlib.suppress(ConnectionResetError, BrokenPipeError):
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(4096)
    assert "Maya" in text_of(own_pdf_service.print(MAYAS_PAGE))


def test_sixty_four_at_once_are_all_printed(own_pdf_service):
    pages = [MAYAS_PAGE.replace("<h1>Maya</h1>", f"<h1>Person {number}</h1>") for number in range(64)]
    with ThreadPoolExecutor(64) as everybody:
        pdfs = list(everybody.map(own_pdf_service.print, pages))
    assert [f"Person {number}\n" in text_of(pdf) for number, pdf in enumerate(pdfs)] == [True] * 64


def test_when_no_more_may_wait_it_is_said_that_the_service_is_busy():
    with own_service("--backlog", "1", "--workers", "1") as small, contextlib.ExitStack() as silent:
        wait_until(small.workers)
        # A worker that stands still takes nobody from the queue, so full stays full.
        worker = small.workers()[0]
        os.kill(worker, signal.SIGSTOP)
        silent.callback(os.kill, worker, signal.SIGCONT)
        with contextlib.suppress(BlockingIOError):
            for _ in range(10):
                connection = silent.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
                connection.setblocking(False)
                connection.connect(str(small.socket))
        assert client.is_running(socket_path=small.socket)
        assert reason_of(MAYAS_PAGE, small) == "busy"


def test_the_time_of_the_wall_clock_is_told_as_busy():
    with own_service("--timeout", "2") as hasty:
        assert reason_of(ENDLESS_PAGE, hasty) == "busy"
        assert "Maya" not in hasty.log.read_text()


# --- starting and ending ---


def test_only_this_account_can_reach_the_service_and_it_leaves_nothing_behind():
    folder = Path(tempfile.mkdtemp(prefix="pdf-"))
    try:
        inner = folder / "inner"
        inner.mkdir(mode=0o700)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left_behind:
            left_behind.bind(str(inner / "pdf.sock"))
        assert not hooks.answers(inner / "pdf.sock")
        environment = {**os.environ, "PDF_SERVICE_SOCKET": str(inner / "pdf.sock")}
        first = subprocess.Popen(COMMAND, cwd=ROOT, env=environment)
        try:
            wait_until(lambda: client.is_running(socket_path=inner / "pdf.sock"))
            assert stat.S_IMODE((inner / "pdf.sock").stat().st_mode) == 0o600
            second = subprocess.run(COMMAND, cwd=ROOT, env=environment, stderr=subprocess.PIPE, check=False)
            assert second.returncode == 1
            assert second.stderr == b"pdf service: cannot start: another one is running at this socket\n"
            assert client.print_pdf(MAYAS_PAGE, socket_path=inner / "pdf.sock").startswith(b"%PDF")
        finally:
            first.terminate()
            first.wait()
        assert list(inner.iterdir()) == []
    finally:
        shutil.rmtree(folder)


def test_a_folder_others_may_write_in_is_refused(tmp_path):
    tmp_path.chmod(0o777)
    with pytest.raises(hooks.CannotStart, match="others may write"):
        hooks.refuse_what_is_in_use(tmp_path / "pdf.sock")


def test_a_file_where_the_socket_should_be_is_left_alone(tmp_path):
    tmp_path.chmod(0o700)
    (tmp_path / "pdf.sock").write_text("words")
    with pytest.raises(hooks.CannotStart, match="there is a file"):
        hooks.refuse_what_is_in_use(tmp_path / "pdf.sock")


def test_fonts_are_still_there_after_many_workers_have_ended(own_pdf_service):
    """A worker that ended as Python does would delete them, and later PDFs would have no text."""
    for _ in range(4):
        with contextlib.suppress(http.client.HTTPException, OSError):
            own_pdf_service.print(MAYAS_PAGE)
    assert "Maya" in text_of(own_pdf_service.print(MAYAS_PAGE))
    assert list(Path(f"{own_pdf_service.socket}.work").glob("weasyprint-*/*"))


def test_the_service_knows_nothing_of_django_and_its_client_nothing_of_weasyprint():
    code = (
        "import sys, recovery_plans.pdf_service.client; assert 'weasyprint' not in sys.modules;"
        "import recovery_plans.pdf_service.hooks; assert 'django' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
