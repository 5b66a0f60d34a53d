"""The essentials course, broken by hand as authors break one: each time the compiler names the file, line, column and reason."""
import os, pathlib, re, shutil, subprocess

COURSE = "content/courses/essentials/"
TENDER = COURSE + "in-practice/the-tender/en.md"
GIFTS = COURSE + "foundations/gifts/en.md"

# what, file, what stands there, what the author writes, where the complaint is (line of the change + n, column), slug, its words
BROKEN = [
    ("a screen that is not there", COURSE + "course.yaml", "four-questions", "for-questions", (0, 45), "course-screen-missing", "there is no such folder"),
    ("a screen twice", COURSE + "course.yaml", "conflicts, gifts", "conflicts, conflicts", (0, 72), "course-cycle", "twice"),
    ("a pass mark above all", COURSE + "course.yaml", "pass_mark: 80 ", "pass_mark: 800 ", (0, 12), "yaml-type", "pass_mark"),
    ("a completion that does not exist", COURSE + "course.yaml", "completion: screens", "completion: seen", (0, 13), "yaml-value", "completion"),
    ("no right answer", COURSE + "foundations/conflicts/en.md", "- [x] Tell", "- [ ] Tell", (-8, 1), "question-no-answer", "no choice is marked as right"),
    ("a choice with nothing in it", GIFTS, "- [ ] Keep it, since it was given to you in public.", "- [ ] ", (0, 1), "choice-empty", "says nothing"),
    ("a kind that does not exist", COURSE + "foundations/values/en.md", "kind=true-false", "kind=truefalse", (0, 28), "attribute-value", "kind"),
    ("a third choice of two", COURSE + "foundations/values/en.md", "- [ ] False", "- [ ] Perhaps\n- [ ] False", (None, 1), "question-choices", "3 choices"),
    ("an id that stands twice", GIFTS, ":::question{#a-watch", ":::question{#cousin-applies", (0, 1), "id-duplicate", "cousin-applies"),
    ("points that are no number", GIFTS, "points=2", "points=two", (0, 22), "attribute-value", "points"),
    ("a move that leads nowhere", TENDER, "(#the-advice)", "(#the-advise)", (0, 1), "scenario-move", 'there is no step "the-advise"'),
    ("a step that nobody reaches", TENDER, "[Write to the chair today.](#the-disclosure)", "[Write to the chair today.](#the-silence)", (None, 1), "scenario-unreachable", 'the step "the-disclosure"'),
    ("a story in a circle", TENDER, ":::step{#settled points=1 end=good}", ":::step{#settled points=1}", (0, 1), "scenario-dead-end", 'the step "settled" has no choices'),
    ("a test of what is never set", TENDER, "(#settled)\n", '(#settled){if="trust>=1"}\n', (0, None), "scenario-", "trust"),
    ("an ending with choices", TENDER, ":::step{#half-way end=fair}", ":::step{#half-way end=fair}\n- [Go back](#settled)\n", (0, 1), "scenario-end-moves", "is an ending and has choices"),
    ("a directive that does not exist", COURSE + "foundations/welcome/en.md", ":::tip[", ":::tap[", (0, 4), "directive-unknown", "tap"),
    ("a link to a page that is not there", COURSE + "in-practice/closing/en.md", "(../the-tender)", "(../the-tenders)", (0, None), "link-broken", "there is no page"),
    ("a translation with a choice less", COURSE + "foundations/conflicts/ar.md", None, None, (None, 1), "parity-choices", "3 choices here, 4 at"),
    ("a rule that is no Lua", COURSE + "rules.lua", "return {", "retrun {", (0, 0), "rules-error", "retrun"),
]


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def break_file(path, old, new):
    """Gives the line of the change."""
    text = path.read_text(encoding="utf-8")
    if old is None:  # the last choice of a question, with its feedback
        at = text.rindex("\n- [ ]")
        changed = text[:at] + text[text.index("\n:::", at):]
    else:
        at = text.index(old)
        changed = text[:at] + new + text[at + len(old):]
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    return line_of(text, at)


class Courses:
    def __init__(self, program, project, work, report):
        self.program, self.project, self.folder, self.report = program, project, work / "project", report
        self.folder.mkdir()
        for name in ("content", "layouts", "locales"):
            shutil.copytree(project / name, self.folder / name)

    def check(self):
        command = [self.program, "-C", ".", "check", "--language", "en", "--language", "ar", "--target", "scorm12"]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, errors="replace", timeout=300)

    def broken(self):
        sound = self.check()
        self.report(sound.returncode == 0, "the courses are sound", sound.stderr)
        for what, name, old, new, (lines, column), slug, words in BROKEN:
            path = self.folder / name
            kept = path.read_bytes()
            at = break_file(path, old, new)
            ran = self.check()
            path.write_bytes(kept)
            line = r"\d+" if lines is None else str(at + lines)
            column = ":\\d+" if column is None else f":{column}" if column else ""  # of Lua lines alone are known
            place = re.compile(rf"^{re.escape(name)}:{line}{column}: error: .*{re.escape(words)}.*\[{slug}", re.M)
            self.report(ran.returncode == 1 and place.search(ran.stderr), f"refused: {what}", f"wanted {place.pattern}\n{ran.stderr[:3000]}")
        print(f"{len(BROKEN)} broken courses, each with its place and reason")
