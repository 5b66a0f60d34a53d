"""Several builds at once: they take turns, and each leaves a whole site."""
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time

from small_site import Count, Project, difference, digest_tree, scratch_folder, variants

ROUNDS = int(os.environ.get("TOGETHER_ROUNDS", "25"))


def main():
    count = Count()
    folder = scratch_folder("together")
    states = variants()
    project = Project(os.path.join(folder, "project"), states[0])

    for number in range(ROUNDS):
        project.put(states[number % len(states)])
        expected = project.clean()
        builders = [subprocess.Popen(project.command("--jobs", str(1 + n % 3)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                    for n in range(2 if number % 2 else 6)]
        results = [(builder.communicate()[0].decode(), builder.returncode) for builder in builders]
        count.check(all(status == 0 for _, status in results), f"round {number}: {[words for words, status in results if status]}")
        stands = digest_tree(project.output)
        count.check(stands == expected, f"round {number}: {difference(stands, expected)}")

    # A build that waits in vain says for whom, and touches nothing.
    project.put(states[1])
    before = digest_tree(project.output)
    with open(os.path.join(project.working, "lock"), "r+", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write("4242\n")
        lock.flush()
        start = time.monotonic()
        status, words = project.build()
        count.check(status == 1 and "4242" in words and "[publish-locked]" in words, f"locked: status {status}: {words}")
        count.check(time.monotonic() - start < 30, "it does not wait for ever")
        count.check(digest_tree(project.output) == before, "nothing was published by the build that waited")
        # One that is asked to end while it waits ends.
        waiting = subprocess.Popen(project.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        waiting.send_signal(signal.SIGTERM)
        start = time.monotonic()
        count.check(waiting.wait(timeout=30) != 0 and time.monotonic() - start < 5, "a build that waits can be ended")
    # The number of a process that is gone does not hold anybody up.
    status, words = project.build()
    count.check(status == 0, f"a lock that nobody holds: {words}")
    shutil.rmtree(folder)
    return count.end()


sys.exit(main())
