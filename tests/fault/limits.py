"""Disks that are full or may not be written, limits of the process, folders that are not ours or were changed by hand, signals."""
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from small_site import Count, Project, difference, digest_tree, put_unit, small_content, variants


def refused(count, project, what, expected, slug, **how):
    """The build fails with a reason and what stands is as it was; without the hindrance it succeeds."""
    before = digest_tree(project.output) if os.path.isdir(project.output) else {}
    status, words = project.build(**how)
    count.check(status in (1, 3) and slug in words, f"{what}: status {status}: {words}")
    after = digest_tree(project.output) if os.path.isdir(project.output) else {}
    count.check(before == after, f"{what}: {difference(before, after)}")
    return expected


def builds(count, project, what, expected):
    status, words = project.build()
    stands = digest_tree(project.output)
    count.check(status == 0 and stands == expected, f"{what}: status {status}, {difference(stands, expected)}: {words}")
    return words


def limit(kind, value):
    return lambda: resource.setrlimit(kind, (value, value))


def check_limits(count, project, states):
    project.put(states[1])
    expected = project.clean()
    # A page is larger than this; the manifest is, too.
    refused(count, project, "a limit of file sizes", expected, "[file-write]", preexec_fn=limit(resource.RLIMIT_FSIZE, 600))
    builds(count, project, "after a limit of file sizes", expected)
    for files in range(3, 24):
        project.put(states[files % 2])
        expected = states[files % 2]
        status, words = project.build("--jobs", "2", preexec_fn=limit(resource.RLIMIT_NOFILE, files))
        # Below a handful of files the loader itself gives up.
        count.check(status == 0 or "error" in words, f"{files} open files: status {status}: {words}")
        status, words = project.build()
        count.check(status == 0, f"after {files} open files: {words}")
    # The address sanitizer reserves terabytes of addresses for itself: under it no limit of them leaves room to run at all.
    is_sanitized = os.environ.get("VARIANT") == "sanitize"
    for megabytes in () if is_sanitized else (20, 30, 40, 60, 80, 120, 200):
        project.put(states[2 if megabytes % 40 else 3])
        status, words = project.build("--jobs", "2", preexec_fn=limit(resource.RLIMIT_AS, megabytes << 20))
        count.check(status == 0 or (status > 0 and "error" in words), f"{megabytes} MB of memory: status {status}: {words}")
        clean = project.clean()
        builds(count, project, f"after {megabytes} MB of memory", clean)


