/* The list of files that a build makes, sorted by path, no two at one address. */
#include "publish/internal.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

Arena *plan_arena(Plan *plan) {
    return plan->arena;
}

Diagnostics *plan_diagnostics(Plan *plan) {
    return plan->diagnostics;
}

void plan_add(Plan *plan, Job job) {
    if (plan->count == plan->capacity) {
        plan->capacity = plan->capacity ? plan->capacity * 2 : 256;
        plan->jobs = realloc(plan->jobs, plan->capacity * sizeof *plan->jobs);
        if (!plan->jobs)
            memory_exhausted();
    }
    plan->jobs[plan->count++] = (PlannedJob){.job = job};
}

void plan_note(Plan *plan, DiagnosticCode code) {
    diagnostics_add(plan->diagnostics, code, TEXT(""), (Place){0, 0});
}

void plan_complain(Plan *plan, DiagnosticCode code) {
    diagnostics_add(plan->diagnostics, code, TEXT(""), (Place){0, 0});
}

static int compare_outputs(const void *left, const void *right) {
    const PlannedJob *a = left, *b = right;
    return text_compare(a->job.output, b->job.output);
}

PlannedJob *plan_find(const Plan *plan, Text output) {
    PlannedJob key = {.job.output = output};
    return plan->count ? bsearch(&key, plan->jobs, plan->count, sizeof *plan->jobs, compare_outputs) : NULL;
}

static bool is_plain(Text output) {
    for (size_t i = 0; i < output.size; i++)
        if ((unsigned char)output.data[i] >= 0x80 || (output.data[i] >= 'A' && output.data[i] <= 'Z'))
            return false;
    return true;
}

/* What a file system that ignores case and composes letters makes of a name. */
static Text fold(Arena *arena, Text output) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = unorm2_getNFKCCasefoldInstance(&status);
    int32_t capacity = (int32_t)output.size * 4 + 16, size = 0;
    UChar *wide = arena_new(arena, UChar, (size_t)capacity), *folded = arena_new(arena, UChar, (size_t)capacity);
    u_strFromUTF8(wide, capacity, &size, output.data, (int32_t)output.size, &status);
    size = unorm2_normalize(normalizer, wide, size, folded, capacity, &status);
    char *narrow = arena_allocate(arena, (size_t)capacity * 3, 1);
    int32_t narrow_size = 0;
    u_strToUTF8(narrow, capacity * 3, &narrow_size, folded, size, &status);
    /* A name that cannot be folded is compared as it is. */
    return U_SUCCESS(status) ? (Text){narrow, (size_t)narrow_size} : output;
}

static void complain(const Plan *plan, const PlannedJob *job, const PlannedJob *other) {
    const Job *here = &job->job, *there = &other->job;
    Text path = here->path.size ? here->path : here->output;
    diagnostics_add(plan->diagnostics, DIAGNOSTIC_OUTPUT_CLASH, path, (Place){0, 0},
                    text_copy(plan->arena, there->path.size ? there->path : there->output).data);
}

typedef struct FoldedName {
    Text name;
    const PlannedJob *job;
} FoldedName;

static int compare_folded(const void *left, const void *right) {
    const FoldedName *a = left, *b = right;
    int order = text_compare(a->name, b->name);
    return order ? order : text_compare(a->job->job.output, b->job->job.output);
}

/* Nearly all names are plain: only the others are folded, and looked for among all. */
static void check_folded(const Plan *plan) {
    size_t count = 0;
    for (size_t i = 0; i < plan->count; i++)
        count += !is_plain(plan->jobs[i].job.output);
    Arena scratch = {0};
    FoldedName *names = arena_new(&scratch, FoldedName, count + 1);
    for (size_t i = 0, at = 0; i < plan->count && count; i++)
        if (!is_plain(plan->jobs[i].job.output))
            names[at++] = (FoldedName){fold(&scratch, plan->jobs[i].job.output), &plan->jobs[i]};
    qsort(names, count, sizeof *names, compare_folded);
    for (size_t i = 0; i < count; i++) {
        const PlannedJob *plain = plan_find(plan, names[i].name);
        if (i > 0 && text_equal(names[i].name, names[i - 1].name))
            complain(plan, names[i].job, names[i - 1].job);
        else if (plain && is_plain(plain->job.output))
            complain(plan, names[i].job, plain);
    }
    arena_free(&scratch);
}

void plan_finish(Plan *plan) {
    if (plan->count)
        qsort(plan->jobs, plan->count, sizeof *plan->jobs, compare_outputs);
    for (size_t i = 1; i < plan->count; i++)
        if (text_equal(plan->jobs[i - 1].job.output, plan->jobs[i].job.output))
            complain(plan, &plan->jobs[i], &plan->jobs[i - 1]);
    check_folded(plan);
}

void plan_close(Plan *plan) {
    free(plan->jobs);
    *plan = (Plan){0};
}
