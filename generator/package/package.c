/* Plans and fills course packages. */
#include "package/package.h"

#include <stdlib.h>
#include <string.h>

/* ---- What the program brings with it ---- */

enum { PART_LIMIT_BYTES = 8 << 20 };

/* Read once for each build: the same bytes go into every package of a standard. */
typedef struct PackageParts {
    const PackageStandard *standard;
    Text player, rules, shell; /* JavaScript */
    ZipEntry *control_files;
    size_t control_count;
    Digest digest;
    Text missing; /* what could not be found; empty: nothing */
} PackageParts;

static Text read_part(Arena *arena, PackageParts *parts, Text name, Diagnostics *diagnostics) {
    Text path = file_shared(arena, text_copy(arena, name).data), bytes = TEXT("");
    if (!path.size || !file_read(arena, path.data, PART_LIMIT_BYTES, &bytes, diagnostics))
        parts->missing = name;
    parts->digest = digest_text(digest_text(parts->digest, name), bytes);
    return bytes;
}

/* One script, of the files that a list in player/ names: one request for the learner's browser. */
static Text read_script(Arena *arena, PackageParts *parts, Text list, Diagnostics *diagnostics) {
    Text order = read_part(arena, parts, list, diagnostics);
    Buffer player = {0};
    for (size_t at = 0; at < order.size;) {
        size_t end = text_find(order, '\n', at);
        Text name = text_trim(text_slice(order, at, end));
        if (name.size)
            buffer_put_text(&player,
                            read_part(arena, parts, text_format(arena, "player/%.*s", TEXT_ARG(name)), diagnostics));
        at = end + 1;
    }
    Text copy = text_copy(arena, buffer_text(&player));
    buffer_free(&player);
    return copy;
}

static PackageParts *read_parts(Arena *arena, const PackageStandard *standard, Diagnostics *diagnostics) {
    PackageParts *parts = arena_new(arena, PackageParts, 1);
    parts->standard = standard;
    parts->player = read_script(arena, parts, TEXT("player/order.txt"), diagnostics);
    parts->shell = read_script(arena, parts, TEXT("player/shell.txt"), diagnostics);
    parts->rules = read_part(arena, parts, TEXT("rules.js"), diagnostics);
    while (standard->control_files[parts->control_count])
        parts->control_count++;
    parts->control_files = arena_new(arena, ZipEntry, parts->control_count);
    for (size_t i = 0; i < parts->control_count; i++) {
        Text name = text_format(arena, "schemas/%s/%s", standard->schema_folder, standard->control_files[i]);
        parts->control_files[i] =
            (ZipEntry){text_from(standard->control_files[i]), read_part(arena, parts, name, diagnostics)};
    }
    return parts;
}

/* ---- One package ---- */

typedef struct Package {
    const Job *job;
    Worker *worker;
    const Course *course;
    const PackageParts *parts;
    Language languages[LANGUAGE_LIMIT]; /* the source language first where it is one of them */
    size_t language_count;
    ZipEntry *entries; /* what the course consists of first, then its control files and the manifest */
    size_t count, capacity;
} Package;

static void add(Package *package, Text name, Text bytes) {
    if (package->count == package->capacity) {
        package->capacity = package->capacity ? package->capacity * 2 : 64;
        ZipEntry *more = arena_new(package->worker->scratch, ZipEntry, package->capacity);
        if (package->count)
            memcpy(more, package->entries, package->count * sizeof *more);
        package->entries = more;
    }
    package->entries[package->count++] = (ZipEntry){name, bytes};
}

static Text keep(Package *package, Buffer *buffer) {
    Text copy = text_copy(package->worker->scratch, buffer_text(buffer));
    buffer_free(buffer);
    return copy;
}

static int compare_names(const void *left, const void *right) {
    return text_compare(*(const Text *)left, *(const Text *)right);
}

static const char *const media_suffixes[] = {".png", ".jpg",  ".jpeg", ".webp", ".avif", ".gif", ".svg",
                                             ".mp4", ".webm", ".mp3",  ".m4a",  ".ogg",  ".vtt", ".pdf"};

