"""Our letters, each weight a font of its own.

The files the pages use hold every weight at once. A PDF cannot: for each weight on a page WeasyPrint would work one
out again, a third of the time of a whole plan. So the weights of print.css are worked out once, when the service
starts, and kept for the next time.
"""

import contextlib
import hashlib
import os
from io import BytesIO
from pathlib import Path

import fontTools
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

# Only the Latin file of each family: a second file of the same family garbles Vietnamese. All other scripts are
# printed with the system's Noto fonts, which print.css names after ours.
FAMILIES = {
    "Literata": ("literata-latin-wght-normal.woff2", (500, 600)),
    "Source Sans 3": ("source-sans-3-latin-wght-normal.woff2", (400, 600, 700)),
}


def cast_letters(fonts_folder: Path, *, kept_in: Path | None = None) -> dict[tuple[str, int], bytes]:
    """Every (family, weight) we print with, as the bytes of a font; `kept_in` is where they are kept meanwhile."""
    return {
        (family, weight): _kept(fonts_folder / name, weight, kept_in)
        for family, (name, weights) in FAMILIES.items()
        for weight in weights
    }


def _kept(source: Path, weight: int, kept_in: Path | None) -> bytes:
    told = source.read_bytes()
    if kept_in is None:
        return _cast(told, weight)
    version = hashlib.sha256(told + fontTools.version.encode()).hexdigest()[:16]
    kept = kept_in / f"{source.stem}-{weight}-{version}.ttf"
    with contextlib.suppress(OSError):
        return kept.read_bytes()
    font = _cast(told, weight)
    kept_in.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = kept.with_suffix(f".{os.getpid()}")
    half.write_bytes(font)
    half.replace(kept)  # never half a font, even when two services start at once
    return font


def _cast(told: bytes, weight: int) -> bytes:
    font = instantiateVariableFont(TTFont(BytesIO(told)), {"wght": weight}, static=True)
    font.flavor = None
    cast = BytesIO()
    font.save(cast)
    return cast.getvalue()
