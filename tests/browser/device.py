"""A phone or a computer in someone's hands: what they tap, write and see, and how often."""

import re

from playwright.sync_api import expect


class Device:
    """One device of one reader. `taps` counts taps and choices, `loads` the pages that came."""

    def __init__(self, page, *, runs_script=True):
        self.page, self.runs_script = page, runs_script
        self.taps = self.loads = 0
        page.on("domcontentloaded", self._loaded)

    def _loaded(self, _page):
        self.loads += 1

    def start_counting(self):
        self.taps = self.loads = 0

    # --- what a reader does ---

    def open(self, address):
        """Type an address, or follow one from elsewhere. Nobody counts this as a tap."""
        return self.page.goto(address)

    def tap(self, name, *, within=None, exact=False):
        """Tap the one link, button, fold or choice of this name; what it leads to is told by `sees`."""
        target = self.find(name, within=within, exact=exact)
        self.taps += 1
        target.click()

    def write(self, label, words, *, within=None):
        """Write in the box of this label. Writing is not counted: it is the same everywhere."""
        self._in(within).get_by_label(label, exact=False).filter(visible=True).first.fill(words)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    # --- what a reader sees ---

    def sees(self, *texts, within=None):
        """Each text can be read on the page, now or in a moment."""
        for text in texts:
            expect(self._in(within).get_by_text(text).filter(visible=True).first).to_be_visible()

    def sees_heading(self, name):
        expect(self.page.get_by_role("heading", name=name).first).to_be_visible()

    def sees_no(self, *texts):
        for text in texts:
            expect(self.page.get_by_text(text).filter(visible=True)).to_have_count(0)

    def has(self, name, *, within=None):
        return self.find(name, within=within).count() > 0

    @property
    def address(self):
        return re.sub(r"^\w+://[^/]+", "", self.page.url)

    # --- finding things as a reader names them ---

    def find(self, name, *, within=None, exact=False):
        """Whatever can be tapped and has this name."""
        scope = self._in(within)
        found = scope.get_by_role("button", name=name, exact=exact)
        for role in ("link", "radio", "checkbox"):
            found = found.or_(scope.get_by_role(role, name=name, exact=exact))
        found = found.or_(scope.locator("summary").filter(has_text=name))
        return found.filter(visible=True).first

    def _in(self, within):
        return self.page.locator(within) if isinstance(within, str) else within or self.page
