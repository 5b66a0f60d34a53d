/*
 * A video on a page of the website and on a screen of a course: nothing is fetched unasked, nothing jumps, captions come in every
 * language, the policy holds, and paper has the poster and the transcript. The video is recorded here, by Chromium.
 */
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { execFileSync } = require("child_process");
const { check, equal, run } = require("./lib/report");
const browser = require("./lib/browser");
const site = require("./lib/site");

const program = process.env.PROBITY || path.join(site.root, "build/probity");
const POSTER = '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180"><rect width="320" height="180" fill="#246"/></svg>';
const WORDS = { en: ["How to ask", "A colleague asks, and is thanked for it."], ar: ["كيف نسأل", "زميلة تسأل فتُشكر."] };
const PLACES = ["content/guide/first", "content/course/one/hello"];

let server, chrome;

/* A second of a moving square, as WebM. */
async function record() {
    const page = await chrome.newPage();
    await page.goto("about:blank");
    const bytes = await page.evaluate(async () => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
        const paint = canvas.getContext("2d");
        const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
        const parts = [];
        recorder.ondataavailable = (event) => parts.push(event.data);
        const ended = new Promise((resolve) => {
            recorder.onstop = resolve;
        });
        recorder.start();
        for (let step = 0; step < 30; step++) {
            paint.fillStyle = step % 2 ? "#fff" : "#246";
            paint.fillRect(step * 5, 40, 60, 60);
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        recorder.stop();
        await ended;
        return Array.from(new Uint8Array(await new Blob(parts).arrayBuffer()));
    });
    await page.close();
    return Buffer.from(bytes);
}

function makeProject(folder, video) {
    const project = path.join(folder, "project");
    fs.cpSync(path.join(site.root, "tests/golden/base"), project, { recursive: true });
    for (const name of ["layouts", "locales"]) {
        fs.cpSync(path.join(site.root, name), path.join(project, name), { recursive: true });
    }
    for (const place of PLACES) {
        fs.writeFileSync(path.join(project, place, "ask.webm"), video);
        fs.writeFileSync(path.join(project, place, "ask.svg"), POSTER);
        for (const [language, [title, words]] of Object.entries(WORDS)) {
            fs.writeFileSync(path.join(project, place, `ask.${language}.vtt`), `WEBVTT\n\n00:00.100 --> 00:00.900\n${words}\n`);
            const page = path.join(project, place, `${language}.md`);
            const text = fs.readFileSync(page, "utf8");
            const at = text.indexOf("---\n", 4) + 4;
            const directive = `:::video[${title}]{#asking src=ask.webm poster=ask.svg width=320 height=180}\n${words}\n:::\n\n`;
            fs.writeFileSync(page, text.slice(0, at) + directive + text.slice(at));
        }
    }
    return project;
}

const GO = (place) => document.querySelector(`a[data-goto='${place}']`).click();

