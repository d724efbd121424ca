"""Every page, for everyone: what axe and the HTML checker find, how it fits, and how large its targets are."""

import functools

import pytest

from peers.models import User
from tests.browser.axe import violations
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.crawl import crawl_pages, device_of
from tests.browser.demo_site import DemoSite
from tests.browser.problem_addresses import PROBLEMS
from tests.browser.validity import valid_html

NARROW = {"viewport": {"width": 320, "height": 640}, "device_scale_factor": 2, "has_touch": True}
SMALLEST_TARGET = 44

# Everything that can be tapped, with its size. Left out: what nobody sees, and links that stand in a line of text
# (their size is the text's, WCAG 2.5.8). A box to tick is as large as the label around it.
SMALL_TARGETS = """smallest => {
  const inText = link => link.tagName === 'A' && getComputedStyle(link).display === 'inline' &&
    [...link.parentNode.childNodes].some(node => node !== link && node.nodeType === 3 && node.textContent.trim());
  const small = [];
  for (const target of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
    const label = target.closest('label') ?? (target.id && document.querySelector(`label[for="${target.id}"]`));
    const boxed = ['radio', 'checkbox'].includes(target.type) && label ? label : target;
    const box = boxed.getBoundingClientRect();
    const hidden = target.type === 'hidden' || !boxed.checkVisibility({visibilityProperty: true, opacityProperty: true})
      || target.classList.contains('skip');
    if (hidden || inText(target) || Math.min(box.width, box.height) >= smallest - 0.5) continue;
    small.push(`${target.tagName.toLowerCase()}.${target.className} "${target.textContent.trim().slice(0, 25)}" ` +
      `${Math.round(box.width)} x ${Math.round(box.height)}`);
  }
  return small;
}"""
# What sticks out of the page to the side, innermost last.
STICKS_OUT = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const out = [...document.querySelectorAll('body *')].filter(one =>
    one.getBoundingClientRect().right > room + 1 && getComputedStyle(one).position !== 'fixed');
  return [`${document.documentElement.scrollWidth} wide on ${room}`, ...out.slice(-3).map(one =>
    `${one.tagName.toLowerCase()}.${one.getAttribute('class') ?? ''} "${one.textContent.trim().slice(0, 25)}"`)];
}"""


# Tags whose frame touches their words.
TIGHT_TAGS = """() => [...document.querySelectorAll('.tag')].filter(tag => {
  const style = getComputedStyle(tag);
  return tag.checkVisibility() && parseFloat(style.borderLeftWidth) && parseFloat(style.paddingLeft) < 4;
}).map(tag => `${tag.parentNode.className}: "${tag.textContent.trim()}"`)"""


@pytest.fixture
def demo(transactional_db):
    return DemoSite()


@pytest.fixture
def crawl(demo, site, chromium):
    """Goes through every page on a device: `walk(look, **device)` returns what is wrong, one line each."""
    return functools.partial(crawl_pages, demo=demo, site=site, chromium=chromium)


def asked_axe(page, _shown):
    """What axe finds in light and in dark, with nothing below the navigation that stands at the foot of a phone."""
    viewport = page.viewport_size
    page.set_viewport_size(viewport | {"height": 200 + page.evaluate("document.documentElement.scrollHeight")})
    yield from _asked_in_both(page)
    page.set_viewport_size(viewport)


def _asked_in_both(page):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for wrong in violations(page):
            selectors = [" ".join(map(str, node["target"])) for node in wrong["nodes"]]
            why = "; ".join(check["message"] for check in [*wrong["nodes"][0]["any"], *wrong["nodes"][0]["all"]][:1])
            yield f"{scheme}: {wrong['id']} ({wrong['impact']}) at {', '.join(selectors[:4])}: {why}"


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_on_any_page_in_light_and_dark(crawl, device):
    found = crawl(asked_axe, **device)
    assert not found, "\n".join(found)


def test_every_target_on_a_phone_is_large_enough_for_a_thumb(crawl):
    found = crawl(lambda page, _shown: page.evaluate(SMALL_TARGETS, SMALLEST_TARGET), **PHONE)
    assert not found, "\n".join(found)


def test_no_page_scrolls_sideways_on_the_narrowest_phone(crawl):
    found = crawl(lambda page, _shown: page.evaluate(STICKS_OUT), **NARROW)
    assert not found, "\n".join(found)


def test_no_page_scrolls_sideways_with_text_twice_as_large(crawl, demo):
    User.objects.update(text_size=200)
    found = crawl(lambda page, _shown: page.evaluate(STICKS_OUT), **PHONE)
    assert not found, "\n".join(found)


def test_no_page_scrolls_sideways_with_the_browsers_own_font_twice_as_large(crawl):
    """Who has set 32 px in the browser has not set anything here."""

    def large_font(page):
        page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})

    found = crawl(lambda page, _shown: page.evaluate(STICKS_OUT), prepare=large_font, **PHONE)
    assert not found, "\n".join(found)


def test_an_endless_word_on_the_one_page_pushes_nothing_sideways(crawl, demo):
    demo.plan.entries.filter(section="vision").update(words="w" * 150)
    demo.plan.entries.filter(section="needs").update(words="n" * 150)
    demo.plan.goals.update(words="g" * 150)
    found = crawl(lambda page, shown: page.evaluate(STICKS_OUT), **NARROW)
    assert not found, "\n".join(found)


def test_without_colours_the_words_of_a_tag_keep_their_distance_to_its_frame(crawl):
    """In forced colours a tag has a frame, whatever it had before."""

    def forced(page):
        page.emulate_media(forced_colors="active")

    found = crawl(lambda page, _shown: page.evaluate(TIGHT_TAGS), prepare=forced, **PHONE)
    assert not found, "\n".join(found)


def test_what_looks_like_a_door_leads_somewhere(site, chromium, demo):
    framed = "doors => doors.filter(door => door.tagName !== 'A' && parseFloat(getComputedStyle(door).borderLeftWidth))"
    with device_of("maya", demo=demo, site=site, chromium=chromium, **PHONE) as page:
        for address in ("/about/", f"/plans/{demo.plan.pk}/before/"):
            page.goto(address)
            assert page.locator(".door").evaluate_all(framed) == []


def test_every_page_is_written_as_html_should_be(demo):
    """As it leaves the app: a browser would mend half of the mistakes before anyone could see them."""
    texts, clients = {}, {}
    for shown in demo.every_page():
        client = clients.setdefault(shown.reader, demo.client(shown.reader))
        client.handler.enforce_csrf_checks = "csrfmiddlewaretoken" in (shown.sent or {})
        answer = (
            client.get(shown.address) if shown.sent is None else client.post(shown.address, shown.sent, follow=True)
        )
        assert answer.status_code == shown.status, shown
        texts[str(shown)] = answer.content.decode()
    valid_html(texts)


# --- when something went wrong ---


@pytest.mark.parametrize("reader", [None, "maya"], ids=["as a stranger", "as Maya"])
def test_problem_pages_are_as_good_as_any_other(demo, site, chromium, settings, reader):
    settings.ROOT_URLCONF = "tests.browser.problem_addresses"
    found, texts = [], {}
    for device in (PHONE, NARROW, DESKTOP):
        with device_of(reader, demo=demo, site=site, chromium=chromium, **device) as page:
            for status in PROBLEMS:
                answer = page.goto(f"/problem/{status}/")
                assert answer.status == status
                texts[str(status)] = answer.text()
                wrong = [*asked_axe(page, None), *page.evaluate(STICKS_OUT)]
                wrong += page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) if device is PHONE else []
                found += [f"{status}: {line}" for line in wrong]
    assert not found, "\n".join(found)
    valid_html(texts)
