"""The press survives everything: clients who say nothing, children that are killed, too many jobs at once."""

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from recovery_plans.press import client, server, wire
from recovery_plans.press.client import PressFailed
from tests.recovery_plans.press_room import (
    MAYAS_PAGE,
    ROOT,
    RunningPress,
    open_press,
    page,
    reason_of,
    text_of,
    wait_until,
)

pytestmark = pytest.mark.slow  # a real press, and inputs made to be slow


def test_without_a_press_it_is_said(tmp_path):
    nowhere = tmp_path / "press.sock"
    with pytest.raises(PressFailed) as failed:
        client.print_pdf(MAYAS_PAGE, socket_path=nowhere)
    assert failed.value.reason == "not_running"
    assert client.alive(socket_path=nowhere) is False


def test_a_press_that_is_there_says_so_at_once_even_when_busy(our_press):
    with waiting_job(our_press), waiting_job(our_press):
        wait_until(lambda: len(our_press.children()) == 2)
        began = time.monotonic()
        assert client.alive(socket_path=our_press.socket)
        assert time.monotonic() - began < 1
    wait_until(lambda: not our_press.children())


@contextlib.contextmanager
def waiting_job(press):
    """A job whose page has not come yet: its child waits."""
    with press.connect() as connection:
        connection.sendall(wire.pack({"job": "print", "css": "print", "sizes": [100]}))
        yield connection


def test_two_jobs_are_printed_at_once(our_press):
    began = [len(our_press.children())]
    word = page("<h1>Maya</h1><p>" + "abcdefghij" * 10_000 + "</p>")
    with ThreadPoolExecutor(2) as both:
        jobs = [both.submit(our_press.print, word) for _ in range(2)]
        wait_until(lambda: len(our_press.children()) == 2)
        assert [job.result().startswith(b"%PDF") for job in jobs] == [True, True]
    assert began == [0]


def test_a_child_that_is_killed_is_told_and_the_next_job_is_printed(our_press):
    with ThreadPoolExecutor(1) as one:
        job = one.submit(reason_of, page("<p>" + "abcdefghij" * 20_000 + "</p>"), our_press)
        wait_until(our_press.children)
        time.sleep(0.3)
        os.kill(our_press.children()[0], signal.SIGKILL)
        assert job.result() == "broken"
    assert "Maya" in text_of(our_press.print(MAYAS_PAGE))


@pytest.mark.parametrize(
    "by, memory, told",
    [
        (signal.SIGSEGV, 700 << 20, "too_big"),  # libraries in C walk on where no memory was left for them
        (signal.SIGABRT, 700 << 20, "too_big"),
        (signal.SIGTRAP, 700 << 20, "too_big"),
        (signal.SIGSEGV, 90 << 20, "broken"),
        (signal.SIGKILL, 700 << 20, "broken"),
        (signal.SIGXCPU, 90 << 20, "too_long"),
        (0, 90 << 20, "broken"),
    ],
)
def test_how_a_child_ended_says_what_was_wrong_with_its_page(by, memory, told):
    job = server.Job(pid=0, connection=None, lifeline=0, until=0)
    assert server.why_it_ended(job, by, memory) == told
    job.too_long = True
    assert server.why_it_ended(job, signal.SIGKILL, memory) == "too_long"


def test_a_job_nobody_waits_for_is_ended(our_press):
    connection = our_press.connect()
    html = page("<p>" + "abcdefghij" * 40_000 + "</p>").encode()
    connection.sendall(wire.pack({"job": "print", "css": "print", "sizes": [len(html)]}) + html)
    wait_until(our_press.children)
    time.sleep(0.3)
    connection.close()
    wait_until(lambda: not our_press.children(), seconds=2)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x00",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\xff\xff\xff\xff",
        wire.LENGTH.pack(5) + b"[1,2]",
        wire.LENGTH.pack(4) + b"\xff\xfe\x00\x01",
        wire.LENGTH.pack(60_000) + b"[" * 60_000,
        wire.pack({}),
        wire.pack({"job": "print", "sizes": []}),
        wire.pack({"job": "print", "sizes": [-1]}),
        wire.pack({"job": "print", "sizes": ["1"]}),
        wire.pack({"job": "print", "sizes": [10**12]}),
        wire.pack({"job": "print", "sizes": [1], "css": "../../x"}) + b"x",
        wire.pack({"job": "print", "sizes": [2]}) + b"\xff\xfe",
        wire.pack({"job": "join", "sizes": [3]}) + b"PDF",
        wire.pack({"job": "dance", "sizes": [1]}) + b"x",
        wire.pack({"job": "print", "sizes": [1] * 51}) + b"x" * 51,
    ],
)
def test_whatever_a_client_says_the_press_goes_on(our_press, said):
    answer = b""
    with our_press.connect() as connection, contextlib.suppress(ConnectionResetError, BrokenPipeError):
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(4096)
    assert answer == b"" or wire.unpack(answer[4:])["status"] == "failed"
    assert client.alive(socket_path=our_press.socket)


def test_clients_who_say_nothing_are_shown_out(our_press):
    silent = [our_press.connect() for _ in range(20)]
    assert "Maya" in text_of(our_press.print(MAYAS_PAGE))
    assert [connection.recv(1) for connection in silent] == [b""] * 20
    for connection in silent:
        connection.close()


def test_a_full_press_says_that_it_is_busy():
    with open_press(workers=1) as small, contextlib.ExitStack() as everybody:
        for _ in range(1 + server.QUEUE):
            connection = everybody.enter_context(small.connect())
            connection.sendall(wire.pack({"job": "print", "sizes": [100]}))
        wait_until(lambda: len(small.children()) == 1)
        time.sleep(0.2)
        assert reason_of(MAYAS_PAGE, small) == "busy"
        assert len(small.children()) == 1


def test_only_this_account_can_reach_the_press_and_it_leaves_nothing_behind():
    folder = Path(tempfile.mkdtemp(prefix="press-"))
    try:
        place = folder / "inner"
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left_behind:
            place.mkdir(mode=0o700)
            left_behind.bind(str(place / "press.sock"))
        running = RunningPress.__new__(RunningPress)
        command = [sys.executable, "-m", "recovery_plans.press", "--socket", str(place / "press.sock")]
        running.process = subprocess.Popen(command, cwd=ROOT)
        wait_until(lambda: client.alive(socket_path=place / "press.sock"), seconds=30)
        assert stat.S_IMODE((place / "press.sock").stat().st_mode) == 0o600
        second = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, check=False, timeout=30)
        assert second.returncode == 1
        assert b"another press is open" in second.stderr
        running.close()
        assert list(place.iterdir()) == []
        place.chmod(0o777)
        third = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, check=False, timeout=30)
        assert b"others may write" in third.stderr
    finally:
        shutil.rmtree(folder)


def test_the_press_knows_nothing_of_django_and_its_client_nothing_of_weasyprint():
    said = (
        "import sys, recovery_plans.press.client; assert 'weasyprint' not in sys.modules;"
        "import recovery_plans.press.server; assert 'django' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", said], cwd=ROOT, check=True, timeout=30)
