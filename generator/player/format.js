/* Numbers, times and dates as the two standards write them. Both refuse more than two digits of a second. */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    /* 9999 hours is the longest time that SCORM 1.2 can say. */
    var CENTISECONDS_LIMIT = 9999 * 360000;
    /* SCORM 2004 knows the years from 1970 to 2038. */
    var FAR_FUTURE_MS = Date.UTC(2038, 0, 1);

    function pad(number, digits) {
        return String(number).padStart(digits, "0");
    }

    function centiseconds(seconds) {
        return Math.min(Math.max(Math.round(seconds * 100) || 0, 0), CENTISECONDS_LIMIT);
    }

    var format = (Probity.format = {});

    /* 0075:03:09.50; at least two digits of hours */
    format.timespan = function (seconds) {
        var total = centiseconds(seconds);
        return (
            pad(Math.floor(total / 360000), 2) +
            ":" +
            pad(Math.floor(total / 6000) % 60, 2) +
            ":" +
            pad(Math.floor(total / 100) % 60, 2) +
            "." +
            pad(total % 100, 2)
        );
    };

    /* PT1H2M3.04S */
    format.duration = function (seconds) {
        var total = centiseconds(seconds);
        var hours = Math.floor(total / 360000),
            minutes = Math.floor(total / 6000) % 60,
            rest = total % 6000;
        var text = (hours ? hours + "H" : "") + (minutes ? minutes + "M" : "");
        if (rest || !text) {
            text += Math.floor(rest / 100) + (rest % 100 ? "." + pad(rest % 100, 2) : "") + "S";
        }
        return "PT" + text;
    };

    /* The time of day in the learner's zone, as SCORM 1.2 asks. */
    format.timeOfDay = function (milliseconds) {
        var date = new Date(milliseconds);
        return (
            pad(date.getHours(), 2) +
            ":" +
            pad(date.getMinutes(), 2) +
            ":" +
            pad(date.getSeconds(), 2) +
            "." +
            pad(Math.floor(date.getMilliseconds() / 10), 2)
        );
    };

    /*
     * 2026-11-20T10:00:00.25Z: the fraction is required before Z, and has two digits at most; "" for a time that no
     * platform need know, as a device has whose clock is far wrong.
     */
    format.timestamp = function (milliseconds) {
        if (!(milliseconds >= 0 && milliseconds < FAR_FUTURE_MS)) {
            return "";
        }
        return new Date(milliseconds).toISOString().replace(/\.(\d\d)\dZ$/, ".$1Z");
    };

    /* The learner's own day: 2026-11-21 */
    format.day = function (milliseconds) {
        var date = new Date(milliseconds);
        return [date.getFullYear(), pad(date.getMonth() + 1, 2), pad(date.getDate(), 2)].join("-");
    };

    /* 857 gives 85.7; 1000 gives 100 */
    format.percent = function (permille) {
        return String(permille / 10);
    };

    /* 857 gives 0.857 */
    format.ratio = function (permille) {
        return String(permille / 1000);
    };

    /* Cuts at a whole character. Platforms count as their strings do, in which some characters count twice. */
    format.cut = function (text, limit) {
        if (text.length <= limit) {
            return text;
        }
        var kept = "";
        Array.from(text).every(function (character) {
            var fits = kept.length + character.length < limit;
            kept += fits ? character : "";
            return fits;
        });
        return kept + "…";
    };
})();
