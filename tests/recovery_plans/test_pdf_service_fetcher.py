"""The PDF service reads nothing from elsewhere, whatever a page asks for."""

import contextlib
import re
import socket
from io import BytesIO

import pikepdf
import pytest

from recovery_plans.pdf_service.client import PdfFailed
from tests.pdfua import has_attachments
from tests.recovery_plans.pdf_service_process import DOT, page, picture, reason_of, text_of

pytestmark = pytest.mark.slow  # a real PDF service, and inputs made to be slow


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


def assert_read_nothing(service, body, calls):
    """Either the job ends, or it prints without the thing; nobody was called, nothing came along."""
    reason, pdf = None, b""
    try:
        pdf = service.print(page("<h1>Maya</h1>" + body))
    except PdfFailed as failed:
        reason = failed.reason
    assert reason in {None, "broken"}
    if pdf:
        with pikepdf.open(BytesIO(pdf)) as document:
            assert not has_attachments(document)
            assert not [one for one in document.objects if isinstance(one, pikepdf.Stream) and "/Width" in one]
        assert "root:" not in text_of(pdf)
    assert calls() == 0


@pytest.mark.parametrize("closed", [False, True])  # a page that is XML too is read in another way
@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_read_from_elsewhere(own_pdf_service, listening, secret_file, name, closed):
    address, calls = listening
    body = HOSTILE[name].replace("HTTP", address).replace("FILE", secret_file)
    if closed:
        body = re.sub(r"<(img|link|embed|base)([^>]*)>", r"<\1\2/>", body)
    assert_read_nothing(own_pdf_service, body, calls)


def test_a_page_that_declares_things_that_unfold_is_printed_without_them(own_pdf_service):
    html = page("<h1>Maya</h1><p>&a;</p>").replace("<!doctype html>", '<!DOCTYPE html [<!ENTITY a "unfolded">]>')
    assert "unfolded" not in text_of(own_pdf_service.print(html)).replace("ENTITY", "")


@pytest.mark.parametrize("name", HOSTILE_SVG)
def test_a_picture_reads_nothing_from_elsewhere(own_pdf_service, listening, secret_file, name):
    address, calls = listening
    inside = HOSTILE_SVG[name].replace("HTTP", address).replace("FILE", secret_file)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>'.encode()
    assert_read_nothing(own_pdf_service, f'<img alt="x" src="{picture("image/svg+xml", svg)}">', calls)


def test_asking_for_a_file_ends_the_job(own_pdf_service, secret_file):
    """The picture is a good one: the default fetcher of WeasyPrint would have printed it."""
    assert reason_of(page(f'<h1>Maya</h1><img alt="x" src="{secret_file}">'), own_pdf_service) == "broken"
    log = own_pdf_service.log.read_text()
    assert "FatalURLFetchingError at fetcher.py" in log
    assert "secret" not in log
    assert "Maya" not in log


def test_an_svg_that_unfolds_without_end_is_refused(own_pdf_service):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><!DOCTYPE x [<!ENTITY a "aaaa">]><text>&a;</text></svg>'
    assert reason_of(page(f'<img alt="x" src="{picture("image/svg+xml", svg)}">'), own_pdf_service) == "broken"


def test_a_stylesheet_of_the_site_is_left_out_kindly(own_pdf_service):
    """The same template serves the screen, where it links its stylesheet; the PDF service has read its own already."""
    html = page("<h1>Maya</h1>", head='<link rel="stylesheet" href="/static/css/print.css">')
    assert "Maya" in text_of(own_pdf_service.print(html))
