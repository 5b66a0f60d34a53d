"""
Every call of the system that a build makes fails once, or the build is killed in it: the old site or the new one stands, the exit
status says which, and the next build succeeds.
"""
import io
import multiprocessing
import os
import re
import shutil
import subprocess
import sys

from small_site import Count, Project, difference, digest_tree, put_unit, scratch_folder, settings

# What fails, how, and the ordinary reason for it.
FAULTS = [
    ("write", "error=ENOSPC"), ("write", "error=EIO"), ("openat", "error=ENOSPC"), ("openat", "error=EMFILE"),
    ("fsync", "error=EIO"), ("syncfs", "error=EIO"), ("close", "error=EIO"), ("mkdirat", "error=ENOSPC"),
    ("renameat", "error=EIO"), ("renameat2", "error=EIO"), ("renameat2", "error=EINVAL"), ("rename", "error=ENOSPC"),
    ("linkat", "error=EMLINK"), ("linkat", "error=EIO"), ("unlinkat", "error=EIO"), ("utimensat", "error=EIO"),
    ("newfstatat", "error=EIO"), ("statx", "error=EIO"), ("read", "error=EIO"), ("pwrite64", "error=ENOSPC"),
    ("ftruncate", "error=EIO"), ("flock", "error=EINTR"), ("getdents64", "error=EIO"), ("access", "error=EIO"), ("clone3", "error=EAGAIN"),
    ("write", "error=EINTR"), ("read", "error=EINTR"), ("fsync", "signal=KILL"), ("write", "signal=KILL"),
    ("openat", "signal=KILL"), ("renameat2", "signal=KILL"), ("renameat", "signal=KILL"), ("rename", "signal=KILL"),
    ("linkat", "signal=KILL"), ("unlinkat", "signal=KILL"), ("utimensat", "signal=KILL"), ("mkdirat", "signal=KILL"),
    ("syncfs", "signal=KILL"), ("statx", "signal=KILL"),
]

# Calls that a machine's own libraries may make in another way.
RARE = ("access", "clone3", "flock")


def small_states():
    base = {"content/site.yaml": settings(["section"])}
    put_unit(base, "", "Home")
    put_unit(base, "section", "Section", kind="section")
    put_unit(base, "section/page", "Page")
    several, single = dict(base), dict(base)
    put_unit(several, "section", "Another section", kind="section")
    put_unit(several, "section/other", "Other")
    for code in ("en", "ar", "fr"):
        del several[f"content/section/page/{code}.md"]
    single["content/section/page/fr.md"] += "More.\n"
    return base, several, single


class Sweep:
    """One kind of change, one kind of fault at its first, second, third, … call."""

    def __init__(self, count, project, states, expected):
        self.count, self.project, self.states, self.expected = count, project, states, expected
        self.at = 0
        self.faults = 0

    def prepare(self, at):
        if self.at != at:
            self.project.put(self.states[at])
            status, words = self.project.build()
            assert status == 0, words
            self.at = at

    def one(self, call, how, number, following, first):
        """Whether the fault happened."""
        project, name = self.project, f"{call} {how} number {number}"
        if first:
            shutil.rmtree(project.output, ignore_errors=True)
            shutil.rmtree(os.path.dirname(project.working), ignore_errors=True)
        old = {} if first else self.expected[self.at]
        project.put(self.states[following])
        new = self.expected[following]
        log = project.path("strace.log")
        trace = ["strace", "-f", "-o", log, "-e", f"trace={call}", "-e", f"inject={call}:{how}:when={number}"]
        status, words = project.build("--jobs", "1", before=trace)
        with open(log, encoding="utf-8", errors="replace") as file:
            traced = file.read()
        happened = "INJECTED" in traced or "killed by SIGKILL" in traced
        stands = digest_tree(project.output)
        if "LeakSanitizer does not work under ptrace" in words:
            # The fault struck the sanitizer itself while it read its options, so that it does what they forbid.
            self.count.check(happened, f"{name}: the sanitizer's own failure: {words}")
        elif "KILL" in how and happened:
            self.count.check(stands in (old, new), f"{name}: {difference(stands, new)}")
        elif status == 0:
            lost = "sync" in call and "error" in how and happened
            self.count.check(not lost, f"{name}: done, though the disk may not hold it: {words}")
            self.count.check(stands == new, f"{name}: done, and yet {difference(stands, new)}: {words}")
        else:
            self.count.check(stands == old, f"{name}: failed, and yet {difference(stands, old)}: {words}")
            # The loader itself says so when it cannot read a library, and exits with 127.
            said = re.search(r"error: |cannot open shared object|error while loading", words)
            self.count.check(happened and said and status > 0, f"{name}: status {status} and no reason: {words}")
        if happened:
            self.faults += 1
        status, words = project.build()
        stands = digest_tree(project.output)
        self.count.check(status == 0 and stands == new, f"after {name}: status {status}, {difference(stands, new)}: {words}")
        self.at = following
        return happened


def sweep_faults(faults):
    """What was found with these faults, in a project of their own: lines to print, passed, failed."""
    lines = io.StringIO()
    count = Count(lines)
    folder = scratch_folder("inject")
    states = small_states()
    project = Project(os.path.join(folder, "project"), states[0])
    expected = []
    for state in states:
        project.put(state)
        expected.append(project.clean())
    sweep = Sweep(count, project, states, expected)
    project.put(states[0])
    project.build()
    for call, how in faults:
        before = sweep.faults
        # A change of several files; a change of one; a first publication, for what only that does.
        for following, first in ((1, False), (2, False), (0, True)):
            number = 1
            while True:
                if not first:
                    sweep.prepare(0)
                if not sweep.one(call, how, number, following, first):
                    break
                number += 1 if number < 40 else 7
        print(f"{call} {how}: {sweep.faults - before} faults", file=lines)
        count.check(sweep.faults > before or call in RARE, f"{call} {how}: no fault happened")
    shutil.rmtree(folder)
    return lines.getvalue(), count.passed, count.failed


def main():
    if subprocess.run(["strace", "-o", "/dev/null", "true"], check=False).returncode != 0:
        print("strace cannot trace here")
        print("0 passed, 1 failed")
        return 1
    chosen = os.environ.get("INJECT", "").split()
    faults = [fault for fault in FAULTS if not chosen or fault[0] in chosen]
    workers = len(os.sched_getaffinity(0))
    count = Count()
    with multiprocessing.Pool(workers) as pool:
        for words, passed, failed in pool.imap_unordered(sweep_faults, [faults[i::workers * 4] for i in range(workers * 4)]):
            print(words, end="", flush=True)
            count.passed += passed
            count.failed += failed
    return count.end()


if __name__ == "__main__":
    sys.exit(main())
