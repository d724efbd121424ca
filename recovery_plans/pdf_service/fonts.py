"""The fonts that documents are printed with."""

from weasyprint.text.ffi import ffi, gobject, pangoft2
from weasyprint.text.fonts import FontConfiguration


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


def by_address(letters: dict[tuple[str, int], bytes]) -> dict[str, bytes]:
    """Each font by the address under which `font_faces` asks for it."""
    return {_address(family, weight): font for (family, weight), font in letters.items()}


def font_faces(letters: dict[tuple[str, int], bytes]) -> str:
    """The stylesheet that names our letters."""
    return "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};src:url({_address(family, weight)})}}'
        for family, weight in letters
    )


def _address(family, weight):
    """Where a letter's file is asked for. It is no place: the fetcher was given the bytes."""
    return f"letters:{family.replace(' ', '-')}-{weight}"
