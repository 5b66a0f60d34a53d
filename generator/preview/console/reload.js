/*
 * In every page that `probity serve` serves, and in no page that is published: listens for news of builds, loads the
 * page again when there is something new to see, and shows over it what is wrong while a build has errors.
 *
 * A hidden page lets go of its stream: browsers allow few connections to one server, and many pages may be open.
 */
(function () {
    "use strict";

    var script = document.currentScript;
    var build = new URL(script.src).searchParams.get("build");
    var stream = null,
        host = null,
        dismissed = "";

    function element(name, attributes, words) {
        var made = document.createElement(name);
        Object.keys(attributes || {}).forEach(function (key) {
            made.setAttribute(key, attributes[key]);
        });
        if (words !== undefined) {
            made.textContent = words;
        }
        return made;
    }

    function hide() {
        if (host) {
            host.remove();
            host = null;
        }
    }

    function count(list, severity) {
        return list.filter(function (entry) {
            return entry.severity === severity;
        }).length;
    }

    function quantity(number, word) {
        return number + " " + word + (number === 1 ? "" : "s");
    }

    /* Apart from the page, so that neither's style reaches the other. */
    function show(list) {
        var errors = count(list, "error"),
            warnings = list.length - errors;
        hide();
        host = element("probity-preview", { lang: "en", dir: "ltr" });
        var root = host.attachShadow({ mode: "open" });
        root.appendChild(element("link", { rel: "stylesheet", href: new URL("reload.css", script.src).pathname }));
        var box = element("section", { class: errors ? "errors" : "warnings", role: errors ? "alert" : "status" });
        var head = element("div", { class: "head" });
        head.appendChild(
            element(
                "h2",
                {},
                errors
                    ? quantity(errors, "error") + ": this is the last good build"
                    : quantity(warnings, "remark") + " on this build"
            )
        );
        var close = element("button", { type: "button" }, "Hide");
        close.addEventListener("click", function () {
            dismissed = JSON.stringify(list);
            hide();
        });
        head.appendChild(close);
        box.appendChild(head);
        var details = element("details", errors ? { open: "" } : {});
        details.appendChild(element("summary", {}, "What and where"));
        list.forEach(function (entry) {
            details.appendChild(element("pre", { class: entry.severity, tabindex: "0" }, entry.text));
        });
        box.appendChild(details);
        root.appendChild(box);
        document.body.appendChild(host);
    }

    function take(news) {
        if (news.build !== build) {
            close();
            location.reload();
        } else if (!news.diagnostics.length) {
            hide();
        } else if (JSON.stringify(news.diagnostics) !== dismissed) {
            show(news.diagnostics);
        }
        document.documentElement.dataset.preview = news.news;
    }

    function open() {
        if (!stream && document.visibilityState !== "hidden") {
            stream = new EventSource(new URL("events", script.src).pathname);
            stream.addEventListener("state", function (event) {
                take(JSON.parse(event.data));
            });
        }
    }

    function close() {
        if (stream) {
            stream.close();
            stream = null;
        }
    }

    document.addEventListener("visibilitychange", function () {
        if (document.visibilityState === "hidden") {
            close();
        } else {
            open();
        }
    });
    window.addEventListener("pagehide", close);
    window.addEventListener("pageshow", open);
    open();
})();
