"""Goes through every page of the app on one device, and says what is wrong, one line each."""

from contextlib import contextmanager
from urllib.parse import urlsplit

# Sends a form with these boxes, as a page of the app would: with the token that stands on every page.
SEND = """([action, boxes]) => {
  const form = Object.assign(document.createElement('form'), {method: 'post', action});
  const token = document.querySelector('[name=csrfmiddlewaretoken]').value;
  for (const [name, value] of Object.entries({csrfmiddlewaretoken: token, ...boxes}))
    form.append(Object.assign(document.createElement('input'), {type: 'hidden', name, value}));
  document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
}"""


@contextmanager
def device_of(reader, *, demo, chromium, site, **options):
    """A fresh browser on a device where this reader has come in; None is a stranger."""
    context = chromium.new_context(base_url=site.url, locale="en-US", **options)
    context.set_default_timeout(10_000)
    try:
        if reader:
            session = demo.client(reader).cookies["alongside"].value
            context.add_cookies([{"name": "alongside", "value": session, "url": site.url}])
        yield context.new_page()
    finally:
        context.close()


def crawl_pages(look, *, demo, chromium, site, prepare=None, **options):
    """Calls `look(page, shown)` on every page. Returns what it found, and what the pages themselves did wrong.

    `prepare(page)` is called once for each reader, before the first page is opened.
    """
    pages, found = demo.every_page(), []
    for reader in dict.fromkeys(shown.reader for shown in pages):
        with device_of(reader, demo=demo, chromium=chromium, site=site, **options) as page:
            mistakes = _mistakes_of(page, home=urlsplit(site.url).netloc)
            if prepare is not None:
                prepare(page)
            for shown in [shown for shown in pages if shown.reader == reader]:
                mistakes.clear()
                status = open_page(page, shown)
                if status == shown.status:
                    found += [f"{shown}: {line}" for line in [*look(page, shown), *mistakes]]
                else:
                    found.append(f"{shown}: answered {status}")
    return found


def open_page(page, shown):
    """Open the page, or send the form whose answer it is. Returns the status."""
    if shown.sent is None:
        return page.goto(shown.address).status
    page.goto("/safe/")
    with page.expect_navigation() as coming:
        page.evaluate(SEND, [shown.address, shown.sent])
    return coming.value.status


def _mistakes_of(page, *, home):
    """A list that fills with what the page does wrong: mistakes in a script, refusals, requests to someone else."""
    mistakes = []

    def note_console(message):
        # The browser itself notes an answer of 404 or 503; those pages are meant to be one.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            mistakes.append(message.text)

    def note_request(request):
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.netloc != home:
            mistakes.append(f"asked of someone else: {request.url}")

    page.context.on("weberror", lambda error: mistakes.append(f"mistake in a script: {error.error}"))
    page.on("console", note_console)
    page.on("request", note_request)
    return mistakes
