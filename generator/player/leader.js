/*
 * One window at a time talks to the platform for a course: the others wait, and the next takes over when it closes.
 *
 * By the browser's locks, which end with the window that holds them however it ends. Where there are none (pages
 * without https) by a lease in the journal: the holder renews it, one that is not renewed is taken. A holder that
 * slept finds its lease gone, and waits like the others.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    var BEAT_MS = 3000,
        SILENCE_UNTIL_TAKEN_MS = 12000;

    /*
     * `events`: wait() says that another window leads; lost() that this one led and another does now; lead() that
     * this one leads, for the first time or again. The leader has release().
     */
    function leadByLock(world, name, events, release) {
        function hold() {
            return new Promise(function (resolve) {
                release.now = resolve;
                events.lead();
            });
        }

        return world.locks.request(name, { ifAvailable: true }, function (lock) {
            if (lock) {
                return hold();
            }
            events.wait();
            world.locks.request(name, hold);
            return undefined;
        });
    }

    function leadByLease(world, name, events, release, journal) {
        var key = "lease/" + name,
            me = world.token();
        var isLeading = false,
            isOver = false,
            isTold = false,
            seen = null,
            seenAt = 0;

        function isAbandoned(lease) {
            if (!seen || seen.holder !== lease.holder || seen.beat !== lease.beat) {
                seen = lease;
                seenAt = world.monotonic();
                return false;
            }
            return world.monotonic() - seenAt >= SILENCE_UNTIL_TAKEN_MS;
        }

        function beat() {
            journal
                .update(key, function (lease) {
                    if (lease && lease.holder !== me && (isLeading || !isAbandoned(lease))) {
                        return undefined;
                    }
                    return { holder: me, beat: lease ? lease.beat + 1 : 0 };
                })
                .then(function (answer) {
                    /* Without storage nobody can know of others; a write that fails later changes nothing. */
                    var leads = answer ? answer.value !== undefined : isLeading || !isTold;
                    if (isOver) {
                        return;
                    }
                    if (leads && !isLeading) {
                        events.lead();
                    } else if (!leads && isLeading) {
                        events.lost();
                    } else if (!leads && !isTold) {
                        events.wait();
                    }
                    isTold = true;
                    isLeading = leads;
                    world.setTimeout(beat, BEAT_MS);
                });
        }

        release.now = function () {
            isOver = true;
            if (isLeading) {
                journal.update(key, function (lease) {
                    return lease && lease.holder === me ? null : undefined;
                });
            }
        };
        beat();
    }

    Probity.lead = function (world, name, journal, events) {
        var release = { now: function () {} };
        if (world.locks) {
            leadByLock(world, name, events, release).catch(function () {
                /* Forbidden here. */
                leadByLease(world, name, events, release, journal);
            });
        } else {
            leadByLease(world, name, events, release, journal);
        }
        return {
            release: function () {
                release.now();
            }
        };
    };
})();
