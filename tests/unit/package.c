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
    {"<manifest ", "<!DOCTYPE manifest [<!ENTITY a \"a\">]><manifest ", "it has a document type of its own"},
    {"<?xml", "\xEF\xBB\xBF<?xml", "it begins with a byte order mark"},
    {"UTF-8", "ISO-8859-1", "it says that it is not UTF-8"},
    {"A &amp; B", "A \xE9", "it is not UTF-8"},
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

static PackageFacts sample_facts(Arena *arena, const Text *files) {
    static const Text objectives[] = {{"route", 5}, {"listen", 6}};
    PackageWords *words = arena_new(arena, PackageWords, 2);
    words[0] = (PackageWords){0, TEXT("A & B"), TEXT("About <it>")};
    words[1] = (PackageWords){1, TEXT("C"), TEXT("")};
    return (PackageFacts){.identifier = TEXT("course-a-en"),
                          .address = TEXT("https://example.org/courses/a"),
                          .words = words,
                          .language_count = 2,
                          .pass_permille = 805,
                          .completion = COMPLETION_PASSED,
                          .objectives = objectives,
                          .objective_count = 2,
                          .files = files,
                          .file_count = 3};
}

/* Each change of a sound manifest is noticed, with its reason. */
static void test_broken(Arena *arena, const PackageStandard *standard, Text manifest, const Text *names, size_t count,
                        const Broken *broken, size_t broken_count) {
    for (size_t i = 0; i < broken_count; i++, broken++) {
        Text changed = change(arena, manifest, broken->from, broken->to);
        check(changed.size > 0, "the change applies", broken->from);
        Text said = complaint(arena, standard, changed, names, count);
        check(strstr(said.data, broken->complaint) != NULL, broken->complaint, said.data);
    }
}

