/*
 * Time as a schedule wants it: a list of things to come, a clock that only goes forward, and a calendar that somebody
 * may set. Nothing waits for real time.
 */
"use strict";

/* Promises that wait have gone on when this comes back. */
const settle = () => new Promise(setImmediate);

class Clock {
    constructor(start) {
        this.monotonic = 0;
        this.offset = start;
        this.coming = [];
        this.count = 0;
    }

    now() {
        return this.monotonic + this.offset;
    }

    /* `owner`: a window; what it waits for ends with it, and waits while the window is frozen (`frozenUntil`). */
    after(delay, action, owner) {
        if (owner && owner.isDead) {
            return null;
        }
        const event = { at: this.monotonic + Math.max(delay, 0), count: this.count++, action, owner };
        this.coming.push(event);
        return event;
    }

    cancel(event) {
        const at = this.coming.indexOf(event);
        if (at >= 0) {
            this.coming.splice(at, 1);
        }
    }

    forget(owner) {
        this.coming = this.coming.filter((event) => event.owner !== owner);
    }

    /* A call that takes long, or a laptop asleep: the clock goes on, and nothing happens meanwhile. */
    pass(duration) {
        this.monotonic += duration;
    }

    /* Everything that comes within `duration`, in its order. */
    async run(duration) {
        const until = this.monotonic + duration;
        await settle();
        for (;;) {
            let next = null,
                nextAt = 0;
            for (const event of this.coming) {
                const at = Math.max(event.at, (event.owner && event.owner.frozenUntil) || 0);
                if (at <= until && (!next || at < nextAt || (at === nextAt && event.count < next.count))) {
                    next = event;
                    nextAt = at;
                }
            }
            if (!next) {
                break;
            }
            this.cancel(next);
            this.monotonic = Math.max(this.monotonic, nextAt);
            next.action();
            await settle();
        }
        this.monotonic = Math.max(this.monotonic, until);
    }
}

module.exports = { Clock, settle };
