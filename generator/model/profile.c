/*
 * What is told differently to different learning platforms: the one table. The player is given a course's row as data
 * (profile_put_json), manifests and reports ask it; nothing else in the program knows a platform by name.
 *
 * Where a row differs from the first, it is for what the platform is known to do:
 *
 *   moodle          Ends an attempt at "completed", "passed" or "failed": the next launch is a review, or another
 *                   attempt. A pass mark in the manifest overrules what the course says when it ends.
 *   cornerstone     Leaves a failed course of SCORM 1.2 in progress for good, and counts one of SCORM 2004 as done when
 *                   it is completed, passed or not. Its help warns of "passed" and "failed" in SCORM 1.2. Refuses a
 *                   Commit just before the end.
 *   successfactors  Counts "passed" or "completed" as done, whichever it hears first.
 *   strict          Has what the standard demands of every platform and nothing that it leaves to them; a course that
 *                   is over ends its attempt.
 */
#include "model/model.h"

const Profile profiles[] = {
    {
        .name = "generic",
        .help = "any platform",
        .lesson_passed = "passed",
        .tells_failure = true,
        .gives_pass_mark = true,
        .commits_before_finish = true,
        .exit_when_over = "suspend",
        .sends_optional = true,
    },
    {
        .name = "moodle",
        .help = "Moodle",
        .lesson_passed = "passed",
        .completes_by_passing = true,
        .commits_before_finish = true,
        .exit_when_over = "suspend",
        .sends_optional = true,
    },
    {
        .name = "cornerstone",
        .help = "Cornerstone OnDemand",
        .lesson_passed = "completed",
        .completes_by_passing = true,
        .exit_when_over = "suspend",
        .sends_optional = true,
    },
    {
        .name = "successfactors",
        .help = "SAP SuccessFactors Learning",
        .lesson_passed = "passed",
        .tells_failure = true,
        .completes_by_passing = true,
        .commits_before_finish = true,
        .exit_when_over = "suspend",
        .sends_optional = true,
    },
    {
        .name = "strict",
        .help = "platforms that hold to the letter of the standard",
        .lesson_passed = "passed",
        .tells_failure = true,
        .gives_pass_mark = true,
        .exit_when_over = "normal",
    },
};

const size_t profile_count = sizeof profiles / sizeof *profiles;

const Profile *profile_find(Text name) {
    for (size_t i = 0; i < profile_count; i++)
        if (text_equal(name, text_from(profiles[i].name)))
            return &profiles[i];
    return NULL;
}

Text profile_nearest(Text name) {
    const char *names[sizeof profiles / sizeof *profiles];
    for (size_t i = 0; i < profile_count; i++)
        names[i] = profiles[i].name;
    return text_nearest(name, names, profile_count);
}

Text profile_names(Arena *arena) {
    Text names = text_from(profiles[0].name);
    for (size_t i = 1; i < profile_count; i++)
        names = text_format(arena, "%s, %s", names.data, profiles[i].name);
    return names;
}

static const char *json_truth(bool value) {
    return value ? "true" : "false";
}

void profile_put_json(Buffer *out, const Profile *profile) {
    buffer_format(out,
                  "{\"name\":\"%s\",\"lesson_passed\":\"%s\",\"tells_failure\":%s,\"completes_by_passing\":%s,"
                  "\"commits_before_finish\":%s,\"exit_when_over\":\"%s\",\"sends_optional\":%s}",
                  profile->name, profile->lesson_passed, json_truth(profile->tells_failure),
                  json_truth(profile->completes_by_passing), json_truth(profile->commits_before_finish),
                  profile->exit_when_over, json_truth(profile->sends_optional));
}
