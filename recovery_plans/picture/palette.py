"""The colours of the picture: theme variables on a screen, fixed colours on paper, greys for black ink."""

from collections.abc import Callable
from functools import lru_cache

PRINT = {
    "sky1": "#FBE6BE",
    "sky2": "#FDF6E8",
    "sun": "#F0B84A",
    "halo": "#F7D38C",
    "far": "#C3D6DA",
    "far2": "#AECBC9",
    "mid": "#93BDAE",
    "near": "#5F9A88",
    "front": "#2F7061",
    "path": "#F8EEDD",
    "pathedge": "#DFCBA8",
    "stone": "#E9DAC0",
    "stoneedge": "#A08C68",
    "done": "#F0B84A",
    "doneedge": "#855700",
    "card": "#FFFDFA",
    "ink": "#2B2520",
    "pine": "#1E5A50",
    "plum": "#6A3D68",
    "clay": "#A2452B",
    "lake": "#285A80",
    "leaf2": "#7FB29F",
    "petal1": "#E79A78",
    "petal2": "#F0B84A",
    "petal3": "#C79AC4",
    "trunk": "#6B5540",
    "tree": "#3F8271",
    "tree2": "#548F7E",
}

# Pale greys with dark edges: little ink, and a done stone still differs from one that waits.
GREY = {
    "sky1": "#E2E2E2",
    "sky2": "#FCFCFC",
    "sun": "#FFFFFF",
    "halo": "#FFFFFF",
    "far": "#D4D4D4",
    "far2": "#DCDCDC",
    "mid": "#CBCBCB",
    "near": "#B9B9B9",
    "front": "#8E8E8E",
    "path": "#FBFBFB",
    "pathedge": "#9A9A9A",
    "stone": "#FFFFFF",
    "stoneedge": "#7A7A7A",
    "done": "#C4C4C4",
    "doneedge": "#1A1A1A",
    "card": "#FFFFFF",
    "ink": "#1A1A1A",
    "pine": "#1A1A1A",
    "plum": "#6E6E6E",
    "clay": "#424242",
    "lake": "#858585",
    "leaf2": "#4A4A4A",
    "petal1": "#FFFFFF",
    "petal2": "#DADADA",
    "petal3": "#F2F2F2",
    "trunk": "#555555",
    "tree": "#8A8A8A",
    "tree2": "#9C9C9C",
}


@lru_cache(maxsize=4)
def paint_for(colours: str) -> Callable[[str], str]:
    """Give the paint pot for "screen", "print" or "grey": a function from a colour's name to its value."""
    if colours == "screen":
        return "var(--pic-{})".format
    if colours == "print":
        return PRINT.__getitem__
    if colours == "grey":
        return GREY.__getitem__
    raise ValueError(f"colours is screen, print or grey, not {colours!r}")
