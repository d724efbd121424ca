"""The fonts that documents are printed with."""

from pathlib import Path

from weasyprint.text.ffi import ffi, gobject, pangoft2
from weasyprint.text.fonts import FontConfiguration


class FontsOfWorker(FontConfiguration):
    """The fonts for one worker: those the warm parent found, through a font map of the worker's own.

    Newer Pangos keep a thread per font map. A thread does not live on in a forked child, so that asking the parent's
    map for a font it had not met before could wait for ever. The list of fonts itself is plain memory and is shared.
    """

    def __init__(self, warm: FontConfiguration):
        self._warm = warm  # keeps the files of our fonts for as long as this worker prints
        self._config = warm._config
        self.font_map = ffi.gc(pangoft2.pango_ft2_font_map_new(), gobject.g_object_unref)
        pangoft2.pango_fc_font_map_set_config(ffi.cast("PangoFcFontMap *", self.font_map), self._config)
        self.strut_layouts = {}
        self.font_features = {}


def font_files(folder: Path) -> dict[str, bytes]:
    """Each font of this folder by the address under which a stylesheet beside it asks for it."""
    return {file.as_uri(): file.read_bytes() for file in folder.resolve().glob("*.ttf")}
