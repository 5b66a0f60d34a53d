/*
 * The platform's object as pages in the shell see it: one launch of the platform lasts from the first page to the last.
 * A page of a language begins with Initialize and ends with Terminate, as under a platform; here the first was called
 * before any page was there, and one that ends because another language follows is answered by a Commit.
 *
 *   choosing ──► page ──► (another language: Terminate kept back, Initialize answered) ──► page ──► Terminate, once
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});
    var format = Probity.format;

    var FIND_EVERY_MS = 100,
        FIND_FOR_MS = 2000;

    /* What of a dialect only the shell uses. `seconds` reads what format.js has written. */
    var OF = {
        scorm12: {
            language: "cmi.student_preference.language",
            time: "cmi.core.session_time",
            write: format.timespan,
            seconds: function (text) {
                var parts = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text);
                return parts ? parts[1] * 3600 + parts[2] * 60 + Number(parts[3]) : 0;
            }
        },
        scorm2004: {
            language: "cmi.learner_preference.language",
            time: "cmi.session_time",
            write: format.duration,
            seconds: function (text) {
                var parts = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(text);
                return parts ? (parts[1] || 0) * 3600 + (parts[2] || 0) * 60 + Number(parts[3] || 0) : 0;
            }
        }
    };

    function isTrue(value) {
        return /^(true|1)$/.test(String(value));
    }

    function find(dialect, world) {
        var deadline = world.monotonic() + FIND_FOR_MS;
        return new Promise(function (resolve) {
            (function look() {
                var api = Probity.findApi(dialect.api, world.view);
                if (api || !Probity.mayHavePlatform(world.view) || world.monotonic() > deadline) {
                    resolve(api);
                } else {
                    world.setTimeout(look, FIND_EVERY_MS);
                }
            })();
        });
    }

    function hold(dialect, world, platform) {
        var names = dialect.calls,
            own = OF[dialect.name];
        var isOpen = false,
            isBetween = true,
            secondsBefore = 0,
            secondsHere = 0;

        function call(name) {
            try {
                return platform[names[name]].apply(platform, Array.prototype.slice.call(arguments, 1));
            } catch (error) {
                return "";
            }
        }

        function get(element) {
            var value = call("get", element);
            return value === null || value === undefined ? "" : String(value);
        }

        function end() {
            isOpen = false;
            return call("terminate", "");
        }

        var api = {};
        api[names.initialize] = function () {
            var isFollowing = isBetween;
            isBetween = false;
            if (isFollowing) {
                return String(isOpen);
            }
            /* The page has lost the platform's session and begins another. */
            var found = Probity.findApi(dialect.api, world.view.parent);
            platform = found && found !== api ? found : platform;
            isOpen = isTrue(call("initialize", ""));
            return String(isOpen);
        };
        api[names.get] = function (element) {
            return get(element);
        };
        api[names.set] = function (element, value) {
            if (element === own.time) {
                secondsHere = own.seconds(value);
                return call("set", element, own.write(secondsBefore + secondsHere));
            }
            return call("set", element, value);
        };
        api[names.commit] = function () {
            return call("commit", "");
        };
        api[names.error] = function () {
            return call("error");
        };
        api[names.terminate] = function () {
            if (!isBetween) {
                return end();
            }
            secondsBefore += secondsHere;
            secondsHere = 0;
            return call("commit", "");
        };

        isOpen = Boolean(platform) && isTrue(call("initialize", ""));
        world.view[dialect.api] = api;
        var records =
            isOpen &&
            ["review", "browse"].indexOf(get(dialect.elements.mode)) < 0 &&
            get(dialect.elements.credit) !== "no-credit";
        var language = isOpen ? get(own.language) : "";
        var knowsLanguage = isOpen && String(call("error")) === "0";

        /* Between two pages nobody else would end it. */
        world.whenGone(function () {
            if (isOpen && isBetween) {
                end();
            }
        });
        return {
            language: language,
            /* Another page of this course follows the one that stands. */
            follow: function (code) {
                isBetween = isOpen;
                if (records && knowsLanguage) {
                    call("set", own.language, code);
                }
            }
        };
    }

    /* Promises {language, follow(code)}. */
    Probity.holdScorm = function (dialect, world) {
        return find(dialect, world).then(function (platform) {
            return hold(dialect, world, platform);
        });
    };
})();
