/* A web server on loopback for one folder. */
"use strict";
const fs = require("fs");
const http = require("http");
const path = require("path");

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png",
    ".jpg": "image/jpeg", ".webp": "image/webp" };

exports.open = (folder) => new Promise((resolve) => {
    const find = (address) => {
        const file = path.join(folder, decodeURIComponent(new URL(address, "http://x").pathname));
        return fs.existsSync(file) && fs.statSync(file).isDirectory() ? path.join(file, "index.html") : file;
    };
    const server = http.createServer((request, response) => {
        fs.readFile(find(request.url), (error, bytes) => {
            response.writeHead(error ? 404 : 200, { "Content-Type": TYPES[path.extname(find(request.url))] || "application/octet-stream" });
            response.end(bytes);
        });
    });
    server.listen(0, "127.0.0.1", () => resolve({
        base: `http://127.0.0.1:${server.address().port}/`,
        has: (address) => fs.existsSync(find(address)),
        close: () => server.close(),
    }));
});
