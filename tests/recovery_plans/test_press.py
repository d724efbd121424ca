"""The press prints what it is given, reads nothing from elsewhere, and survives everything."""

import base64
import contextlib
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pikepdf
import pymupdf
import pytest

from recovery_plans.press import client, server, wire
from recovery_plans.press.client import PressFailed
from tests.pdfua import assert_pdf_ua, defects, has_attachments, walk

pytestmark = pytest.mark.slow  # a real press, and inputs made to be slow

ROOT = Path(__file__).resolve().parents[2]
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")
SUN = b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><circle cx="45" cy="45" r="30"/></svg>'


def page(body, *, lang="en", title="My plan", head=""):
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
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


@pytest.fixture(scope="module")
def our_press():
    with open_press() as running:
        yield running


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
    peak, over = [0], threading.Event()

    def watch():
        while not over.wait(0.02):
            for child in press.children():
                with contextlib.suppress(OSError, IndexError):
                    status = Path(f"/proc/{child}/status").read_text()
                    peak[0] = max(peak[0], int(status.split("VmHWM:")[1].split()[0]) // 1024)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


# --- what it prints ---


def test_mayas_page_can_be_read_aloud(our_press):
    pdf = our_press.print(MAYAS_PAGE)
    assert_pdf_ua(pdf)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "en"
        assert str(document.docinfo.Title) == "My plan"
        tags = list(walk(document.Root.StructTreeRoot))
    assert [str(tag.Alt) for tag in tags if tag.S == "/Figure"] == ["A path to a sunrise", "A dot"]
    scopes = [str(tag.A.Scope) for tag in tags if tag.S == "/TH" and "/Scope" in tag.get("/A", {})]
    assert scopes == ["/Column"] * 3 + ["/Row"] * 3


@pytest.mark.parametrize(
    "spoilt, defect",
    [
        (MAYAS_PAGE.replace('<html lang="en">', "<html>"), "no language"),
        (MAYAS_PAGE.replace("<title>My plan</title>", ""), "no title"),
        (MAYAS_PAGE.replace('alt="A dot"', ""), "a figure without alternative text"),
        (MAYAS_PAGE.replace("h2>", "h3>"), "a heading of level 3 after level 1"),
    ],
)
def test_the_validator_finds_what_was_spoilt(our_press, spoilt, defect):
    assert spoilt != MAYAS_PAGE
    found = defects(our_press.print(spoilt))
    assert defect in found
    assert any(":" in line for line in found), "outloud saw nothing"


@pytest.mark.parametrize(
    "take_away, defect",
    [
        (lambda pdf: pdf.Root.__delattr__("StructTreeRoot"), "no tags"),
        (lambda pdf: pdf.Root.__delattr__("MarkInfo"), "does not say that it is tagged"),
        (lambda pdf: pdf.Root.__delattr__("ViewerPreferences"), "does not show its title"),
        (lambda pdf: pdf.attachments.__setitem__("a.txt", b"words"), "carries an attachment"),
        (lambda pdf: setattr(pdf.pages[0].obj, "StructParents", 7), "a page that leads to no tags"),
    ],
)
def test_the_validator_finds_what_was_taken_out_of_the_pdf(our_press, take_away, defect):
    spoilt = BytesIO()
    with pikepdf.open(BytesIO(our_press.print(MAYAS_PAGE))) as document:
        take_away(document)
        document.save(spoilt)
    assert defect in defects(spoilt.getvalue())


@pytest.mark.parametrize(
    "lang, words",
    [
        ("vi", "Tôi muốn những buổi sáng thật chậm rãi"),
        ("ar", "صباح هادئ"),
        ("am", "ቀስ ያለ ጠዋት"),
        ("zh", "我想要慢慢的早晨"),
        ("ht", "Mwen vle maten dousman"),
    ],
)
def test_other_scripts_have_letters(our_press, lang, words):
    """Each child meets these fonts for the first time: the parent has printed English only."""
    pdf = our_press.print(page(f'<h1>{words}</h1><p dir="auto" lang="{lang}">{words}</p>', lang=lang))
    assert_pdf_ua(pdf)
    if lang != "ar":  # the order of Arabic letters in extracted text is the reader's own matter
        assert text_of(pdf).replace("\n", " ").count(words) == 2


def test_our_own_letters_are_embedded(our_press):
    with pikepdf.open(BytesIO(our_press.print(MAYAS_PAGE))) as document:
        names = " ".join(str(font.BaseFont) for font in document.pages[0].Resources.Font.values())
    assert "Literata" in names
    assert "Source-Sans-3" in names or "SourceSans3" in names.replace(" ", "")


def test_many_pages_become_one_tagged_pdf(our_press):
    done = []
    pages = (MAYAS_PAGE.replace("<h1>Maya</h1>", f"<h1>Person {number}</h1>") for number in range(102))
    pdf = client.print_many(pages, on_progress=done.append, socket_path=our_press.socket)
    assert done == [50, 100, 102]
    assert_pdf_ua(pdf)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert len(document.pages) == 102
        with document.open_outline() as outline:
            assert [mark.title for mark in outline.root] == [f"Person {number}" for number in range(102)]
        tags = list(walk(document.Root.StructTreeRoot))
        names = [str(tag.ID) for tag in tags if "/ID" in tag]
        told = {str(header) for tag in tags for header in tag.get("/A", {}).get("/Headers", [])}
    assert len([tag for tag in names if tag]) == len(set(names)) == 102 * 6
    assert told <= set(names)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        assert [f"Person {n}\n" in document[n].get_text() for n in range(102)] == [True] * 102


def test_nothing_to_print_is_said(our_press):
    with pytest.raises(ValueError, match="nothing to print"):
        client.print_many([], socket_path=our_press.socket)


# --- what it never reads ---


@pytest.fixture
def listening():
    """An address on this machine, and how often anybody called there."""
    with socket.socket() as ear:
        ear.bind(("127.0.0.1", 0))
        ear.listen()
        ear.setblocking(False)

        def calls():
            with contextlib.suppress(BlockingIOError):
                ear.accept()[0].close()
                return 1
            return 0

        yield f"http://127.0.0.1:{ear.getsockname()[1]}/a.png", calls


HOSTILE = {
    "picture from a file": '<img alt="x" src="FILE">',
    "picture from the network": '<img alt="x" src="HTTP">',
    "background": '<p style="background:url(HTTP)">x</p>',
    "background from a file": '<p style="background:url(FILE)">x</p>',
    "bullet": '<ul style="list-style-image:url(FILE)"><li>x</li></ul>',
    "generated picture": '<style>p::before{content:url("HTTP")}</style><p>x</p>',
    "import": "<style>@import url(HTTP);</style><p>x</p>",
    "stylesheet": '<link rel="stylesheet" href="HTTP"><p>x</p>',
    "stylesheet from a file": '<link rel="stylesheet" href="file:///etc/passwd"><p>x</p>',
    "attached file": '<link rel="attachment" href="file:///etc/passwd"><p>x</p>',
    "attached by a link": '<a rel="attachment" href="file:///etc/passwd">x</a>',
    "attached HTML": '<link rel="attachment" href="data:text/html,words"><p>x</p>',
    "object": '<object data="FILE">x</object>',
    "embed": '<embed src="HTTP"><p>x</p>',
    "base": '<base href="file:///etc/"><img alt="x" src="passwd">',
    "font": "<style>@font-face{font-family:f;src:url(HTTP)}p{font-family:f}</style><p>x</p>",
    "colours": "<style>@color-profile --c{src:url(HTTP)}</style><p>x</p>",
    "HTML as a picture": '<img alt="x" src="data:text/html,words">',
    "gif": '<img alt="x" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    "HTML called a PNG": '<img alt="x" src="data:image/png,words">',
    "inline SVG with a picture": '<svg viewBox="0 0 9 9"><title>x</title><image href="FILE" width="9"/></svg>',
    "inline SVG with another": '<svg viewBox="0 0 9 9"><title>x</title><use href="HTTP#a"/></svg>',
}
HOSTILE_SVG = {
    "SVG with a picture": '<image href="HTTP" width="9" height="9"/>',
    "SVG with a picture from a file": '<image href="FILE" width="9" height="9"/>',
    "SVG with another SVG": '<use href="HTTP#a"/>',
    "SVG with a stylesheet": "<style>@import url(HTTP);</style><rect width='9' height='9'/>",
    "SVG with a font": "<style>@font-face{font-family:f;src:url(FILE)}</style><text font-family='f'>x</text>",
}


@pytest.fixture
def secret_file(tmp_path):
    """A picture that could be read, lying on this machine."""
    file = tmp_path / "secret.png"
    file.write_bytes(DOT)
    return file.as_uri()


def assert_read_nothing(press, body, calls):
    """Either the job ends, or it prints without the thing; nobody was called, nothing came along."""
    reason, pdf = None, b""
    try:
        pdf = press.print(page("<h1>Maya</h1>" + body))
    except PressFailed as failed:
        reason = failed.reason
    assert reason in {None, "broken"}
    if pdf:
        with pikepdf.open(BytesIO(pdf)) as document:
            assert not has_attachments(document)
            assert not [one for one in document.objects if isinstance(one, pikepdf.Stream) and "/Width" in one]
        assert "root:" not in text_of(pdf)
    assert calls() == 0


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_read_from_elsewhere(our_press, listening, secret_file, name):
    address, calls = listening
    assert_read_nothing(our_press, HOSTILE[name].replace("HTTP", address).replace("FILE", secret_file), calls)


@pytest.mark.parametrize("name", HOSTILE_SVG)
def test_a_picture_reads_nothing_from_elsewhere(our_press, listening, secret_file, name):
    address, calls = listening
    inside = HOSTILE_SVG[name].replace("HTTP", address).replace("FILE", secret_file)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>'.encode()
    assert_read_nothing(our_press, f'<img alt="x" src="{picture("image/svg+xml", svg)}">', calls)


def test_asking_for_a_file_ends_the_job(our_press, secret_file):
    """The picture is a good one: the default fetcher of WeasyPrint would have printed it."""
    assert reason_of(page(f'<h1>Maya</h1><img alt="x" src="{secret_file}">'), our_press) == "broken"
    log = our_press.log.read_text()
    assert "FatalURLFetchingError" in log
    assert "secret" not in log
    assert "Maya" not in log


def test_an_svg_that_unfolds_without_end_is_refused(our_press):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><!DOCTYPE x [<!ENTITY a "aaaa">]><text>&a;</text></svg>'
    assert reason_of(page(f'<img alt="x" src="{picture("image/svg+xml", svg)}">'), our_press) == "broken"


def test_a_stylesheet_of_the_site_is_left_out_kindly(our_press):
    """The same template serves the screen, where it links its stylesheet; the press has read its own already."""
    html = page("<h1>Maya</h1>", head='<link rel="stylesheet" href="/static/css/print.css">')
    assert "Maya" in text_of(our_press.print(html))


# --- what is hard to print ---


def test_a_very_long_word_is_printed_as_it_was_written(our_press):
    word = "abcdefghij" * 10_000
    began = time.monotonic()
    pdf = our_press.print(page(f"<h1>Maya</h1><p>{word}</p>"))
    assert time.monotonic() - began < 15
    lines = [line for line in text_of(pdf).splitlines() if re.fullmatch("[a-j]+", line)]  # no heading, no page number
    assert "".join(lines) == word


def test_one_hundred_thousand_empty_lines_are_a_gap(our_press):
    body = "<h1>Maya</h1><div style='white-space:pre-wrap'>before" + "\n \t" * 100_000 + "after</div>"
    began = time.monotonic()
    with pikepdf.open(BytesIO(our_press.print(page(body)))) as document:
        assert len(document.pages) == 1
    assert time.monotonic() - began < 10


def test_twenty_thousand_marks_on_one_letter(our_press):
    assert our_press.print(page(f"<h1>Maya</h1><p>a{chr(0x301) * 20_000}</p>")).startswith(b"%PDF-1.7")


def test_what_is_read_as_one_character_stays_together():
    from recovery_plans.press.shop import _soft

    family, flag, accent = "👩‍👩‍👧‍👦", "🇲🇽", "e\u0301"
    for one in (family, flag, accent):
        softened = _soft(one * 100)
        assert set(softened.split("\u200b")) <= {one * count for count in range(1, 101)}
        assert softened.replace("\u200b", "") == one * 100
    assert "\u200b" in _soft(accent * 100)
    assert "\u200b" in _soft(family * 100)
    assert _soft("我想要慢慢的早晨" * 50) == "我想要慢慢的早晨" * 50
    assert _soft("a short line\n\nand another") == "a short line\n\nand another"


def test_elements_nested_without_end_are_refused_kindly(our_press):
    assert reason_of(page("<div>" * 900 + "x" + "</div>" * 900), our_press) == "too_big"
    assert "Maya" in text_of(our_press.print(MAYAS_PAGE))


def test_too_much_html_is_refused_before_it_is_sent(our_press):
    assert reason_of("x" * (wire.MAX_HTML + 1), our_press) == "too_big"


@pytest.mark.slow
def test_what_cannot_be_printed_ends_in_time_and_in_memory(our_press):
    """A table without end eats memory, twenty thousand nested elements eat time; both at once."""
    row = "<tr>" + "<td>x</td>" * 20 + "</tr>"
    hard = [page("<table>" + row * 10_000 + "</table>"), page("<div>" * 20_000 + "x" + "</div>" * 20_000)]
    with peak_memory(our_press) as peak, ThreadPoolExecutor(2) as both:
        began = time.monotonic()
        reasons = list(both.map(lambda html: reason_of(html, our_press), hard))
        took = time.monotonic() - began
    assert set(reasons) <= {"too_long", "too_big"}
    assert took < server.WALL_SECONDS + 3
    assert 100 < peak[0] <= 1024
    assert "Maya" in text_of(our_press.print(MAYAS_PAGE))


# --- what happens to the press ---


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
