"""QR codes, as pictures that are part of the page."""

import segno


def qr_code(text):
    """A QR code of this text, such as a link, as a data URI of an SVG."""
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=4, border=4)
