/*
 * One place at a time: screens, the pages around them, and the list of contents. It keeps the focus where the reader
 * is, and touches no answers.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    function room() {
        return window.matchMedia("(min-width: 60rem)");
    }

    function fitContents() {
        document.querySelector("nav details").open = room().matches;
    }

    /* The list of contents: beside the text where there is room for it (layouts/course/style.css), else opened when wanted. */
    Probity.fitContents = function () {
        fitContents();
        room().addEventListener("change", fitContents);
    };

    Probity.openNavigation = function (say) {
        var places = Array.from(document.querySelectorAll("[data-place]"));
        var links = Array.from(document.querySelectorAll("nav a[data-goto]"));
        var back = document.getElementById("course-back"),
            next = document.getElementById("course-next");
        var progress = document.getElementById("course-progress");
        var bar = document.getElementById("course-bar");
        var current = 0;
        var whenShown = function () {};
        var navigation = {};

        function indexOf(id) {
            return places.findIndex(function (place) {
                return place.dataset.place === id;
            });
        }

        navigation.ids = places.map(function (place) {
            return place.dataset.place;
        });

        navigation.title = function (id) {
            return places[indexOf(id)].querySelector("h2").textContent;
        };

        navigation.address = function (id) {
            return "#" + places[indexOf(id)].id;
        };

        navigation.whenShown = function (listener) {
            whenShown = listener;
        };

        navigation.show = function (id, keepsFocus) {
            current = Math.max(indexOf(id), 0);
            places.forEach(function (place, at) {
                place.hidden = at !== current;
                if (place.hidden) {
                    place.querySelectorAll("video, audio").forEach(function (media) {
                        media.pause();
                    });
                }
            });
            links.forEach(function (link) {
                if (link.dataset.goto === navigation.ids[current]) {
                    link.setAttribute("aria-current", "page");
                } else {
                    link.removeAttribute("aria-current");
                }
            });
            back.hidden = current === 0;
            next.hidden = current === places.length - 1;
            progress.textContent = say("player.progress", current + 1, places.length);
            bar.max = places.length;
            bar.value = current + 1;
            bar.setAttribute("aria-label", progress.textContent);
            whenShown(navigation.ids[current]);
            if (!keepsFocus) {
                /* The heading is what tells a listener that the screen has changed. */
                window.scrollTo(0, 0);
                places[current].querySelector("h2").focus();
            }
        };

        /*
         * What the list of contents says of each place: "", "seen", "open" (something is still to be answered) or
         * "done".
         */
        navigation.mark = function (id, mark) {
            links
                .filter(function (link) {
                    return link.dataset.goto === id;
                })
                .forEach(function (link) {
                    link.dataset.mark = mark;
                    link.querySelector(".mark").textContent = mark ? say("player.mark." + mark) : "";
                });
        };

        places.forEach(function (place) {
            place.querySelector("h2").tabIndex = -1;
        });
        back.addEventListener("click", function () {
            navigation.show(navigation.ids[current - 1]);
        });
        next.addEventListener("click", function () {
            navigation.show(navigation.ids[current + 1]);
        });
        /*
         * The list of contents, links between screens, and links to a place on one. Within the current screen they
         * work by themselves.
         */
        document.addEventListener("click", function (event) {
            var link = event.target.closest("a[href^='#']");
            var target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
            var place = target && target.closest("[data-place]");
            if (!place || (place === places[current] && target !== place)) {
                return;
            }
            event.preventDefault();
            fitContents();
            navigation.show(place.dataset.place);
            if (target !== place) {
                target.scrollIntoView();
            }
        });
        return navigation;
    };
})();
