/*
 * A learning platform with its record store under cmi5, which refuses what the specification forbids and says by which
 * requirement (the numbers are those of the published list of requirements: section, then a running number). On an
 * origin of its own, as platforms are.
 */
"use strict";
const http = require("http");

const VERBS = {
    "http://adlnet.gov/expapi/verbs/initialized": "initialized",
    "http://adlnet.gov/expapi/verbs/completed": "completed",
    "http://adlnet.gov/expapi/verbs/passed": "passed",
    "http://adlnet.gov/expapi/verbs/failed": "failed",
    "http://adlnet.gov/expapi/verbs/terminated": "terminated"
};
const CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/";
const SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid";
const MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore";
const INTERACTIONS = [
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other"
];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const DURATION = /^P(?=.)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d{1,2})?S)?)?$/;
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const IRI = /^[a-z][a-z0-9+.-]*:\S+$/i;

const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);
const categories = (statement) =>
    ((statement.context.contextActivities || {}).category || []).map((activity) => activity.id);

/* The requirement that the statement breaks, with its reason; null where it keeps all. */
function fault(launch, registration, statement) {
    const verb = VERBS[statement.verb && statement.verb.id];
    const result = statement.result || {};
    const is = (name) => verb === name && isDefined;
    const context = statement.context || {};
    const template = launch.data.contextTemplate;
    if (!UUID.test(statement.id || "")) return "9.1.0.0-1: no id in UUID format";
    if (!same(statement.actor, launch.actor)) return "8.1.3.0-3: another actor";
    if (!IRI.test((statement.verb || {}).id || "")) return "9.3.0.0-1: no verb";
    if (!UTC.test(statement.timestamp || "")) return "9.7.0.0-2: no timestamp in UTC";
    if (!statement.context) return "9.6.0.0-1: no context";
    if (context.registration !== launch.registration) return "9.6.1.0-1: another registration";
    if ((context.extensions || {})[SESSION] !== launch.session) return "9.6.3.1-4: no session id";
    for (const [name, list] of Object.entries(template.contextActivities)) {
        const own = ((context.contextActivities || {})[name] || []).map((activity) => activity.id);
        if (!list.every((activity) => own.includes(activity.id))) return `9.6.2.0-1: ${name} of the template is lost`;
    }
    for (const [name, value] of Object.entries(template.extensions)) {
        if (!same(context.extensions[name], value)) return `10.2.1.0-7: ${name} of the template is overwritten`;
    }
    const isDefined = categories(statement).includes(CATEGORY + "cmi5");
    if (isDefined && !verb) return "9.6.2.1-1: no verb of cmi5 has this category";
    if (!launch.initialized && !is("initialized")) return "9.3.0.0-4: not after initialized";
    if (launch.terminated) return "9.3.0.0-5: after terminated";
    if (result.duration !== undefined && !DURATION.test(result.duration)) return "9.5.4: no duration";
    if (result.score) {
        const { scaled, raw, min, max } = result.score;
        if (scaled !== undefined && !(scaled >= -1 && scaled <= 1)) return "9.5.1: scaled is not between -1 and 1";
        if (raw !== undefined && (min === undefined || max === undefined)) return "9.5.1.0-3: raw without min or max";
        if (raw !== undefined && !(raw >= min && raw <= max)) return "9.5.1: raw is not between min and max";
    }
    const decides = "success" in result || "completion" in result;
    if (categories(statement).includes(CATEGORY + "moveon") !== (isDefined && decides)) return "9.6.2.2: moveon";
    if (!isDefined) {
        return allowedFault(statement, verb);
    }
    if (statement.object.id !== launch.activity) return "9.4.0.0-2: another object";
    if (launch.used.has(verb)) return `9.3.0.0-2: ${verb} twice in a session`;
    if (!launch.hasReadPreferences) return "11.0.0.0-3: preferences were not read";
    if (launch.data.launchMode !== "Normal" && !["initialized", "terminated"].includes(verb))
        return "10.2.2.0-5: not in this mode";
    if (["passed", "failed"].includes(verb)) {
        if (launch.used.has("passed") || launch.used.has("failed")) return "9.3.0.0-3: two verdicts in a session";
        if (registration.has("passed")) return verb === "passed" ? "9.3.0.0-7: passed twice" : "9.3.0.0-8: failed after passed";
        if (result.success !== (verb === "passed")) return "9.5.2.0-1: success";
        const mark = launch.data.masteryScore;
        if (result.score && mark !== undefined) {
            if (context.extensions[MASTERY] !== mark) return "9.6.3.2-2: no masteryscore";
            if (verb === "passed" && result.score.scaled < mark) return "9.3.4.0-2: passed below the mark";
            if (verb === "failed" && result.score.scaled >= mark) return "9.3.5.0-2: failed above the mark";
        }
    } else if ("success" in result) {
        return "9.5.2.0-3: success";
    } else if (result.score) {
        return "9.5.1.0-2: score";
    }
    if (verb === "completed" && registration.has("completed")) return "9.3.0.0-6: completed twice";
    if ((verb === "completed") !== (result.completion === true)) return "9.5.3.0-1: completion";
    if (verb !== "initialized" && result.duration === undefined) return "9.5.4.1: no duration";
    return null;
}

