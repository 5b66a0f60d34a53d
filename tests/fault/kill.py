"""A build that is killed at any moment leaves the former site whole or the new one, and the next build needs no help."""
import os
import random
import shutil
import subprocess
import sys
import time

from small_site import Count, Project, difference, digest_tree, scratch_folder, variants

ROUNDS = int(os.environ.get("KILL_ROUNDS", "200"))


def main():
    chance = random.Random(20260101)
    count = Count()
    states = variants()
    folder = scratch_folder("kill")
    project = Project(os.path.join(folder, "project"), states[0])
    expected = []
    for state in states:
        project.put(state)
        expected.append(project.clean())

    at = 0
    project.put(states[0])
    status, words = project.build()
    count.check(status == 0, f"the first build: {words}")
    start = time.monotonic()
    subprocess.run(project.command(), stdout=subprocess.DEVNULL, check=False)
    longest = (time.monotonic() - start) * 4
    outcomes = {"old": 0, "new": 0}
    for number in range(ROUNDS):
        following = chance.choice([i for i in range(len(states)) if i != at])
        project.put(states[following])
        # Now and then the working folder is gone, and with it everything known: all is made again.
        if chance.random() < 0.15:
            shutil.rmtree(os.path.join(project.working, "stage"), ignore_errors=True)
        process = subprocess.Popen(project.command("--jobs", chance.choice(["1", "2", "4"])), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0, longest))
        process.kill()
        process.wait()
        stands = digest_tree(project.output)
        whole = stands in (expected[at], expected[following])
        count.check(whole, f"round {number}: the site is neither the old nor the new: {difference(stands, expected[at])}")
        outcomes["new" if stands == expected[following] else "old"] += 1
        # The next build is sometimes of yet another state.
        if chance.random() < 0.3:
            following = chance.randrange(len(states))
            project.put(states[following])
        status, words = project.build()
        stands = digest_tree(project.output)
        count.check(status == 0 and stands == expected[following],
                    f"round {number}: the build after it: status {status}, {difference(stands, expected[following])}: {words}")
        at = following
    print(f"killed {ROUNDS} times within {longest * 1000:.0f} ms: {outcomes['old']} left the old site, {outcomes['new']} the new")
    shutil.rmtree(folder)
    return count.end()


sys.exit(main())
