/*
 * Looks at a course in a learner's window: axe-core (WCAG 2.2 AA), and nothing wider than the window. With
 * SCREENSHOTS=folder each look is also kept as a picture.
 */
"use strict";
const fs = require("fs");
const path = require("path");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

exports.Looker = class {
    /* `name` tells the way of looking: language, width, colours. */
    constructor(learner, name) {
        Object.assign(this, { learner, name, problems: [], looked: 0 });
    }

    /* Where the system chooses the colours, axe-core still sees those of the style sheet: `isForced` leaves them out. */
    async look(what, isForced) {
        const { frame, page } = this.learner;
        if (!(await frame.evaluate(() => Boolean(window.axe)))) {
            await frame.evaluate(axe);
        }
        const found = await frame.evaluate(async ([tags, sees]) => {
            const result = await window.axe.run(document, {
                runOnly: tags,
                rules: { "color-contrast": { enabled: sees } },
                resultTypes: ["violations"]
            });
            return {
                violations: result.violations.map((entry) => [entry.id, entry.nodes[0].html.slice(0, 200)]),
                overflow: document.documentElement.scrollWidth - window.innerWidth
            };
        }, [TAGS, !isForced]);
        this.looked++;
        found.violations.forEach((violation) => this.problems.push([what].concat(violation)));
        if (found.overflow > 0) {
            this.problems.push([what, "wider than the window", found.overflow]);
        }
        if (process.env.SCREENSHOTS) {
            const file = `${this.name}-${String(this.looked).padStart(2, "0")}-${what}.png`.replace(/[ /]/g, "-");
            await page.screenshot({ path: path.join(process.env.SCREENSHOTS, file) });
        }
    }
};
