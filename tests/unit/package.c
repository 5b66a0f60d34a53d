/* Manifests keep their standards' rules, those that break one are refused, and the state of a learner is measured. */
#include "publish/publish.h"
#include "package/package.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int passed, failed;

static void check(bool holds, const char *what, const char *seen) {
    if (holds) {
        passed++;
    } else {
        failed++;
        printf("not so: %s\n    seen: %s\n", what, seen);
    }
}

/* ---- Manifests ---- */

static int compare_names(const void *left, const void *right) {
    return text_compare(*(const Text *)left, *(const Text *)right);
}

static size_t list_files(const PackageStandard *standard, Text *names) {
    static const char *const own[] = {"course.js", "imsmanifest.xml", "index.html", "media/a b.png"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        names[count++] = text_from(own[i]);
    for (size_t i = 0; standard->control_files[i]; i++)
        names[count++] = text_from(standard->control_files[i]);
    qsort(names, count, sizeof *names, compare_names);
    return count;
}

/* What the check says of a manifest: all its complaints in one text. */
static Text complaint(Arena *arena, const PackageStandard *standard, Text manifest, const Text *names, size_t count) {
    Diagnostics *diagnostics = diagnostics_open();
    bool is_well = package_check(standard, manifest, names, count, TEXT("a.zip"), diagnostics);
    size_t complaints;
    const Diagnostic *list = diagnostics_list(diagnostics, &complaints);
    Text text = TEXT("");
    for (size_t i = 0; i < complaints; i++)
        text = text_format(arena, "%s%s\n", text.data, list[i].message.data);
    check(is_well == (complaints == 0), "the answer agrees with the complaints", text.data);
    diagnostics_close(diagnostics);
    return text;
}

/* The manifest with the first `from` changed into `to`. */
static Text change(Arena *arena, Text manifest, const char *from, const char *to) {
    const char *at = strstr(manifest.data, from);
    if (!at)
        return TEXT("");
    return text_format(arena, "%.*s%s%s", (int)(at - manifest.data), manifest.data, to, at + strlen(from));
}

typedef struct Broken {
    const char *from, *to, *complaint;
} Broken;

static const Broken broken_manifests[] = {
    {"</manifest>", "", "it is not well-formed"},
    {"<manifest ", "<!DOCTYPE manifest [<!ENTITY a \"a\">]><other ", "it is not well-formed"},
    {"default=\"organization\"", "default=\"another\"", "the default organization does not exist: another"},
    {"<organization identifier=\"organization\">", "<organization identifier=\"1\">",
     "this cannot be an identifier: 1"},
    {"<item identifier=\"item\"", "<item identifier=\"organization\"", "this identifier stands twice: organization"},
    {"<title>A &amp; B</title>", "", "it needs one title: organization"},
    {"<title>A &amp; B</title>", "<title>A</title><title>B</title>", "it needs one title: organization"},
    {"<title>A &amp; B</title>", "<title> </title>", "the title is empty"},
    {"identifierref=\"resource\"", "identifierref=\"nothing\"", "an item leads to no resource: nothing"},
    {"</item>", "<item identifier=\"i2\" identifierref=\"resource\"><title>x</title></item></item>",
     "an item with items of its own leads to a resource: resource"},
    {"type=\"webcontent\"", "type=\"web\"", "the resource is no webcontent: web"},
    {"=\"sco\"", "=\"asset\"", "the resource is no sco"},
    {"<file href=\"index.html\"/>", "<file href=\"course.js\"/>",
     "the resource does not list the file that it launches: index.html"},
    {"<file href=\"course.js\"/>", "", "no resource lists this file: course.js"},
    {"<file href=\"course.js\"/>", "<file href=\"course.js\"/><file href=\"gone.js\"/>",
     "the file is not in the package: gone.js"},
    {"<file href=\"course.js\"/>", "<file href=\"course.js\"/><file href=\"/course.js\"/>",
     "the address leads out of the package: /course.js"},
    {"<file href=\"course.js\"/>", "<file href=\"course.js\"/><file href=\"a/../../b\"/>",
     "the address leads out of the package: a/../../b"},
    {"<metadata>", "<metadata/><metadata>", "it needs this element once: metadata"},
    {"</resources>", "</resources><resources/>", "it needs this element once: resources"},
};

static void test_manifest(const PackageStandard *standard, const char *mark_from, const char *mark_to,
                          const char *mark_complaint) {
    Arena arena = {0};
    Text files[] = {TEXT("index.html"), TEXT("course.js"), TEXT("media/a b.png")}, names[40];
    PackageFacts facts = {.identifier = TEXT("course-a-en"),
                          .title = TEXT("A & B"),
                          .pass_permille = 805,
                          .files = files,
                          .file_count = 3};
    size_t count = list_files(standard, names);
    Buffer buffer = {0};
    package_write_manifest(&buffer, standard, &facts);
    Text manifest = text_copy(&arena, buffer_text(&buffer));
    Text said = complaint(&arena, standard, manifest, names, count);
    check(said.size == 0, standard->name, said.data);

    for (size_t i = 0; i < sizeof broken_manifests / sizeof *broken_manifests; i++) {
        const Broken *broken = &broken_manifests[i];
        Text changed = change(&arena, manifest, broken->from, broken->to);
        check(changed.size > 0, "the change applies", broken->from);
        said = complaint(&arena, standard, changed, names, count);
        check(strstr(said.data, broken->complaint) != NULL, broken->complaint, said.data);
    }
    said = complaint(&arena, standard, change(&arena, manifest, mark_from, mark_to), names, count);
    check(strstr(said.data, mark_complaint) != NULL, mark_complaint, said.data);
    said = complaint(&arena, standard, manifest, names, 4);
    check(strstr(said.data, "control file") != NULL || strstr(said.data, "not in the package") != NULL,
          "missing files are noticed", said.data);

    facts.pass_permille = -1;
    buffer_clear(&buffer);
    package_write_manifest(&buffer, standard, &facts);
    check(!strstr(buffer.data, "masteryscore") && !strstr(buffer.data, "minNormalizedMeasure"),
          "no pass mark where nothing is graded", buffer.data);
    buffer_free(&buffer);
    arena_free(&arena);
}

static void test_ratio(void) {
    Arena arena = {0};
    static const struct {
        int permille;
        const char *text;
    } cases[] = {{0, "0"}, {5, "0.005"}, {800, "0.8"}, {855, "0.855"}, {1000, "1"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(strcmp(manifest_ratio(&arena, cases[i].permille).data, cases[i].text) == 0, cases[i].text,
              manifest_ratio(&arena, cases[i].permille).data);
    arena_free(&arena);
}

/* ---- State ---- */

typedef struct Sample {
    Unit course_unit, module_unit, screen_units[2];
    Screen screens[2];
    Module module;
    Document documents[2];
    Course course;
} Sample;

/* The course of tests/browser/fixture/course.js, with `extra` questions of one choice more. */
static void fill_sample(Sample *sample, Arena *arena, size_t extra, bool has_circle) {
    static const char *const ids[] = {"truth", "several", "one-only", "story"};
    static const ExerciseKind kinds[] = {EXERCISE_TRUE_FALSE, EXERCISE_MULTIPLE, EXERCISE_SINGLE, EXERCISE_SCENARIO};
    static const size_t choice_counts[] = {2, 3, 2, 0};
    *sample = (Sample){.course_unit = {.name = TEXT("fixture")}, .module_unit = {.name = TEXT("first")}};
    sample->screen_units[0].name = TEXT("one");
    sample->screen_units[1].name = TEXT("two");
    Exercise *exercises = arena_new(arena, Exercise, 4 + extra);
    for (size_t i = 0; i < 4 + extra; i++) {
        Exercise *exercise = &exercises[i];
        exercise->id = i < 4 ? text_from(ids[i]) : text_format(arena, "extra-%zu", i);
        exercise->kind = i < 4 ? kinds[i] : EXERCISE_SINGLE;
        exercise->points = 1;
        exercise->choice_count = i < 4 ? choice_counts[i] : 2;
        exercise->choices = arena_new(arena, Choice, 3);
        exercise->next = i + 1 < 4 + extra ? exercise + 1 : NULL;
    }
    Exercise *story = &exercises[3];
    story->steps = arena_new(arena, Step, 3);
    story->step_count = 3;
    story->steps[0] = (Step){.id = TEXT("begin"), .choices = arena_new(arena, Choice, 2), .choice_count = 2};
    story->steps[0].choices[0].move = TEXT("good");
    story->steps[0].choices[1].move = has_circle ? TEXT("begin") : TEXT("bad");
    story->steps[1] = (Step){.id = TEXT("good"), .end = TEXT("good")};
    story->steps[2] = (Step){.id = TEXT("bad"), .end = TEXT("poor")};
    sample->documents[0].exercises = exercises;
    for (size_t s = 0; s < 2; s++)
        sample->screens[s].unit = &sample->screen_units[s];
    sample->screens[0].documents[0] = &sample->documents[0];
    sample->module = (Module){.unit = &sample->module_unit, .screens = sample->screens, .screen_count = 2};
    sample->course = (Course){.unit = &sample->course_unit,
                              .settings_path = TEXT("course.yaml"),
                              .modules = &sample->module,
                              .module_count = 1};
}

/* Instead of its exercises, one of every other kind: those of tests/browser/words-and-state.js. */
static void fill_kinds(Sample *sample, Arena *arena) {
    static const Exercise kinds[] = {
        {.kind = EXERCISE_LIKERT, .id = {"likert", 6}, .choice_count = 5},
        {.kind = EXERCISE_ORDERING, .id = {"ordering", 8}, .choice_count = 12},
        {.kind = EXERCISE_MATCHING, .id = {"matching", 8}, .choice_count = 12, .target_count = 16},
        {.kind = EXERCISE_FILL_IN, .id = {"fill-in", 7}, .blank_count = 10},
        {.kind = EXERCISE_NUMERIC, .id = {"numeric", 7}},
        {.kind = EXERCISE_HOTSPOT, .id = {"hotspot", 7}, .choice_count = 6},
        {.kind = EXERCISE_REFLECTION, .id = {"reflection", 10}, .size_bytes = 600},
        {.kind = EXERCISE_ATTESTATION, .id = {"attestation", 11}},
    };
    size_t count = sizeof kinds / sizeof *kinds;
    fill_sample(sample, arena, 0, false);
    Exercise *exercises = arena_new(arena, Exercise, count);
    for (size_t i = 0; i < count; i++) {
        exercises[i] = kinds[i];
        exercises[i].next = i + 1 < count ? &exercises[i + 1] : NULL;
    }
    sample->documents[0].exercises = exercises;
}

/* What the check says of the course's state: its first complaint, or an empty text. */
static Text state_complaint(Sample *sample, const PackageStandard *standard, Arena *arena) {
    Diagnostics *diagnostics = diagnostics_open();
    bool is_well = package_check_state(standard, &sample->course, 0, diagnostics);
    size_t count;
    const Diagnostic *list = diagnostics_list(diagnostics, &count);
    Text said = count ? text_copy(arena, list[0].message) : TEXT("");
    check(is_well == (count == 0), "the answer agrees with the complaints", said.data);
    diagnostics_close(diagnostics);
    return said;
}

static void test_state(void) {
    Arena arena = {0};
    Sample sample;
    Text largest, said;
    char seen[32];
    fill_sample(&sample, &arena, 0, false);
    size_t size = package_state_size(&sample.course, 0, &arena, &largest);
    snprintf(seen, sizeof seen, "%zu", size);
    /* tests/browser/words-and-state.js measures the text itself and knows this number. */
    check(size == 81, "the fixture course takes 81 characters", seen);
    check(text_equal(largest, TEXT("several")), "its largest exercise", largest.data);
    said = state_complaint(&sample, &package_scorm12, &arena);
    check(said.size == 0, "it fits", said.data);

    fill_kinds(&sample, &arena);
    size_t kinds_size = package_state_size(&sample.course, 0, &arena, &largest);
    snprintf(seen, sizeof seen, "%zu", kinds_size);
    check(kinds_size == 1793, "every other kind takes 1793 characters", seen);
    check(text_equal(largest, TEXT("fill-in")), "ten blanks need most", largest.data);

    fill_sample(&sample, &arena, 0, true);
    check(package_state_size(&sample.course, 0, &arena, &largest) == size - 3 + 12, "a way back makes paths longer",
          largest.data);

    fill_sample(&sample, &arena, 600, false);
    said = state_complaint(&sample, &package_scorm12, &arena);
    check(said.size > 0, "600 questions do not fit SCORM 1.2", said.data);
    check(strstr(said.data, "4096") != NULL, "and the complaint says so", said.data);
    said = state_complaint(&sample, &package_scorm2004, &arena);
    check(said.size == 0, "but SCORM 2004", said.data);

    /* Found by trying. */
    fill_sample(&sample, &arena, 0, false);
    sample.documents[0].exercises[0].id = TEXT("question-18336");
    sample.documents[0].exercises[1].id = TEXT("question-20385");
    said = state_complaint(&sample, &package_scorm12, &arena);
    check(said.size > 0, "two ids with the same code are refused", said.data);
    check(strstr(said.data, "question-18336") && strstr(said.data, "question-20385"), "by name", said.data);
    arena_free(&arena);
}

int main(void) {
    test_manifest(&package_scorm12, "<adlcp:masteryscore>80<", "<adlcp:masteryscore>800<",
                  "not between 0 and 100: 800");
    test_manifest(&package_scorm2004, "Measure>0.805<", "Measure>80<", "not between -1 and 1: 80");
    test_ratio();
    test_state();
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