def check_by_hand(count, project, states):
    project.put(states[0])
    expected = project.clean()
    builds(count, project, "a former state", expected)
    page = os.path.join(project.output, "fr", "section-0", "index.html")

    os.remove(page)
    builds(count, project, "a page that was removed", expected)
    with open(page, "a", encoding="utf-8") as file:
        file.write("<!-- by hand -->")
    builds(count, project, "a page that was changed in place", expected)
    os.remove(page)
    os.mkdir(page)
    builds(count, project, "a page that was made a folder", expected)
    os.remove(page)
    os.symlink("/etc/passwd", page)
    builds(count, project, "a page that was made a link", expected)
    os.chmod(page, 0o600)
    builds(count, project, "a page that nobody may read", expected)
    shutil.rmtree(os.path.join(project.output, "fr"))
    builds(count, project, "a folder that was removed", expected)
    shutil.rmtree(project.output)
    builds(count, project, "a site that was removed", expected)
    shutil.rmtree(os.path.dirname(project.working))
    builds(count, project, "a working folder that was removed", expected)
    # A site of which nothing is known but its paths, from another version of the program, and whose pages are others now.
    project.put(states[4])
    builds(count, project, "before another version", project.clean())
    identity = os.path.join(project.path("copied"), "public")
    shutil.copytree(project.output, identity)
    shutil.rmtree(project.output)
    shutil.copytree(identity, project.output)
    shutil.rmtree(project.path("copied"))
    project.put(states[0])
    builds(count, project, "pages that went while the output was a copy", expected)
    for name in ("manifest", "delta", "memory", "stage/en/index.html"):
        for damage in ("cut", "flip", "empty"):
            project.put(states[1])
            project.build()
            project.put(states[0])
            path = os.path.join(project.working, name)
            if not os.path.exists(path):
                continue
            if name.startswith("stage"):
                os.remove(path)
                continue
            with open(path, "r+b") as file:
                data = bytearray(file.read())
                data[len(data) // 2] ^= 1
                file.seek(0)
                file.write(data if damage == "flip" else data[:-9] if damage == "cut" else b"")
                file.truncate()
            words = builds(count, project, f"{name} {damage}", expected)
            count.check("written" in words, words)

    # A copy of the project, output and working folder and all, has other identities; it is known by its files.
    copy = project.path("../copy")
    subprocess.run(["cp", "-a", project.folder, copy], check=True)
    moved, status_words = Project.__new__(Project), None
    moved.folder, moved.content = copy, dict(project.content)
    moved.output, moved.working = os.path.join(copy, "public"), os.path.join(copy, ".probity", "public")
    moved.put(states[2])
    expected = moved.clean()
    builds(count, moved, "a copy of the project", expected)
    shutil.rmtree(copy)
    return status_words


def check_foreign(count, project, states):
    project.put(states[0])
    project.build()
    project.put(states[1])
    for name in ("CNAME", "en/note.txt", "en/section-0/page-0/hidden/.file"):
        path = os.path.join(project.output, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="ascii") as file:
            file.write("kept")
        refused(count, project, f"a foreign file {name}", None, "[publish-foreign]")
        if "hidden" in name:
            shutil.rmtree(os.path.dirname(path))
        else:
            os.remove(path)
        status, words = project.build()
        count.check(status == 0, f"without {name}: {words}")
        project.put(states[0] if "CNAME" in name else states[1])

    # A page that changes beside a foreign file does not hide it.
    project.put(states[0])
    project.build()
    note = os.path.join(project.output, "fr", "section-1", "page-1", "note.txt")
    with open(note, "w", encoding="ascii") as file:
        file.write("kept")
    edited = dict(states[0])
    edited["content/section-1/page-1/fr.md"] += "More.\n"
    project.put(edited)
    status, words = project.build()
    count.check(status == 0 and " 1 file written" in words, f"one page beside a foreign file: {words}")
    project.put(states[2])
    refused(count, project, "the folder with a foreign file", None, "[publish-foreign]")
    os.remove(note)
    builds(count, project, "without it", project.clean())

    other = project.path("documents")
    os.makedirs(os.path.join(other, "private"))
    with open(os.path.join(other, "private", "letter.txt"), "w", encoding="ascii") as file:
        file.write("Dear")
    for what in (other, project.folder, project.path("content"), project.path("content/site.yaml"), "/"):
        before = digest_tree(other)
        status, words = project.build(output=what)
        count.check(status == 1 and "[publish-foreign]" in words, f"output {what}: status {status}: {words}")
        count.check(digest_tree(other) == before, f"output {what}: foreign files were touched")
    shutil.rmtree(other)

    empty = project.path("empty")
    os.makedirs(empty)
    status, words = project.build(output=empty)
    count.check(status == 0 and digest_tree(empty) == project.clean(), f"an empty folder: {words}")
    link = project.path("link")
    os.symlink("empty", link)
    project.put(states[2])
    status, words = project.build(output=link + "/")
    count.check(status == 0 and os.path.islink(link) and digest_tree(empty) == project.clean(), f"a link to a folder: {words}")
    status, words = project.build(output=project.path("new/deep/er"))
    count.check(status == 0 and digest_tree(project.path("new/deep/er")) == project.clean(), f"folders above: {words}")


def mount(*arguments):
    return subprocess.run(["mount", *arguments], stderr=subprocess.DEVNULL, check=False).returncode == 0


def check_disks(count, project, states, folder):
    """Real disks, where this user may mount; elsewhere the injected faults alone speak for them."""
    disk = os.path.join(folder, "disk")
    os.makedirs(disk)
    if not mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", disk):
        print("no small disk here: mounting is not allowed")
        return
    try:
        kept, project.output = project.output, os.path.join(disk, "public")
        project.put(states[0])
        expected = project.clean()
        builds(count, project, "a small disk", expected)
        room = os.statvfs(disk)
        with open(os.path.join(disk, "ballast"), "wb") as file:
            file.write(b"x" * (room.f_bavail * room.f_bsize - 20480))
        larger = small_content()
        for page in range(40):
            put_unit(larger, f"section-0/large-{page}", f"Large {page}", body="word " * 2000)
        project.put(larger)
        refused(count, project, "a full disk", None, "[file-write]")
        os.remove(os.path.join(disk, "ballast"))
        builds(count, project, "a disk with room again", project.clean())
        project.put(states[0])
        mount("-o", "remount,ro", disk)
        refused(count, project, "a disk that may not be written", None, "[file-write]")
        mount("-o", "remount,rw", disk)
        builds(count, project, "a disk that may be written again", expected)
        status, words = project.build(output=disk)
        count.check(status == 1 and "[publish-exchange]" in words, f"a mount point: status {status}: {words}")
        project.output = kept
    finally:
        subprocess.run(["umount", disk], check=False)


def check_signals(count, project, states):
    large = small_content(sections=20, pages=20)
    project.put(states[0])
    old = project.clean()
    builds(count, project, "before signals", old)
    project.put(large)
    new = project.clean()
    for number, delay in enumerate((0.01, 0.03, 0.05, 0.08, 0.12, 0.2)):
        project.put(large)
        asked = signal.SIGTERM if number % 2 else signal.SIGINT
        process = subprocess.Popen(project.command("--jobs", "2"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        time.sleep(delay)
        process.send_signal(asked)
        words = process.communicate(timeout=60)[0].decode()
        stands = digest_tree(project.output)
        count.check(stands == (new if process.returncode == 0 else old),
                    f"signal after {delay} s: status {process.returncode}, {difference(stands, old)}: {words}")
        builds(count, project, f"after a signal after {delay} s", new)
        project.put(states[0])
        builds(count, project, "back again", old)


def main():
    count = Count()
    folder = tempfile.mkdtemp(prefix="probity-limits-")
    states = variants()
    project = Project(os.path.join(folder, "project"), states[0])
    status, words = project.build(umask=0o077)
    count.check(status == 0 and digest_tree(project.output) == project.clean(), f"a narrow umask: {words}")
    modes = {os.stat(above).st_mode & 0o777 for above, _, _ in os.walk(project.output)}
    count.check(modes == {0o755}, f"folders that a web server may enter: {modes}")
    check_limits(count, project, states)
    check_by_hand(count, project, states)
    check_foreign(count, project, states)
    check_disks(count, project, states, folder)
    check_signals(count, project, states)
    shutil.rmtree(folder)
    return count.end()


sys.exit(main())
