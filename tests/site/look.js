/* What can be seen of one page in a browser: lists of complaints by kind. */
"use strict";
const axe = require("axe-core");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const ALL = { type: "tag", values: TAGS };
/* What a scheme changes is colours: all rules in one scheme at each width, and contrast in the other. */
const CONTRAST = { type: "rule", values: ["color-contrast"] };
const VIEWS = [[320, "light", ALL], [320, "dark", CONTRAST], [1280, "light", CONTRAST], [1280, "dark", ALL]];
const HEIGHT = 900;

/* In the page. */
function runAxe(rules) {
    /* eslint-disable-next-line no-undef */
    return window.axe.run(document, { runOnly: rules, resultTypes: ["violations"], preload: false }).then((result) =>
        result.violations.map((rule) => `${rule.id}: ${rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`));
}

function sidewaysScroll() {
    const wide = document.scrollingElement.scrollWidth - window.innerWidth;
    if (wide <= 0) {
        return [];
    }
    const culprit = [...document.body.querySelectorAll("*")].find((element) => element.getBoundingClientRect().right > window.innerWidth + 1);
    return [`${wide} px too wide: ${culprit ? culprit.outerHTML.slice(0, 120) : "?"}`];
}

function addresses() {
    return [...document.querySelectorAll("[href], [src]")].map((element) => element.href && element.href.baseVal || element.href || element.src);
}

exports.at = async (browser, server, file) => {
    const found = { axe: [], overflow: [], policy: [], foreign: [], missing: [] };
    const context = await browser.newContext({ viewport: { width: 320, height: HEIGHT }, colorScheme: "light" });
    const page = await context.newPage();
    page.on("request", (request) => {
        if (!request.url().startsWith(server.base) && !request.url().startsWith("data:")) {
            found.foreign.push(request.url());
        }
    });
    page.on("console", (message) => {
        if (message.type() === "error" && /Content Security Policy/.test(message.text())) {
            found.policy.push(message.text());
        }
    });
    await page.goto(server.base + file.replace(/index\.html$/, ""), { waitUntil: "load" });
    await page.evaluate(axe.source);
    for (const [width, scheme, rules] of VIEWS) {
        await page.setViewportSize({ width, height: HEIGHT });
        await page.emulateMedia({ colorScheme: scheme });
        for (const complaint of await page.evaluate(runAxe, rules)) {
            found.axe.push(`${width} px ${scheme}: ${complaint}`);
        }
        found.overflow.push(...await page.evaluate(sidewaysScroll));
    }
    for (const address of new Set(await page.evaluate(addresses))) {
        if (address.startsWith(server.base) && !server.has(address)) {
            found.missing.push(address);
        }
    }
    await context.close();
    return found;
};

/* On a narrow screen the menu and the languages open by keyboard, hold links, and pass axe while open. */
exports.atMenus = async (browser, server, file, report) => {
    const context = await browser.newContext({ viewport: { width: 320, height: HEIGHT } });
    const page = await context.newPage();
    await page.goto(server.base + file);
    await page.evaluate(axe.source);
    for (const name of ["menu", "languages"]) {
        const list = page.locator(`#${name}`);
        report.check(`${name}: closed at first`, !await list.isVisible());
        await page.locator(`[popovertarget="${name}"]`).focus();
        await page.keyboard.press("Enter");
        report.check(`${name}: opens by keyboard`, await list.isVisible());
        report.check(`${name}: holds links`, await list.locator("a").count() > 1);
        const complaints = await page.evaluate(runAxe, ALL);
        report.check(`${name}: axe`, complaints.length === 0, complaints);
        await page.keyboard.press("Escape");
        report.check(`${name}: closes by keyboard`, !await list.isVisible());
    }
    await context.close();
};
