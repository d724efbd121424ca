"""Every script can be read back from the PDF, and emoji cost no more than letters do."""

from io import BytesIO

import pikepdf
import pymupdf
import pytest
import weasyprint
from weasyprint import HTML
from weasyprint.css import StyleFor
from weasyprint.draw import text as drawing
from weasyprint.images import RasterImage
from weasyprint.text.ffi import pango

from recovery_plans.pdf_service import limits, weasyprint_patches
from tests.pdfua import assert_pdf_ua, defects, walk
from tests.recovery_plans.pdf_service_process import cpu_seconds_of_workers, page, wait_until

pytestmark = pytest.mark.slow  # a real PDF service

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
def test_a_script_whose_letters_join_is_copied_as_it_was_written(own_pdf_service, language):
    pdf = own_pdf_service.print(page(f'<h1>Maya</h1><p lang="{language}">{JOINED[language]}</p>'))
    assert_pdf_ua(pdf)
    assert JOINED[language].encode("utf-16-be").hex() in actual_texts(pdf)


@pytest.mark.parametrize("language", FROM_THE_RIGHT)
def test_words_from_the_right_are_left_in_the_order_readers_know(own_pdf_service, language):
    pdf = own_pdf_service.print(page(f'<h1>Maya</h1><p lang="{language}" dir="rtl">{FROM_THE_RIGHT[language]}</p>'))
    assert_pdf_ua(pdf)
    assert actual_texts(pdf) == ""


def test_latin_words_carry_nothing_along(own_pdf_service):
    assert actual_texts(own_pdf_service.print(page("<h1>Maya</h1><p>Slow mornings, señora. Đừng lo.</p>"))) == ""


def test_weasyprint_alone_still_needs_the_patches_for_joined_scripts():
    """When this fails, a newer WeasyPrint does by itself what `weasyprint_patches.py` does: take that out."""
    assert weasyprint_patches.apply.cache_info().currsize == 0, "this test needs a process without the patches"
    found = defects(HTML(string=page(f'<h1>M</h1><p lang="km">{JOINED["km"]}</p>')).write_pdf(pdf_variant="pdf/ua-1"))
    assert any(one.startswith("TXT-003") for one in found)


def test_fifteen_thousand_emoji_in_one_line_are_not_too_large(own_pdf_service):
    before = cpu_seconds_of_workers(own_pdf_service)
    pdf = own_pdf_service.print(page(f"<h1>Maya</h1><p>{'😀🎨🐕☕🌻' * 3_000}</p>"))
    assert_pdf_ua(pdf)
    assert len(pdf) < 1_000_000  # each picture is in it once
    wait_until(lambda: cpu_seconds_of_workers(own_pdf_service) > before)
    assert cpu_seconds_of_workers(own_pdf_service) - before < limits.CPU_SECONDS / 2


LANGUAGES = """<h1>Maya</h1><p lang="es">Mañanas lentas</p><p>And <span lang="pt">devagar</span></p>
<ul><li lang="ht">Maten dousman</li></ul>
<table><tr><th scope="col">Goal</th></tr><tr><td lang="vi">Buổi sáng</td></tr></table>
<p>In the language of the sheet</p>"""


def test_words_in_another_language_say_so_on_their_tag(own_pdf_service):
    pdf = own_pdf_service.print(page(LANGUAGES))
    assert_pdf_ua(pdf)
    found = [(str(tag.S), str(tag.Lang)) for tag in tags_of(pdf) if "/Lang" in tag]
    assert {("/P", "es"), ("/Span", "pt"), ("/TD", "vi")} <= set(found)
    assert {language for _tag, language in found} == {"es", "pt", "ht", "vi"}


def test_weasyprint_alone_still_writes_no_language():
    """When this fails, take `_with_language` out."""
    assert weasyprint_patches.apply.cache_info().currsize == 0, "this test needs a process without the patches"
    pdf = HTML(string=page(LANGUAGES)).write_pdf(pdf_variant="pdf/ua-1")
    assert not any("/Lang" in tag for tag in tags_of(pdf))


def tags_of(pdf):
    with pikepdf.open(BytesIO(pdf)) as document:
        yield from walk(document.Root.StructTreeRoot)


