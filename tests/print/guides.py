"""The project's own guides and reports, in all their languages."""
import glob
import os
import re
import time

from book import Book, source_text
from count import COUNT
from pdf import Pdf, normal, run, words

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROBITY = os.environ.get("PROBITY", os.path.join(ROOT, "build", "probity"))
MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 595, 842
# Type 3 fonts are drawings. No font of the alphabetic languages may be one; of the Chinese slices a sign or two may.
TYPE_3_LIMIT = {"zh-Hans": 2}
WORDS_PERMILLE = {"ar": 950}
# Replacement characters, soft hyphens, Latin ligatures, Arabic presentation forms.
FORBIDDEN = re.compile("[\ufffd\u00ad\ufb00-\ufb06\ufb50-\ufdcf\ufdf0-\ufdfb\ufe70-\ufefc]")


def squeeze(text):
    return "".join(words(text))


def build(output, *options, project=ROOT, environment=None):
    return run(PROBITY, "-C", project, "build", "--target", "print", "--target", "pdf", "--output", output, *options,
               env={**os.environ, **(environment or {})})


def page_of(book, pdf, anchor):
    return pdf.places().get(anchor, 0)


def check_file(name, book, pdf):
    checked = run("qpdf", "--check", pdf.path)
    COUNT.check(checked.returncode == 0, f"{name}: qpdf: {checked.stderr.decode()}")
    facts = pdf.information()
    COUNT.same(facts.get("Tagged"), "yes", f"{name}: tagged")
    COUNT.check("A4" in facts.get("Page size", ""), f"{name}: page size is {facts.get('Page size')}")
    COUNT.same(facts.get("Title"), book.title, f"{name}: title")
    COUNT.same(pdf.root.get("/Lang"), f"u:{book.language}", f"{name}: language")
    preferences = pdf.get(pdf.root.get("/ViewerPreferences", {}))
    COUNT.same(preferences.get("/DisplayDocTitle"), True, f"{name}: the title is displayed")
    COUNT.same(preferences.get("/Direction") == "/R2L", book.language == "ar", f"{name}: pages are turned from the right")
    COUNT.same(pdf.get(pdf.root.get("/MarkInfo", {})).get("/Marked"), True, f"{name}: marked")
    COUNT.check("/Metadata" in pdf.root, f"{name}: no metadata")
    COUNT.check("chrom" not in str(pdf.get(pdf.trailer["/Info"])).casefold().replace("skia", ""), f"{name}: names the engine's user agent")


def check_structure(name, book, pdf):
    titles = [normal(title).split() for title in pdf.outline()]
    COUNT.same(titles, [normal(text).split() for _, _, text in book.headings], f"{name}: the outline's titles")
    counts = pdf.structure()
    for level in (1, 2, 3, 4):
        expected = sum(1 for heading in book.headings if heading[0] == level)
        COUNT.same(counts.get(f"H{level}", 0), expected, f"{name}: headings of level {level}")
    COUNT.same(counts.get("Table", 0), len(book.tables), f"{name}: tables")
    COUNT.same(counts["scoped"], book.heads, f"{name}: table heads with a scope")
    COUNT.same(counts.get("Link", 0), len(book.links), f"{name}: links")
    COUNT.same((counts.get("Figure", 0), counts["described"]), (len(book.pictures),) * 2, f"{name}: pictures, and with words for them")
    broken = [link.get("href") for link in book.links if link.get("href").startswith("#") and link.get("href")[1:] not in book.ids]
    COUNT.check(not broken, f"{name}: links lead nowhere: {broken}")
    COUNT.check("/RoleMap" in pdf.get(pdf.root["/StructTreeRoot"]), f"{name}: no roles for new structure types")
    silent = [link for page in range(len(pdf.pages)) for _, _, link in pdf.links(page + 1) if "/Contents" not in link]
    COUNT.check(not silent, f"{name}: {len(silent)} links say not where they lead")


