/*
 * A question on its screen, of whatever kind: checking, the verdict in words, hints, overall feedback, attempts. What
 * the learner answers with is the kind's control (Probity.controls); each is opened with (form, skeleton, context) and
 * has
 *
 *   settle(learner)        puts things into the learner's own order, where there is one
 *   read()                 {given} or {problem: a message's key, focus: where to put it right}
 *   write(given)           shows an answer, or none ("")
 *   mark(permille)         says at each part whether it is right; null takes that back
 *   shownWords()           what mark has shown beside the verdict
 *   rightWords()           the right answer in words, or ""
 *   lock(isLocked)         whether it can be changed
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    Probity.controls = Probity.controls || {};

    var IS_SURVEY = { likert: true, reflection: true };

    function paragraph(className) {
        var element = document.createElement("p");
        element.className = className;
        return element;
    }

    function plain(element) {
        return element.textContent.replace(/\s+/g, " ").trim();
    }

    /* Hints one after another, each when asked for. */
    function openHints(form, say) {
        var hints = Array.from(form.querySelectorAll(".hint"));
        var button = document.createElement("button");
        var shown = 0;

        function name() {
            button.textContent = say("player.question.hint", shown + 1, hints.length);
            button.hidden = shown === hints.length;
        }

        hints.forEach(function (hint, at) {
            var count = paragraph("count");
            count.textContent = say("player.question.hint-count", at + 1, hints.length);
            hint.prepend(count);
            hint.hidden = true;
            hint.tabIndex = -1;
        });
        button.type = "button";
        button.className = "button ask-hint";
        button.addEventListener("click", function () {
            hints[shown].hidden = false;
            shown++;
            name();
            hints[shown - 1].focus();
        });
        if (hints.length) {
            hints[hints.length - 1].after(button);
            name();
        }
        return function () {
            shown = 0;
            hints.forEach(function (hint) {
                hint.hidden = true;
            });
            name();
        };
    }

    /*
     * `context`: {say, language, accepted: words of blanks, formatNumber, formatDate, answered(id, given, words)}; answered keeps
     * an answer and returns its verdict {permille, feedback, attemptsLeft (undefined: as many as wanted), isFinal}.
     */
    Probity.openQuestion = function (form, skeleton, context) {
        var say = context.say;
        var control = Probity.controls[skeleton.kind](form, skeleton, context);
        var stem = form.querySelector(".stem");
        var stemWords = plain(stem);
        var remarks = Array.from(form.querySelectorAll(".feedback[data-for]"));
        var attempts = paragraph("attempts");
        var result = paragraph("result");
        var button = document.createElement("button");
        var hideHints = openHints(form, say);

        function clear() {
            result.textContent = "";
            delete result.dataset.result;
            control.mark(null);
            remarks.forEach(function (remark) {
                remark.hidden = true;
            });
        }

        function lock(isLocked) {
            control.lock(isLocked);
            button.hidden = isLocked;
        }

        function tellAttempts(left) {
            attempts.hidden = left === undefined || button.hidden;
            attempts.textContent = left === undefined ? "" : say("player.question.attempts", left);
        }

        function verdictWords(verdict, given) {
            if (IS_SURVEY[skeleton.kind]) {
                return say("player.question.kept");
            }
            if (skeleton.kind === "attestation") {
                return say("player.question.attested", context.formatDate(given));
            }
            if (verdict.permille === 1000) {
                return say("player.question.right");
            }
            var isPartly = verdict.permille > 0;
            if (verdict.attemptsLeft === 0) {
                var right = control.rightWords();
                var verdictSaid = say(
                    isPartly ? "player.question.partly-last" : "player.question.wrong-last",
                    verdict.permille / 1000
                );
                return right ? say("player.question.answer", verdictSaid, right) : verdictSaid;
            }
            return say(isPartly ? "player.question.partly" : "player.question.wrong", verdict.permille / 1000);
        }

        function show(verdict, given) {
            clear();
            var isSurvey = IS_SURVEY[skeleton.kind] || skeleton.kind === "attestation";
            result.dataset.result = isSurvey
                ? "kept"
                : verdict.permille === 1000
                  ? "right"
                  : verdict.permille > 0
                    ? "partly"
                    : "wrong";
            result.textContent = verdictWords(verdict, given);
            if (!isSurvey) {
                control.mark(verdict.permille);
            }
            remarks.forEach(function (remark) {
                remark.hidden = remark.dataset.for !== "any" && remark.dataset.for !== verdict.feedback;
            });
            lock(verdict.isFinal);
            tellAttempts(verdict.attemptsLeft);
        }

        function wordsShown() {
            return [result.textContent, control.shownWords()]
                .concat(
                    remarks
                        .filter(function (remark) {
                            return !remark.hidden;
                        })
                        .map(plain),
                    attempts.hidden ? "" : attempts.textContent
                )
                .join(" ");
        }

        form.addEventListener("submit", function (event) {
            event.preventDefault();
            var hadFocus = form.contains(document.activeElement);
            var entry = control.read();
            if (entry.problem) {
                clear();
                result.textContent = say(entry.problem);
                Probity.announce(result.textContent);
                entry.focus.focus();
                return;
            }
            show(context.answered(skeleton.id, entry.given, stemWords), entry.given);
            Probity.announce(wordsShown());
            if (hadFocus && button.hidden) {
                /* What had the focus cannot have it any more. */
                result.focus();
            }
        });
        form.addEventListener("input", clear);

        button.type = "submit";
        button.className = "button check";
        button.textContent = say(
            skeleton.kind === "attestation"
                ? "player.question.confirm"
                : IS_SURVEY[skeleton.kind]
                  ? "player.question.keep"
                  : "player.question.check"
        );
        result.className = "result";
        result.tabIndex = -1;
        form.append(button, attempts, result);
        remarks.forEach(function (remark) {
            form.append(remark);
        });
        clear();

        return {
            /* Shows what the learner had answered before, or nothing. */
            restore: function (learner, answer, verdict) {
                control.settle(learner);
                control.write(answer ? answer.given : "");
                clear();
                hideHints();
                lock(false);
                tellAttempts(verdict.attemptsLeft);
                if (answer) {
                    show(verdict, answer.given);
                }
            }
        };
    };
})();
