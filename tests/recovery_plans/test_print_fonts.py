"""The fonts of the PDF: each face whole in one file, so that no word changes its face and none is garbled."""

import hashlib
import re
import subprocess
import unicodedata
from pathlib import Path

import pymupdf
import pytest
from fontTools.ttLib import TTFont
from weasyprint.urls import FatalURLFetchingError

from recovery_plans.pdf.plan_sheet import print_one
from recovery_plans.pdf_service.fetcher import ClosedFetcher
from recovery_plans.pdf_service.fonts import font_files
from recovery_plans.pdf_service.render import Renderer
from tests.pdfua import assert_pdf_ua
from tests.recovery_plans.pdf_service_process import page

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
CSS = FONTS.parent / "css"
FACES = sorted(FONTS.glob("*.ttf"))
LANGUAGES = {
    "vi": "Tôi muốn ngủ đủ mỗi buổi tối. Mọi chuyện rồi sẽ ổn, Tết ở nhà bà ngoại. ạ ế ữ ợ Nguyễn",
    "ru": "Глаза боятся, а руки делают.",
    "uk": "Ґанок, їжа й пів’я.",
    "el": "Τα χέρια δουλεύουν. Ὀδυσσεύς",
    "pl": "Zażółć gęślą jaźń.",
    "en": "Slow mornings, naïve café – “yes”.",
}
EVERY_LANGUAGE = " ".join(LANGUAGES.values())
VIETNAMESE_WORDS = "muốn buổi Nguyễn rồi ạ ngoại ữ ợ"


def faces_of_print_css():
    """Every @font-face of the PDF's stylesheet as (family, weight, file)."""
    css = (CSS / "print.css").read_text()
    face = r'@font-face\s*{\s*font-family:\s*"([^"]+)";\s*font-weight:\s*(\d+);\s*src:\s*url\("([^"]+)"\);?\s*}'
    found = re.findall(face, css)
    assert len(found) == css.count("@font-face") > 0
    return [(family, int(weight), (CSS / file).resolve()) for family, weight, file in found]


# --- the files ---


def test_each_face_is_one_file_and_each_file_is_a_face():
    faces = faces_of_print_css()
    assert len({(family, weight) for family, weight, _ in faces}) == len(faces) == 4
    assert sorted(file for *_, file in faces) == FACES


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.stem)
def test_a_face_has_all_letters_and_rules_that_its_family_has_in_pieces(face):
    family, *_ = face.stem.rpartition("-")
    font = TTFont(face)
    assert "fvar" not in font, "WeasyPrint would work each weight out anew for each PDF"
    pieces = [TTFont(piece) for piece in FONTS.glob(f"{family}-*-wght-normal.woff2")]
    assert len(pieces) == 3
    letters = set().union(*(piece.getBestCmap() for piece in pieces))
    alphabets = {
        letter
        for first, last in ((0x386, 0x3CE), (0x401, 0x44F), (0x451, 0x45F), (0x1EA0, 0x1EF9))
        for letter in range(first, last + 1)
        if unicodedata.category(chr(letter))[0] == "L"
    }
    assert (letters | alphabets) - set(font.getBestCmap()) == set()
    wanted = {"GSUB": {"ccmp", "liga", "locl"}, "GPOS": {"kern", "mark"}}
    for table, features in wanted.items():
        assert features <= {record.FeatureTag for record in font[table].table.FeatureList.FeatureRecord}


def test_the_files_are_those_of_the_recipe():
    sums = dict(reversed(line.split()) for line in (FONTS / "SHA256SUMS").read_text().splitlines())
    assert sums == {face.name: hashlib.sha256(face.read_bytes()).hexdigest() for face in FACES}