def number_beside(pdf, page, rectangle, right_to_left):
    """The last thing on the line of a link in the contents."""
    left, bottom, right, top = rectangle
    middle = PAGE_HEIGHT - (bottom + top) / 2
    on_line = [word for word in pdf.words_of_pages[page - 1]
               if word.top - 2 < middle < word.bottom + 2 and left - 2 < (word.left + word.right) / 2 < right + 2]
    digits = [word for word in on_line if word.text.isdigit()]
    if not digits:
        return None
    return int((min if right_to_left else max)(digits, key=lambda word: word.left).text)


def stands_on(text, title):
    """Whole, or at least in all its words: titles of two directions are cut apart."""
    title = re.sub(r"^\d+ ", "", title)
    return squeeze(title) in squeeze(text) or set(words(title)) <= set(words(text))


def check_contents(name, book, pdf):
    places = pdf.places()
    listed = {}
    for page in range(1, len(pdf.pages) + 1):
        if page >= places.get(book.chapters[0][0], places.get(book.contents[0][0])):
            break
        for anchor, rectangle, _ in pdf.links(page):
            # A title of two lines has two rectangles; its number is on one of them.
            number = number_beside(pdf, page, rectangle, book.language == "ar")
            listed[anchor] = number if number is not None else listed.get(anchor)
    wrong = {anchor: (listed.get(anchor), places.get(anchor)) for anchor, _ in book.contents
             if listed.get(anchor) is None or listed.get(anchor) != places.get(anchor)}
    COUNT.check(book.contents and not wrong, f"{name}: numbers in the contents that are not of the page: {wrong}")
    absent = [title for anchor, title in book.contents if not stands_on(pdf.text_pages[places.get(anchor, 1) - 1], title)]
    COUNT.check(not absent, f"{name}: not on the page that the contents name: {absent}")
    return places


PAGE_REFERENCE = {"en": r"\(p\. ?(\d+)\)", "fr": r"\(p\. ?(\d+)\)", "ru": r"\(с\. ?(\d+)\)", "es": r"\(pág\. ?(\d+)\)",
                  "ar": r"(?<!\w)ص\W*(\d+)", "zh-Hans": r"[（(]第(\d+)页[）)]"}


def check_references(name, book, pdf, places):
    text = re.sub(r"\s+", "" if book.language == "zh-Hans" else " ", normal(" ".join(pdf.text_pages)))
    found = sorted(int(number) for number in re.findall(PAGE_REFERENCE[book.language], text))
    COUNT.same(found, sorted(places[anchor] for anchor in book.references), f"{name}: pages named in the text")


def pairs(text):
    for line in text.splitlines():
        for run_of_signs in re.findall(r"[\u3400-\u9fff]+", normal(line)):
            yield from (run_of_signs[i:i + 2] for i in range(len(run_of_signs) - 1))


def check_words(name, book, pdf, source, what):
    text = "\n".join(pdf.text_pages)
    if book.language == "zh-Hans":
        wanted, there = set(pairs(source)), set(pairs(re.sub(r"\s", "", text)))
    else:
        wanted, there = set(words(source)), set(words(text))
    lost = sorted(wanted - there)
    permille = 1000 - 1000 * len(lost) // max(1, len(wanted))
    COUNT.check(wanted and permille >= WORDS_PERMILLE.get(book.language, 990),
                f"{name}: {permille} of 1000 words of the {what} are there, not {lost[:20]}")


