/*
 * Begins a launch on this page, and shows what launch.js says of it: notices, what the device has kept of former
 * attempts, a second window that waits, and the way out.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    var root = document.documentElement;
    var world = Probity.world;
    var course = Probity.course;
    var say = Probity.openWords(course.words, root.lang);
    var learnerId = "";
    var keeper, launch;

    function notice(text) {
        var place = document.getElementById("course-notice");
        place.textContent = text;
        place.hidden = !text;
    }

    function tellPlatform(known, start) {
        learnerId = known ? known.learner : "";
        if (!known) {
            notice(say(root.dataset.platform === "web" ? "player.practice" : "player.not-recorded"));
        } else if (!known.records) {
            notice(say("player.review"));
        } else {
            notice(start.isLost ? say("player.damaged") : "");
        }
    }

    /* What this device has kept of an attempt that the platform does not know: only the learner can say whose it is. */
    function offerFormer() {
        var place = document.getElementById("course-former");
        var former = keeper.former();
        if (!former.length) {
            return;
        }
        document.getElementById("course-former-words").textContent = say(
            "player.former",
            new Intl.DateTimeFormat(root.lang, { dateStyle: "long" }).format(former[0].savedAt)
        );
        [
            ["course-former-use", true],
            ["course-former-drop", false]
        ].forEach(function (pair) {
            document.getElementById(pair[0]).onclick = function () {
                place.hidden = true;
                keeper.settleFormer(pair[1]);
                document.getElementById("course-text").focus();
            };
        });
        place.hidden = false;
    }

    function openLeaving() {
        var leave = document.getElementById("course-leave");
        var isAnyway = false;

        leave.addEventListener("click", function () {
            launch.leave(isAnyway).then(function (isLeft) {
                if (!isLeft && !isAnyway) {
                    isAnyway = true;
                    leave.textContent = say("player.leave.anyway");
                    notice(say("player.leave.unsaved"));
                    Probity.announce(say("player.leave.unsaved"));
                    return;
                }
                root.dataset.player = "left";
                document.getElementById("course-left").hidden = false;
                document.getElementById("course-left-words").textContent = say(
                    isLeft ? "player.left.saved" : "player.left.unsaved"
                );
                document.querySelector("#course-left h2").focus();
            });
        });
        leave.hidden = false;
    }

    /* Everything can be read, nothing answered. */
    function setWaiting(isWaiting) {
        root.dataset.player = isWaiting ? "waiting" : keeper ? "on" : "starting";
        document.getElementById("course-leave").inert = isWaiting;
        document.querySelectorAll(".exercise, #course-result").forEach(function (element) {
            element.inert = isWaiting;
        });
        notice(isWaiting ? say("player.other-window") : "");
        if (isWaiting) {
            Probity.announce(say("player.other-window"));
        }
    }

    root.dataset.player = "starting";
    Probity.fitContents();
    course.places = Array.from(document.querySelectorAll("[data-place]")).map(function (place) {
        return place.dataset.place;
    });
    launch = Probity.launch(world, course, Probity[root.dataset.platform], {
        tell: Probity.openSaveStatus(
            say,
            Probity.openReceipt(function () {
                return Probity.receiptText(world, course, keeper.learner, learnerId);
            })
        ),
        wait: function () {
            setWaiting(true);
        },
        lead: function () {
            setWaiting(false);
        },
        begin: function (newKeeper, known, start) {
            var navigation = Probity.openNavigation(say);
            keeper = newKeeper;
            setWaiting(false);
            tellPlatform(known, start);
            keeper.learnerName = known ? known.name : "";
            Probity.play(course, say, keeper, navigation);
            keeper.whenFormer = offerFormer;
            offerFormer();
            openLeaving();
            performance.mark("course-ready");
        },
        attached: function (known, start) {
            tellPlatform(known, start);
            keeper.learnerName = known ? known.name : "";
            offerFormer();
        }
    });
})();
