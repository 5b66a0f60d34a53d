"""Packages as the build makes them, broken by hand: each must be refused with its reason, and no byte of rubbish may bring the check down."""
import io, json, os, pathlib, random, subprocess, zipfile

MUTATIONS = 400


def read(path):
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(files, change=lambda info: None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            change(info)
            package.writestr(info, data)
    return out.getvalue()


# ---- Ways to break a package. Each takes the files of a sound one and gives the bytes of a zip.

def replacing(name, old, new):
    def change(files):
        text = files[name]
        assert old in text, f"{name} has no {old!r}"
        return pack({**files, name: text.replace(old, new, 1)})
    return change


def manifest(old, new):
    return replacing("imsmanifest.xml", old.encode(), new if isinstance(new, bytes) else new.encode())


def without(name):
    return lambda files: pack({key: data for key, data in files.items() if key != name})


def having(name, data=b"x"):
    return lambda files: pack({**files, name: data})


def renaming(old, new):
    return lambda files: pack({new if name == old else name: data for name, data in files.items()})


def listing(name):
    return manifest('<file href="course.js"/>', f'<file href="course.js"/><file href="{name}"/>')


def in_a_folder(files):
    return pack({"essentials/" + name: data for name, data in files.items()})


def cut(share):
    return lambda files: pack(files)[: int(len(pack(files)) * share)]


def wrong_checksum(files):
    data, crc = pack(files), zipfile.crc32(files["course.js"]).to_bytes(4, "little")
    assert data.count(crc) == 2, "in the file's head and in the directory"
    return data.replace(crc, bytes([crc[0] ^ 1]) + crc[1:])


def damaged_bytes(files):
    data = bytearray(pack(files))
    at = data.index(b"player.js") + 5000
    data[at] ^= 0xFF
    return bytes(data)


def as_a_link(files):
    def change(info):
        if info.filename == "style.css":
            info.external_attr = 0o120777 << 16
    return pack(files, change)


def encrypted(files):
    data = bytearray(pack(files))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark)
        data[at + place] |= 1
    return bytes(data)


def in_another_method(files):
    def change(info):
        info.compress_type = zipfile.ZIP_LZMA
    return pack(files, change)


def twice(files):
    data = pack({**files, "course.jt": files["course.js"]})
    return data.replace(b"course.jt", b"course.js")


def two_names(files):
    """The head of the file says one name, the directory another: unpackers differ in which they believe."""
    data = pack(files)
    at = data.index(b"style.css")
    return data[:at] + b"outer.css" + data[at + 9:]


def smaller_in_the_directory(files):
    data = bytearray(pack(files))
    at = data.rindex(b"style.css") - 46 + 24
    data[at:at + 4] = (100).to_bytes(4, "little")
    return bytes(data)


