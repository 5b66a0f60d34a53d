/*
 * What the windows of one course tell each other: the one that leads says all that the learner has done, with every
 * change and to whoever asks, and the others remember the last of it.
 *
 * A window that takes over needs it. Its platform may have told it what stood there when its page was loaded, and the
 * journal, which would know better, may be out of order on this device.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    /* `read()`: {key, entry}, what this window has, as the journal has it under `key`; null before it has anything. */
    Probity.openWindows = function (world, name, read) {
        var channel = world.channel(name);
        var isLeading = false,
            heard = null;
        var windows = { canHear: channel !== null };

        function post(message) {
            try {
                channel.post(message);
            } catch (error) {
                /* Then the journal alone tells the others. */
            }
        }

        /* Whether this window leads, and tells the others. */
        windows.lead = function (doesLead) {
            isLeading = doesLead;
        };

        windows.tell = function () {
            var has = channel && isLeading ? read() : null;
            if (has) {
                post({ has: has });
            }
        };

        /* The last that another window has told, {key, entry}, or null. */
        windows.heard = function () {
            return heard;
        };

        if (channel) {
            channel.hear(function (message) {
                if (message.has && !isLeading) {
                    heard = message.has;
                } else if (message.asks) {
                    windows.tell();
                }
            });
            post({ asks: true });
        }
        return windows;
    };
})();
