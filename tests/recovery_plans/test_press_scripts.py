"""Every script can be read back from the PDF, and emoji cost no more than letters do."""

import time
from io import BytesIO

import pikepdf
import pytest
from weasyprint import HTML

from recovery_plans.press.sheet import Sheet
from tests.pdfua import assert_pdf_ua, defects
from tests.recovery_plans.press_room import SUN, page, picture

pytestmark = pytest.mark.slow  # a real press

# In each of these some letters become one shape, or one letter becomes several.
JOINED = {
    "km": "ខ្ញុំចង់បានព្រឹកយឺតៗ និងការងារទៀងទាត់ ខ្មែរ",
    "my": "မြန်မာဘာသာစကား ကျွန်တော် ပြောတတ်သည် ဩဂုတ်",
    "hi": "मैं धीमी सुबह और पक्का काम चाहता हूँ। क्षत्रिय ज्ञान श्री हिन्दी",
    "bn": "আমি ধীর সকাল চাই এবং স্থায়ী কাজ ক্ষমতা",
    "ta": "நான் மெதுவான காலைகளை விரும்புகிறேன் ஸ்ரீ",
    "th": "ฉันต้องการเช้าที่ช้า ๆ น้ำ",
    "lo": "ພາສາລາວ ນ້ຳ",
    "ml": "മലയാളം ക്ഷമ ന്റെ",
    "bo": "བོད་སྐད་ སྒྲ",
    "en": "👨\u200d👩\u200d👧 🇨🇻 ❤️ 👍🏽 e\u0301",
}
FROM_THE_RIGHT = {"ar": "أريد صباحًا هادئًا وعملًا ثابتًا", "he": "שָׁלוֹם עברית"}


@pytest.mark.parametrize("language", JOINED)
def test_a_script_whose_letters_join_is_copied_as_it_was_written(our_press, language):
    pdf = our_press.print(page(f'<h1>Maya</h1><p lang="{language}">{JOINED[language]}</p>'))
    assert_pdf_ua(pdf)
    assert JOINED[language].encode("utf-16-be").hex() in actual_texts(pdf)


@pytest.mark.parametrize("language", FROM_THE_RIGHT)
def test_words_from_the_right_are_left_in_the_order_readers_know(our_press, language):
    pdf = our_press.print(page(f'<h1>Maya</h1><p lang="{language}" dir="rtl">{FROM_THE_RIGHT[language]}</p>'))
    assert_pdf_ua(pdf)
    assert actual_texts(pdf) == ""


def test_latin_words_carry_nothing_along(our_press):
    assert actual_texts(our_press.print(page("<h1>Maya</h1><p>Slow mornings, señora. Đừng lo.</p>"))) == ""


def test_weasyprint_alone_still_needs_mending():
    """When this fails, a newer WeasyPrint does by itself what `mending.py` does: take that out."""
    from recovery_plans.press.mending import mend

    assert mend.cache_info().currsize == 0, "this test needs a process in which nothing was mended"
    found = defects(HTML(string=page(f'<h1>M</h1><p lang="km">{JOINED["km"]}</p>')).write_pdf(pdf_variant="pdf/ua-1"))
    assert any(one.startswith("TXT-003") for one in found)


def test_fifteen_thousand_emoji_in_one_line_are_printed_in_time(our_press):
    began = time.monotonic()
    pdf = our_press.print(page(f"<h1>Maya</h1><p>{'😀🎨🐕☕🌻' * 3_000}</p>"))
    assert_pdf_ua(pdf)
    assert len(pdf) < 1_000_000  # each picture is in it once
    assert time.monotonic() - began < 60


def test_a_page_that_is_xml_too_looks_the_same_as_read_by_weasyprint(our_press):
    """Quickly read or slowly, the same tree."""
    sun = picture("image/svg+xml", SUN)
    words = (
        f'<h1 dir="rtl">Ma&amp;ya &#x27;x&#x27;</h1><p data-a="&quot;&lt;">One<br/>two <img alt="x" src="{sun}"/></p>'
    )
    html = page(words)

    def told(root):
        return [
            (element.tag, dict(element.attrib), (element.text or ""), (element.tail or "").strip())
            for element in root.iter()
        ]

    quick, slow = Sheet(html, url_fetcher=None), HTML(string=html)
    assert told(quick.etree_element) == told(slow.etree_element)


def test_a_page_that_is_not_xml_is_read_as_html():
    sheet = Sheet("<!doctype html><html lang=en><title>x</title><p>a<p>b", url_fetcher=None)
    assert [element.text for element in sheet.etree_element.iter("p")] == ["a", "b"]


def actual_texts(pdf):
    """Everything that is said in the PDF beside a shape, in hexadecimal."""
    found = []
    with pikepdf.open(BytesIO(pdf)) as document:
        for sheet in document.pages:
            for operands, operator in pikepdf.parse_content_stream(sheet):
                if str(operator) == "BDC" and "/ActualText" in operands[1]:
                    found.append(bytes(operands[1].ActualText).hex())
    return " ".join(found)
