/* A certificate on the last screen, and the button that prints it alone. */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    function line(className, text) {
        var element = document.createElement("p");
        element.className = className;
        element.textContent = text;
        return element;
    }

    function textOf(selector) {
        var element = document.querySelector(selector);
        return element ? element.textContent.trim() : "";
    }

    /* "Doe, Jane" is how platforms write it; a person would not. */
    function personal(name) {
        var parts = (name || "").split(",");
        return parts.length === 2 ? parts[1].trim() + " " + parts[0].trim() : (name || "").trim();
    }

    Probity.certificate = function (course, say, keeper, formats) {
        var section = document.createElement("section");
        var title = document.createElement("h3");
        var print = document.createElement("button");
        var name = personal(keeper.learnerName);
        var isGraded = course.exercises.some(function (exercise) {
            return exercise.points > 0;
        });
        title.id = "certificate-title";
        title.textContent = say("player.certificate.title");
        section.className = "certificate";
        section.setAttribute("aria-labelledby", title.id);
        section.append(line("organization", textOf(".masthead .organization")), title);
        if (name) {
            section.append(line("name", name));
        }
        section.append(
            line("says", say(name ? "player.certificate.has-passed" : "player.certificate.passed")),
            line("course", textOf(".masthead h1"))
        );
        if (isGraded) {
            section.append(line("score", say("player.certificate.score", keeper.learner.bestPermille / 1000)));
        }
        section.append(
            line("date", say("player.certificate.date", formats.date(Probity.format.day(Probity.world.now()))))
        );
        print.type = "button";
        print.className = "button print";
        print.textContent = say("player.certificate.print");
        print.addEventListener("click", function () {
            document.documentElement.classList.add("prints-certificate");
            window.print();
            document.documentElement.classList.remove("prints-certificate");
        });
        section.append(print);
        return section;
    };
})();
