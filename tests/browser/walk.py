"""Goes through every page of the app on one device, and says what is wrong, one line each."""

from contextlib import contextmanager
from urllib.parse import urlsplit


@contextmanager
def device_of(reader, *, place, chromium, site, **options):
    """A fresh browser on a device where this reader has come in; None is a stranger."""
    context = chromium.new_context(base_url=site.url, locale="en-US", **options)
    context.set_default_timeout(10_000)
    try:
        if reader:
            session = place.client(reader).cookies["alongside"].value
            context.add_cookies([{"name": "alongside", "value": session, "url": site.url}])
        yield context.new_page()
    finally:
        context.close()


def walk_through(look, *, place, chromium, site, **options):
    """Calls `look(page, shown)` on every page. Returns what it found, and what the pages themselves did wrong."""
    pages, found = place.every_page(), []
    for reader in dict.fromkeys(shown.reader for shown in pages):
        with device_of(reader, place=place, chromium=chromium, site=site, **options) as page:
            mistakes = _mistakes_of(page, home=urlsplit(site.url).netloc)
            for shown in [shown for shown in pages if shown.reader == reader]:
                mistakes.clear()
                status = page.goto(shown.address).status
                if status == shown.status:
                    found += [f"{shown}: {line}" for line in [*look(page, shown), *mistakes]]
                else:
                    found.append(f"{shown}: answered {status}")
    return found


def _mistakes_of(page, *, home):
    """A list that fills with what the page does wrong: mistakes in a script, refusals, requests to someone else."""
    mistakes = []

    def note_told(told):
        # The browser itself notes an answer of 404; those pages are meant to be one.
        if told.type == "error" and "the server responded with a status of 4" not in told.text:
            mistakes.append(told.text)

    def note_asked(asked):
        parts = urlsplit(asked.url)
        if parts.scheme in ("http", "https") and parts.netloc != home:
            mistakes.append(f"asked of someone else: {asked.url}")

    page.context.on("weberror", lambda error: mistakes.append(f"mistake in a script: {error.error}"))
    page.on("console", note_told)
    page.on("request", note_asked)
    return mistakes