# name, package, way, slug, what the complaint says
BROKEN = [
    # The container
    ("cut off in the middle", "scorm12", cut(0.5), "package-unreadable", "Not a zip archive"),
    ("without its last bytes", "scorm12", cut(0.9999), "package-unreadable", ""),
    ("empty", "scorm12", lambda files: b"", "package-unreadable", "it is empty"),
    ("a page of HTML, as a server gives it", "scorm12", lambda files: b"<!DOCTYPE html><title>404</title>", "package-unreadable", "Not a zip"),
    ("a wrong checksum", "scorm12", wrong_checksum, "package-unreadable", "course.js: CRC error"),
    ("a byte changed on the way", "scorm12", damaged_bytes, "package-unreadable", "player.js"),
    ("an encrypted file", "scorm12", encrypted, "package-unreadable", "encrypted"),
    ("a method that platforms do not know", "scorm12", in_another_method, "package-unreadable", "compressed in a way"),
    ("a symbolic link", "scorm12", as_a_link, "package-unreadable", "style.css: it is a link"),
    ("two names for one file", "scorm12", two_names, "package-unreadable", ""),
    ("a size that is not so", "scorm12", smaller_in_the_directory, "package-unreadable", ""),
    ("a bomb", "scorm12", having("zeros.bin", bytes(50 << 20)), "package-unreadable", "zeros.bin: it would unpack to more than 200 times"),
    ("10,001 files", "scorm12", lambda files: pack({**files, **{f"f{i}": b"" for i in range(10001)}}), "package-unreadable", "more than 10,000"),
    # Names
    ("a name that climbs out", "scorm12", having("../evil.js"), "package-name", '"../evil.js" cannot stand in a package: it leads out'),
    ("a name that climbs out half-way", "scorm12", having("media/../../evil.js"), "package-name", "it leads out"),
    ("a name from the root", "scorm12", having("/etc/evil"), "package-name", "begins at the root"),
    ("a backslash", "scorm12", having("media\\map.png"), "package-name", "folders are told apart by /"),
    ("a drive", "scorm12", having("C:evil.js"), "package-name", "not every system allows"),
    ("a line break in a name", "scorm12", having("a\nb.js"), "package-name", "not every system allows"),
    ("one name twice", "scorm12", twice, "package-", ""),
    ("names that differ in capitals", "scorm12", having("Index.html"), "package-name", "another file has it"),
    # The whole
    ("no manifest", "scorm12", without("imsmanifest.xml"), "package-content", "neither imsmanifest.xml nor cmi5.xml"),
    ("a folder packed instead of its content", "scorm12", in_a_folder, "package-content", "not at the root; pack what is in the folder, not the folder: essentials/imsmanifest.xml"),
    ("a manifest in capitals", "scorm12", renaming("imsmanifest.xml", "IMSMANIFEST.XML"), "package-content", "capital letters"),
    ("no control file", "scorm12", without("adlcp_rootv1p2.xsd"), "package-invalid", "a control file is missing: adlcp_rootv1p2.xsd"),
    ("another control file", "scorm12", having("adlcp_rootv1p2.xsd"), "package-content", "adlcp_rootv1p2.xsd: error: the package is not whole: this control file is not the standard's"),
    ("a file that is not listed", "scorm12", having("notes.txt"), "package-invalid", "no resource lists this file: notes.txt"),
    ("a listed file that is missing", "scorm12", without("style.css"), "package-invalid", "the file is not in the package: style.css"),
    ("a page without its script", "web", without("rules.js"), "package-content", "en.html: error: the package is not whole: it needs a file that is not in the package: rules.js"),
    ("a page that is cut off", "scorm12", lambda files: pack({**files, "index.html": files["index.html"][:9000]}), "package-content", "cut off or damaged"),
    ("a page in another encoding", "scorm12", lambda files: pack({**files, "index.html": files["index.html"].decode().encode("utf-16")}), "package-content", "index.html: error: the package is not whole: it is not UTF-8"),
    ("an address in other capitals", "scorm12", replacing("index.html", b'"style.css"', b'"Style.css"'), "package-content", "the file's name is: style.css, not Style.css"),
    ("an address that leads out", "scorm12", replacing("index.html", b'"style.css"', b'"../style.css"'), "package-content", "leads out of the package: ../style.css"),
    ("something from another host", "scorm12", replacing("index.html", b'"style.css"', b'"https://example.org/style.css"'), "package-content", "loads something from elsewhere"),
    ("a script behind a link", "scorm12", replacing("index.html", b"<body>", b'<body><a href="javascript:alert(1)">x</a>'), "package-content", "not of an allowed kind"),
    ("no page to begin with", "cmi5", without("index.html"), "package-invalid", "the file is not in the package (14.1): index.html"),
    # The manifest
    ("a manifest that does not end", "scorm12", manifest("</manifest>", ""), "package-invalid", "not well-formed"),
    ("entities", "scorm12", manifest("<manifest ", '<!DOCTYPE manifest [<!ENTITY a "aaaaaaaaaa">]><manifest '), "package-invalid", "document type of its own"),
    ("a byte order mark", "scorm12", manifest("<?xml", b"\xef\xbb\xbf<?xml"), "package-invalid", "byte order mark"),
    ("UTF-16", "scorm12", lambda files: pack({**files, "imsmanifest.xml": files["imsmanifest.xml"].decode().encode("utf-16")}), "package-", ""),
    ("Latin-1", "scorm12", manifest("the essentials", b"l'\xe9thique"), "package-invalid", "it is not UTF-8"),
    ("an encoding that it is not in", "scorm12", manifest('encoding="UTF-8"', 'encoding="ISO-8859-1"'), "package-invalid", "says that it is not UTF-8"),
    ("another edition", "scorm12", manifest("<schemaversion>1.2<", "<schemaversion>CAM 1.3<"), "package-invalid", "this is another edition: CAM 1.3"),
    ("the name of another standard", "scorm12", manifest("<schemaversion>1.2<", "<schemaversion>2004 4th Edition<"), "package-invalid", "wrong namespace"),
    ("another standard's namespace", "scorm12", manifest("http://www.adlnet.org/xsd/adlcp_rootv1p2\"", "http://www.adlnet.org/xsd/adlcp_v1p3\""), "package-invalid", "in the wrong namespace: masteryscore"),
    ("an item that leads nowhere", "scorm12", manifest('identifierref="resource"', 'identifierref="resourse"'), "package-invalid", "an item leads to no resource: resourse"),
    ("an identifier that stands twice", "scorm12", manifest('identifier="item"', 'identifier="resource"'), "package-invalid", "stands twice: resource"),
    ("no title", "scorm12", manifest("<title>Ethics and integrity: the essentials</title>", ""), "package-invalid", "it needs one title"),
    ("a pass mark above all", "scorm12", manifest("<adlcp:masteryscore>80<", "<adlcp:masteryscore>180<"), "package-invalid", "the pass mark is not between 0 and 100: 180"),
    ("a pass mark in per cent", "scorm2004", manifest("Measure>0.8<", "Measure>80<"), "package-invalid", "the pass mark is not between -1 and 1: 80"),
    ("the 3rd edition's threshold in the 4th", "scorm2004", manifest('minProgressMeasure="1.0"', 'minProgressMeasure="7"'), "package-invalid", "completion threshold is not between 0 and 1: 7"),
    ("a listed file in other capitals", "scorm12", manifest('<file href="course.js"/>', '<file href="Course.js"/>'), "package-invalid", "the file is not in the package: Course.js"),
    ("a listed file from the root", "scorm12", listing("/course.js"), "package-invalid", "leads out of the package: /course.js"),
    ("a listed file that climbs out", "scorm12", listing("a/../../b.js"), "package-invalid", "leads out of the package"),
    ("no default organization", "scorm12", manifest('default="organization"', 'default="other"'), "package-invalid", "the default organization does not exist: other"),
    ("a cmi5 structure that waits for a pass and has no mark", "cmi5", replacing("cmi5.xml", b' masteryScore="0.8"', b' masteryScore="8"'), "package-invalid", "masteryScore is not between 0 and 1"),
]


