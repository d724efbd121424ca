"""What the client and the service agree on; it loads nothing, so that both sides can import it.

A request is `POST /` with a JSON list of HTML documents; the answer to 200 is one PDF of them.
"""

from http import HTTPStatus

# The cover and 200 people's summaries.
MAX_DOCUMENTS = 201
MAX_HTML = 16 * 1024 * 1024
MAX_PDF = 64 * 1024 * 1024

TOO_LARGE = HTTPStatus.UNPROCESSABLE_ENTITY
BUSY = HTTPStatus.SERVICE_UNAVAILABLE
BROKEN = HTTPStatus.INTERNAL_SERVER_ERROR
