/*
 * A page that is a learning platform: it launches a course out of its package, shows every call and what has come of it, and fails when
 * it is told to. What the learner did is kept for as long as the browser's tab lives.
 */
(function () {
    "use strict";

    var WORDS = {
        all: "all languages in one package",
        everyone: "all",
        none: "No courses have been built yet.",
        noCourse: "There is no package of this course.",
        rebuilt: "The course was built again and launched again.",
        tab: "Tab ",
        state: function (used, limit) {
            return used.toLocaleString("en") + " of " + limit.toLocaleString("en") + " characters";
        },
        calls: function (count, refused) {
            return count + (count === 1 ? " call, " : " calls, ") + refused + " refused";
        }
    };
    var ROWS_LIMIT = 2000;
    var NAME = /^(?:.*\/)?([^/]+)\/\1(?:-(.+))?-([a-z]{2,3}|all)-((scorm12|scorm2004)[a-z0-9-]*)\.zip$/;

    function byId(id) {
        return document.getElementById(id);
    }

    function add(parent, name, words, attributes) {
        var element = document.createElement(name);
        Object.keys(attributes || {}).forEach(function (key) {
            element.setAttribute(key, attributes[key]);
        });
        if (words !== undefined) {
            element.textContent = words;
        }
        parent.appendChild(element);
        return element;
    }

    function languageName(code) {
        return code === "all" ? WORDS.all : new Intl.DisplayNames(["en"], { type: "language" }).of(code);
    }

    /* essentials/essentials-managers-ar-scorm12.zip */
    function readPackages(list) {
        return list
            .map(function (entry) {
                var parts = NAME.exec(entry.file);
                return (
                    parts && {
                        file: entry.file,
                        modified: entry.modified,
                        course: parts[1],
                        audience: parts[2] || "",
                        language: parts[3],
                        standard: parts[4],
                        model: parts[5]
                    }
                );
            })
            .filter(Boolean);
    }

    function fetchPackages() {
        return fetch("/_probity/packages.json")
            .then(function (response) {
                return response.json();
            })
            .then(readPackages);
    }

    /* ---- The list of courses ---- */

    function showList(packages) {
        var section = byId("list");
        section.hidden = false;
        section.textContent = "";
        var courses = Array.from(
            new Set(
                packages.map(function (entry) {
                    return entry.course;
                })
            )
        );
        byId("notice").textContent = courses.length ? "" : WORDS.none;
        courses.forEach(function (course) {
            add(section, "h2", course);
            var list = add(section, "ul");
            var languages = new Set(
                packages
                    .filter(function (entry) {
                        return entry.course === course;
                    })
                    .map(function (entry) {
                        return entry.language;
                    })
            );
            languages.forEach(function (language) {
                add(add(list, "li"), "a", languageName(language), { href: "/console/" + course + "/" + language });
            });
        });
    }

    /* ---- One course ---- */

    function openStage(course, packages) {
        var chosen = null,
            memory = null,
            tabs = [],
            calls = 0,
            refused = 0;
        var startedAt = performance.now();
        var switches = { offline: false, refuses: false, lost: false, delay_ms: 0 };

        function storeKey() {
            return ["probity", course, chosen.model, chosen.audience].join("/");
        }

        /* ---- What is shown ---- */

        function showCall(tab, call) {
            var isRefused = call.why !== "" || call.result === "false";
            calls++;
            refused += isRefused ? 1 : 0;
            var body = byId("calls").tBodies[0];
            var row = add(body, "tr", undefined, isRefused ? { class: "refused" } : {});
            [
                calls,
                ((call.at - startedAt) / 1000).toFixed(2),
                tab.number,
                call.name,
                call.given.join(", "),
                call.result,
                (call.error === "0" ? "" : call.error) + (call.why ? " " + call.why : ""),
                call.ms.toFixed(1)
            ].forEach(function (cell) {
                add(row, "td", cell);
            });
            if (body.rows.length > ROWS_LIMIT) {
                body.deleteRow(0);
            }
            byId("calls-words").textContent = WORDS.calls(calls, refused);
            showValues(tab.launch.model);
        }

        function flatten(from) {
            var values = Object.assign({}, from && from.values);
            ["interactions", "objectives"].forEach(function (list) {
                ((from && from[list]) || []).forEach(function (entry, at) {
                    Object.keys(entry).forEach(function (key) {
                        values["cmi." + list + "." + at + "." + key] = entry[key];
                    });
                });
            });
            return values;
        }

        function showValues(model) {
            var said = flatten(model),
                kept = flatten(memory);
            var body = byId("values").tBodies[0];
            body.textContent = "";
            Object.keys(Object.assign({}, kept, said))
                .sort(new Intl.Collator("en", { numeric: true }).compare)
                .forEach(function (name) {
                    var row = add(body, "tr");
                    add(row, "th", name, { scope: "row" });
                    add(row, "td", said[name] === undefined ? "" : said[name]);
                    add(row, "td", kept[name] === undefined ? "" : kept[name]);
                });
            var state = window.Console.STANDARDS[chosen.model].state;
            var used = (said[state[0]] || "").length;
            byId("state-meter").max = state[1];
            byId("state-meter").value = used;
            byId("state-words").textContent = WORDS.state(used, state[1]);
        }

        /* ---- Launches ---- */

        function keep(committed) {
            memory = committed;
            sessionStorage.setItem(storeKey(), JSON.stringify(committed));
        }

        function launch() {
            var tab = { number: tabs.length + 1 };
            tabs.push(tab);
            tab.launch = window.Console.openLaunch({
                standard: chosen.model,
                language: chosen.language === "all" ? navigator.language : chosen.language,
                memory: window.Console.resume(chosen.model, memory),
                isReview: byId("review").checked,
                switches: switches,
                stored: keep,
                record: function (call) {
                    showCall(tab, call);
                }
            });
            /* Between this page and the course stands a window of the platform's own, so that each tab has its object. */
            tab.frame = add(byId("tabs"), "iframe", undefined, {
                src: "/_probity/tab.html",
                title: WORDS.tab + tab.number
            });
            tab.frame.addEventListener("load", function () {
                var view = tab.frame.contentWindow;
                tab.launch.install(view);
                tab.course = add(view.document.body, "iframe", undefined, {
                    src: "/console/files/" + chosen.file + "/index.html",
                    title: course
                });
                tab.course.addEventListener("load", tellNetwork);
            });
            showValues(tab.launch.model);
        }

        function closeTabs(isCrash) {
            tabs.forEach(function (tab) {
                if (isCrash) {
                    tab.launch.drop();
                }
                tab.frame.remove();
            });
            tabs = [];
        }

        function relaunch(isCrash) {
            closeTabs(isCrash);
            launch();
        }

        /* The course sees of the network what its window tells it. */
        function tellNetwork() {
            tabs.forEach(function (tab) {
                var view = tab.course && tab.course.contentWindow;
                if (view) {
                    Object.defineProperty(view.navigator, "onLine", { configurable: true, value: !switches.offline });
                    view.dispatchEvent(new view.Event(switches.offline ? "offline" : "online"));
                }
            });
        }

        function forget() {
            closeTabs(true);
            sessionStorage.removeItem(storeKey());
            memory = null;
            /* The course keeps a journal of its own on this device. */
            var request = indexedDB.deleteDatabase("probity");
            request.onsuccess = request.onerror = request.onblocked = launch;
        }

        /* ---- Choices ---- */

        function fill(select, values, value, say) {
            select.textContent = "";
            Array.from(new Set(values)).forEach(function (entry) {
                add(select, "option", say ? say(entry) : entry, { value: entry });
            });
            select.value = value;
        }

        function values(key) {
            return packages.map(function (entry) {
                return entry[key];
            });
        }

        /* The package that has most of what is wanted, the language before all. */
        function choose(wanted) {
            function fit(entry) {
                return (
                    (entry.language === wanted.language ? 4 : 0) +
                    (entry.standard === wanted.standard ? 2 : 0) +
                    (entry.audience === wanted.audience ? 1 : 0)
                );
            }
            chosen = packages.slice().sort(function (left, right) {
                return fit(right) - fit(left);
            })[0];
            memory = JSON.parse(sessionStorage.getItem(storeKey()) || "null");
            fill(byId("standard"), values("standard"), chosen.standard);
            fill(byId("language"), values("language"), chosen.language, languageName);
            fill(byId("audience"), values("audience"), chosen.audience, function (audience) {
                return audience || WORDS.everyone;
            });
            history.replaceState(null, "", "/console/" + course + "/" + chosen.language + "?" + chosen.standard);
        }

        function chooseAgain() {
            closeTabs(false);
            choose({
                language: byId("language").value,
                standard: byId("standard").value,
                audience: byId("audience").value
            });
            launch();
        }

        ["standard", "language", "audience"].forEach(function (id) {
            byId(id).addEventListener("change", chooseAgain);
        });
        ["offline", "refuses", "lost"].forEach(function (id) {
            byId(id).addEventListener("change", function () {
                switches[id] = byId(id).checked;
                tellNetwork();
            });
        });
        byId("delay").addEventListener("change", function () {
            switches.delay_ms = Number(byId("delay").value);
        });
        byId("review").addEventListener("change", relaunch.bind(null, false));
        byId("relaunch").addEventListener("click", relaunch.bind(null, false));
        byId("crash").addEventListener("click", relaunch.bind(null, true));
        byId("second").addEventListener("click", launch);
        byId("reset").addEventListener("click", forget);
        byId("only-refused").addEventListener("change", function () {
            byId("calls").classList.toggle("only-refused", byId("only-refused").checked);
        });

        byId("stage").hidden = false;
        byId("title").textContent = course;
        document.title = course + " – Probity preview";
        choose({
            language: location.pathname.split("/")[3],
            standard: location.search.slice(1) || "scorm12",
            audience: ""
        });
        launch();

        /* After a build: the same package, made again. */
        return function (fresh) {
            packages = fresh;
            var now = fresh.find(function (entry) {
                return entry.file === chosen.file;
            });
            if (now && now.modified !== chosen.modified) {
                chosen = now;
                byId("notice").textContent = WORDS.rebuilt;
                relaunch(false);
            }
        };
    }

    var course = decodeURIComponent(location.pathname.split("/")[2] || "");
    var update = null;

    function take(all) {
        var packages = all.filter(function (entry) {
            return entry.course === course;
        });
        if (!course) {
            showList(all);
        } else if (update) {
            update(packages);
        } else if (packages.length) {
            byId("notice").textContent = "";
            update = openStage(course, packages);
        } else {
            byId("notice").textContent = WORDS.noCourse;
        }
    }

    new EventSource("/_probity/events").addEventListener("state", function () {
        fetchPackages().then(take);
    });
})();
