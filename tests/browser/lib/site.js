/*
 * A web server on loopback: the fixture course, unzipped packages, the player's sources, and pages that are a
 * platform.
 */
"use strict";
const fs = require("fs");
const http = require("http");
const path = require("path");

const root = path.join(__dirname, "../../..");
const TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webm": "video/webm",
    ".vtt": "text/vtt; charset=utf-8",
    ".xml": "text/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8"
};

exports.root = root;

exports.playerSource = () => {
    const folder = path.join(root, "generator/player");
    return fs
        .readFileSync(path.join(folder, "order.txt"), "utf8")
        .trim()
        .split("\n")
        .map((name) => fs.readFileSync(path.join(folder, name), "utf8"))
        .join("\n");
};

/*
 * The page around the course. The platform stands in this window, the course in a frame; what tests switch is in
 * window.platform. `memory` is what a former launch left.
 */
const PLATFORM_PAGE = (script, setup, frame, isFull) => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Platform</title></head>
<body><script src="${script}"></script><script>${setup}</script>
<iframe id="course" title="Course" src="${frame}" style="${isFull ? "position:fixed;inset:0;border:0;width:100%;height:100%" : "width:1200px;height:900px"}"></iframe></body></html>`;

exports.open = async () => {
    const mounts = {
        "/npm/": path.join(root, "node_modules"),
        "/platform/": path.join(root, "generator/preview/console")
    };
    const pages = {};
    const posts = [];
    const rules = process.env.PROBITY_RULES || path.join(root, "build/browser/rules.js");

    const fixture = () =>
        fs
            .readFileSync(path.join(__dirname, "../fixture/index.html"), "utf8")
            .replace(
                "<!--scripts-->",
                ["rules.js", "course.js", "player.js"]
                    .map((name) => `<script defer src="${name}"></script>`)
                    .join("\n")
            );
    const made = {
        "/fixture/player.js": exports.playerSource,
        "/fixture/rules.js": () => fs.readFileSync(rules, "utf8"),
        "/fixture/course.js": () => fs.readFileSync(path.join(__dirname, "../fixture/course.js"), "utf8"),
        "/fixture/scorm12.html": fixture,
        "/fixture/scorm2004.html": () => fixture().replace('data-platform="scorm12"', 'data-platform="scorm2004"')
    };

    const answer = (request, response) => {
        const name = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
        const send = (status, body, type) => {
            response.writeHead(status, { "Content-Type": type || "text/plain", "Cache-Control": "no-store" });
            response.end(body);
        };
        if (request.method === "POST") {
            let body = "";
            request.on("data", (part) => {
                body += part;
            });
            request.on("end", () => {
                posts.push({ name, body });
                send(200, '{"result":"true","errorCode":0}', TYPES[".json"]);
            });
            return;
        }
        if (pages[name] || made[name]) {
            send(200, pages[name] || made[name](), TYPES[path.extname(name) || ".html"]);
            return;
        }
        const mount = Object.keys(mounts).find((prefix) => name.startsWith(prefix));
        const file = mount && path.join(mounts[mount], path.normalize("/" + name.slice(mount.length)));
        if (file && fs.existsSync(file) && fs.statSync(file).isFile()) {
            send(200, fs.readFileSync(file), TYPES[path.extname(file)]);
        } else {
            send(404, "not found");
        }
    };
    const server = http.createServer(answer);
    await new Promise((resolve) => {
        server.listen(0, "127.0.0.1", resolve);
    });
    const address = `http://127.0.0.1:${server.address().port}`;
    return {
        address,
        posts,
        mount: (prefix, folder) => {
            mounts[prefix] = folder;
        },
        /* A page with a strict or a tolerant platform; its address. */
        strict: (standard, memory, faults, frame, isFull) => {
            const name = `/platform-${Object.keys(pages).length}`;
            const api = standard === "scorm12" ? "API" : "API_1484_11";
            pages[name] = PLATFORM_PAGE(
                "/platform/strict.js",
                `window.platform = Strict.${standard}(${JSON.stringify(memory || null)});
                Object.assign(platform.faults, ${JSON.stringify(faults || {})}); setTimeout(() => { window.${api} = platform.api; }, platform.faults.late);
                if (!platform.faults.late) { window.${api} = platform.api; }`,
                frame || `/fixture/${standard}.html`,
                isFull
            );
            return address + name;
        },
        tolerant: (standard, memory, frame) => {
            const name = `/platform-${Object.keys(pages).length}`;
            const [api, type, file] =
                standard === "scorm12"
                    ? ["API", "Scorm12API", "scorm12"]
                    : ["API_1484_11", "Scorm2004API", "scorm2004"];
            pages[name] = PLATFORM_PAGE(
                `/npm/scorm-again/dist/${file}.min.js`,
                `window.${api} = new ${type}({ lmsCommitUrl: "${name}/commit",
                autocommit: false, logLevel: 4 });
                ${memory ? `window.${api}.loadFromJSON(${JSON.stringify(memory)});` : ""}`,
                frame
            );
            return address + name;
        },
        close: () =>
            new Promise((resolve) => {
                server.closeAllConnections();
                server.close(resolve);
            })
    };
};