static void test_manifest(const PackageStandard *standard, const Broken *own, size_t own_count) {
    Arena arena = {0};
    Text files[] = {TEXT("index.html"), TEXT("course.js"), TEXT("media/a b.png")}, names[40];
    PackageFacts facts = sample_facts(&arena, files);
    size_t count = list_files(standard, names);
    Buffer buffer = {0};
    package_write_manifest(&buffer, standard, &facts);
    Text manifest = text_copy(&arena, buffer_text(&buffer));
    Text said = complaint(&arena, standard, manifest, names, count);
    check(said.size == 0, standard->target.name, said.data);

    test_broken(&arena, standard, manifest, names, count, broken_manifests,
                sizeof broken_manifests / sizeof *broken_manifests);
    test_broken(&arena, standard, manifest, names, count, own, own_count);
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

static const Broken broken_12[] = {
    {"<adlcp:masteryscore>80<", "<adlcp:masteryscore>800<", "not between 0 and 100: 800"},
    {"<schemaversion>1.2<", "<schemaversion>CAM 1.3<", "this is another edition: CAM 1.3"},
    {"<schema>ADL SCORM<", "<schema>IMS<", "the schema is not ADL SCORM: IMS"},
    {"adlcp_rootv1p2\" xmlns:xsi", "adlcp_v1p3\" xmlns:xsi",
     "this element is in the wrong namespace: masteryscore in http://www.adlnet.org/xsd/adlcp_v1p3"},
    {"adlcp:masteryscore>", "adlcp:masteryScore>", "it is not well-formed"},
    {"<adlcp:masteryscore>80</adlcp:masteryscore>", "<adlcp:masteryScore>80</adlcp:masteryScore>",
     "this element does not belong here: masteryScore in item"},
    {"adlcp:scormtype", "scormtype", "the kind of the resource is in the wrong namespace"},
    {"</item>", "<adlcp:masteryscore>70</adlcp:masteryscore></item>", "this element stands more than once"},
};

/* Of both editions of SCORM 2004. */
static const Broken broken_2004[] = {
    {"Measure>0.805<", "Measure>80<", "not between -1 and 1: 80"},
    {"<imsss:deliveryControls", "<imsss:sequence/><imsss:deliveryControls",
     "this element does not belong here: sequence in sequencing"},
    {"<imsss:deliveryControls", "<adlcp:deliveryControls", "this element is in the wrong namespace: deliveryControls"},
    {"http://www.adlnet.org/xsd/adlcp_v1p3\"", "http://www.adlnet.org/xsd/adlcp_rootv1p2\"",
     "this element is in the wrong namespace: completionThreshold"},
    {"satisfiedByMeasure=\"true\"", "satisfiedByMeasure=\"false\"",
     "satisfiedByMeasure and minNormalizedMeasure do not go together"},
    {"hideLMSUI>previous<", "hideLMSUI>back<", "platforms have no such button: back"},
    {"adlcp:scormType", "adlcp:scormtype", "the resource is no sco"},
    {"objectiveID=\"course_pass\" satisfiedByMeasure=\"true\">", "satisfiedByMeasure=\"true\"><imsss:mapInfo/>",
     "an objective that is mapped has no objectiveID"},
    {"<imsss:objective objectiveID=\"listen\"", "<imsss:objective", "an objective has no objectiveID"},
    {"<imsss:objective objectiveID=\"listen\"", "<imsss:objective objectiveID=\"route\"",
     "two objectives have one objectiveID: route"},
    {"objectiveID=\"course_pass\"", "objectiveID=\"listen\"", "two objectives have one objectiveID: listen"},
};

static const Broken broken_third[] = {
    {"<adlcp:completionThreshold>1.0<", "<adlcp:completionThreshold>100<",
     "the completion threshold is not between 0 and 1: 100"},
    {"<adlcp:completionThreshold>1.0<",
     "<adlcp:completionThreshold completedByMeasure=\"true\" minProgressMeasure=\"1.0\"><",
     "the 3rd edition has the completion threshold as a number"},
    {"2004 3rd Edition", "2004 4th Edition", "this is another edition: 2004 4th Edition"},
};

static const Broken broken_fourth[] = {
    {"minProgressMeasure=\"1.0\"/>", "minProgressMeasure=\"1.0\">1.0</adlcp:completionThreshold>",
     "the 4th edition has the completion threshold in attributes: 1.0"},
    {"minProgressMeasure=\"1.0\"", "minProgressMeasure=\"1.5\"",
     "the completion threshold is not between 0 and 1: 1.5"},
    {"2004 4th Edition", "2004 3rd Edition", "this is another edition: 2004 3rd Edition"},
};

static const Broken broken_cmi5[] = {
    {"</courseStructure>", "", "it is not well-formed"},
    {"cmi5/v1/CourseStructure.xsd", "cmi5/CourseStructure.xsd", "this is no course structure of cmi5"},
    {"<course id=\"https://example.org/courses/a\"", "<course id=\"a\"", "the id is no IRI (13.1): a"},
    {"courses/a#play", "courses/a", "this identifier stands twice: https://example.org/courses/a"},
    {"moveOn=\"CompletedAndPassed\"", "moveOn=\"passed\"", "there is no such moveOn (10.2.5): passed"},
    {"masteryScore=\"0.805\"", "masteryScore=\"80\"", "the masteryScore is not between 0 and 1 (10.2.4): 80"},
    {" masteryScore=\"0.805\"", "", "nobody can pass"},
    {"AnyWindow", "NewWindow", "there is no such launchMethod (13.1.4): NewWindow"},
    {"<url>index.html", "<url>start.html", "the file is not in the package (14.1): start.html"},
    {"<url>index.html", "<url>index.html?fetch=1", "a parameter of the launch (8.1)"},
    {"<url>index.html</url>", "", "it needs this element once (13.1): url"},
    {"lang=\"zh-Hans\"", "lang=\"ar\"", "two langstrings are in one language: ar"},
    {">About &lt;it&gt;<", "><", "a langstring is empty"},
    {"</course>", "<description><langstring lang=\"en\">x</langstring></description></course>",
     "it needs this element once (13.1): description"},
    {"<au ", "<block/><au ", "this element does not belong here: block"},
};

/* cmi5 has no manifest of resources: the rules above are not its own. */
static void test_cmi5(void) {
    Arena arena = {0};
    Text files[] = {TEXT("index.html"), TEXT("en.html"), TEXT("en.js")};
    Text names[] = {TEXT("cmi5.xml"), TEXT("en.html"), TEXT("en.js"), TEXT("index.html")};
    PackageFacts facts = sample_facts(&arena, files);
    Buffer buffer = {0};
    package_write_manifest(&buffer, &package_cmi5, &facts);
    Text structure = text_copy(&arena, buffer_text(&buffer));
    Text said = complaint(&arena, &package_cmi5, structure, names, 4);
    check(said.size == 0, "cmi5", said.data);
    check(strstr(structure.data, "A &amp; B") && strstr(structure.data, ">C<"), "titles of both languages",
          structure.data);
    test_broken(&arena, &package_cmi5, structure, names, 4, broken_cmi5, sizeof broken_cmi5 / sizeof *broken_cmi5);
    said = complaint(&arena, &package_cmi5, structure, names + 1, 3);
    check(strstr(said.data, "cmi5.xml is not in the package") != NULL, "a package without its structure", said.data);

    facts.completion = COMPLETION_SCREENS;
    buffer_clear(&buffer);
    package_write_manifest(&buffer, &package_cmi5, &facts);
    check(strstr(buffer.data, "moveOn=\"Completed\"") != NULL, "done when its screens are seen", buffer.data);
    facts.pass_permille = -1;
    buffer_clear(&buffer);
    package_write_manifest(&buffer, &package_cmi5, &facts);
    check(!strstr(buffer.data, "masteryScore"), "no pass mark where nothing is graded", buffer.data);
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
    test_manifest(&package_scorm12, broken_12, sizeof broken_12 / sizeof *broken_12);
    const PackageStandard *editions[] = {&package_scorm2004_3, &package_scorm2004};
    for (size_t i = 0; i < 2; i++)
        test_manifest(editions[i], broken_2004, sizeof broken_2004 / sizeof *broken_2004);
    test_manifest(&package_scorm2004_3, broken_third, sizeof broken_third / sizeof *broken_third);
    test_manifest(&package_scorm2004, broken_fourth, sizeof broken_fourth / sizeof *broken_fourth);
    test_cmi5();
    test_ratio();
    test_state();
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
