/*
 * What the player takes from the browser: clocks, timers, storage, locks, and what happens to the page. Everything
 * that decides whether an answer is kept asks this object and nothing else, so that the same files run in a test on
 * a clock of its own.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    function orNull(look) {
        try {
            return look() || null;
        } catch (error) {
            return null;
        }
    }

    Probity.world = {
        view: window,

        /* Milliseconds: of the calendar, which somebody may set, and of a clock that only goes forward. */
        now: function () {
            return Date.now();
        },
        monotonic: function () {
            return performance.now();
        },

        /* A word that nobody else has. */
        token: function () {
            return Math.random().toString(36).slice(2, 12);
        },

        setTimeout: function (action, delay) {
            return window.setTimeout(action, delay);
        },
        clearTimeout: function (timer) {
            window.clearTimeout(timer);
        },

        /* Null where the browser has none or forbids a mere look. */
        indexedDB: orNull(function () {
            return window.indexedDB;
        }),
        locks: orNull(function () {
            return window.navigator.locks;
        }),

        /* To the other windows of this site, or null: {post(message), hear(action)}. */
        channel: function (name) {
            return orNull(function () {
                var channel = new window.BroadcastChannel(name);
                return {
                    post: function (message) {
                        channel.postMessage(message);
                    },
                    hear: function (action) {
                        channel.onmessage = function (event) {
                            action(event.data);
                        };
                    }
                };
            });
        },

        whenOnline: function (action) {
            window.addEventListener("online", action);
        },
        whenHidden: function (action) {
            document.addEventListener("visibilitychange", function () {
                if (document.visibilityState === "hidden") {
                    action();
                }
            });
        },
        /* The page goes for good; one that the browser keeps to come back to does not. */
        whenGone: function (action) {
            window.addEventListener("pagehide", function (event) {
                if (!event.persisted) {
                    action();
                }
            });
        }
    };
})();
