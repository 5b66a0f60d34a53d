/*
 * What the journal holds of one learner and course, and how it is joined with what others know.
 *
 * An entry: {state, confirmed, pending, former, writer, savedAt, isSettled}: the state's text; the number of the last
 * change that the platform said it has; the answers that it has not ({key, …}); {state, pending, savedAt} of former
 * attempts, which the learner may still take up; who wrote it; when; and whether nothing is outstanding. The state is empty where only former attempts are known.
 *
 * Joining never loses an answer. Only an attempt that the platform has begun anew starts empty: then what is here and
 * was confirmed stays aside as a former attempt, for nobody but the learner can tell an attempt that the office has
 * reset from one that the platform has lost.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    var entries = (Probity.entries = {});

    function canonical(learner) {
        function sorted(object) {
            return Object.keys(object)
                .sort()
                .map(function (key) {
                    return [key, object[key]];
                });
        }
        return JSON.stringify(
            Object.assign({}, learner, {
                change: 0,
                screen: "",
                seen: sorted(learner.seen),
                answers: sorted(learner.answers),
                foreignSeen: learner.foreignSeen.slice().sort(),
                foreignAnswers: learner.foreignAnswers.slice().sort()
            })
        );
    }

    /* Whether `learner` has everything that `other` has. */
    entries.covers = function (learner, other) {
        return canonical(Probity.state.merge(learner, other)) === canonical(learner);
    };

    /* The two joined: `learner` itself where there is nothing new, else a learner with a change of its own. */
    entries.merge = function (learner, other) {
        if (!other || entries.covers(learner, other)) {
            return learner;
        }
        var merged = Probity.state.merge(learner, other);
        merged.change = Math.max(learner.change, other.change) + 1;
        return merged;
    };

    function union(list, more, keyOf) {
        return list.concat(
            more.filter(function (item) {
                return !list.some(function (other) {
                    return keyOf(other) === keyOf(item);
                });
            })
        );
    }

    function keyOfRecord(record) {
        return record.key;
    }

    entries.joinRecords = function (list, more) {
        return union(list, more, keyOfRecord);
    };

    entries.joinFormer = function (list, more) {
        return union(list, more, function (item) {
            return item.state;
        });
    };

    function asFormer(entry) {
        return { state: entry.state, pending: entry.pending, savedAt: entry.savedAt };
    }

    /* The entry with another one put aside; `entry` may be null. */
    entries.putAside = function (entry, other) {
        var kept = entry || { state: "", confirmed: -1, pending: [], former: [], writer: "", savedAt: other.savedAt };
        return Object.assign({}, kept, {
            former: entries.joinFormer(kept.former, [asFormer(other)].concat(other.former)),
            isSettled: false
        });
    };

    function isConfirmed(learner, entry) {
        return learner.change === entry.confirmed && !entry.pending.length;
    }

    /*
     * What is written: `mine`, joined with what another window or an earlier launch wrote meanwhile. `settled`: keys of
     * answers that the platform has confirmed to this window; `aside`: states that it has put aside as former attempts.
     */
    entries.join = function (course, stored, mine, settled, aside) {
        if (!stored || stored.writer === mine.writer) {
            return mine;
        }
        var theirs = stored.state ? Probity.state.read(course, stored.state) : null,
            ours = Probity.state.read(course, mine.state);
        var joined = Object.assign({}, mine, {
            former: entries.joinFormer(
                mine.former,
                stored.former.filter(function (item) {
                    return aside.indexOf(item.state) < 0;
                })
            )
        });
        if (!stored.state || aside.indexOf(stored.state) >= 0) {
            return joined;
        }
        if (!theirs || (theirs.seed !== ours.seed && isConfirmed(theirs, stored))) {
            joined.former = entries.joinFormer(joined.former, [asFormer(stored)]);
            return joined;
        }
        joined.state = Probity.state.write(course, entries.merge(ours, theirs));
        joined.pending = entries.joinRecords(
            mine.pending,
            stored.pending.filter(function (record) {
                return settled.indexOf(record.key) < 0;
            })
        );
        joined.isSettled = joined.isSettled && joined.state === mine.state && !joined.pending.length;
        return joined;
    };

    /* Of an attempt that has been reset, and perhaps opened since, nothing is left on the platform. */
    function knowsNothing(known) {
        return !(known.state || known.passed || known.completed || known.failed || known.scorePermille);
    }

    /*
     * What a launch begins with: what the platform knows (null without one) joined with this device's entry (or null).
     * What another window wrote here after `knownSince` the platform may not have told this one: some read their values
     * when the page is loaded; knownSince is Infinity where no other window was there. Gives {learner, confirmed,
     * pending, former, isLost}; isLost: the platform's state cannot be read and nothing here replaces it.
     */
    entries.begin = function (course, known, entry, knownSince) {
        var state = Probity.state;
        var theirs = known && known.state ? state.read(course, known.state) : null;
        var ours = entry && entry.state ? state.read(course, entry.state) : null;
        var former = entry ? entry.former : [];
        /* The platform begins anew, or is in another attempt than the one that is here. */
        var isOther =
            ours &&
            known &&
            entry.savedAt < knownSince &&
            isConfirmed(ours, entry) &&
            (theirs ? theirs.seed !== ours.seed : knowsNothing(known));

        if (entry && entry.state && (isOther || !ours)) {
            former = entries.joinFormer(former, [asFormer(entry)]);
            ours = null;
        }
        var learner = state.merge(theirs, ours) || state.create();
        var start = {
            learner: learner,
            confirmed: -1,
            pending: ours ? entry.pending : [],
            former: former,
            isLost: Boolean(known && known.state && !theirs && !ours)
        };
        if (!known) {
            return start;
        }
        if (start.isLost && course.places.indexOf(known.location) >= 0) {
            learner.screen = known.location;
        }
        learner.passed = learner.passed || known.passed;
        learner.completed = learner.completed || known.completed;
        learner.ended = learner.ended || known.failed;
        learner.bestPermille = Math.max(learner.bestPermille, known.scorePermille || 0);
        /*
         * Nothing to say where the platform has this very state and the verdict that follows from it; what it said
         * before another window went on says nothing of what it has now.
         */
        var isTold =
            knownSince === Infinity &&
            theirs &&
            !start.pending.length &&
            (known.passed || !learner.passed) &&
            (known.passed || known.failed || !learner.ended);
        if (isTold && state.write(course, learner) === known.state) {
            start.confirmed = learner.change;
        } else if (theirs || ours || known.state) {
            learner.change++;
        } else {
            start.confirmed = 0;
        }
        return start;
    };

    /*
     * What `entry` has that was done before a platform came goes on in the attempt that `start`, from entries.begin,
     * found there: nobody knew then which it was.
     */
    entries.continueIn = function (course, start, entry) {
        var learner = Probity.state.read(course, entry.state);
        start.former = entries.joinFormer(start.former, entry.former);
        if (learner.change > 0) {
            learner.round = Math.max(learner.round, start.learner.round);
            start.learner = entries.merge(start.learner, learner);
            start.pending = entries.joinRecords(start.pending, entry.pending);
            start.confirmed = -1;
        }
    };
})();