static bool is_media(Text name) {
    for (size_t i = 0; i < sizeof media_suffixes / sizeof *media_suffixes; i++)
        if (text_ends(name, text_from(media_suffixes[i])))
            return true;
    return false;
}

/* Links in the page lead to media/<path of the unit>/<name>: see resolve.h. */
static bool add_media(Package *package, const Unit *unit) {
    Worker *worker = package->worker;
    for (size_t i = 0; i < unit->file_count; i++) {
        Text name = unit->files[i].name, bytes;
        if (!is_media(name))
            continue;
        Buffer path = {0};
        load_put_unit_path(&path, worker->site, unit);
        buffer_put_text(&path, name);
        bool is_read = file_read(worker->scratch, path.data, FILE_MEDIA_LIMIT_BYTES, &bytes, worker->diagnostics);
        buffer_free(&path);
        if (!is_read)
            return false;
        add(package, text_format(worker->scratch, "media/%.*s/%.*s", TEXT_ARG(unit->path), TEXT_ARG(name)), bytes);
    }
    return true;
}

static bool add_all_media(Package *package) {
    const Course *course = package->course;
    bool is_well = add_media(package, course->unit);
    for (size_t m = 0; m < course->module_count; m++) {
        is_well = add_media(package, course->modules[m].unit) && is_well;
        for (size_t s = 0; s < course->modules[m].screen_count; s++)
            is_well = add_media(package, course->modules[m].screens[s].unit) && is_well;
    }
    return is_well;
}

Text package_page_name(Arena *arena, Language language) {
    return text_format(arena, "%s.html", language_info(language)->code);
}

Text package_data_name(Arena *arena, Language language) {
    return text_format(arena, "%s.js", language_info(language)->code);
}

static PackagePage page_in(const Package *package, size_t index) {
    return (PackagePage){package->parts->standard, package->course, package->languages[index], package->languages,
                         package->language_count};
}

/* A page and its data. The first file of the package is the one that is launched. */
static bool add_language(Package *package, size_t index) {
    Worker *worker = package->worker;
    bool is_alone = package->language_count == 1;
    PackagePage page = page_in(package, index);
    Buffer text = {0}, data = {0};
    bool is_well = package_write_page(&text, worker, &page);
    package_write_data(&data, worker->site, package->course, page.language);
    add(package, is_alone ? TEXT("index.html") : package_page_name(worker->scratch, page.language),
        keep(package, &text));
    add(package, is_alone ? TEXT("course.js") : package_data_name(worker->scratch, page.language),
        keep(package, &data));
    return is_well;
}

static bool add_course(Package *package) {
    Worker *worker = package->worker;
    Buffer list = {0}, style = {0};
    bool is_well = true;
    if (package->language_count > 1) {
        PackagePage page = page_in(package, 0);
        is_well = package_write_languages(&list, worker, &page);
        add(package, TEXT("index.html"), keep(package, &list));
        add(package, TEXT("shell.js"), package->parts->shell);
    }
    for (size_t i = 0; i < package->language_count; i++)
        is_well = add_language(package, i) && is_well;
    buffer_put_text(&style, layouts_file(worker->layouts, "shared/tokens.css"));
    buffer_put_text(&style, layouts_file(worker->layouts, "shared/text.css"));
    buffer_put_text(&style, layouts_file(worker->layouts, "course/style.css"));
    add(package, TEXT("player.js"), package->parts->player);
    add(package, TEXT("rules.js"), package->parts->rules);
    add(package, TEXT("style.css"), keep(package, &style));
    return add_all_media(package) && is_well;
}

int package_points(Arena *arena, const Course *course, Language language) {
    size_t count;
    Exercise **exercises = course_exercises(arena, course, language, &count);
    int points = 0;
    for (size_t i = 0; i < count; i++)
        points += exercises[i]->points;
    return points;
}

/*
 * The pass mark as platforms are told it: a course in which nothing earns points has none. A record store under cmi5
 * needs it to refuse a score that contradicts the verdict.
 */