def check_text(name, book, pdf, source):
    check_words(name, book, pdf, book.text, "XHTML")
    if source:
        check_words(name, book, pdf, source, "Markdown")
    forbidden = FORBIDDEN.findall("".join(pdf.text_pages))
    COUNT.check(not forbidden, f"{name}: characters that nobody can search for: {forbidden[:10]}")
    fonts = list(pdf.fonts())
    poor = [font for font in fonts if font[2:] != ("yes", "yes", "yes") and font[1] != "Type 3"]
    COUNT.check(fonts and not poor, f"{name}: fonts not embedded, not subset or without text: {poor}")
    drawings = [font for font in fonts if font[1] == "Type 3"]
    COUNT.check(len(drawings) <= TYPE_3_LIMIT.get(book.language, 0), f"{name}: {len(drawings)} Type 3 fonts")
    foreign = [font[0] for font in fonts if "Noto" not in font[0] and font[1] != "Type 3"]
    COUNT.check(not foreign, f"{name}: fonts of this machine: {foreign}")


def check_heads(name, book, pdf, places, symbol=None):
    """Running heads stand at the outer edge: the chapter's title on the side that is read second, the book's (or symbol) facing it."""
    right_to_left = book.language == "ar"
    begins = sorted((places[anchor], title) for anchor, title in book.chapters if anchor in places)
    first = begins[0][0] if begins else places[book.contents[0][0]]
    wrong = []
    for page in range(first, len(pdf.pages) + 1):
        title = next((title for start, title in reversed(begins) if start <= page), book.title)
        is_recto = page % 2 == 1
        expected = re.sub(r"^\d+ ", "", title) if is_recto else symbol or book.title
        head = [word for word in pdf.words_of_pages[page - 1] if word.bottom < 28 * MM]
        foot = [word for word in pdf.words_of_pages[page - 1] if word.top > PAGE_HEIGHT - 26 * MM]
        is_right = is_recto != right_to_left
        outer = (max(word.right for word in head) > PAGE_WIDTH - 36 * MM if is_right else min(word.left for word in head) < 36 * MM) if head else False
        same = sorted(squeeze(" ".join(word.text for word in head))) == sorted(squeeze(expected))
        numbers = sorted(int(word.text) for word in foot if word.text.isdigit())
        at_edge = foot and (max(word.right for word in foot) > PAGE_WIDTH - 36 * MM if is_right else min(word.left for word in foot) < 36 * MM)
        if not (outer and same and at_edge and numbers == sorted([page, len(pdf.pages)])):
            wrong.append((page, expected, head, foot))
    COUNT.check(not wrong, f"{name}: running heads or page numbers: {wrong[:3]}")


def check_pages(name, book, pdf):
    thin = []
    for page, found in enumerate(pdf.words_of_pages, 1):
        body = [word for word in found if 28 * MM < word.top < PAGE_HEIGHT - 27 * MM]
        if sum(len(word.text) for word in body) < 40:
            thin.append(page)
    COUNT.check(not thin, f"{name}: pages with nearly nothing on them: {thin}")
    places = pdf.places()
    note_pages = {places[anchor] for anchor in places if anchor.endswith("_fn_1")}
    alone = []
    for page in note_pages:
        others = [text for _, anchor, text in book.headings if anchor.endswith("fn_title")]
        lines = [line for line in pdf.text_pages[page - 1].splitlines() if line.strip()]
        heads = [squeeze(book.title)] + [squeeze(re.sub(r"^\d+ ", "", title)) for _, title in book.chapters]
        body = [squeeze(line) for line in lines if squeeze(line) not in heads]
        if body and body[0] in [squeeze(text) for text in others]:
            alone.append(page)
    COUNT.check(not alone, f"{name}: pages with notes alone: {alone}")


def check_margins(name, pdf):
    """No ink beside the text: a table that is too wide, a word that does not break."""
    pictures = run("pdftoppm", "-gray", "-r", "36", "-f", "2", pdf.path).stdout
    spoilt, at, page = [], 0, 1
    while at < len(pictures):
        head, size, depth = pictures[at:at + 64].split(b"\n", 3)[:3]
        width, height = map(int, size.split())
        start = at + len(head) + len(size) + len(depth) + 3
        edge = int(24 * MM / 2)
        page += 1
        for row in range(height):
            line = pictures[start + row * width:start + (row + 1) * width]
            if min(line[:edge]) < 200 or min(line[width - edge:]) < 200:
                spoilt.append(page)
                break
        at = start + width * height
    COUNT.check(page == len(pdf.pages) and not spoilt, f"{name}: ink in the margin on pages {spoilt} (looked at {page})")


