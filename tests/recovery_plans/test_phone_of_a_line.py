"""A phone number of its own, for someone who walks with Maya and for a line of her hard days.

Nobody is asked for one. It is a button to call and one to text wherever the line stands, and it is printed beside it.
"""

import re
from uuid import uuid4

import pymupdf
import pytest
from django.urls import reverse

from recovery_plans.models import Draft, EditConflict, Entry, Grant, Revision, SaveIdReused, Section
from recovery_plans.sections import SECTIONS
from tests.hands import lend_tablet, together
from tests.ways import is_in, make_own_words, open_card, unlock

NUMBER = "(508) 555-0142"
TEL, SMS = 'href="tel:5085550142"', 'href="sms:5085550142"'


@pytest.fixture
def noor(cast):
    return cast.plan.add_entry(
        section="supporters", words="Noor", helps="My sister", phone=NUMBER, by=cast.maya, save_id=uuid4()
    )


@pytest.fixture
def hard_day(cast):
    return cast.plan.add_entry(section="hard_days", words="Call Lorraine", phone=NUMBER, by=cast.maya)


def address(cast, name, **ids):
    return reverse(name, kwargs={"plan": cast.plan.pk, **ids})


def page(browser, cast, name, **ids):
    return browser.get(address(cast, name, **ids)).content.decode()


def texts(line):
    kept = Revision.unguarded.filter(line=line.pk).values_list("words", "detail", "phone", "version")
    return set(kept)


# --- where it is typed ---


@pytest.mark.parametrize("section", Section.values)
def test_only_people_and_hard_days_have_a_box_for_a_number(cast, browser_of, section):
    shown = page(browser_of(cast.maya), cast, "part", section=Section(section).slug)
    assert ('name="phone"' in shown) == (section in ("supporters", "hard_days"))


def test_the_box_is_folded_away_and_nothing_asks_for_it(cast, browser_of):
    shown = page(browser_of(cast.maya), cast, "part", section="supporters")
    fold = re.search(r"<details[^>]*>(?:(?!</details>).)*name=\"phone\"(?:(?!</details>).)*</details>", shown, re.S)
    box = re.search(r'<input[^>]*name="phone"[^>]*>', fold[0])[0]
    assert "open" not in fold[0].partition(">")[0]
    assert "required" not in box
    assert 'type="tel"' in box


def test_maya_keeps_a_number_as_she_types_it(cast, browser_of):
    maya = browser_of(cast.maya)
    maya.post(address(cast, "entry-add", section="supporters"), {"words": "Noor", "phone": NUMBER})
    maya.post(address(cast, "entry-add", section="hard-days"), {"words": "Lorraine", "phone": "508 555 0199 nights"})
    kept = Entry.unguarded.values_list("section", "words", "phone")
    assert set(kept) == {("supporters", "Noor", NUMBER), ("hard_days", "Lorraine", "508 555 0199 nights")}


def test_a_part_without_numbers_takes_none(cast, browser_of):
    browser_of(cast.maya).post(address(cast, "entry-add", section="strengths"), {"words": "I sew", "phone": NUMBER})
    assert Entry.unguarded.get().phone == ""


def test_what_holds_no_digit_is_no_number_and_stays_on_the_page(cast, browser_of):
    maya, sent = browser_of(cast.maya), {"words": "Noor", "phone": "ask my mom"}
    shown = maya.post(address(cast, "entry-add", section="supporters"), sent).content.decode()
    assert "There is no number in this. Type one, or leave it empty." in shown
    assert 'value="ask my mom"' in shown
    assert re.search(r"<details[^>]* open>\s*<summary>(?:(?!</summary>).)*Add a phone number", shown, re.S)
    assert not Entry.unguarded.exists()


@pytest.mark.parametrize(
    "section, message",
    [
        ("supporters", "Who is it? A name is enough."),
        ("hard-days", "Whose number is it? A word or two is enough."),
    ],
)
def test_a_number_alone_is_not_lost_without_a_word(cast, browser_of, section, message):
    answer = browser_of(cast.maya).post(address(cast, "entry-add", section=section), {"phone": NUMBER})
    assert message in answer.content.decode()
    assert f'value="{NUMBER}"' in answer.content.decode()


def test_sam_types_it_for_her_side_by_side_and_in_her_hands_she_does(cast, browser_of):
    sam = browser_of(cast.sam)
    assert 'name="phone"' in page(sam, cast, "together-part", section="supporters")
    sam.post(address(cast, "together-add", section="supporters"), {"words": "Noor", "phone": NUMBER})
    assert Entry.unguarded.get(words="Noor").phone == NUMBER
    tablet = lend_tablet(cast, cast.plan, browser_of)
    assert 'name="phone"' in tablet.get(together(cast.plan, "supporters")).content.decode()
    tablet.post(address(cast, "together-add", section="supporters"), {"words": "Bea", "phone": "555-0177"})
    kept = Revision.unguarded.get(words="Bea")
    assert (kept.phone, kept.by, kept.on_device_of) == ("555-0177", cast.maya, cast.sam)


