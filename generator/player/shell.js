/*
 * The first page of a package of several languages. Without script it is a list of links; with it, it opens the course
 * in the learner's language in a frame, holds the platform for it, and stays while the learner goes from one language
 * to another. Which language: the one that the platform knows, else the last one chosen on this device, else the
 * browser's, else the first of the list, which is the source language.
 */
(function () {
    "use strict";
    var Probity = window.Probity;

    var root = document.documentElement,
        world = Probity.world;
    var links = Array.from(document.querySelectorAll("a[hreflang]"));
    var KEY = "probity/language/" + root.dataset.course;

    function remember(code) {
        try {
            window.localStorage.setItem(KEY, code);
        } catch (error) {
            /* Then it is asked again. */
        }
    }

    function remembered() {
        try {
            return window.localStorage.getItem(KEY) || "";
        } catch (error) {
            return "";
        }
    }

    function firstPart(tag) {
        return tag.trim().toLowerCase().split(/[-_]/)[0];
    }

    /* Platforms say "ar", "ar-EG", "ar_EG", or the language's name. */
    function linkFor(words) {
        return links.find(function (link) {
            return (
                firstPart(link.hreflang) === firstPart(words) ||
                link.firstElementChild.textContent.toLowerCase() === words.trim().toLowerCase()
            );
        });
    }

    /* `preferred`: one or more, the best first. */
    function choose(preferred) {
        return preferred
            .split(",")
            .concat(remembered())
            .concat(Array.from(window.navigator.languages || [])).map(linkFor).find(Boolean);
    }

    function open(holder) {
        var frame = document.createElement("iframe");

        /* In place of the page that stands: going back leads out of the course, not into the language before. */
        function follow(event) {
            var link = event.target.closest("a[hreflang]");
            if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
                event.preventDefault();
                remember(link.hreflang);
                holder.follow(link.hreflang);
                frame.contentWindow.location.replace(link.href);
            }
        }

        frame.className = "shell-frame";
        frame.addEventListener("load", function () {
            var page = frame.contentDocument;
            document.title = frame.title = page.title;
            root.lang = page.documentElement.lang;
            root.dir = page.documentElement.dir;
            page.addEventListener("click", follow);
        });
        frame.src = (choose(holder.language) || links[0]).href;
        document.getElementById("shell-languages").hidden = true;
        document.body.classList.add("shell-open");
        document.body.appendChild(frame);
    }

    if (root.dataset.platform === "web") {
        window.location.replace((choose("") || links[0]).href);
    } else {
        (root.dataset.platform === "cmi5"
            ? Probity.holdCmi5(world)
            : Probity.holdScorm(Probity[root.dataset.platform], world)
        ).then(open);
    }
})();
