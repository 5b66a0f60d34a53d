/* What is served, and to whom: files as they stand, hostile addresses, foreign hosts, clients that misbehave. */
"use strict";
const fs = require("fs");
const net = require("net");
const path = require("path");
const { spawnSync } = require("child_process");
const report = require("../browser/lib/report");
const { makeProject, start, within } = require("./lib/preview");

const SLOW_CLIENTS = 1000;

async function servesFiles(preview) {
    const home = await preview.get("/en/");
    report.equal("a page", [home.status, home.headers["content-type"]], [200, "text/html; charset=utf-8"]);
    report.check("a page says what its source says", home.text.includes("Begin with the"));
    report.equal("a page is not kept", home.headers["cache-control"], "no-store");
    report.equal("a page's script", home.text.match(/<script[^>]*>/g).length, 1);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(home.text)[1];
    report.check(
        "the page's policy lets it run and speak to us alone",
        /script-src 'self'(;|$)/.test(policy) && /connect-src 'self'(;|$)/.test(policy) && /default-src 'none'/.test(policy),
        policy
    );
    report.equal("a folder without its slash", (await preview.get("/en")).headers.location, "/en/");
    report.equal("a folder's slash is added once", (await preview.get("/en/guide")).headers.location, "/en/guide/");
    report.equal("the root", (await preview.get("/")).status, 200);
    report.equal("a page with a query", (await preview.get("/en/?a=/../b")).status, 200);

    const style = /href="([^"]*\.css)"/.exec(home.text)[1];
    const address = new URL(style, preview.url + "en/").pathname;
    const sheet = await preview.get(address);
    report.equal("a style sheet", [sheet.status, sheet.headers["content-type"]], [200, "text/css; charset=utf-8"]);
    const again = await preview.get(address, { "If-None-Match": sheet.headers.etag });
    report.equal("it is not sent twice", [again.status, again.text], [304, ""]);
    const head = await preview.get(address, {}, "HEAD");
    report.equal(
        "HEAD",
        [head.status, head.headers["content-length"], head.text],
        [200, String(sheet.bytes.length), ""]
    );
    report.equal("a script", (await preview.get("/_probity/reload.js?build=1")).headers["content-type"], "text/javascript; charset=utf-8");

    const missing = await preview.get("/en/nothing/");
    report.equal("a page that is not there", [missing.status, /reload\.js/.test(missing.text)], [404, true]);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
        report.equal(`${method}`, (await preview.get("/en/", {}, method)).status, 405);
    }
    report.equal("nothing may sniff or embed", [home.headers["x-content-type-options"], home.headers["cross-origin-resource-policy"]], ["nosniff", "same-origin"]);
}

