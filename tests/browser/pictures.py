"""Takes the pictures in docs/pictures/: `python -m tests.browser.pictures`, and nothing else.

It starts ./run on a demo of its own, walks through the key screens as the cast, and prints a few sheets.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import yaml
from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ALBUM = ROOT / "docs" / "pictures"
DEMO = ROOT / "recovery_plans" / "demo"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
LARGEST = 120 * 1024

PHONE = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
TABLET = {"viewport": {"width": 1024, "height": 768}, "device_scale_factor": 1}
DESKTOP = {"viewport": {"width": 1280, "height": 860}, "device_scale_factor": 1}
DARK = {"color_scheme": "dark"}


# --- a site of its own ---


@contextmanager
def running_demo():
    """./run on an empty folder: yields its address and Maya's own words."""
    with tempfile.TemporaryDirectory(prefix="alongside-pictures-") as folder:
        port = free_port()
        ours = {name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "DATABASE_URL")}
        process = subprocess.Popen(
            [ROOT / "run"], cwd=ROOT, stdout=sys.stderr, env={**ours, "VAR_DIR": folder, "PORT": str(port)}
        )
        try:
            wait_until_well(f"http://127.0.0.1:{port}/healthz", process)
            output = Path(folder, "demo.txt").read_text(encoding="utf-8")
            yield f"http://127.0.0.1:{port}", output.rsplit("by her own words: ", 1)[1].strip()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_until_well(address, process):
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 -- our own address, just made
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.3)
    raise SystemExit("./run did not get well.")


def passphrases():
    """The demo's own, by sign-in name; they are public, and open nothing real."""
    rows = yaml.safe_load((DEMO / "organization.yaml").read_text(encoding="utf-8"))["staff"]
    rows += [yaml.safe_load((DEMO / f"{name}.yaml").read_text(encoding="utf-8")) for name in ("maya", "beto")]
    return {row["account"]["username"]: row["account"]["passphrase"] for row in rows}


# --- the camera ---


class Camera:
    """Takes pictures of one site with one browser, each for one reader on one device."""

    def __init__(self, browser, site):
        self.browser, self.site, self.known = browser, site, passphrases()
        self.sessions = {}

    @contextmanager
    def as_(self, reader, device, **options):
        context = self.browser.new_context(
            base_url=self.site,
            locale="en-US",
            reduced_motion="reduce",
            accept_downloads=True,
            storage_state=self.sessions.get(reader),
            **device,
            **options,
        )
        page = context.new_page()
        # The heading font shows from the second page on (it never makes anybody wait); pictures are of that.
        page.goto("/safe/")
        page.evaluate("document.fonts.load('600 1em Literata').then(() => document.fonts.load('500 1em Literata'))")
        if reader and reader not in self.sessions:
            page.goto("/sign-in/")
            page.get_by_label("Sign-in name").fill(reader)
            page.get_by_label("Passphrase").fill(self.known[reader])
            page.locator("main form button[type=submit]").click()
            page.wait_for_url(lambda address: "/sign-in/" not in address)
            if page.url.endswith("/before/"):
                page.locator("main form button[type=submit]").click()
                page.wait_for_url("**/plans/**")
            self.sessions[reader] = context.storage_state()
        try:
            yield page
        finally:
            context.close()

    def keep(self, page: Page, name, *, whole=False):
        page.evaluate("document.fonts.ready.then(() => true)")
        if whole:  # what stays at the foot of the screen would lie across the middle of a long page
            width, height = page.viewport_size["width"], page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": height})
        save(name, page.screenshot(full_page=whole))