def test_a_number_that_was_begun_comes_back(cast, browser_of):
    maya, ids = browser_of(cast.maya), {"section": "supporters"}
    sent = {"save_id": uuid4(), "draft_version": 0, "words": "Noor", "phone": "508 5"}
    box = address(cast, "entry-add", **ids).removeprefix(address(cast, "plan")).strip("/")
    assert maya.post(address(cast, "draft", box=box), sent).json()["version"] == 1
    assert Draft.unguarded.get().fields["phone"] == ["508 5"]
    assert 'value="508 5"' in page(maya, cast, "part", **ids)


# --- nothing is written over ---


def test_a_changed_number_leaves_the_old_one_in_the_history(cast, browser_of, noor):
    sent = {"words": "Noor", "helps": "My sister", "phone": "555-0177", "base_version": 1}
    browser_of(cast.maya).post(address(cast, "entry-change", line=noor.pk), sent)
    assert texts(noor) == {("Noor", "My sister", NUMBER, 1), ("Noor", "My sister", "555-0177", 2)}


def test_a_number_is_taken_out_by_emptying_its_box(cast, browser_of, noor):
    shown = page(browser_of(cast.maya), cast, "entry-change", line=noor.pk)
    assert f'value="{NUMBER}"' in shown
    sent = {"words": "Noor", "helps": "My sister", "phone": "", "base_version": 1}
    browser_of(cast.maya).post(address(cast, "entry-change", line=noor.pk), sent)
    noor.refresh_from_db()
    assert (noor.phone, noor.version) == ("", 2)


def test_number_and_words_changed_at_once_lose_nothing(cast, browser_of, noor):
    phone, library = browser_of(cast.maya), browser_of(cast.maya)
    both = {"words": "Noor", "helps": "My sister", "base_version": 1}
    phone.post(address(cast, "entry-change", line=noor.pk), both | {"phone": "555-0177"})
    answer = library.post(address(cast, "entry-change", line=noor.pk), both | {"words": "Noor K.", "phone": NUMBER})
    shown = answer.content.decode()
    assert answer.status_code == 409
    for text in ("Noor K.", "555-0177", f'value="{NUMBER}"'):
        assert text in shown
    wanted = {("Noor", "My sister", NUMBER, 1), ("Noor", "My sister", "555-0177", 2)}
    assert texts(noor) == wanted | {("Noor K.", "My sister", NUMBER, None)}
    back = page(phone, cast, "back")
    assert "Noor K." in back
    assert TEL in back


def test_two_numbers_at_once_are_both_kept(cast, noor):
    noor.rewrite(words="Noor", detail="My sister", phone="555-0177", by=cast.maya, base_version=1)
    late = Entry.unguarded.get(pk=noor.pk)
    with pytest.raises(EditConflict) as met:
        late.rewrite(words="Noor", detail="My sister", phone="555-0188", by=cast.maya, base_version=1)
    assert (met.value.theirs.phone, met.value.mine.phone) == ("555-0177", "555-0188")


def test_the_same_save_twice_is_one_and_with_another_number_it_is_refused(cast):
    save = {"section": "supporters", "words": "Noor", "by": cast.maya, "save_id": uuid4()}
    first = cast.plan.add_entry(**save, phone=NUMBER)
    assert cast.plan.add_entry(**save, phone=NUMBER) == first
    with pytest.raises(SaveIdReused):
        cast.plan.add_entry(**save, phone="555-0177")
    change = {"words": "Noor", "by": cast.maya, "save_id": uuid4(), "base_version": 1}
    first.rewrite(**change, phone="555-0177")
    assert first.rewrite(**change, phone="555-0177").version == 2
    with pytest.raises(SaveIdReused):
        first.rewrite(**change, phone=NUMBER)


def test_taken_out_and_brought_back_it_has_its_number(cast, noor):
    noor.take_out(by=cast.maya)
    noor.bring_back(by=cast.maya)
    assert Entry.unguarded.get(pk=noor.pk).phone == NUMBER


# --- where it stands ---


def test_it_is_a_button_to_call_and_one_to_text_wherever_the_line_stands(cast, browser_of, noor, hard_day):
    maya, sam = browser_of(cast.maya), browser_of(cast.sam)
    pages = [
        page(maya, cast, "plan"),
        page(maya, cast, "part", section="supporters"),
        page(maya, cast, "part", section="hard-days"),
        maya.get(reverse("help-now")).content.decode(),
        page(sam, cast, "plan"),
        page(sam, cast, "part", section="supporters"),
        page(sam, cast, "together-part", section="supporters"),
    ]
    for shown in pages:
        assert TEL in shown
        assert SMS in shown
    assert pages[0].count(TEL) == 2  # Noor, and the line of the hard day