/* Whatever the spelling, nothing outside comes out. */
async function keepsInside(preview, project) {
    const secret = "a secret outside";
    project.write("secret.txt", secret);
    const up = ["..", "%2e%2e", ".%2e", "%2E.", "..%00", "%c0%ae%c0%ae", "%252e%252e", "..;", "..%5c", "..\\", "%u002e%u002e", "....", ". .", "%2e%2e%2f"];
    const slash = ["/", "%2f", "\\", "%5c", "//", "/./", "%2F%2e%2F", "/%00/"];
    const ends = ["secret.txt", "etc/passwd", "content/site.yaml"];
    let count = 0,
        bad = [];
    for (const dots of up) {
        for (const between of slash) {
            for (const end of ends) {
                for (const depth of [1, 4]) {
                    const name = "/" + (dots + between).repeat(depth) + end;
                    const answer = await preview.raw(`GET ${name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
                    count++;
                    if (/^HTTP\/1\.1 2/.test(answer) || /a secret outside|root:|base_url/.test(answer)) {
                        bad.push(name);
                    }
                }
            }
        }
    }
    report.check(`${count} spellings of a way out`, count >= 300 && bad.length === 0, bad.slice(0, 5));
    for (const [what, name] of [
        ["an empty segment", "/en//guide/"],
        ["a doubled first slash", "//example.org/"],
        ["a dot", "/en/./"],
        ["an encoded slash", "/en%2fguide/"],
        ["an encoded NUL", "/en/%00"],
        ["an encoded line break", "/en/%0d%0aX:%20y"],
        ["a cut percent sign", "/en/%e"],
        ["no UTF-8", "/en/%ff"],
        ["a scheme", "http://localhost/en/"]
    ]) {
        const answer = await preview.raw(`GET ${name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
        report.check(`${what} is no address`, /^HTTP\/1\.1 4/.test(answer) && !/^X: y/m.test(answer), answer.slice(0, 80));
    }
    report.equal("a long address", (await preview.get("/" + "a/".repeat(1500))).status, 414);
    const endless = await preview.raw(`GET /${"a".repeat(200000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    report.check("an endless address", /^HTTP\/1\.[01] 4/.test(endless) || endless === "", endless.slice(0, 80));
}

async function followsNoLinks(preview, project) {
    const site = path.join(preview.temporary, fs.readdirSync(preview.temporary)[0], "site");
    fs.symlinkSync(project.path("secret.txt"), path.join(site, "link.txt"));
    fs.symlinkSync(project.folder, path.join(site, "folder"));
    report.equal("a link to a file", (await preview.get("/link.txt")).status, 404);
    report.equal("a link to a folder", (await preview.get("/folder/secret.txt")).status, 404);
    spawnSync("mkfifo", [path.join(site, "pipe.txt")]);
    report.equal("a pipe", (await preview.get("/pipe.txt")).status, 404);
    for (const name of ["link.txt", "folder", "pipe.txt"]) {
        fs.unlinkSync(path.join(site, name));
    }
}

async function knowsItsName(preview) {
    const port = preview.port;
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, "127.0.0.1", "LOCALHOST", "[::1]:80", "127.8.0.1"]) {
        report.equal(`Host: ${host}`, (await preview.get("/en/", { Host: host })).status, 200);
    }
    for (const host of ["evil.example", `evil.example:${port}`, "localhost.evil.example", "127.0.0.1.evil.example", "192.168.1.7", "0.0.0.0", "[::2]", "[::1", "", "localhost\t@evil", "localhost/", "2130706433x"]) {
        report.equal(`Host: ${JSON.stringify(host)}`, (await preview.get("/en/", { Host: host })).status, 403);
    }
    const none = await preview.raw("GET /en/ HTTP/1.0\r\n\r\n");
    report.check("no Host", /^HTTP\/1\.[01] 40/.test(none), none.slice(0, 60));
    const two = await preview.raw("GET /en/ HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    report.check("two Hosts", /^HTTP\/1\.1 40/.test(two), two.slice(0, 60));
    const own = { Host: `localhost:${port}` };
    report.equal("our own Origin", (await preview.get("/en/", { ...own, Origin: `http://localhost:${port}` })).status, 200);
    for (const origin of ["http://evil.example", "null", `https://localhost:${port}`, "http://localhost:1"]) {
        report.equal(`Origin: ${origin}`, (await preview.get("/_probity/events", { ...own, Origin: origin })).status, 403);
    }
    report.equal("embedded elsewhere", (await preview.get("/en/", { ...own, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors" })).status, 403);
    report.equal("followed from elsewhere", (await preview.get("/en/", { ...own, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate" })).status, 200);
}

async function survives(preview) {
    const hostile = [
        "",
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\0\0\0\0",
        "GET /en/\0index.html HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /en/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "GET /en/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /en/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        "GET /en/ HTTP/1.1\r\nHost: localhost\r\n" + "X: y\r\n".repeat(20000) + "\r\n",
        "GET /en/ HTTP/1.1\r\nHost: localhost\r\nX: " + "y".repeat(200000) + "\r\n\r\n",
        "GET /en/ HTTP/1.1\r\n: \r\n\r\n",
        Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    ];
    for (const bytes of hostile) {
        await preview.raw(bytes);
    }
    report.equal("after malformed requests", (await preview.get("/en/")).status, 200);

    /* Each says a little and then nothing. */
    const clients = [];
    await within(
        Promise.all(
            Array.from({ length: SLOW_CLIENTS }, () =>
                new Promise((resolve, reject) => {
                    const socket = net.connect(preview.port, "127.0.0.1", () => {
                        socket.write("GET /en/ HTTP/1.1\r\nHost: loc");
                        resolve();
                    });
                    socket.on("error", reject);
                    clients.push(socket);
                })
            )
        ),
        "slow clients"
    );
    report.equal(`beside ${SLOW_CLIENTS} slow clients`, (await preview.get("/en/guide/")).status, 200);
    clients.forEach((socket) => socket.destroy());
    report.equal("after them", (await preview.get("/en/guide/")).status, 200);

    const streams = [];
    for (let i = 0; i < 5; i++) {
        streams.push(await preview.listen());
    }
    const news = await Promise.all(streams.map((stream) => stream.next()));
    report.check("each stream begins with the news as it is", news.every((entry) => entry.build && entry.diagnostics.length === 0), news);
    streams.slice(1).forEach((stream) => stream.close());
    return streams[0];
}

exports.run = async () => {
    const project = makeProject();
    try {
        const preview = await start(project.folder);
        report.check("it listens on loopback", /^http:\/\/127\.0\.0\.1:\d+\/$/.test(preview.url), preview.url);
        report.check("nothing is written into the project", !fs.existsSync(project.path("public")) && !fs.existsSync(project.path(".probity")));
        await servesFiles(preview);
        await keepsInside(preview, project);
        await followsNoLinks(preview, project);
        await knowsItsName(preview);
        await survives(preview);
        report.equal("SIGTERM ends it, with a stream open", await preview.end("SIGTERM"), { code: 0, signal: null, left: [] });

        const second = await start(project.folder, ["--output", project.path("shown")]);
        report.equal("--output is served", (await second.get("/ar/")).status, 200);
        report.equal("SIGINT ends it", await second.end("SIGINT"), { code: 0, signal: null, left: [] });
        report.check("--output stays", fs.existsSync(project.path("shown/en/index.html")));
    } finally {
        project.remove();
    }
    const program = process.env.PROBITY || path.join(__dirname, "../../build/probity");
    for (const [options, status, said] of [
        [["--port", "x"], 2, /--port takes a whole number/],
        [["--address", "nowhere"], 1, /"nowhere" is no address/],
        [["--address", "203.0.113.7"], 1, /cannot listen at 203\.0\.113\.7/],
        [["more"], 2, /one word too many/],
        [["--colour"], 2, /not an option/]
    ]) {
        const ran = spawnSync(program, ["serve"].concat(options), { cwd: __dirname, encoding: "utf8", timeout: 60000 });
        report.check(`serve ${options.join(" ")}`, ran.status === status && said.test(ran.stderr), `${ran.status} ${ran.stderr}`);
    }
};
