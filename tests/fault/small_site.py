"""A small project in a folder of its own, and what the fault tests ask of it."""
import hashlib
import os
import shutil
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROBITY = os.environ.get("PROBITY", os.path.join(ROOT, "build", "probity"))
LANGUAGES = ["en", "ar", "fr"]


def scratch_folder(name):
    """A folder in memory where there is one: thousands of builds sync their files, and other programs' disks are slow."""
    memory = "/dev/shm"
    return tempfile.mkdtemp(prefix=f"probity-{name}-", dir=memory if os.access(memory, os.W_OK) else None)


def settings(menu):
    names = "".join(f"  {code}: Ethics {code}\n" for code in LANGUAGES)
    return ("base_url: https://ethics.example.org/\nsource_language: en\n"
            f"languages: [{', '.join(LANGUAGES)}]\ntitle:\n{names}organization:\n{names}menu: [{', '.join(menu)}]\n")


def put_unit(content, unit, title, body="", kind=None, order=None):
    """A unit in all languages, in a dictionary from path to text."""
    for code in LANGUAGES:
        keys = ""
        if code == "en":
            keys = (f"kind: {kind}\n" if kind else "") + (f"order: {order}\n" if order is not None else "")
        content[os.path.join("content", unit, f"{code}.md")] = (
            f"---\ntitle: {title} ({code})\n{keys}---\nText of {title}.\n\n## A heading {{#a-heading}}\n\n* one\n* two\n\n{body}\n")


def remove_unit(content, unit):
    for path in [path for path in content if path.startswith(f"content/{unit}/")]:
        del content[path]


def small_content(sections=3, pages=4):
    content = {"content/site.yaml": settings(["section-0", "section-1"])}
    put_unit(content, "", "Home")
    for section in range(sections):
        put_unit(content, f"section-{section}", f"Section {section}", kind="section")
        for page in range(pages):
            put_unit(content, f"section-{section}/page-{page}", f"Page {section}.{page}",
                     body=f"See [the home page](/) and [a section](/section-{(section + 1) % sections}#a-heading).")
    content["content/section-0/map.svg"] = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>\n'
    return content


def variants():
    """States of one content that differ by what editors do: text, titles, pages that come and go, the menu, files."""
    base = small_content()
    text, title, added, removed, menu, file = (dict(base) for _ in range(6))
    put_unit(text, "section-1/page-1", "Page 1.1", body="Another text.")
    put_unit(title, "section-1", "Another section", kind="section")
    put_unit(added, "section-0/page-9", "A new page")
    put_unit(added, "section-0/page-9/inner", "Below it")
    remove_unit(removed, "section-2")
    for page in range(4):
        put_unit(removed, f"section-1/page-{page}", f"Page 1.{page}")
    menu["content/site.yaml"] = settings(["section-1"])
    file["content/section-0/map.svg"] = base["content/section-0/map.svg"].replace("8", "9")
    file["content/section-1/data.csv"] = "year,total\n2024,7\n"
    return [base, text, title, added, removed, menu, file]


class Project:
    """Content, with the repository's own layouts and words, and the program's commands on it."""

    def __init__(self, folder, content):
        self.folder = folder
        self.output = os.path.join(folder, "public")
        self.working = os.path.join(folder, ".probity", "public")
        os.makedirs(folder)
        for name in ("layouts/website", "layouts/shared", "locales"):
            shutil.copytree(os.path.join(ROOT, name), os.path.join(folder, name))
        self.content = {}
        self.put(content)

    def path(self, name):
        return os.path.join(self.folder, name)

    def put(self, content):
        """Brings the files to this content; what is the same is not touched."""
        for name in self.content.keys() - content.keys():
            os.remove(self.path(name))
            folder = os.path.dirname(self.path(name))
            while not os.listdir(folder):
                os.rmdir(folder)
                folder = os.path.dirname(folder)
        for name, text in content.items():
            if self.content.get(name) != text:
                os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
                with open(self.path(name), "w", encoding="utf-8") as file:
                    file.write(text)
        self.content = dict(content)

    def command(self, *options, output=None):
        return [PROBITY, "-C", self.folder, "build", "--target", "website", "--output", output or self.output, *options]

    def build(self, *options, output=None, before=(), **how):
        """Runs a build to its end: exit status, and everything it said."""
        done = subprocess.run([*before, *self.command(*options, output=output)], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False, timeout=120, **how)
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def clean(self):
        """What a build of this content makes where nothing was built before: path and digest of each file."""
        folder = self.path("clean")
        status, words = self.build(output=os.path.join(folder, "public"))
        assert status == 0, words
        files = digest_tree(os.path.join(folder, "public"))
        shutil.rmtree(folder)
        return files


def digest_tree(folder):
    """Path, mode and digest of every file, and every empty folder, below a folder."""
    files = {}
    for above, folders, names in os.walk(folder):
        if not folders and not names:
            files[os.path.relpath(above, folder) + "/"] = "empty"
        for name in names:
            path = os.path.join(above, name)
            with open(path, "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
            files[os.path.relpath(path, folder)] = f"{os.lstat(path).st_mode:o} {digest}"
    return files


def difference(left, right):
    """A few words about how two trees differ."""
    names = sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))
    return f"{len(names)} differ: {', '.join(names[:5])}"


class Count:
    """Passed and failed."""

    def __init__(self, out=None):
        self.passed = self.failed = 0
        self.out = out

    def check(self, holds, what):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"not so: {what}", file=self.out, flush=True)
        return holds

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed or not self.passed else 0