def save(name, png):
    """Keep a picture in few colours, and made smaller until it is light enough."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    for scale in (1, 0.85, 0.7, 0.6, 0.5, 0.4):
        size = (round(picture.width * scale), round(picture.height * scale))
        smaller = picture if scale == 1 else picture.resize(size, Image.Resampling.LANCZOS)
        out = BytesIO()
        # "Maximum coverage" keeps a small spot of honey in a large page of paper.
        few = smaller.quantize(128, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
        few.save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST:
            break
    ALBUM.mkdir(parents=True, exist_ok=True)
    (ALBUM / f"{name}.png").write_bytes(out.getvalue())
    print(f"{name}.png  {few.width} x {few.height}  {out.tell() // 1024} KB")  # noqa: T201 -- a command's own


def save_pdf(name, page, press_on, *, first_pages):
    """Print by tapping, and keep the first pages of what comes."""
    with page.expect_download() as coming:
        press_on.click()
    pdf = coming.value.path()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", "80", "-png", "-l", str(first_pages), pdf, f"{folder}/page"], check=True)
        for number, sheet in enumerate(sorted(Path(folder).iterdir()), start=1):
            save(f"{name}-{number}", sheet.read_bytes())


# --- what is taken ---


def before_anyone_is_here(camera, words):
    for name, device in (("phone", PHONE), ("desktop", DESKTOP)):
        with camera.as_(None, device) as page:
            page.goto("/")
            camera.keep(page, f"welcome-{name}")
    with camera.as_(None, PHONE) as page:
        page.goto("/open/")
        page.get_by_label("The four words on your card").fill(words)
        camera.keep(page, "open-phone")
        page.get_by_role("button", name="Open", exact=True).click()
        page.wait_for_url("**/before/")
        camera.keep(page, "before-you-start-phone", whole=True)
    with camera.as_(None, PHONE) as page:
        page.goto("/help-now/")
        camera.keep(page, "help-now-phone")


def maya(camera):
    for name, device, options in (
        ("phone", PHONE, {}),
        ("phone-dark", PHONE, DARK),
        ("desktop", DESKTOP, {}),
        ("desktop-dark", DESKTOP, DARK),
    ):
        with camera.as_("maya", device, **options) as page:
            page.goto("/")
            camera.keep(page, f"plan-{name}")
            if name == "desktop":
                camera.keep(page, "plan-desktop-whole", whole=True)
            page.locator("article.goal a").first.click()
            page.wait_for_url("**/goals/**")
            camera.keep(page, f"goal-{name}")
    with camera.as_("maya", PHONE) as page:
        plan = page_of_plan(page)
        for name, rest in (
            ("about-me", "about/"),
            ("what-i-bring", "about/strengths/"),
            ("what-matters", "about/values/"),
            ("new-goal", "goals/new/"),
            ("looking-back", "back/"),
            ("share", "share/"),
            ("who-looked", "looks/"),
            ("my-one-page", "share/summary/"),
            ("print", "print/"),
        ):
            page.goto(f"{plan}{rest}")
            camera.keep(page, f"{name}-phone")
        page.goto(plan)
        save_pdf("pdf-plan", page, page.get_by_role("button", name="Get my PDF"), first_pages=4)
        page.goto(f"{plan}print/")
        page.get_by_label("Large", exact=True).check()
        save_pdf("pdf-plan-large", page, page.get_by_role("button", name="Get my PDF"), first_pages=2)


def page_of_plan(page):
    page.goto("/")
    return page.url


def sam(camera):
    with camera.as_("sam", TABLET) as page:
        page.goto("/today/")
        camera.keep(page, "today-tablet")
        page.goto("/people/new/")
        camera.keep(page, "someone-new-tablet")
        page.goto("/today/")
        page.get_by_role("link", name="The plan").last.click()
        page.wait_for_url("**/plans/**")
        plan = page.url
        page.goto(f"{plan}together/strengths/")
        camera.keep(page, "side-by-side-tablet")
        page.goto(f"{plan}together/break/")
        camera.keep(page, "a-break-tablet")
        page.goto(f"{plan}card/")
        page.locator("main form[action$='/card/new/'] button").click()
        page.wait_for_url("**/card/words/")
        camera.keep(page, "plan-card-tablet")
        save_pdf("pdf-card", page, page.get_by_role("button", name="Print this card"), first_pages=1)
    for name, device, options in (("phone", PHONE, {}), ("tablet-dark", TABLET, DARK)):
        with camera.as_("sam", device, **options) as page:
            page.goto(f"{plan}together/strengths/")
            camera.keep(page, f"side-by-side-{name}")


def dana(camera):
    with camera.as_("dana", DESKTOP) as page:
        page.goto("/team/")
        camera.keep(page, "team-desktop")
        page.goto("/team/summaries/?all=1")
        camera.keep(page, "summaries-desktop")
        page.locator("main form a.crumb").first.click()
        page.wait_for_url("**/team/summaries/*/")
        camera.keep(page, "summary-desktop")
        save_pdf("pdf-summary", page, page.get_by_role("button", name="Print", exact=True), first_pages=1)


def beto(camera):
    with camera.as_("beto", PHONE) as page:
        page.goto("/")
        camera.keep(page, "plan-phone-spanish")


def take_all():
    """Every picture, anew."""
    for old in ALBUM.glob("*.png"):
        old.unlink()
    with running_demo() as (site, words), sync_playwright() as playwright:
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        camera = Camera(browser, site)
        before_anyone_is_here(camera, words)
        maya(camera)
        sam(camera)
        dana(camera)
        beto(camera)
        browser.close()
    pictures = list(ALBUM.glob("*.png"))
    assert len(pictures) >= 20, f"only {len(pictures)} pictures"


if __name__ == "__main__":
    take_all()
