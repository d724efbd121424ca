"""The only way by which WeasyPrint reads anything: the bytes it was given, and nothing from elsewhere."""

import base64
import binascii
from urllib.parse import unquote_to_bytes

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

PNG = b"\x89PNG\r\n\x1a\n"
MAX_PICTURE = 4 * 1024 * 1024


class ClosedFetcher(URLFetcher):
    """Gives out fonts by the addresses they were given under, and pictures that stand in the address itself.

    Everything else ends the job. `refused` says whether anything else was asked for: drawing an SVG swallows every
    error, even a fatal one.
    """

    def __init__(self, fonts: dict[str, bytes] | None = None):
        super().__init__()
        self._fonts = fonts or {}
        self.refused = False

    def fetch(self, url, headers=None):
        font = self._fonts.get(url)
        if font is not None:
            return URLFetcherResponse(url, font, {"Content-Type": "font/ttf"})
        try:
            return picture(url)
        except ValueError:
            self.refused = True
            raise FatalURLFetchingError("nothing is read from elsewhere") from None


def picture(url: str) -> URLFetcherResponse:
    """A picture of our own making that is written into its own address: SVG or PNG.

    Raises ValueError for everything else. The bytes are looked at too: a wrong label must not wake another decoder,
    and an SVG with entities could unfold without end.
    """
    head, comma, payload = url.partition(",")
    kind, *options = head.removeprefix("data:").lower().split(";")
    if not head.startswith("data:") or not comma or len(payload) > MAX_PICTURE:
        raise ValueError("not a picture of our own")
    try:
        body = unquote_to_bytes(payload)
        if "base64" in options:
            body = base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise ValueError("not a picture of our own") from error
    is_png = kind == "image/png" and body.startswith(PNG)
    is_svg = kind == "image/svg+xml" and body.startswith(b"<svg") and b"<!DOCTYPE" not in body
    if not is_png and not is_svg:
        raise ValueError("not a picture of our own")
    return URLFetcherResponse(url, body, {"Content-Type": kind})
