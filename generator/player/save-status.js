/*
 * Shows whether the learner's answers are safe. The words say no more than is known; see keeper.js for when each is
 * said. Where the platform stays away a button offers a receipt: what the learner has done, as text to copy and to
 * send to whoever runs the platform.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    /* Ordinary saving would chatter in a screen reader; trouble, and its end, must not go unheard. */
    var IS_TROUBLE = { failed: true, lost: true, local: true };

    Probity.openSaveStatus = function (say, takeReceipt) {
        var place = document.getElementById("course-save");
        var receipt = document.getElementById("course-receipt-take");
        var last = "",
            spoken = "";
        receipt.addEventListener("click", takeReceipt);
        return function (status) {
            if (status === last) {
                return;
            }
            last = status;
            place.dataset.status = status;
            place.textContent = say("player.save." + status);
            receipt.hidden = !IS_TROUBLE[status];
            if (IS_TROUBLE[status] ? spoken !== status : status === "saved" && spoken !== "") {
                spoken = IS_TROUBLE[status] ? status : "";
                Probity.announce(place.textContent);
            }
        };
    };
})();
