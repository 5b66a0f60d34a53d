/* A small project of its own and the program that serves it, both gone at the end. */
"use strict";
const fs = require("fs");
const http = require("http");
const net = require("net");
const os = require("os");
const path = require("path");
const { spawn } = require("child_process");

const root = path.join(__dirname, "../../..");
const program = process.env.PROBITY || path.join(root, "build/probity");
/* For what is awaited and may never come. */
const PATIENCE_MS = 60000;

function within(promise, what) {
    let timer;
    return Promise.race([
        promise,
        new Promise((_, reject) => {
            timer = setTimeout(() => reject(new Error(`${what}: not within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
        })
    ]).finally(() => clearTimeout(timer));
}

exports.within = within;

exports.makeProject = () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "probity-preview-test-"));
    fs.cpSync(path.join(root, "tests/golden/base"), folder, { recursive: true });
    for (const name of ["layouts", "locales"]) {
        fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
    }
    return {
        folder,
        path: (name) => path.join(folder, name),
        read: (name) => fs.readFileSync(path.join(folder, name), "utf8"),
        write: (name, text) => {
            fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
            fs.writeFileSync(path.join(folder, name), text);
        },
        remove: () => fs.rmSync(folder, { recursive: true, force: true })
    };
};

/* Starts the program and waits until it says where it is to be found. */
exports.start = async (project, options) => {
    const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "probity-preview-place-"));
    const child = spawn(program, ["-C", project, "serve", "--port", "0"].concat(options || []), {
        stdio: ["ignore", "pipe", "pipe"],
        env: {
            ...process.env,
            TMPDIR: temporary,
            ASAN_OPTIONS: "detect_leaks=1:abort_on_error=0:exitcode=99",
            UBSAN_OPTIONS: "print_stacktrace=1"
        }
    });
    const preview = { child, temporary, output: "", url: null };
    preview.ended = new Promise((resolve) => {
        child.on("close", (code, signal) => resolve({ code, signal }));
    });
    await within(
        new Promise((resolve, reject) => {
            const take = (part) => {
                preview.output += part;
                const found = /^Preview: (http:\S+\/)$/m.exec(preview.output);
                if (found && !preview.url) {
                    preview.url = found[1];
                    preview.port = Number(new URL(preview.url).port);
                    resolve();
                }
            };
            child.stdout.on("data", take);
            child.stderr.on("data", take);
            preview.ended.then(() => reject(new Error(`it ended: ${preview.output}`)));
        }),
        "the address"
    );
    preview.end = async (signal) => {
        child.kill(signal || "SIGTERM");
        const ended = await within(preview.ended, "the end");
        const left = fs.readdirSync(temporary);
        fs.rmSync(temporary, { recursive: true, force: true });
        return { ...ended, left };
    };
    preview.get = (name, headers, method) => get(preview, name, headers, method);
    preview.listen = () => listen(preview);
    preview.raw = (bytes) => raw(preview, bytes);
    return preview;
};

/* `name` goes over the wire as it is. */
function get(preview, name, headers, method) {
    return within(
        new Promise((resolve, reject) => {
            const request = http.request(
                {
                    host: "127.0.0.1",
                    port: preview.port,
                    path: name,
                    method: method || "GET",
                    headers: headers || {},
                    setHost: !(headers && "Host" in headers),
                    agent: false
                },
                (response) => {
                    const parts = [];
                    response.on("data", (part) => parts.push(part));
                    response.on("end", () =>
                        resolve({
                            status: response.statusCode,
                            headers: response.headers,
                            bytes: Buffer.concat(parts),
                            text: Buffer.concat(parts).toString("utf8")
                        })
                    );
                    response.on("error", reject);
                }
            );
            request.on("error", reject);
            request.end();
        }),
        name
    );
}

/* Sends bytes and gives everything that comes until the server hangs up. */
function raw(preview, bytes) {
    return within(
        new Promise((resolve) => {
            const parts = [];
            const socket = net.connect(preview.port, "127.0.0.1", () => socket.end(bytes));
            socket.on("data", (part) => parts.push(part));
            socket.on("error", () => {});
            socket.on("close", () => resolve(Buffer.concat(parts).toString("latin1")));
        }),
        "an answer"
    );
}

/* The stream of news: next() gives each, in order; until(test) the first for which it holds. */
async function listen(preview) {
    const waiting = [],
        news = [];
    let text = "",
        request;
    const take = (entry) => {
        if (waiting.length) {
            waiting.shift()(entry);
        } else {
            news.push(entry);
        }
    };
    await within(
        new Promise((resolve, reject) => {
            request = http.get(preview.url + "_probity/events", { agent: false }, (response) => {
                resolve();
                response.on("error", () => {});
                response.on("data", (part) => {
                    text += part;
                    for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) {
                        const data = /^data: (.*)$/m.exec(text.slice(0, end));
                        if (data) {
                            take(JSON.parse(data[1]));
                        }
                    }
                });
            });
            request.on("error", reject);
        }),
        "the stream"
    );
    request.on("error", () => {});
    const stream = {
        next: () =>
            within(
                new Promise((resolve) => {
                    if (news.length) {
                        resolve(news.shift());
                    } else {
                        waiting.push(resolve);
                    }
                }),
                "news"
            ),
        until: async (test) => {
            for (;;) {
                const entry = await stream.next();
                if (await test(entry)) {
                    return entry;
                }
            }
        },
        close: () => request.destroy()
    };
    return stream;
}
