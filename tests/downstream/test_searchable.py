"""Searchable PDFs: opened again by PDFium and by poppler, which both find the text where the ink is."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw, ImageFont

from extract.downstream.searchable.make import SearchablePdf, searchable
from extract.errors import ExitCode
from extract.geometry import Box
from extract.records.outcomes import Entry, Outcome
from extract.records.page_text import decode
from extract.storage.ledger import Ledger
from extract.storage.ledger_rows import LedgerRow
from extract.storage.output_dir import LEDGER, LINES, lines_path
from extract.storage.record_reader import read_all
from extract.text import fold
from tests.batch.test_run import plan, run
from tests.downstream import samples
from tests.downstream.conftest import write
from tests.paths import ROOT
from tests.storage.test_ledger import of_another_version

SIDEWAYS = ROOT / "fixtures" / "scans" / "photo" / "photo-02-sideways.jpg"
LETTER = "Certificate of origin 2024"
WIDTH, HEIGHT = 600, 400
TEXT = "窗口业务管理"
QUAD = [[100, 50], [310, 50], [310, 80], [100, 80]]


def kept(tmp_path: Path, scan: Path, evidence: dict[str, Any]) -> Path:
    """An output folder with a record of a scan that lies where the ledger says."""
    record = samples.record(scan.name, evidence=evidence)
    output = write(tmp_path / "out", [record])
    (output / ".zhibiao").mkdir(exist_ok=True)
    ledger = Ledger(output / ".zhibiao" / "ledger.sqlite")
    entry = Entry(scan.name, Outcome.OK, exit_code=ExitCode.OK)
    ledger.add(LedgerRow(record["source"]["sha256"], "", scan, None, entry))
    ledger.close()
    return output


def entry(text: str = TEXT, quad: Any = QUAD, page: int = 1, origin: str = "ocr") -> dict[str, Any]:
    return {"page": page, "quad": quad, "text": text, "confidence": Decimal("0.9"), "origin": origin}


def picture(path: Path, **options: Any) -> Path:
    pixels = np.full((HEIGHT, WIDTH), 255, np.uint8)
    pixels[50:80, 100:310] = 90
    Image.fromarray(pixels).save(path, **options)
    return path


def made(tmp_path: Path, scan: Path, evidence: dict[str, Any]) -> SearchablePdf:
    # the record's hash must be that of the scan for it to be found: the ledger vouches for it here
    (one,) = searchable(kept(tmp_path, scan, evidence), tmp_path / "pdf")
    return one


def found_box(pdf: Path, text: str) -> tuple[float, ...]:
    """Where PDFium finds a text, in shares of the page as it is shown: left, top, right, bottom."""
    document = pdfium.PdfDocument(pdf)
    page = document[0]
    layer = page.get_textpage()
    found = layer.search(text).get_next()
    assert found is not None, layer.get_text_range()
    boxes = np.array([layer.get_charbox(n) for n in range(found[0], found[0] + found[1])])
    left, bottom, right, top = boxes[:, 0].min(), boxes[:, 1].min(), boxes[:, 2].max(), boxes[:, 3].max()
    width, height = page.get_mediabox()[2:]
    return left / width, 1 - top / height, right / width, 1 - bottom / height


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "bmp"])
def test_text_stands_where_the_ink_is(suffix: str, tmp_path: Path) -> None:
    one = made(tmp_path, picture(tmp_path / f"scan.{suffix}"), {"/head/name": entry()})
    assert (one.texts, one.pdf) == (1, tmp_path / "pdf" / f"scan.{suffix}.pdf")
    expected = (100 / WIDTH, 50 / HEIGHT, 310 / WIDTH, 80 / HEIGHT)
    assert found_box(one.pdf, "业务管理")[1::2] == pytest.approx(expected[1::2], abs=0.01)
    assert found_box(one.pdf, TEXT) == pytest.approx(expected, abs=0.01)


def test_poppler_finds_it_too(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("no poppler: apt-get install poppler-utils")
    one = made(tmp_path, picture(tmp_path / "scan.png"), {"/head/name": entry()})
    told = subprocess.run(["pdftotext", str(one.pdf), "-"], capture_output=True, check=True)
    assert told.stdout.decode().split() == [TEXT]


def test_the_picture_is_untouched(tmp_path: Path) -> None:
    scan = picture(tmp_path / "scan.jpg", quality=60)
    one = made(tmp_path, scan, {"/head/name": entry()})
    with pikepdf.open(one.pdf) as pdf:
        (image,) = pdf.pages[0].images.values()
        assert image.read_raw_bytes() in scan.read_bytes()
    shown = pdfium.PdfDocument(one.pdf)[0].render(scale=WIDTH / pdfium.PdfDocument(one.pdf)[0].get_width()).to_numpy()
    assert shown.shape[:2] == (HEIGHT, WIDTH)
    assert (abs(shown[..., 0].astype(int) - np.asarray(Image.open(scan))) < 40).mean() > 0.99


def test_what_pdf_cannot_hold_is_stored_anew(tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    Image.new("RGBA", (WIDTH, HEIGHT), (255, 255, 255, 128)).save(scan)
    assert found_box(made(tmp_path, scan, {"/head/name": entry()}).pdf, TEXT)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_pages_of_a_pdf(turn: int, tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(300, 200) if turn % 180 == 0 else (200, 300))
        page.obj.Rotate = turn
        page.contents_add(b"0.5 g 10 10 50 50 re f")
        pdf.save(tmp_path / "scan.pdf")
    from extract.load import open_document

    (shown,) = open_document(tmp_path / "scan.pdf")
    height, width = shown.image.shape[:2]
    quad = [[x * width / WIDTH, y * height / HEIGHT] for x, y in QUAD]
    one = made(tmp_path, tmp_path / "scan.pdf", {"/head/name": entry(quad=quad)})
    layer = pdfium.PdfDocument(one.pdf)[0].get_textpage()
    assert layer.get_text_range() == TEXT
    assert layer.count_rects() == 1
    left, bottom, right, top = layer.get_rect(0)
    shares = {
        0: (left / 300, 1 - top / 200),
        90: (bottom / 300, left / 200),
        180: (1 - right / 300, bottom / 200),
        270: (1 - top / 300, 1 - right / 200),
    }
    assert shares[turn] == pytest.approx((100 / WIDTH, 50 / HEIGHT), abs=0.02)


def test_ink_is_laid_once_and_pages_with_text_are_left(tmp_path: Path) -> None:
    evidence = {
        "/head/name": entry(),
        "/status": entry(),
        "/goal": entry("别", page=2),
        "/title": entry("题", page=2, origin="text_layer"),
    }
    scan = tmp_path / "scan.tif"
    first = Image.open(picture(tmp_path / "page.png"))
    first.save(scan, save_all=True, append_images=[first])
    one = made(tmp_path, scan, evidence)
    pages = pdfium.PdfDocument(one.pdf)
    assert [pages[n].get_textpage().get_text_range() for n in range(2)] == [TEXT, ""]


def test_characters_beyond_the_basic_plane(tmp_path: Path) -> None:
    one = made(tmp_path, picture(tmp_path / "scan.png"), {"/goal": entry("𠮷野")})
    assert pdfium.PdfDocument(one.pdf)[0].get_textpage().get_text_range() == "𠮷野"


def test_lines_of_a_cell_are_found_across_their_ends(tmp_path: Path) -> None:
    one = made(
        tmp_path,
        picture(tmp_path / "scan.png"),
        {"/goal": entry("社会效\n益指标", [[10, 10], [80, 10], [80, 70], [10, 70]])},
    )
    assert found_box(one.pdf, "社会效益指标")


def test_sideways_text(tmp_path: Path) -> None:
    quad = [[100, 300], [100, 280], [115, 280], [115, 300]]
    one = made(tmp_path, picture(tmp_path / "scan.png"), {"/goal": entry("4", quad)})
    assert found_box(one.pdf, "4") == pytest.approx((100 / WIDTH, 280 / HEIGHT, 115 / WIDTH, 300 / HEIGHT), abs=0.02)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_scans_that_lie_sideways_are_shown_upright(turn: int, tmp_path: Path) -> None:
    upright = Image.open(picture(tmp_path / "upright.png"))
    scan = tmp_path / "scan.png"
    upright.rotate(turn, expand=True).save(scan)  # counter-clockwise
    places = {
        0: lambda x, y: [x, y],
        90: lambda x, y: [y, WIDTH - x],
        180: lambda x, y: [WIDTH - x, HEIGHT - y],
        270: lambda x, y: [HEIGHT - y, x],
    }
    quad = [places[turn](x, y) for x, y in QUAD]
    stray = [places[turn](x, y) for x, y in ([20, 90], [20, 70], [40, 70], [40, 90])]
    one = made(tmp_path, scan, {"/head/name": entry(quad=quad), "/goal": entry("4", stray)})
    page = pdfium.PdfDocument(one.pdf)[0]
    shown = page.render(scale=WIDTH / page.get_width()).to_numpy()[..., 0]
    assert shown.shape == (HEIGHT, WIDTH)
    assert shown[52:78, 105:305].max() < 128 < shown[100:].min()
    if shutil.which("pdftotext") is not None:
        told = subprocess.run(["pdftotext", "-bbox", str(one.pdf), "-"], capture_output=True, check=True, text=True)
        (word,) = re.findall(rf'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">{TEXT}<', told.stdout)
        scale = WIDTH / page.get_width()
        assert [float(value) * scale for value in word] == pytest.approx([100, 50, 310, 80], abs=6)


@dataclass(frozen=True)
class Archive:
    """Scans that were read: a form photographed sideways, a copy of it, and a letter."""

    scans: Path
    output: Path
    pdfs: Path
    made: dict[str, SearchablePdf]

    @property
    def form(self) -> bytes:
        return (self.output / lines_path(SIDEWAYS.name)).read_bytes()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("archive")
    (folder / "in").mkdir()
    shutil.copy(SIDEWAYS, folder / "in")
    shutil.copy(SIDEWAYS, folder / "in" / "z-copy.jpg")
    letter = Image.new("L", (1200, 600), 255)
    ImageDraw.Draw(letter).text((200, 250), LETTER, font=ImageFont.load_default(48))
    letter.save(folder / "in" / "letter.png")
    run(plan(folder / "in", folder / "out"))
    made = {one.scan: one for one in searchable(folder / "out", folder / "pdf")}
    return Archive(folder / "in", folder / "out", folder / "pdf", made)


def upright_box(pdf: Path, text: str) -> Box:
    """Where PDFium finds a text that is there once, in points of the page as it is shown."""
    page = pdfium.PdfDocument(pdf)[0]
    layer = page.get_textpage()
    search = layer.search(text)
    found = search.get_next()
    assert found is not None
    assert search.get_next() is None, "it is there twice"
    boxes = np.array([layer.get_charbox(n) for n in range(found[0], found[0] + found[1])])
    (x0, y0), (x1, y1) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
    width, height = page.get_mediabox()[2:]
    return {
        0: lambda: Box(x0, height - y1, x1, height - y0),
        90: lambda: Box(y0, x0, y1, x1),
        180: lambda: Box(width - x1, y0, width - x0, y1),
        270: lambda: Box(height - y1, width - x1, height - y0, width - x0),
    }[page.get_rotation()]()


def test_labels_are_found_where_they_are_printed(archive: Archive) -> None:
    one = archive.made[SIDEWAYS.name]
    assert one.pdf is not None
    assert pdfium.PdfDocument(one.pdf)[0].get_rotation() in {90, 270}
    header, value = upright_box(one.pdf, "三级指标"), upright_box(one.pdf, "新建社区健身点")
    assert header.y1 < value.y0 < header.y1 + 3 * header.height
    assert value.x0 < header.cx < value.x1
    beside, broken = upright_box(one.pdf, "主管部门"), upright_box(one.pdf, "年度资金总额")
    assert beside.x1 < header.x0
    assert beside.y1 < broken.y0 < header.y0


def test_poppler_finds_all_that_was_read(archive: Archive) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("no poppler: apt-get install poppler-utils")
    one = archive.made[SIDEWAYS.name]
    told = subprocess.run(["pdftotext", str(one.pdf), "-"], capture_output=True, check=True, text=True).stdout
    lines = decode(archive.form)
    assert lines is not None
    (page,) = lines.pages
    texts = ["".join(line.text for line in block) for block in page.blocks]
    found = [text for text in texts if fold(text) in fold(told)]
    assert len(found) > 0.98 * len(texts) > 100


def test_lines_stand_where_the_evidence_says(archive: Archive) -> None:
    (record,) = read_all(archive.output)
    lines = decode(archive.form)
    assert lines is not None
    read = {(line.text, *line.corners().ravel()) for page in lines.pages for block in page.blocks for line in block}
    single = [one for one in record.evidence.values() if one.quad_text and "\n" not in one.text]
    assert len(single) > 50
    for one in single:
        corners = np.ravel(one.points())
        assert any(text == one.text and abs(corners - at).max() <= 0.6 for text, *at in read), one.text


def test_values_are_laid_once(archive: Archive) -> None:
    one = archive.made[SIDEWAYS.name]
    lines = decode(archive.form)
    assert lines is not None
    assert one.texts == len(lines.pages[0].blocks)
    layer = pdfium.PdfDocument(one.pdf)[0].get_textpage().get_text_range()
    characters = "".join(line.text for block in lines.pages[0].blocks for line in block)
    assert len("".join(layer.split())) == len("".join(characters.split()))


def test_files_without_a_form_are_searchable_too(archive: Archive) -> None:
    assert sorted(archive.made) == ["letter.png", SIDEWAYS.name]
    pdf = archive.made["letter.png"].pdf
    assert pdf is not None
    left, top, right, bottom = found_box(pdf, "2024")
    assert 200 / 1200 < left < right < 1000 / 1200
    assert (top, bottom) == pytest.approx((255 / 600, 300 / 600), abs=0.05)


def test_without_lines_there_are_the_values(archive: Archive, tmp_path: Path) -> None:
    shutil.copytree(archive.output, tmp_path / "out")
    lines = decode(archive.form)
    assert lines is not None
    of_other = msgspec.structs.replace(lines, sha256="0" * 64).encode()
    for content in (archive.form[:99], of_other):
        assert content is not None
        (tmp_path / "out" / lines_path(SIDEWAYS.name)).write_bytes(content)
        one = next(iter(searchable(tmp_path / "out", tmp_path / "pdf")))
        assert 50 < one.texts < len(lines.pages[0].blocks)
        assert upright_box(tmp_path / "pdf" / f"{SIDEWAYS.name}.pdf", "新建社区健身点")


def test_lines_go_with_their_scan(archive: Archive, tmp_path: Path) -> None:
    shutil.copytree(archive.scans, tmp_path / "in")
    shutil.copytree(archive.output, tmp_path / "out")
    run(plan(tmp_path / "in", tmp_path / "out"))
    (tmp_path / "in" / "letter.png").write_bytes(b"no picture")
    run(plan(tmp_path / "in", tmp_path / "out"))
    assert [file.name for file in (tmp_path / "out" / LINES).iterdir()] == [Path(lines_path(SIDEWAYS.name)).name]
    assert (tmp_path / "out" / lines_path(SIDEWAYS.name)).read_bytes() == archive.form


def test_a_ledger_of_another_version_is_said(archive: Archive, tmp_path: Path) -> None:
    shutil.copytree(archive.output, tmp_path / "out")
    of_another_version(tmp_path / "out" / LEDGER)
    told = list(searchable(tmp_path / "out", tmp_path / "pdf"))
    assert [one.pdf for one in told] == [None, None]
    assert all("zhibiao run" in one.reason for one in told)


def test_scans_that_are_gone_are_named(tmp_path: Path) -> None:
    scan = picture(tmp_path / "scan.png")
    output = kept(tmp_path, scan, {"/goal": entry()})
    scan.unlink()
    (one,) = searchable(output, tmp_path / "pdf")
    assert (one.pdf, one.scan) == (None, "scan.png")
    assert "not where it was read" in one.reason


def test_text_exports_have_no_page(tmp_path: Path) -> None:
    output = kept(tmp_path, tmp_path / "a.txt", {"/goal": entry(quad=None)})
    assert list(searchable(output, tmp_path / "pdf")) == []