static int pass_permille(Arena *arena, const Course *course, const PackageStandard *standard, Language language) {
    bool is_told = standard->family == FAMILY_CMI5 || course->profile->gives_pass_mark;
    return is_told && package_points(arena, course, language) > 0 ? course->pass_permille : -1;
}

/* "-managers"; nothing where it is for everyone. */
static const char *audience_suffix(Arena *arena, Audience audience) {
    return audience == AUDIENCE_ALL ? "" : text_format(arena, "-%s", audience_name(audience)).data;
}

/* "en", or "all" of a package of several. */
static const char *languages_code(Language language) {
    return language < 0 ? "all" : language_info(language)->code;
}

/* Those that learners can do something for in this version of the course. */
static const Text *list_objectives(Arena *arena, const Course *course, Language language, size_t *count) {
    size_t exercise_count;
    Exercise **exercises = course_exercises(arena, course, language, &exercise_count);
    Text *ids = arena_new(arena, Text, course->objective_count + 1);
    *count = 0;
    for (size_t i = 0; i < course->objective_count; i++) {
        bool is_used = false;
        for (size_t e = 0; e < exercise_count; e++)
            is_used = is_used || text_equal(exercises[e]->objective, course->objectives[i].id);
        if (is_used)
            ids[(*count)++] = course->objectives[i].id;
    }
    return ids;
}

static void write_manifest(Package *package) {
    Arena *arena = package->worker->scratch;
    const Course *course = package->course;
    const PackageStandard *standard = package->parts->standard;
    Text *files = arena_new(arena, Text, package->count);
    for (size_t i = 0; i < package->count; i++)
        files[i] = package->entries[i].name;
    PackageWords *words = arena_new(arena, PackageWords, package->language_count);
    for (size_t i = 0; i < package->language_count; i++) {
        const Page *page = course->unit->pages[package->languages[i]];
        words[i] = (PackageWords){package->languages[i], page->title, page->summary};
    }
    PackageFacts facts = {
        /* An XML name begins with a letter; a course's may begin with a digit. */
        .identifier = text_format(arena, "course-%.*s%s-%s", TEXT_ARG(course->unit->name),
                                  audience_suffix(arena, course->audience), languages_code(package->job->language)),
        .address = text_format(arena, "%.*s%.*s%s%s", TEXT_ARG(package->worker->site->settings.base_url),
                               TEXT_ARG(course->unit->path), course->audience == AUDIENCE_ALL ? "" : "#",
                               course->audience == AUDIENCE_ALL ? "" : audience_name(course->audience)),
        .words = words,
        .language_count = package->language_count,
        .pass_permille = pass_permille(arena, course, standard, package->languages[0]),
        .completion = course->completion,
        .files = files,
        .file_count = package->count,
    };
    facts.objectives = list_objectives(arena, course, package->languages[0], &facts.objective_count);
    Buffer manifest = {0};
    package_write_manifest(&manifest, standard, &facts);
    add(package, text_from(standard->manifest), keep(package, &manifest));
}

static bool add_manifest(Package *package) {
    Arena *arena = package->worker->scratch;
    const PackageStandard *standard = package->parts->standard;
    Text manifest = TEXT("");
    if (standard->manifest) {
        write_manifest(package);
        manifest = package->entries[package->count - 1].bytes;
    }
    for (size_t i = 0; i < package->parts->control_count; i++)
        add(package, package->parts->control_files[i].name, package->parts->control_files[i].bytes);

    Text *names = arena_new(arena, Text, package->count);
    for (size_t i = 0; i < package->count; i++)
        names[i] = package->entries[i].name;
    qsort(names, package->count, sizeof *names, compare_names);
    return !standard->manifest ||
           package_check(standard, manifest, names, package->count, package->job->output, package->worker->diagnostics);
}

static bool course_is_whole(const Course *course, Language language) {
    if (!course->unit->pages[language])
        return false;
    for (size_t m = 0; m < course->module_count; m++) {
        const Module *module = &course->modules[m];
        if (!module->unit->pages[language])
            return false;
        for (size_t s = 0; s < module->screen_count; s++)
            if (!module->screens[s].documents[language])
                return false;
    }
    return true;
}

