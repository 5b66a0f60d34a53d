/* A learner's launches of a course, one after the other, on one device and one platform, by the player's own files. */
"use strict";
const { Clock } = require("./clock");
const { Disk, Locks, Channels } = require("./storage");
const { Platform } = require("./platform");
const { load } = require("./player");

function spell(log) {
    return log.map(([action, ...given]) => [action].concat(given).join(" "));
}

class Journey {
    /* `stored`: what the platform has before the first launch. */
    constructor(standard, stored) {
        this.standard = standard;
        this.clock = new Clock(Date.UTC(2026, 10, 21, 10));
        this.problems = [];
        this.platform = new Platform(standard, this.clock, (problem) => this.problems.push(problem));
        this.platform.stored = stored || null;
        this.disk = new Disk(this.clock, () => 1);
        this.locks = new Locks(this.clock);
        this.channels = new Channels(this.clock, () => 1);
        this.token = 0;
    }

    /*
     * `act`: functions of (taking, keeper), each followed by a while. Promises {calls: of the launch, steps: of each of
     * `act`, values and objectives: as they are stored then}.
     */
    async launch(course, act) {
        const { clock } = this;
        const window = {};
        const launch = this.platform.launch(null, false);
        const world = {
            view: launch.view,
            now: () => clock.now(),
            monotonic: () => clock.monotonic,
            random: () => 0.5,
            token: () => `token-${this.token++}`,
            setTimeout: (action, delay) => clock.after(delay, action, window),
            clearTimeout: (event) => clock.cancel(event),
            indexedDB: this.disk.for(window),
            locks: this.locks.for(window),
            channel: this.channels.for(window),
            whenOnline: () => {},
            whenHidden: () => {},
            whenGone: () => {}
        };
        const probity = load()(world);
        let begun = null;
        const player = probity.launch(world, course, probity[this.standard], {
            tell: () => {},
            wait: () => {},
            lead: () => {},
            attached: () => {},
            begin: (keeper) => {
                begun = { keeper, taking: probity.openTaking(world, course, keeper, "en") };
            }
        });
        await clock.run(10000);
        const steps = [];
        for (const step of act) {
            const before = launch.log.length;
            step(begun.taking, begun.keeper);
            await clock.run(10000);
            steps.push(spell(launch.log.slice(before)));
        }
        player.leave(false);
        await clock.run(10000);
        const { values, objectives } = JSON.parse(JSON.stringify(this.platform.stored));
        return { calls: spell(launch.log), steps, values, objectives };
    }
}

module.exports = { Journey };