def test_who_may_not_see_the_line_sees_no_number(cast, browser_of, hard_day):
    sam = browser_of(cast.sam)
    closed = [page(sam, cast, "plan"), page(sam, cast, "part", section="hard-days")]
    closed += [browser_of(user).get(reverse("help-now")).content.decode() for user in (cast.sam, cast.noor, None)]
    assert not any("555-0142" in shown or "5085550142" in shown for shown in closed)
    Grant.open_part(plan=cast.plan, walk=cast.walk, section="hard_days", by=cast.maya)
    assert TEL in page(sam, cast, "part", section="hard-days")


def test_help_now_begins_with_the_help_lines_and_then_with_those_one_can_call(cast, browser_of, noor):
    cast.plan.add_entry(section="supporters", words="Biscuit the cat", by=cast.maya)
    cast.plan.add_entry(section="supporters", words="Gus", phone="555-0177", by=cast.maya)
    shown = browser_of(cast.maya).get(reverse("help-now")).content.decode()
    in_order = [shown.index(text) for text in ("tel:988", "tel:8337732445", TEL, "tel:5550177", "Biscuit the cat")]
    assert in_order == sorted(in_order)


def test_help_now_has_her_hard_day_lines_with_a_number_after_her_people(cast, browser_of, noor):
    cast.plan.add_entry(section="hard_days", words="The warm line", phone="555-0177", by=cast.maya)
    cast.plan.add_entry(section="hard_days", words="Tea on the steps", by=cast.maya)
    cast.plan.add_entry(section="supporters", words="Biscuit the cat", by=cast.maya)
    shown = browser_of(cast.maya).get(reverse("help-now")).content.decode().partition("<main")[2]
    lines = ("tel:988", TEL, "Biscuit the cat", "On a hard day", "The warm line", "tel:5550177", "Good to know")
    in_order = [shown.index(text) for text in lines]
    assert in_order == sorted(in_order)
    assert "Tea on the steps" not in shown


def test_a_number_of_a_hard_day_is_on_help_now_only_in_a_session_of_her_own(cast, browser_of, hard_day):
    def shown(browser):
        return "5085550142" in browser.get(reverse("help-now")).content.decode()

    assert shown(browser_of(cast.maya))
    by_card = open_card(browser_of, person=cast.person, by=cast.sam)
    assert is_in(by_card.browser)
    assert not shown(by_card.browser)
    assert not shown(browser_of())
    tablet = lend_tablet(cast, cast.plan, browser_of)
    assert not shown(tablet)
    unlock(tablet, card_words=make_own_words(cast.person))
    assert TEL in tablet.get(together(cast.plan, "hard-days")).content.decode(), "there she opened it herself"
    assert not shown(tablet), "the device of somebody else, also where her own words were typed"


def test_words_around_a_number_are_shown_and_dial_nothing(cast, browser_of):
    cast.plan.add_entry(section="supporters", words="Gus", phone="555-0177 after 5", by=cast.maya)
    shown = page(browser_of(cast.maya), cast, "plan")
    assert "555-0177 after 5" in shown
    assert 'href="tel:5550177"' in shown


def test_what_was_typed_as_a_number_is_only_ever_text(cast, browser_of):
    cast.plan.add_entry(section="supporters", words="Gus", phone="<b>508-555-0142", by=cast.maya)
    shown = page(browser_of(cast.maya), cast, "plan")
    assert "<b>508" not in shown
    assert TEL in shown


def test_it_reads_from_the_left_in_arabic_too(cast, browser_of):
    cast.plan.add_entry(section="supporters", words="حسن", phone=NUMBER, language="ar", by=cast.maya)
    shown = page(browser_of(cast.maya), cast, "plan")
    assert f'<bdi dir="ltr">{NUMBER}</bdi>' in shown


def test_it_is_printed_beside_the_words(cast, browser_of, noor, hard_day, pdf_service):
    pdf = browser_of(cast.maya).post(address(cast, "print-pdf")).content
    with pymupdf.open(stream=pdf) as document:
        pages = [" ".join(sheet.get_text().split()) for sheet in document]
    assert re.search(rf"Noor My sister.*?{re.escape(NUMBER)}", pages[0])
    assert f"Call Lorraine {NUMBER}" in pages[-1]
    assert len(pages) == 2


def test_no_number_is_in_an_address_of_ours(cast, browser_of, noor, hard_day):
    shown = page(browser_of(cast.maya), cast, "plan")
    targets = re.findall(r'(?:href|action|src|formaction)="([^"]*5550142[^"]*)"', shown)
    assert set(targets) == {"tel:5085550142", "sms:5085550142"}


def test_the_sections_with_numbers_are_rows_of_the_one_table():
    assert [row.section for row in SECTIONS if row.takes_phone] == ["supporters", "hard_days"]
