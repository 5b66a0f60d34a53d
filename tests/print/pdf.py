"""What a PDF holds, as qpdf and poppler see it."""
import html
import json
import re
import subprocess
import unicodedata


def run(*command, **how):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False, **how)


def normal(text):
    """As one searches: composed, without marks that only show direction or vowels."""
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf" and sign != "\u0640")
    text = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in text if unicodedata.category(sign) != "Mn").casefold()


def words(text):
    """Numbers are words of their own: which sign parts them from letters is lost where two directions meet."""
    return re.findall(r"\d+|[^\W\d_]+", normal(text))


class Word:
    def __init__(self, match):
        self.left, self.top, self.right, self.bottom = (float(match.group(i)) for i in range(1, 5))
        text = html.unescape(match.group(5))
        # Poppler gives places in the order in which signs stand on the page.
        self.text = normal(text[::-1] if re.search("[\u0600-\u06ff]", text) else text)

    def __repr__(self):
        return f"{self.text}@{self.left:.0f},{self.top:.0f}"


class Pdf:
    """`objects` by their name ("12 0 R"); pages are lists of words with their places, points from the upper left corner."""

    def __init__(self, path):
        self.path = path
        said = run("qpdf", "--json=2", "--json-key=qpdf", path)
        parts = json.loads(said.stdout)["qpdf"]
        self.objects = {name[4:]: thing.get("value", thing.get("stream", {}).get("dict"))
                        for name, thing in parts[1].items() if name.startswith("obj:")}
        self.trailer = parts[1]["trailer"]["value"]
        self.root = self.get(self.trailer["/Root"])
        self.pages = self.list_pages(self.root["/Pages"])
        self.text_pages = run("pdftotext", path, "-").stdout.decode("utf-8").split("\f")[:-1]
        self.words_of_pages = self.read_words()

    def get(self, thing):
        return self.objects[thing] if isinstance(thing, str) and re.fullmatch(r"\d+ \d+ R", thing) else thing

    def list_pages(self, node):
        found = []
        for kid in self.get(self.get(node)["/Kids"]):
            found += self.list_pages(kid) if self.get(kid)["/Type"] == "/Pages" else [kid]
        return found

    def read_words(self):
        said = run("pdftotext", "-bbox", self.path, "-").stdout.decode("utf-8")
        pattern = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
        return [[Word(match) for match in pattern.finditer(page)] for page in said.split("<page ")[1:]]

    def places(self):
        """Named destinations: name to page, from 1."""
        return {name[1:]: self.pages.index(self.get(place)[0]) + 1 for name, place in self.get(self.root.get("/Dests", {})).items()}

    def links(self, page):
        """Links to named places on a page, from 1: name and rectangle."""
        for link in self.get(self.get(self.pages[page - 1]).get("/Annots", [])):
            link = self.get(link)
            if link["/Subtype"] == "/Link":
                yield link.get("/Dest", "")[1:], link["/Rect"], link

    def outline(self):
        found = []

        def walk(item):
            while item:
                item = self.get(item)
                found.append(item["/Title"].removeprefix("u:"))
                walk(item.get("/First"))
                item = item.get("/Next")

        walk(self.get(self.root.get("/Outlines", {})).get("/First"))
        return found

    def structure(self):
        """How many of each kind of structure element there are, table heads with a scope, pictures with words instead."""
        counts = {"scoped": 0, "described": 0}
        for thing in self.objects.values():
            if not isinstance(thing, dict) or "/S" not in thing or "/P" not in thing:
                continue
            kind = thing["/S"][1:]
            counts[kind] = counts.get(kind, 0) + 1
            attributes = self.get(thing.get("/A", []))
            attributes = attributes if isinstance(attributes, list) else [attributes]
            counts["scoped"] += kind == "TH" and any("/Scope" in self.get(attribute) for attribute in attributes)
            counts["described"] += kind == "Figure" and len(thing.get("/Alt", "u:")) > 2
        return counts

    def fonts(self):
        """Name, type, embedded, subset, searchable."""
        for line in run("pdffonts", self.path).stdout.decode().splitlines()[2:]:
            match = re.match(r"(\S+) +(.+?) +\S+ +(yes|no) +(yes|no) +(yes|no) +\d+ +\d+$", line)
            yield match.groups() if match else (line, "?", "no", "no", "no")

    def information(self):
        said = run("pdfinfo", self.path).stdout.decode("utf-8")
        return dict(re.findall(r"^([^:]+): +(.*)$", said, re.M))
