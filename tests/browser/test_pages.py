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

# Short words of the app's own that a too narrow box cuts in two. A hyphen may end a line; a key, an address and an
# endless word may be cut.
BROKEN_WORDS = """longest => {
  const broken = [], words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const node = words.currentNode, parent = node.parentElement;
    const unseen = !parent.checkVisibility({visibilityProperty: true}) || parent.getBoundingClientRect().width < 2;
    if (unseen || parent.closest('.vh, .skip, textarea, select')) continue;
    for (const word of node.data.matchAll(/(?<![\\p{L}/.:])[\\p{L}\\p{M}]+(?![\\p{L}/:]|\\.\\p{L})/gu)) {
      if (word[0].length > longest || word[0] === word[0].toUpperCase()) continue;
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map(rect => Math.round(rect.top)));
      if (lines.size > 1) broken.push(`"${word[0]}" is broken in ${parent.tagName} ${parent.className}`);
    }
  }
  return broken.slice(0, 5);
}"""
LONGEST_WORD = 10
# WCAG 1.4.12.
TEXT_SPACING = """addEventListener('DOMContentLoaded', () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important}
    p {margin-bottom: 2em !important}`);
  document.adoptedStyleSheets = [sheet];
});"""
# Buttons that sound alike and do not do the same.
ALIKE = """() => {
  const heard = new Map();
  for (const button of document.querySelectorAll('main button')) {
    if (!button.checkVisibility()) continue;
    const name = (button.ariaLabel || button.textContent).replace(/\\s+/g, ' ').trim();
    const sent = Object.fromEntries(button.form ? new FormData(button.form) : []);
    const does = [button.form?.action, button.name, button.value, sent.way, sent.walk].join(' ');
    heard.set(name, (heard.get(name) ?? new Set()).add(does));
  }
  const alike = [...heard].filter(([, does]) => does.size > 1);
  return alike.map(([name, does]) => `${does.size} buttons sound like "${name}"`);
}"""

# Words on a ground of our own choosing that are hard to see on it: less than 4.5 to 1.
UNSEEN = """() => {
  const light = colour => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255);
    const [r, g, b] = parts.map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const unseen = [];
  for (const one of document.querySelectorAll('body *')) {
    const style = getComputedStyle(one);
    if (style.forcedColorAdjust !== 'none' || !one.checkVisibility() || one.closest('svg, .vh')) continue;
    if (![...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
    let ground = one;
    while (/, 0\\)$/.test(getComputedStyle(ground).backgroundColor) && ground.parentElement)
      ground = ground.parentElement;
    const both = [light(style.color), light(getComputedStyle(ground).backgroundColor)].sort((a, b) => a - b);
    const seen = (both[1] + 0.05) / (both[0] + 0.05) >= 4.5;
    if (!seen) unseen.push(`${one.className}: "${one.textContent.trim().slice(0, 25)}"`);
  }
  return unseen.slice(0, 5);
}"""


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


def test_every_target_on_a_phone_is_large_enough_for_a_thumb_and_sounds_like_itself(crawl):
    found = crawl(lambda page, _: page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) + page.evaluate(ALIKE), **PHONE)
    assert not found, "\n".join(found)


def test_no_page_scrolls_sideways_on_the_narrowest_phone(crawl):
    found = crawl(lambda page, _shown: page.evaluate(STICKS_OUT), **NARROW)
    assert not found, "\n".join(found)


def does_not_fit(page, _shown):
    """What sticks out to the side, and words that are cut in two to fit."""
    return page.evaluate(STICKS_OUT) + page.evaluate(BROKEN_WORDS, LONGEST_WORD)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_has_room_for_text_twice_as_large(crawl, demo, language):
    User.objects.update(text_size=200, language=language)
    found = crawl(does_not_fit, **PHONE)
    assert not found, "\n".join(found)


def test_every_page_has_room_for_text_with_more_space_in_it(crawl):
    found = crawl(does_not_fit, prepare=lambda page: page.add_init_script(TEXT_SPACING), **PHONE)
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


def test_in_forced_colours_tags_keep_their_distance_to_their_frame_and_all_words_are_seen(crawl):
    """There a tag has a frame, whatever it had before; and what is chosen has a ground of its own."""

    def forced(page):
        page.emulate_media(forced_colors="active")

    found = crawl(lambda page, _: page.evaluate(TIGHT_TAGS) + page.evaluate(UNSEEN), prepare=forced, **PHONE)
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
