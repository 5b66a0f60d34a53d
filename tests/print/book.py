"""The XHTML of a book and the Markdown that it was made from: what its PDF must show."""
import os
import re
import xml.etree.ElementTree as tree

XHTML = "{http://www.w3.org/1999/xhtml}"


def text_of(element):
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


BLOCKS = re.compile(XHTML + "(p|li|td|th|h[1-6]|dt|dd|caption|div|section|br)$")


def text_of_blocks(element):
    """The same, with a space where one block ends and another begins."""
    found = []

    def walk(inner):
        found.append(inner.text or "")
        for child in inner:
            walk(child)
            if BLOCKS.match(child.tag):
                found.append(" ")
            found.append(child.tail or "")

    walk(element)
    return re.sub(r"\s+", " ", "".join(found)).strip()


def without_addresses(text):
    """Markdown as a reader sees it: what is left out is for the program."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    text = re.sub(r"^(\s*):::+\w+(\[([^\]]*)\])?.*$", r"\1 \3", text, flags=re.M)
    text = re.sub(r"^\s*- [a-z0-9_-]+: ", "", text, flags=re.M)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    text = re.sub(r"\{#[^}]*\}", "", text)
    return re.sub(r"\[\^\w+\]:?", " ", text)


class Book:
    def __init__(self, path):
        self.root = tree.parse(path).getroot()
        self.language = self.root.get("lang")
        body = self.root.find(f"{XHTML}body")
        self.is_report = body.get("class") == "report"
        self.main = body.find(f"{XHTML}main")
        self.headings = [(int(element.tag[-1]), element.get("id", ""), text_of(element))
                         for element in body.iter() if re.fullmatch(XHTML + "h[1-6]", element.tag)]
        self.tables = list(body.iter(f"{XHTML}table"))
        self.heads = sum(1 for element in body.iter(f"{XHTML}th") if element.get("scope"))
        self.pictures = list(body.iter(f"{XHTML}img"))
        self.links = [element for element in body.iter(f"{XHTML}a") if element.get("href")]
        self.ids = {element.get("id") for element in body.iter() if element.get("id")}
        self.contents = [(element.get("href")[1:], text_of(element.find(f"{XHTML}span[@class='entry-title']")))
                         for element in body.iter(f"{XHTML}a") if element.find(f"{XHTML}span[@class='entry-title']") is not None]
        self.chapters = [(section.get("id"), text_of(section.find(f"{XHTML}h1"))) for section in self.main.findall(f"{XHTML}section")]
        self.title = self.root.find(f"{XHTML}head/{XHTML}title").text
        self.references = [element.get("href")[1:] for element in self.main.iter(f"{XHTML}a")
                           if element.get("href", "").startswith("#") and not element.get("aria-label") and not element.get("class")]
        header = body.find(f"{XHTML}header")
        header.remove(header.find(f"{XHTML}p[@class='running']"))
        self.text = " ".join(text_of_blocks(child) for child in (header, self.main))


def source_text(folder, unit, language):
    """All words of a guide's pages, as the authors wrote them."""
    found = []
    for above, _, names in sorted(os.walk(os.path.join(folder, "content", unit))):
        if f"{language}.md" in names:
            with open(os.path.join(above, f"{language}.md"), encoding="utf-8") as file:
                text = file.read()
            title = re.search(r"^title: *(.*)$", text, re.M)
            found += [title.group(1).strip('"'), without_addresses(text)]
    return "\n".join(found)
