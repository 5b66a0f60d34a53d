/*
 * The learner's answers on this device, in IndexedDB: written before the platform is told. Everything here may fail
 * (storage blocked, quota, private window) and then only says so: the course goes on with the platform alone.
 *
 * Each write is one transaction that reads what stands there, joins and writes, so that two windows never overwrite
 * each other's answers. What an entry holds is entry.js's part.
 *
 * An entry stays when the platform says that it has everything, for only the next launch shows whether that was true.
 * Entries of other learners and courses of which nothing is outstanding go after thirty days: computers are shared.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    /* A browser that never answers must not hold up the course; once it has not, it gets less time to. */
    var PATIENCE_MS = 1500,
        IMPATIENCE_MS = 100;
    var KEPT_FOR_MS = 30 * 24 * 3600 * 1000;

    function openDatabase(world) {
        return new Promise(function (resolve) {
            var request;
            try {
                request = world.indexedDB.open("probity", 1);
            } catch (error) {
                resolve(null);
                return;
            }
            request.onupgradeneeded = function () {
                request.result.createObjectStore("journal", { keyPath: "key" });
            };
            request.onsuccess = function () {
                resolve(request.result);
            };
            request.onerror = request.onblocked = function () {
                resolve(null);
            };
        });
    }

    Probity.openJournal = function (world) {
        var opening = null,
            patience = PATIENCE_MS;
        var journal = {};

        function withPatience(promise) {
            return new Promise(function (resolve) {
                var timer;
                function wait() {
                    var since = world.monotonic();
                    timer = world.setTimeout(function () {
                        if (world.monotonic() - since > 2 * patience) {
                            /* Not the browser was slow: the laptop slept, or a call of the platform held up all. */
                            wait();
                            return;
                        }
                        patience = IMPATIENCE_MS;
                        /* Some browsers never answer to the first who opens, and at once to the next. */
                        opening = opening && opening.isAnswered ? opening : null;
                        resolve(null);
                    }, patience);
                }

                wait();
                promise.then(function (value) {
                    patience = PATIENCE_MS;
                    world.clearTimeout(timer);
                    resolve(value);
                });
            });
        }

        function forget(former) {
            opening = opening === former ? null : opening;
        }

        /* A database that failed or was closed by the browser is opened again when it is wanted next. */
        function database() {
            if (!opening) {
                var mine = { isAnswered: false, database: null };
                mine.database = openDatabase(world).then(function (opened) {
                    mine.isAnswered = true;
                    if (opened) {
                        opened.onclose = function () {
                            forget(mine);
                        };
                    } else {
                        forget(mine);
                    }
                    return opened;
                });
                opening = mine;
            }
            return opening.database;
        }

        /* One transaction: `act(store, done)` makes the requests and hands its answer to `done`. Null where it fails. */
        function transact(mode, act) {
            return withPatience(
                database().then(function (opened) {
                    return new Promise(function (resolve) {
                        var answer = null;
                        var transaction;
                        try {
                            transaction = opened.transaction("journal", mode, { durability: "strict" });
                            act(transaction.objectStore("journal"), function (value) {
                                answer = { value: value };
                                /* Without waiting for our own callbacks: the page may be about to close. */
                                if (mode === "readwrite" && transaction.commit) {
                                    transaction.commit();
                                }
                            });
                        } catch (error) {
                            opening = null;
                            resolve(null);
                            return;
                        }
                        transaction.oncomplete = function () {
                            resolve(answer);
                        };
                        transaction.onerror = transaction.onabort = function () {
                            resolve(null);
                        };
                    });
                })
            );
        }

        /* Promises {value}: the entry, or null where there is none; null where nobody can know. */
        journal.read = function (key) {
            return transact("readonly", function (store, done) {
                var request = store.get(key);
                request.onsuccess = function () {
                    done(request.result || null);
                };
            });
        };

        /*
         * Replaces the entry by change(entry or null); what that gives, once it is on the disk. Null deletes it,
         * undefined leaves it. The promise is of {value}, or of null where nothing could be kept.
         */
        journal.update = function (key, change) {
            return transact("readwrite", function (store, done) {
                var request = store.get(key);
                request.onsuccess = function () {
                    var value = change(request.result || null);
                    if (value === null) {
                        store.delete(key);
                    } else if (value !== undefined) {
                        store.put(Object.assign({}, value, { key: key }));
                    }
                    done(value);
                };
            });
        };

        journal.sweep = function (ownKeys) {
            return transact("readwrite", function (store, done) {
                var request = store.getAll();
                request.onsuccess = function () {
                    request.result.forEach(function (entry) {
                        var isOld = world.now() - entry.savedAt > KEPT_FOR_MS;
                        if (isOld && entry.isSettled && ownKeys.indexOf(entry.key) < 0) {
                            store.delete(entry.key);
                        }
                    });
                    done();
                };
            });
        };
        return journal;
    };
})();
