"""The fonts the press prints with, and the door through which it reads anything at all."""

import base64
import binascii
from pathlib import Path
from urllib.parse import unquote_to_bytes

from weasyprint.text.ffi import ffi, gobject, pangoft2
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

PNG = b"\x89PNG\r\n\x1a\n"
MAX_PICTURE = 4 * 1024 * 1024


class Letters(FontConfiguration):
    """The fonts for one child: those the warm parent found, through a font map of the child's own.

    Newer Pangos keep a thread per font map. A thread does not live on in a forked child, so that asking the parent's
    map for a font it had not met before could wait for ever. The list of fonts itself is plain memory and is shared.
    """

    def __init__(self, warm: FontConfiguration):
        self._warm = warm  # keeps the files of our fonts for as long as this child prints
        self._config = warm._config
        self.font_map = ffi.gc(pangoft2.pango_ft2_font_map_new(), gobject.g_object_unref)
        pangoft2.pango_fc_font_map_set_config(ffi.cast("PangoFcFontMap *", self.font_map), self._config)
        self.strut_layouts = {}
        self.font_features = {}


class OpeningDoor(URLFetcher):
    """While the press opens: the font files that a stylesheet names, and pictures written into it. Nothing else.

    `refused` says whether anything else was asked for: WeasyPrint passes over a font that it cannot load, and would
    print with another one.
    """

    def __init__(self, fonts_folder: Path):
        super().__init__()
        self._files = {file.as_uri(): file for file in fonts_folder.resolve().glob("*.ttf")}
        self.refused = False

    def fetch(self, url, headers=None):
        file = self._files.get(url)
        if file is not None:
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": "font/ttf"})
        try:
            return picture(url)
        except ValueError:
            self.refused = True
            raise


class ClosedDoor(URLFetcher):
    """While a job is printed: pictures that stand in the HTML itself. Everything else ends the job.

    `refused` says whether anything else was asked for: drawing an SVG swallows every error, even a fatal one.
    """

    def __init__(self):
        super().__init__()
        self.refused = False

    def fetch(self, url, headers=None):
        try:
            return picture(url)
        except ValueError:
            self.refused = True
            raise FatalURLFetchingError("the press reads nothing from elsewhere") from None


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