async function lookAt(what, address, language, place) {
    const page = await chrome.newPage({ viewport: { width: 320, height: 700 } });
    const asked = [], complaints = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(address, { waitUntil: "networkidle" });
    if (place) {
        await page.evaluate(GO, place);
    }
    const isMedia = (url) => /\.webm$/.test(url);
    equal(`${what}: nothing of the video is fetched unasked`, asked.filter(isMedia), []);
    const seen = await page.evaluate(() => {
        const video = document.querySelector("figure.media video");
        const box = video.getBoundingClientRect();
        return {
            controls: video.controls, autoplay: video.autoplay, preload: video.preload, poster: /ask\.svg$/.test(video.poster),
            ratio: Math.round((box.width / box.height) * 100), width: Math.round(box.width), height: Math.round(box.height), name: video.getAttribute("aria-label"),
            tracks: Array.from(video.querySelectorAll("track")).map((track) => [track.kind, track.srclang, track.label, track.default]),
            size: document.querySelector(".media-file").textContent, isOpen: document.querySelector("details.transcript").open,
            transcript: document.querySelector("details.transcript").textContent
        };
    });
    equal(`${what}: what plays it`, [seen.controls, seen.autoplay, seen.preload, seen.poster, seen.ratio], [true, false, "none", true, 178]);
    check(`${what}: it fits into a telephone`, seen.width > 200 && seen.width <= 320, seen.width);
    equal(`${what}: captions of every language, this one's at once`, seen.tracks.sort(), [
        ["captions", "ar", "العربية", language === "ar"], ["captions", "en", "English", language === "en"]]);
    check(`${what}: the size is named`, language === "en" ? /Video · \d+ KB/.test(seen.size) : /فيديو · .*كيلوبايت/.test(seen.size), seen.size);
    check(`${what}: it has its title and transcript`, seen.name === WORDS[language][0] && seen.transcript.includes(WORDS[language][1]), seen);
    const played = await page.evaluate(async () => {
        const video = document.querySelector("figure.media video");
        video.muted = true;
        await video.play();
        await new Promise((resolve) => setTimeout(resolve, 500));
        const box = video.getBoundingClientRect();
        const shown = Array.from(video.textTracks).find((track) => track.mode === "showing");
        return { time: video.currentTime, width: Math.round(box.width), height: Math.round(box.height), cues: shown && Array.from(shown.cues || []).map((cue) => cue.text) };
    });
    check(`${what}: it plays`, played.time > 0, played);
    equal(`${what}: nothing jumps`, [played.width, played.height], [seen.width, seen.height]);
    equal(`${what}: the captions are read`, played.cues, [WORDS[language][1]]);
    check(`${what}: nothing of another host`, asked.every((url) => url.startsWith(server.address)), asked);
    equal(`${what}: no complaints of the browser's`, complaints, []);
    return page;
}

exports.run = async () => {
    server = await site.open();
    chrome = await browser.launch();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "probity-media-"));
    try {
        const project = makeProject(folder, await record());
        const output = path.join(folder, "public");
        const targets = ["website", "scorm12", "web", "print"].flatMap((name) => ["--target", name]);
        execFileSync(program, ["-C", project, "build", "--output", output, ...targets], { stdio: "pipe" });
        server.mount("/site/", output);
        for (const language of ["en", "ar"]) {
            await run("on a page", async () => (await lookAt(`page ${language}`, `${server.address}/site/${language}/guide/first/index.html`, language)).close());
        }
        const unpacked = path.join(folder, "web");
        execFileSync("python3", ["-m", "zipfile", "-e", path.join(output, "packages/course/course-all-web.zip"), unpacked]);
        server.mount("/web/", unpacked);
        await run("on a screen", async () => {
            const page = await lookAt("screen en", `${server.address}/web/en.html`, "en", "one/hello");
            await page.evaluate(() => {
                const video = document.querySelector("figure.media video");
                video.loop = true;
                return video.play();
            });
            await page.evaluate(GO, "_about");
            check("a video does not go on behind another screen", await page.evaluate(() => document.querySelector("figure.media video").paused));
            await page.close();
        });
        await run("on paper", async () => {
            const guides = fs.readdirSync(output, { recursive: true }).filter((name) => name.endsWith("en.xhtml"));
            const text = guides.map((name) => fs.readFileSync(path.join(output, name), "utf8")).join("");
            check("paper has the poster and the transcript", /<img src="[^"]*ask\.svg"/.test(text) && text.includes(WORDS.en[1]), guides);
            check("and no player", guides.length > 0 && !text.includes("<video"), guides);
        });
        await run("in the manifest", async () => {
            const zip = path.join(output, "packages/course/course-en-scorm12.zip");
            const manifest = execFileSync("python3", ["-c", "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read('imsmanifest.xml').decode())", zip], { encoding: "utf8" });
            for (const name of ["ask.webm", "ask.svg", "ask.en.vtt", "ask.ar.vtt"]) {
                check(`the manifest lists ${name}`, manifest.includes(`<file href="media/course/one/hello/${name}"/>`), manifest);
            }
            check("the package is sound", execFileSync(program, ["check", zip], { encoding: "utf8" }).includes("nothing is wrong"));
        });
    } finally {
        await chrome.close();
        await server.close();
        fs.rmSync(folder, { recursive: true, force: true });
    }
};