static void choose_languages(Package *package) {
    const Settings *settings = &package->worker->site->settings;
    if (package->job->language >= 0) {
        package->languages[package->language_count++] = package->job->language;
        return;
    }
    if (package->course->unit->pages[settings->source_language])
        package->languages[package->language_count++] = settings->source_language;
    for (size_t i = 0; i < settings->language_count; i++) {
        Language language = settings->languages[i];
        if (language != settings->source_language && package->course->unit->pages[language])
            package->languages[package->language_count++] = language;
    }
}

static bool make_package(const Job *job, Worker *worker, Buffer *out) {
    const PackageParts *parts = job->subject;
    const Course *course = course_for_audience(worker->scratch, job->course, job->audience);
    Package package = {.job = job, .worker = worker, .course = course, .parts = parts};
    if (parts->missing.size) {
        diagnostics_add(worker->diagnostics, DIAGNOSTIC_PACKAGE_PART, job->output, (Place){0, 0},
                        text_copy(worker->scratch, parts->missing).data);
        return false;
    }
    bool is_well = true;
    choose_languages(&package);
    for (size_t i = 0; i < package.language_count; i++) {
        /* Where a screen cannot be read, a diagnostic has said why. */
        if (!course_is_whole(course, package.languages[i]))
            return false;
        is_well = package_check_state(parts->standard, course, package.languages[i], worker->diagnostics) && is_well;
    }
    is_well = add_course(&package) && is_well;
    is_well = is_well && add_manifest(&package);
    return is_well && zip_write(out, package.entries, package.count, job->output, worker->diagnostics);
}

/* ---- Plan ---- */

static Text output_for(Arena *arena, const PackageStandard *standard, const Course *course, Audience audience,
                       Language language) {
    Text name = course->unit->name;
    return text_format(arena, "packages/%.*s/%.*s%s-%s-%s.zip", TEXT_ARG(name), TEXT_ARG(name),
                       audience_suffix(arena, audience), languages_code(language), standard->target.name);
}

Text package_output(Arena *arena, const PackageStandard *standard, const Course *course, Language language) {
    return output_for(arena, standard, course, course->audience, language);
}

/* One for each audience that sees what others do not. */
static void plan_one(const Target *target, const PackageParts *parts, Course *course, Language language, Digest inputs,
                     Plan *plan) {
    for (int audience = 0; audience < AUDIENCE_COUNT; audience++) {
        if (!course_has_version(course, (Audience)audience))
            continue;
        plan_add(plan,
                 (Job){
                     .target = target,
                     .output = output_for(plan_arena(plan), parts->standard, course, (Audience)audience, language),
                     .inputs = inputs,
                     .run = make_package,
                     .subject = parts,
                     .language = language,
                     .audience = (Audience)audience,
                     .course = course,
                     .path = course->settings_path,
                 });
    }
}

void package_plan(const Target *target, const Site *site, const Layouts *layouts, const BuildOptions *options,
                  Plan *plan) {
    (void)options;
    const PackageStandard *standard = (const PackageStandard *)target; /* whose first member it is */
    if (!site->course_count)
        return;
    Arena *arena = plan_arena(plan);
    PackageParts *parts = read_parts(arena, standard, plan_diagnostics(plan));
    Digest shared = date_digest(digest_join(digest_join(site->tool_digest, layouts_digest(layouts)), parts->digest));
    for (size_t c = 0; c < site->course_count; c++) {
        Course *course = site->courses[c];
        Digest all = shared;
        size_t count = 0;
        for (size_t l = 0; l < site->settings.language_count; l++) {
            Language language = site->settings.languages[l];
            if (!course->unit->pages[language])
                continue;
            Digest digest = course_digest(site, course, language);
            all = digest_join(all, digest);
            count++;
            if (!standard->is_together_only)
                plan_one(target, parts, course, language, digest_join(shared, digest), plan);
        }
        if (count > 1 || (count && standard->is_together_only))
            plan_one(target, parts, course, -1, all, plan);
    }
}
