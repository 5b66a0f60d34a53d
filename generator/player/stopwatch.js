/*
 * How long the learner has been at it. By the clock that only goes forward; while a laptop sleeps some of these go on,
 * so that a longer silence than the stopwatch's own beat allows counts as a short one.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    var BEAT_MS = 60000,
        SILENCE_LIMIT_MS = 2 * BEAT_MS;

    Probity.openStopwatch = function (world) {
        var last = world.monotonic(),
            total = 0,
            timer = null;

        function milliseconds() {
            var now = world.monotonic();
            total += Math.min(Math.max(now - last, 0), SILENCE_LIMIT_MS);
            last = now;
            return total;
        }

        function beat() {
            milliseconds();
            timer = world.setTimeout(beat, BEAT_MS);
        }

        timer = world.setTimeout(beat, BEAT_MS);
        return {
            seconds: function () {
                return milliseconds() / 1000;
            },
            stop: function () {
                world.clearTimeout(timer);
            }
        };
    };
})();