def first_words(cells):
    return [words(text)[0] for text in cells if words(text)]


def check_right_to_left(name, book, pdf):
    """The first column of every table is at the right."""
    from book import XHTML, text_of
    wrong = seen = 0
    for table in book.tables:
        cells = first_words(text_of(cell) for cell in table.find(f"{XHTML}thead").iter(f"{XHTML}th"))
        for page in pdf.words_of_pages:
            for start in (word for word in page if word.text.startswith(cells[0])):
                same = [next((w for w in page if w.text.startswith(text) and abs(w.top - start.top) < 14), None) for text in cells]
                if len(cells) > 1 and all(same):
                    seen += 1
                    wrong += [w.left for w in same] != sorted((w.left for w in same), reverse=True)
    COUNT.check(seen >= len(book.tables) / 2 and not wrong, f"{name}: {wrong} of {seen} table heads do not begin at the right")


def check_book(name, book_path, pdf_path, source=None, symbol=None):
    book, pdf = Book(book_path), Pdf(pdf_path)
    check_file(name, book, pdf)
    check_structure(name, book, pdf)
    places = check_contents(name, book, pdf)
    check_references(name, book, pdf, places)
    check_text(name, book, pdf, source)
    check_heads(name, book, pdf, places, symbol)
    check_pages(name, book, pdf)
    check_margins(name, pdf)
    if book.language == "ar":
        check_right_to_left(name, book, pdf)
    return book, pdf


def units_on_paper():
    for path in sorted(glob.glob(os.path.join(ROOT, "content", "**", "*.md"), recursive=True)):
        with open(path, encoding="utf-8") as file:
            head = file.read().split("\n---\n")[0]
        if re.search(r"^print: *true", head, re.M):
            symbol = re.search(r"^symbol: *(.*)$", head, re.M)
            yield os.path.relpath(os.path.dirname(path), os.path.join(ROOT, "content")), symbol.group(1).strip('"') if symbol else None


def check_all(folder):
    first, second = os.path.join(folder, "first", "public"), os.path.join(folder, "second", "public")
    started = time.monotonic()
    built = build(first)
    print(f"all guides: {time.monotonic() - started:.1f} s; {built.stdout.decode().strip()}")
    if not COUNT.check(built.returncode == 0, f"the build failed:\n{built.stderr.decode()}"):
        return
    languages = re.search(r"^languages: *\[(.*)\]", open(os.path.join(ROOT, "content", "site.yaml"), encoding="utf-8").read(), re.M)
    for unit, symbol in units_on_paper():
        for language in re.split(r", *", languages.group(1)):
            stem = os.path.join(first, "guides", f"{os.path.basename(unit)}-{language}")
            if not COUNT.check(os.path.exists(f"{stem}.pdf"), f"{stem}.pdf was not made"):
                continue
            check_book(os.path.basename(stem), f"{stem}.xhtml", f"{stem}.pdf", source_text(ROOT, unit, language), symbol)
    other = build(second, "--jobs", "1" if os.cpu_count() == 1 else "3", environment={"TZ": "Asia/Kathmandu", "LC_ALL": "fr_FR.UTF-8"})
    COUNT.check(other.returncode == 0, f"the second build failed:\n{other.stderr.decode()}")
    for path in sorted(glob.glob(os.path.join(first, "guides", "*"))):
        twin = os.path.join(second, "guides", os.path.basename(path))
        same = os.path.exists(twin) and open(path, "rb").read() == open(twin, "rb").read()
        COUNT.check(same, f"{os.path.basename(path)}: another build made other bytes")
