"""Counts what holds and says what does not."""


class Count:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, holds, complaint):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(complaint, flush=True)
        return bool(holds)

    def same(self, found, expected, what):
        return self.check(found == expected, f"{what}: {found!r}, not {expected!r}")

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0


COUNT = Count()
