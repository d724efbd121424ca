"""How the app and the press speak: the length of a JSON header, the header, then its bodies.

A request names its job and the sizes of its bodies; an answer says "ok" and the size of the PDF, or "failed" and why.
"""

import json
import socket
import struct
import time

LENGTH = struct.Struct("!I")
MAX_HEADER = 64 * 1024
MAX_HTML = 8 * 1024 * 1024
MAX_PDF = 64 * 1024 * 1024
PAGES_IN_A_PART = 50


class WireBroken(Exception):
    """The other side went away, was silent for too long, or did not keep to the protocol."""


def pack(header: dict) -> bytes:
    """A header as it goes over the wire."""
    packed = json.dumps(header).encode("ascii")
    return LENGTH.pack(len(packed)) + packed


def unpack(packed: bytes) -> dict:
    """A header that came over the wire; anything but a JSON object is refused."""
    try:
        header = json.loads(packed)
    except (ValueError, RecursionError) as error:
        raise WireBroken("not a header") from error
    if not isinstance(header, dict):
        raise WireBroken("not a header")
    return header


def sizes_in(header: dict) -> list[int]:
    """The sizes of the bodies a request announces, each a whole number above nothing."""
    sizes = header.get("sizes")
    if not isinstance(sizes, list) or not sizes or not all(type(size) is int and size > 0 for size in sizes):
        raise WireBroken("not a list of sizes")
    return sizes


def header_length(first_bytes: bytes) -> int:
    """How long the header is, read from the first four bytes."""
    (length,) = LENGTH.unpack(first_bytes)
    if not 2 <= length <= MAX_HEADER:
        raise WireBroken("not a header")
    return length


def receive(connection: socket.socket, size: int, *, until: float) -> bytes:
    """Exactly `size` bytes, or WireBroken; never waits longer than `until` (of time.monotonic)."""
    body = bytearray()
    while len(body) < size:
        _wait_no_longer(connection, until)
        try:
            piece = connection.recv(min(size - len(body), 1 << 20))
        except OSError as error:
            raise WireBroken("silent or gone") from error
        if not piece:
            raise WireBroken("gone")
        body += piece
    return bytes(body)


def send(connection: socket.socket, body: bytes, *, until: float) -> None:
    """All of the bytes, or WireBroken; never waits longer than `until` (of time.monotonic)."""
    _wait_no_longer(connection, until)
    try:
        connection.sendall(body)
    except OSError as error:
        raise WireBroken("silent or gone") from error


def receive_header(connection: socket.socket, *, until: float) -> dict:
    """The header that comes next."""
    length = header_length(receive(connection, LENGTH.size, until=until))
    return unpack(receive(connection, length, until=until))


def _wait_no_longer(connection, until):
    left = until - time.monotonic()
    if left <= 0:
        raise WireBroken("too slow")
    connection.settimeout(left)
