/*
 * The learner's answers on this device, in IndexedDB: written before the platform is told, kept until the platform
 * has said that it has them. Everything here may fail (storage blocked, quota, private window) and then only says so:
 * the course goes on with the platform alone.
 *
 * An entry: {key, state, confirmed, pending}: the state's text, the number of the last change that the platform
 * confirmed, and the answers that it has not confirmed.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    /* A browser that never answers must not hold up the course. */
    var PATIENCE_MS = 1500;

    function withPatience(world, promise) {
        return Promise.race([
            promise,
            new Promise(function (resolve) {
                world.setTimeout(function () {
                    resolve(null);
                }, PATIENCE_MS);
            })
        ]);
    }

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

    /* One transaction; null where it fails. */
    function transact(world, database, mode, action) {
        return withPatience(
            world,
            new Promise(function (resolve) {
                var transaction, request;
                try {
                    transaction = database.transaction("journal", mode);
                    request = action(transaction.objectStore("journal"));
                } catch (error) {
                    resolve(null);
                    return;
                }
                transaction.oncomplete = function () {
                    resolve({ result: request.result });
                };
                transaction.onerror = transaction.onabort = function () {
                    resolve(null);
                };
                /* Without waiting for our own callbacks: the page may be about to close. */
                if (mode === "readwrite" && transaction.commit) {
                    transaction.commit();
                }
            })
        );
    }

    Probity.openJournal = function (world, key) {
        return withPatience(world, openDatabase(world)).then(function (database) {
            return {
                isDurable: database !== null,
                read: function () {
                    return database
                        ? transact(world, database, "readonly", function (store) {
                              return store.get(key);
                          }).then(function (answer) {
                              return (answer && answer.result) || null;
                          })
                        : Promise.resolve(null);
                },
                /* True when the entry is on the disk. */
                write: function (entry) {
                    return database
                        ? transact(world, database, "readwrite", function (store) {
                              return store.put(Object.assign({ key: key }, entry));
                          }).then(Boolean)
                        : Promise.resolve(false);
                },
                /* Shared computers: what the platform has is not kept here. */
                forget: function () {
                    return database
                        ? transact(world, database, "readwrite", function (store) {
                              return store.delete(key);
                          }).then(Boolean)
                        : Promise.resolve(false);
                }
            };
        });
    };
})();
