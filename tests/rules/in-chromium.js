// The same once more in Chromium: rules.js loaded by a page under a content security policy that lets no code be made out of text.
//
//   node in-chromium.js RULES.JS LINES ANSWERS [RULES.LUA]
//
// LINES are what sheets.js wrote, ANSWERS what evaluate.c said to them. Also measured: how long a page needs until the rules have
// answered first, over http and from a file: address. Last line: N passed, N failed.
"use strict";
const fs = require("fs");
const http = require("http");
const os = require("os");
const path = require("path");
process.env.NODE_PATH = path.join(__dirname, "../../node_modules");
require("module").Module._initPaths();
const browsers = require("../browser/lib/browser");

const [rulesPath, linesPath, answersPath, luaPath] = process.argv.slice(2);
const POLICY = "default-src 'none'; script-src 'self'; worker-src 'none'";
const PAGE = '<!doctype html><meta charset="utf-8"><title>rules</title><script src="rules.js"></script><script src="first.js"></script>';
const FIRST = 'var rules = ProbityRules.open(); var first = rules.call("identity", "[1]"); var ready = performance.now();';

let passed = 0;
let failed = 0;
function check(holds, what) {
    holds ? passed++ : failed++;
    if (!holds) {
        console.log("not so: " + what);
    }
}

// In the page: many lines at a time, because each exchange with the page costs.
function answer([lines, lua]) {
    const rules = window.ProbityRules.open();
    if (lua) {
        rules.load("rules.lua", lua);
    }
    return lines.map((line) => {
        const tab = line.indexOf("\t");
        try {
            return rules.call(line.slice(0, tab), line.slice(tab + 1));
        } catch (error) {
            return "! line " + error.line + ": " + error.message;
        }
    });
}

(async () => {
    const files = { "/": PAGE, "/rules.js": fs.readFileSync(rulesPath, "utf8"), "/first.js": FIRST };
    const server = http.createServer((request, response) => {
        const type = request.url.endsWith(".js") ? "text/javascript" : "text/html";
        response.writeHead(files[request.url] ? 200 : 404, { "Content-Type": type + "; charset=utf-8", "Content-Security-Policy": POLICY });
        response.end(files[request.url] || "");
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rules-"));
    fs.writeFileSync(path.join(folder, "index.html"), PAGE);
    fs.writeFileSync(path.join(folder, "rules.js"), files["/rules.js"]);
    fs.writeFileSync(path.join(folder, "first.js"), FIRST);

    const browser = await browsers.launch();
    try {
        const page = await browser.newPage();
        const complaints = [];
        page.on("console", (message) => complaints.push(message.text()));
        page.on("pageerror", (error) => complaints.push(error.message));

        await page.goto("file://" + folder + "/index.html");
        check((await page.evaluate("first")) === "1", "the rules run from a file: address");
        console.log("ready from a file: address after " + Math.round(await page.evaluate("ready")) + " ms");

        await page.goto("http://127.0.0.1:" + server.address().port + "/");
        check((await page.evaluate("first")) === "1", "the rules run under script-src 'self'");
        console.log("ready over http after " + Math.round(await page.evaluate("ready")) + " ms");

        const lines = fs.readFileSync(linesPath, "utf8").split("\n").slice(0, -1);
        const wanted = fs.readFileSync(answersPath, "utf8").split("\n").slice(0, -1);
        const lua = luaPath ? fs.readFileSync(luaPath, "utf8") : "";
        check(lines.length === wanted.length && lines.length > 0, "as many lines as answers");
        for (let i = 0; i < lines.length; i += 1000) {
            const seen = await page.evaluate(answer, [lines.slice(i, i + 1000), lua]);
            seen.forEach((text, at) => check(text === wanted[i + at], "line " + (i + at + 1) + " is answered as natively"));
        }
        check(complaints.length === 0, "nothing on the console: " + complaints.join("; "));
    } finally {
        await browser.close();
        server.close();
        fs.rmSync(folder, { recursive: true });
    }
    console.log(passed + " passed, " + failed + " failed");
    process.exitCode = failed ? 1 : 0;
})();