/* "cmi5 allowed": anything that is sound xAPI (4.1 of its second part). */
function allowedFault(statement, verb) {
    const definition = statement.object.definition || {};
    if (verb) return "9.6.2.1-1: a verb of cmi5 without its category";
    if (!IRI.test(statement.object.id || "")) return "xAPI: the object's id is no IRI";
    if (definition.type !== "http://adlnet.gov/expapi/activities/cmi.interaction") return null;
    if (!INTERACTIONS.includes(definition.interactionType)) return "xAPI: no such interaction";
    if (!(definition.correctResponsesPattern || []).every((pattern) => typeof pattern === "string"))
        return "xAPI: patterns are strings";
    if (typeof statement.result.response !== "string") return "xAPI: a response is a string";
    return null;
}

exports.open = async () => {
    const launches = new Map();
    const registrations = new Map();
    const documents = new Map();
    const lrs = { faults: {}, statements: [], rejected: [], requests: [] };
    let count = 0,
        version = 0;

    function take(launch, statements) {
        const registration = registrations.get(launch.registration);
        for (const statement of statements) {
            const known = lrs.statements.find((other) => other.id === statement.id);
            if (known && !same(known, statement)) {
                return [409, "9.1: another statement has this id"];
            }
            const reason = known ? null : fault(launch, registration, statement);
            if (reason) {
                lrs.rejected.push([reason, statement]);
                return [400, reason];
            }
            if (!known) {
                lrs.statements.push(statement);
                const verb = VERBS[statement.verb.id];
                if (verb) {
                    launch.used.add(verb);
                    registration.add(verb);
                    launch.initialized = launch.initialized || verb === "initialized";
                    launch.terminated = verb === "terminated";
                }
            }
        }
        return [200, JSON.stringify(statements.map((statement) => statement.id))];
    }

    function keep(launch, request, body, key) {
        const known = documents.get(key);
        const match = request.headers["if-match"],
            none = request.headers["if-none-match"];
        if (key.endsWith("LMS.LaunchData")) {
            return [403, "10.2.1.0-5: the launch data is the platform's"];
        }
        if ((match && (!known || known.etag !== match)) || (none === "*" && known)) {
            return [412, "another has written"];
        }
        documents.set(key, { etag: `"${++version}"`, text: body });
        return [204, "", { ETag: documents.get(key).etag }];
    }

    function answer(request, body) {
        const url = new URL(request.url, "http://localhost");
        const parameters = url.searchParams;
        if (url.pathname.startsWith("/fetch/")) {
            const launch = launches.get(url.pathname.slice(7));
            if (request.method !== "POST" || lrs.faults.fetch) {
                return [lrs.faults.fetch || 405, "8.2.1.0-2: POST"];
            }
            const isFirst = !launch.token;
            launch.token = launch.token || Buffer.from(`token:${launch.session}`).toString("base64");
            return [
                200,
                JSON.stringify(isFirst ? { "auth-token": launch.token } : { "error-code": "1", "error-text": "used" })
            ];
        }
        const launch = Array.from(launches.values()).find(
            (entry) => entry.token && request.headers.authorization === `Basic ${entry.token}`
        );
        if (!launch || lrs.faults.token) {
            return [401, "8.1.2.0-5: no token"];
        }
        if (!/^1\.0\.\d$/.test(request.headers["x-experience-api-version"] || "")) {
            return [400, "xAPI: no version"];
        }
        if (url.pathname === "/xapi/statements") {
            return lrs.faults.statements ? [lrs.faults.statements, ""] : take(launch, [].concat(JSON.parse(body)));
        }
        if (!same(JSON.parse(parameters.get("agent")), launch.actor)) {
            return [403, "8.1.3.0-3: another agent"];
        }
        if (url.pathname === "/xapi/agents/profile") {
            launch.hasReadPreferences = true;
            return lrs.preferences && parameters.get("profileId") === "cmi5LearnerPreferences"
                ? [200, JSON.stringify(lrs.preferences)]
                : [404, ""];
        }
        if (url.pathname !== "/xapi/activities/state") {
            return [404, ""];
        }
        if (parameters.get("registration") !== launch.registration || parameters.get("activityId") !== launch.activity) {
            return [403, "8.1.4.0-3: another registration or activity"];
        }
        const key = [launch.registration, parameters.get("stateId")].join("/");
        if (request.method !== "GET") {
            return lrs.faults.state ? [lrs.faults.state, ""] : keep(launch, request, body, key);
        }
        if (parameters.get("stateId") === "LMS.LaunchData") {
            return [200, JSON.stringify(launch.data)];
        }
        const known = documents.get(key);
        return known ? [200, known.text, { ETag: known.etag }] : [404, ""];
    }

    const server = http.createServer((request, response) => {
        let body = "";
        request.on("data", (part) => {
            body += part;
        });
        request.on("end", () => {
            const common = {
                "Access-Control-Allow-Origin": "*",
                "Access-Control-Allow-Methods": "GET, PUT, POST",
                "Access-Control-Allow-Headers":
                    "authorization, content-type, if-match, if-none-match, x-experience-api-version",
                "Access-Control-Expose-Headers": "ETag",
                "Content-Type": "application/json"
            };
            if (request.method === "OPTIONS") {
                response.writeHead(204, common).end();
                return;
            }
            if (lrs.faults.offline) {
                response.destroy();
                return;
            }
            const [status, text, headers] = answer(request, body);
            lrs.requests.push([request.method, request.url.split("?")[0], status]);
            response.writeHead(status, Object.assign(common, headers)).end(text);
        });
    });
    await new Promise((resolve) => {
        server.listen(0, "127.0.0.1", resolve);
    });
    const address = `http://127.0.0.1:${server.address().port}`;

    lrs.address = address;
    /* A launch address (8.1) of `page`; `options` may name a registration to launch again, a mode, a mark, a return. */
    lrs.launch = (page, options) => {
        const number = ++count;
        const name = `launch-${number}`;
        const registration =
            options.registration || `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
        const launch = {
            registration,
            session: `session-${number}`,
            activity: `${address}/activities/${options.course || "course"}`,
            actor: {
                objectType: "Agent",
                account: { homePage: address, name: options.learner || "learner-1" }
            },
            used: new Set()
        };
        launch.data = {
            contextTemplate: {
                contextActivities: { grouping: [{ id: "https://ethics.example.org/courses/essentials#play" }] },
                extensions: { [SESSION]: launch.session }
            },
            launchMode: options.mode || "Normal",
            masteryScore: options.mark === undefined ? 0.8 : options.mark,
            moveOn: "Completed",
            returnURL: options.returnTo
        };
        launches.set(name, launch);
        if (!registrations.has(registration)) {
            registrations.set(registration, new Set());
        }
        const parameters = new URLSearchParams({
            endpoint: `${address}/xapi/`,
            fetch: `${address}/fetch/${name}`,
            actor: JSON.stringify(launch.actor),
            registration,
            activityId: launch.activity
        });
        return { address: `${page}?${parameters}`, registration, session: launch.session };
    };
    /* The verbs of a session, in the order of their arrival. */
    lrs.verbs = (session) =>
        lrs.statements
            .filter((statement) => statement.context.extensions[SESSION] === session)
            .map((statement) => statement.verb.display.en);
    lrs.close = () =>
        new Promise((resolve) => {
            server.closeAllConnections();
            server.close(resolve);
        });
    return lrs;
};
exports.fault = fault;