def test_weasyprint_alone_still_writes_no_scope():
    """When this fails, take `name_header_cells` out."""
    html = page('<h1>M</h1><table><tr><th scope="col">Goal</th></tr><tr><td>Sew</td></tr></table>')
    with pikepdf.open(BytesIO(HTML(string=html).write_pdf(pdf_variant="pdf/ua-1"))) as document:
        heads = [tag for tag in walk(document.Root.StructTreeRoot) if tag.S == "/TH"]
    assert len(heads) == 1
    assert "/Scope" not in heads[0].get("/A", {})


def styles_made(html):
    """For which pseudo-elements a style was made, though the page has none of them."""
    made = set()
    whole = StyleFor.set_computed_styles

    def noting(self, element, *args, pseudo_type=None, **more):
        made.add(pseudo_type)
        return whole(self, element, *args, pseudo_type=pseudo_type, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StyleFor, "set_computed_styles", noting)
        HTML(string=html).render()
    return made


def test_weasyprint_alone_still_makes_styles_of_notes_that_nobody_wrote():
    """When this fails, take `_leave_out_the_styles_of_notes` out."""
    assert weasyprint_patches.apply.cache_info().currsize == 0, "this test needs a process without the patches"
    assert styles_made(page("<h1>M</h1>")) >= weasyprint_patches._NOTES


def test_no_styles_of_notes_are_made():
    selectors = weasyprint.UA_STYLESHEET.matcher.other_selectors
    as_it_comes = list(selectors)
    weasyprint_patches._leave_out_the_styles_of_notes(selectors)
    try:
        assert not styles_made(page("<h1>M</h1>")) & weasyprint_patches._NOTES
        assert len(as_it_comes) - len(selectors) == len(weasyprint_patches._NOTES), "nothing else was left out"
    finally:
        selectors[:] = as_it_comes


def test_weasyprint_alone_still_packs_an_emoji_each_time_it_stands_in_a_text(monkeypatch):
    """When this fails, take `_once_for_each_picture` out."""
    packed = []

    def counting(*args):
        packed.append(args)
        return RasterImage(*args)

    monkeypatch.setattr(drawing, "RasterImage", counting)
    HTML(string=page("<p>😀😀😀</p>")).write_pdf()
    assert len(packed) == 3


PANGO_WHOSE_SPACE_HANGS = 15600  # 1.56.0, as Pango counts its versions
# The same words at widths a point apart: at one of them all but the space before the bracket fits.
AT_MANY_WIDTHS = "".join(
    f'<p style="width:{width}pt">A ladder by nine, home before the streetlights. <b>(typed for me)</b></p>'
    for width in range(200, 330)
)


def test_a_text_that_fits_on_a_line_but_for_its_last_space_is_not_broken_after_its_first_word(own_pdf_service):
    pdf = own_pdf_service.print(page(f"<h1>Maya</h1>{AT_MANY_WIDTHS}"))
    with pymupdf.open(stream=pdf) as document:
        lines = [line.strip() for sheet in document for line in sheet.get_text().split("\n")]
    assert lines.count("A") == 0
    assert "A ladder by nine, home before the streetlights." in lines


def test_weasyprint_alone_still_breaks_it_there():
    """Pango 1.50 (Debian 12) breaks it, 1.56 (Debian 13) does not. Where 1.50 does not, take the patch out."""
    assert weasyprint_patches.apply.cache_info().currsize == 0, "this test needs a process without the patches"
    with pymupdf.open(stream=HTML(string=page(f"<h1>Maya</h1>{AT_MANY_WIDTHS}")).write_pdf()) as document:
        lines = [line.strip() for sheet in document for line in sheet.get_text().split("\n")]
    assert ("A" in lines) is (pango.pango_version() < PANGO_WHOSE_SPACE_HANGS)


def test_another_version_of_weasyprint_is_refused(monkeypatch):
    monkeypatch.setattr(weasyprint, "__version__", "70.1")
    with pytest.raises(RuntimeError, match=r"for WeasyPrint 70\.0, not 70\.1"):
        weasyprint_patches.apply()


def actual_texts(pdf):
    """Everything that is said in the PDF beside a shape, in hexadecimal."""
    found = []
    with pikepdf.open(BytesIO(pdf)) as document:
        for sheet in document.pages:
            for operands, operator in pikepdf.parse_content_stream(sheet):
                if str(operator) == "BDC" and "/ActualText" in operands[1]:
                    found.append(bytes(operands[1].ActualText).hex())
    return " ".join(found)
