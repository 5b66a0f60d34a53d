/*
 * Says things to those who listen: one polite live region for the whole course. What is said is on the screen as
 * well.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    Probity.announce = function (text) {
        var region = document.getElementById("course-live");
        /* The same words twice are spoken twice only if the region was empty in between. */
        region.textContent = "";
        setTimeout(function () {
            region.textContent = text;
        }, 50);
    };
})();
