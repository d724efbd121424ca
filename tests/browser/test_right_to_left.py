"""Words written from right to left, on an English page: aligned by their own direction wherever they stand."""

import pytest
from django.urls import reverse

ARABIC = "أحب أن أعمل بيدي"

# Each text of a person's that does not begin at the right edge of the box it stands in, with how far from it.
NOT_AT_THE_RIGHT = """() => {
  const wrong = [];
  for (const words of document.querySelectorAll('main [lang][dir="auto"]')) {
    if (!/[\\u0600-\\u06ff]/.test(words.textContent) || !words.checkVisibility() || words.closest('.vh')) continue;
    const text = document.createRange();
    text.selectNodeContents(words);
    const line = [...text.getClientRects()].filter(box => box.width > 1)[0];
    if (!line) continue; // cut short for the eye
    let box = words;
    while (getComputedStyle(box).display.startsWith('inline')) box = box.parentElement;
    const style = getComputedStyle(box);
    const beyond = parseFloat(style.paddingRight) + parseFloat(style.borderRightWidth);
    const edge = box.getBoundingClientRect().right - beyond;
    const outer = box.parentElement.getBoundingClientRect();
    if (edge - line.right > 3 || (box.tagName === 'SPAN' && box.getBoundingClientRect().width < outer.width * 0.6))
      wrong.push(`${words.tagName.toLowerCase()}.${words.className} ${Math.round(edge - line.right)} px from the edge`);
  }
  return wrong;
}"""


@pytest.fixture
def arabic(plan, cast):
    """Maya says everything in Arabic; her plan and its pages are in English."""
    written = {"words": ARABIC, "by": cast.maya, "language": "ar"}
    for section in ("vision", "strengths", "strengths", "values", "needs", "hard_days"):
        plan.add_entry(section=section, **written)
    plan.add_entry(section="supporters", helps=ARABIC, **written)
    goal = plan.add_goal(why=ARABIC, **written)
    for _ in range(2):
        goal.add_step(**written)
    plan.add_goal(**written).rest(by=cast.maya)
    return goal


PAGES = {
    "plan": ("maya", {}),
    "about-me": ("maya", {}),
    "part": ("maya", {"section": "strengths"}),
    "goal": ("maya", {"goal": True}),
    "together-part": ("sam", {"section": "strengths"}),
    "share-summary": ("maya", {}),
}


@pytest.mark.parametrize("name", PAGES)
def test_words_from_right_to_left_begin_at_the_right_of_their_box(name, arabic, signed_in, cast, plan):
    reader, ids = PAGES[name]
    ids = {key: arabic.pk if key == "goal" else value for key, value in ids.items()}
    with signed_in(getattr(cast, reader), reverse(name, kwargs={"plan": plan.pk, **ids})) as phone:
        phone.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert ARABIC in phone.page.content()
        assert phone.page.evaluate(NOT_AT_THE_RIGHT) == []
