/*
 * IndexedDB as far as the journal uses it. What a transaction writes is on the disk some time after its last request
 * and some time before it says so; what a killed window had not brought that far is gone. One transaction at a time.
 *
 * `faults`: throws, error, silent (open never answers), quota (no write succeeds), slow (milliseconds for each step).
 */
"use strict";

class Disk {
    constructor(clock, random) {
        this.clock = clock;
        this.random = random;
        this.entries = new Map();
        this.faults = {};
        this.waiting = [];
        this.running = null;
        this.whenWritten = () => {};
    }

    step(owner, action) {
        this.clock.after(this.faults.slow || this.random(4), action, owner);
    }

    /* The window.indexedDB of one window. */
    for(owner) {
        return {
            open: () => {
                if (this.faults.throws) {
                    throw new Error("storage is blocked");
                }
                const request = {};
                if (!this.faults.silent) {
                    this.step(owner, () => {
                        if (this.faults.error) {
                            request.onerror();
                            return;
                        }
                        request.result = this.database(owner);
                        request.onupgradeneeded();
                        request.onsuccess();
                    });
                }
                return request;
            }
        };
    }

    database(owner) {
        return {
            createObjectStore: () => {},
            transaction: () => {
                const transaction = { owner, requests: [], writes: new Map(), isCommitted: false };
                const ask = (answer) => {
                    const request = {};
                    transaction.requests.push([request, answer]);
                    return request;
                };
                const read = (key) => {
                    const text = transaction.writes.has(key)
                        ? transaction.writes.get(key)
                        : this.entries.get(key);
                    return text === undefined || text === null ? undefined : JSON.parse(text);
                };
                transaction.objectStore = () => ({
                    get: (key) => ask(() => read(key)),
                    getAll: () => ask(() => Array.from(this.entries.keys()).map(read).filter(Boolean)),
                    put: (entry) => {
                        const text = JSON.stringify(entry);
                        return ask(() => {
                            if (this.faults.quota) {
                                throw new Error("quota");
                            }
                            transaction.writes.set(entry.key, text);
                        });
                    },
                    delete: (key) => ask(() => transaction.writes.set(key, null))
                });
                transaction.commit = () => {
                    transaction.isCommitted = true;
                };
                if (!owner.isDead) {
                    this.waiting.push(transaction);
                }
                this.step(owner, () => this.next());
                return transaction;
            }
        };
    }

    next() {
        if (this.running || !this.waiting.length) {
            return;
        }
        this.running = this.waiting.shift();
        this.answer(this.running);
    }

    end(action) {
        this.running = null;
        if (action) {
            action();
        }
        this.next();
    }

    answer(transaction) {
        const { owner } = transaction;
        const next = transaction.requests.shift();
        if (!next) {
            this.step(owner, () => {
                for (const [key, text] of transaction.writes) {
                    if (text === null) {
                        this.entries.delete(key);
                    } else {
                        this.entries.set(key, text);
                    }
                    this.whenWritten(key, text, owner);
                }
                this.step(owner, () => this.end(transaction.oncomplete));
            });
            return;
        }
        this.step(owner, () => {
            try {
                next[0].result = next[1]();
            } catch (error) {
                this.end(transaction.onabort);
                return;
            }
            if (next[0].onsuccess) {
                next[0].onsuccess();
            }
            this.answer(transaction);
        });
    }

    /* The window is gone, and with it what it had not finished. */
    forget(owner) {
        this.waiting = this.waiting.filter((transaction) => transaction.owner !== owner);
        if (this.running && this.running.owner === owner) {
            this.running = null;
        }
        this.next();
    }
}

/* The locks of one browser. */
class Locks {
    constructor(clock) {
        this.clock = clock;
        this.held = new Map();
        this.queue = [];
    }

    for(owner) {
        return {
            request: (name, options, action) => {
                const isPatient = typeof options === "function";
                return new Promise((resolve) => {
                    const wanted = { name, owner, resolve, action: isPatient ? options : action };
                    this.clock.after(
                        1,
                        () => {
                            if (isPatient || !this.held.has(name)) {
                                this.queue.push(wanted);
                                this.grant();
                            } else {
                                wanted.action(null);
                                resolve();
                            }
                        },
                        owner
                    );
                });
            }
        };
    }

    grant() {
        const wanted = this.queue.find((entry) => !this.held.has(entry.name));
        if (!wanted) {
            return;
        }
        this.queue.splice(this.queue.indexOf(wanted), 1);
        this.held.set(wanted.name, wanted.owner);
        Promise.resolve(wanted.action({ name: wanted.name })).then(() => {
            if (this.held.get(wanted.name) === wanted.owner) {
                this.held.delete(wanted.name);
                this.grant();
            }
            wanted.resolve();
        });
        this.grant();
    }

    forget(owner) {
        this.queue = this.queue.filter((entry) => entry.owner !== owner);
        for (const [name, holder] of this.held) {
            if (holder === owner) {
                this.held.delete(name);
            }
        }
        this.grant();
    }
}

/*
 * What the windows of one browser tell each other: in the order in which it was said, a little later, and also when who
 * said it is gone.
 */
class Channels {
    constructor(clock, random) {
        this.clock = clock;
        this.random = random;
        this.open = [];
    }

    for(owner) {
        return (name) => {
            const end = { name, owner, last: 0, action: () => {} };
            this.open.push(end);
            return {
                post: (message) => {
                    const text = JSON.stringify(message);
                    for (const other of this.open.filter((one) => one !== end && one.name === name)) {
                        other.last = Math.max(other.last, this.clock.monotonic + this.random(3));
                        this.clock.after(
                            other.last - this.clock.monotonic,
                            () => other.action(JSON.parse(text)),
                            other.owner
                        );
                    }
                },
                hear: (action) => {
                    end.action = action;
                }
            };
        };
    }

    forget(owner) {
        this.open = this.open.filter((end) => end.owner !== owner);
    }
}

module.exports = { Disk, Locks, Channels };