def test_a_font_that_is_not_there_is_noticed_when_the_service_starts(tmp_path):
    fetcher = ClosedFetcher(font_files(FONTS))
    assert fetcher.fetch(FACES[0].as_uri()).read() == FACES[0].read_bytes()
    assert not fetcher.refused
    for address in ((tmp_path / "other.ttf").as_uri(), "https://example.org/font.ttf", (FONTS / "README.md").as_uri()):
        fetcher = ClosedFetcher(font_files(FONTS))
        with pytest.raises(FatalURLFetchingError):
            fetcher.fetch(address)
        assert fetcher.refused
    with pytest.raises(FileNotFoundError):
        Renderer(stylesheet=CSS / "print.css", fonts_folder=tmp_path)


# --- what is printed with them ---


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_copied_as_they_were_written(pdf_service, tmp_path, language):
    """In each face, and also where a letter was typed as a letter and its marks."""
    forms = [unicodedata.normalize(form, LANGUAGES[language]) for form in ("NFC", "NFD")]
    whole = print_page(*(line for words in forms for line in in_every_face(words, language)))
    assert_pdf_ua(whole)
    file = tmp_path / "words.pdf"
    file.write_bytes(whole)
    copied = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True, timeout=60).stdout.decode()
    assert unicodedata.normalize("NFC", " ".join(copied.split())).count(LANGUAGES[language]) == 8


@pytest.mark.slow
@pytest.mark.parametrize("language", ["vi", "ru", "en"])
def test_a_line_in_many_languages_is_printed_in_one_face_of_one_weight(pdf_service, language):
    with pymupdf.open(stream=print_page(*in_every_face(EVERY_LANGUAGE, language))) as document:
        *lines, _foot = lines_of(document[0])
    fonts = [{span["font"].rpartition("+")[2] for span in line["spans"] if span["text"].strip()} for line in lines]
    assert [found for found in fonts if len(found) != 1] == []
    assert set().union(*fonts) == {"Literata-Semi-Bold", "Literata-Medium", "Source-Sans-3,", "Source-Sans-3-Semi-Bold"}


@pytest.mark.slow
@pytest.mark.parametrize("family, weight, face", faces_of_print_css(), ids=lambda value: getattr(value, "stem", ""))
def test_vietnamese_words_look_as_their_letters_do_alone(pdf_service, family, weight, face):
    """On the page, too: the same words are drawn letter by letter from the font file, without WeasyPrint."""
    style = f"font:{weight} 24pt '{family}';font-kerning:none;margin-top:2cm"
    printed = print_page(f'<p lang="vi" style="{style}">{VIETNAMESE_WORDS}</p>')
    with pymupdf.open(stream=printed) as document, pymupdf.open() as drawn:
        sheet = document[0]
        x, y = next(line["spans"][0]["origin"] for line in lines_of(sheet) if line["spans"][0]["size"] == 24)
        writer = pymupdf.TextWriter(sheet.rect)
        writer.append((x, y), VIETNAMESE_WORDS, font=pymupdf.Font(fontfile=str(face)), fontsize=24)
        writer.write_text(drawn.new_page(width=sheet.rect.width, height=sheet.rect.height))
        clip = (x, y - 30, sheet.rect.width, y + 10)
        looks = [each.get_pixmap(clip=clip, dpi=216, colorspace=pymupdf.csGRAY) for each in (sheet, drawn[0])]
    ink = sum(point < 128 for point in looks[1].samples)
    differ = sum(abs(one - other) > 100 for one, other in zip(*(look.samples for look in looks), strict=True))
    assert ink > 5_000
    assert differ < ink / 50


def lines_of(sheet):
    return [line for block in sheet.get_text("dict")["blocks"] for line in block["lines"]]


def in_every_face(words, language):
    """A line in each face that a plan's words are printed in."""
    lines = ("<h2{}>{}</h2>", '<p class="lead"{}>{}</p>', "<p{}>{}</p>", "<p{}><b>{}</b></p>")
    return [line.format(f' lang="{language}"', words) for line in lines]


def print_page(*lines):
    """The PDF of a page of these lines."""
    return print_one(page(f"<h1>Maya</h1>{''.join(lines)}"))