class Packages:
    def __init__(self, program, folder, work, report):
        self.program, self.work, self.report = program, work, report
        self.names = {"scorm12": "en", "scorm2004": "en", "cmi5": "all", "web": "all"}
        self.paths = {s: folder / f"essentials/essentials-{l}-{s}.zip" for s, l in self.names.items()}

    def check(self, *arguments):
        return subprocess.run([self.program, "check", *map(str, arguments)], capture_output=True, text=True, errors="replace", timeout=120)

    def sound(self):
        for path in self.paths.values():
            ran = self.check(path)
            self.report(ran.returncode == 0 and "nothing is wrong" in ran.stdout, f"{path.name} is sound", ran.stdout + ran.stderr)
            again = self.work / ("again-" + path.name)
            again.write_bytes(pack(read(path)))
            self.report(self.check(again).returncode == 0, f"{path.name} is sound packed by others", self.check(again).stderr)
        answer = self.check("--format", "json", self.paths["cmi5"])
        self.report(json.loads(answer.stdout)["standard"] == "cmi5", "a sound package as JSON", answer.stdout)

    def broken(self):
        for what, standard, way, slug, reason in BROKEN:
            path = self.work / f"broken-{self.names[standard]}-{standard}.zip"
            path.write_bytes(way(read(self.paths[standard])))
            ran = self.check(path)
            is_refused = ran.returncode == 1 and f"[{slug}" in ran.stderr and reason in ran.stderr and "nothing is wrong" not in ran.stdout
            self.report(is_refused, f"refused: {what}", f"exit {ran.returncode}, wanted {slug}: {reason}\n{ran.stderr}{ran.stdout}")
        print(f"{len(BROKEN)} broken packages, each with its reason")

    def mutated(self):
        """Rubbish is refused, or it is where nobody reads it: what is accepted holds what the sound package holds."""
        whole = self.paths["scorm12"].read_bytes()
        files = read(self.paths["scorm12"])
        accepted = 0
        for seed in range(MUTATIONS):
            chance = random.Random(seed)
            data = bytearray(whole)
            directory = data.rindex(b"PK\x01\x02") - 1000
            for _ in range(chance.choice((1, 1, 2, 8, 64))):
                # Half of the changes where offsets, sizes and names stand.
                at = chance.randrange(directory, len(data)) if chance.random() < 0.5 else chance.randrange(len(data))
                way = chance.randrange(5)
                if way == 0:
                    data[at] ^= 1 << chance.randrange(8)
                elif way == 1:
                    data[at] = chance.choice((0, 0x7F, 0x80, 0xFF))
                elif way == 2:
                    del data[at:at + chance.randrange(1, 40)]
                elif way == 3:
                    data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 40)))
                else:
                    data[at:at + 4] = (0xFFFFFFFF).to_bytes(4, "little")
                directory = min(directory, len(data) - 1)
            path = self.work / "mutated-en-scorm12.zip"
            path.write_bytes(data)
            ran = self.check(path)
            is_well = ran.returncode in (0, 1) and (ran.returncode == 0) == ("nothing is wrong" in ran.stdout)
            if is_well and ran.returncode == 0:
                accepted += 1
                is_well = read(path) == files
            self.report(is_well, f"mutation {seed} is refused or does no harm", f"exit {ran.returncode}\n{ran.stderr[:2000]}")
        print(f"{MUTATIONS} mutations of packages: {MUTATIONS - accepted} refused, {accepted} without effect")
