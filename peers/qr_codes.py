"""The square that a phone scans instead of somebody typing."""

import segno


def square(said):
    """A square that says this, such as a link, as a picture that is part of the page."""
    return segno.make(said, error="m", micro=False).svg_data_uri(scale=4, border=4)
