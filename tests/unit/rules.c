/* The rules: JSON at the border, every default rule, and what becomes of a course's own rules. */
#include "rules_support.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void expect(const char *function, const char *json, const char *wanted) {
    const char *seen = answer(function, json);
    char what[8192];
    snprintf(what, sizeof what, "%s %s gives %s", function, json, wanted);
    check(strcmp(seen, wanted) == 0, what, seen);
}

static bool load(const char *source, RulesError *error) {
    return rules_load(rules, "rules.lua", source, strlen(source), error);
}

/* ---- JSON ---- */

static void json_is_read_and_written(void) {
    static const char *const same[][2] = {
        {"[{}]", "{}"},
        {"[[]]", "[]"},
        {"[{\"b\":1,\"a\":[1,2,[]],\"B\":{}}]", "{\"B\":{},\"a\":[1,2,[]],\"b\":1}"},
        {"[{\"é\":1,\"z\":2,\"\":3}]", "{\"\":3,\"z\":2,\"é\":1}"},
        {" [ \t\r\n true ] ", "true"},
        {"[false]", "false"},
        {"[0]", "0"},
        {"[-0]", "0"},
        {"[-0.0]", "0"},
        {"[2.0]", "2"},
        {"[1e3]", "1000"},
        {"[1.5e1]", "15"},
        {"[1E+2]", "100"},
        {"[2000e-3]", "2"},
        {"[9007199254740991]", "9007199254740991"},
        {"[-9007199254740991]", "-9007199254740991"},
        {"[{\"a\":null}]", "{}"},
        {"[\"\"]", "\"\""},
        {"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "\"\\\"\\\\/\\u0008\\u000c\\n\\u000d\\t\""},
        {"[\"\\u0041\\u00e9\\u4e2d\\ud83d\\ude00\"]", "\"Aé中😀\""},
        {"[\"\\u0000\"]", "\"\\u0000\""},
        {"[\"سلوك 行为 поведение\"]", "\"سلوك 行为 поведение\""},
        {"[\"</script>\"]", "\"</script>\""},
        {"[\"\x7f\"]", "\"\x7f\""},
        {"[[[1],[2,[3]]]]", "[[1],[2,[3]]]"},
        {"[{\"1\":1,\"10\":2,\"2\":3}]", "{\"1\":1,\"10\":2,\"2\":3}"},
        {"[]", "null"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        expect("identity", same[i][0], same[i][1]);
    }
    static const char *const refused[] = {
        "",
        " ",
        "[",
        "]",
        "[1",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "[01]",
        "[+1]",
        "[1.]",
        "[.5]",
        "[1e]",
        "[--1]",
        "[0x10]",
        "[NaN]",
        "[Infinity]",
        "[tru]",
        "[nul]",
        "[True]",
        "[\"",
        "[\"a]",
        "[\"\\x\"]",
        "[\"\\u12\"]",
        "[\"\\ud800\"]",
        "[\"\\udc00\"]",
        "[\"\\ud800\\u0041\"]",
        "[\"\t\"]",
        "[\"\n\"]",
        "[\"\xff\"]",
        "[\"\xc0\xaf\"]",
        "[\"\xed\xa0\x80\"]",
        "[\"\xe2\x82\"]",
        "[\"\xf4\x90\x80\x80\"]",
        "[\"\xf8\x88\x80\x80\x80\"]",
        "[1]x",
        "[1][2]",
        "[1]\x01",
        "[0.5]",
        "[1e-1]",
        "[9007199254740992]",
        "[1e400]",
        "[-1e400]",
        "[null]",
        "[[1,null]]",
        "[{\"a\":1,\"a\":2}]",
        "[{\"a\":1,\"\\u0061\":2}]",
        "1",
        "\"a\"",
        "true",
        "null",
        "{\"a\":1}",
        "[1,2,3,4,5,6,7,8,9]",
        "[//1\n]",
        "[/*1*/1]",
        "\xef\xbb\xbf[1]",
        "[1111111111111111111111111111111111111111111111111111111111111111111]",
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        RulesError error = {.message = ""};
        size_t size_bytes;
        bool is_refused = rules_call(rules, "identity", refused[i], strlen(refused[i]), &size_bytes, &error) == NULL;
        check(is_refused && error.fault == RULES_INPUT && error.message[0] != '\0', refused[i],
              is_refused ? error.message : "read");
    }
    char deep[128] = "";
    for (int depth = 30; depth <= 33; depth++) {
        memset(deep, '[', (size_t)depth);
        memset(deep + depth, ']', (size_t)depth);
        deep[2 * depth] = '\0';
        bool is_read = strncmp(answer("identity", deep), "! ", 2) != 0;
        check(is_read == (depth <= 32), "32 levels and no more", deep);
    }
    size_t size_bytes = 2 * 1024 * 1024;
    char *large = malloc(size_bytes);
    if (large != NULL) {
        memset(large, ' ', size_bytes);
        RulesError error;
        check(rules_call(rules, "identity", large, size_bytes, &size_bytes, &error) == NULL &&
                  error.fault == RULES_INPUT,
              "1 MB and no more", "read");
        free(large);
    }
    expect("nothing", "[]", "! there is no function of this name");
    RulesError error;
    check(rules_call(rules, "identity", "[1]\0", 4, &size_bytes, &error) == NULL, "a NUL after the value", "read");
    check(rules_call(rules, "identity", "[\"a\0b\"]", 7, &size_bytes, &error) == NULL, "a NUL in a text", "read");
}

/* ---- The default rules ---- */

#define SINGLE "{\"id\":\"q\",\"kind\":\"single\",\"choices\":[\"a\",\"b\",\"c\"],\"right\":[\"b\"],\"points\":2}"
#define MULTIPLE                                                                                                       \
    "{\"id\":\"q\",\"kind\":\"multiple\",\"choices\":[\"a\",\"b\",\"c\",\"d\"],\"right\":[\"a\",\"b\",\"c\"],\"points\":2}"
#define TRUE_FALSE "{\"id\":\"q\",\"kind\":\"true-false\",\"choices\":[\"a\",\"b\"],\"right\":[\"a\"],\"points\":1}"
#define CHOSE(choices) "{\"choices\":[" choices "],\"attempts\":1}"
/* What evaluate says of a course without feedback, modules and objectives, between "fallback" and "passed". */
#define NONE_OF_IT "\"feedback\":{},\"modules_done\":[],\"objectives\":{},\"open\":[],"
#define REQUIRED "\"required\":{\"exercises\":[\"one\",\"two\"],\"screens\":[\"m/a\",\"m/b\"]},"
#define VALUE(value) "{\"fallback\":[],\"value\":" value "}"

static void questions_are_scored(void) {
    expect("score_question", "[" SINGLE "," CHOSE("\"b\"") "]", VALUE("1000"));
    expect("score_question", "[" SINGLE "," CHOSE("\"a\"") "]", VALUE("0"));
    expect("score_question", "[" SINGLE "," CHOSE("\"a\",\"b\"") "]", VALUE("0"));
    expect("score_question", "[" SINGLE "," CHOSE("\"z\"") "]", VALUE("0"));
    expect("score_question", "[" SINGLE "," CHOSE("") "]", VALUE("0"));
    expect("score_question", "[" TRUE_FALSE "," CHOSE("\"a\"") "]", VALUE("1000"));
    expect("score_question", "[" TRUE_FALSE "," CHOSE("\"b\"") "]", VALUE("0"));
    expect("score_question", "[" MULTIPLE "," CHOSE("\"a\",\"b\",\"c\"") "]", VALUE("1000"));
    expect("score_question", "[" MULTIPLE "," CHOSE("\"a\",\"b\"") "]", VALUE("666"));
    expect("score_question", "[" MULTIPLE "," CHOSE("\"a\"") "]", VALUE("333"));
    expect("score_question", "[" MULTIPLE "," CHOSE("\"a\",\"d\"") "]", VALUE("0"));
    expect("score_question", "[" MULTIPLE "," CHOSE("\"a\",\"b\",\"c\",\"d\"") "]", VALUE("666"));
    expect("score_question", "[" MULTIPLE "," CHOSE("\"d\",\"z\"") "]", VALUE("0"));
}

#define STEP(id, points, moves, end) "{\"id\":\"" id "\",\"points\":" points ",\"moves\":[" moves "],\"end\":" end "}"
#define SCENARIO(steps) "{\"id\":\"s\",\"kind\":\"scenario\",\"start\":\"s1\",\"points\":3,\"steps\":[" steps "]}"
/* s1 -> s2 -> s4 (good), s1 -> s3 -> s4 or s5 (poor), s2 <-> s6 is a loop */
#define FAVOUR                                                                                                         \
    SCENARIO(STEP("s1", "0", "\"s2\",\"s3\"", "null") "," STEP("s2", "2", "\"s4\",\"s6\"", "null") "," STEP(           \
        "s3", "0", "\"s4\",\"s5\"",                                                                                    \
        "null") "," STEP("s4", "1", "", "\"good\"") "," STEP("s5", "0", "", "\"poor\"") "," STEP("s6", "1", "\"s2\"",  \
                                                                                                 "null"))
#define NO_POINTS                                                                                                      \
    SCENARIO(STEP("s1", "0", "\"s2\",\"s3\",\"s4\"", "null") "," STEP("s2", "0", "", "\"good\"") "," STEP(             \
        "s3", "0", "", "\"fair\"") "," STEP("s4", "0", "", "\"poor\""))

static void case_studies_are_scored(void) {
    expect("best_points", "[" FAVOUR "]",
           "{\"exact\":true,\"moves\":[\"a\",\"a\"],\"path\":[\"s1\",\"s2\",\"s4\"],\"points\":3}");
    expect("score_scenario", "[" FAVOUR ",[\"s1\",\"s2\",\"s4\"]]", VALUE("1000"));
    expect("score_scenario", "[" FAVOUR ",[\"s1\",\"s3\",\"s4\"]]", VALUE("333"));
    expect("score_scenario", "[" FAVOUR ",[\"s1\",\"s3\",\"s5\"]]", VALUE("0"));
    expect("score_scenario", "[" FAVOUR ",[\"s1\",\"s2\"]]", VALUE("0"));
    expect("score_scenario", "[" FAVOUR ",[]]", VALUE("0"));
    expect("score_scenario", "[" FAVOUR ",[\"s2\",\"s4\"]]", VALUE("0"));
    expect("score_scenario", "[" FAVOUR ",[\"s1\",\"s4\"]]", VALUE("0"));
    expect("score_scenario", "[" FAVOUR ",[\"s1\",\"s2\",\"s5\",\"s4\"]]", VALUE("0"));
    expect("score_scenario", "[" FAVOUR ",[\"s1\",\"nowhere\"]]", VALUE("0"));
    /* Points count once, however often one passes; what a loop gives on top is not asked for. */
    expect("score_scenario", "[" FAVOUR ",[\"s1\",\"s2\",\"s6\",\"s2\",\"s6\",\"s2\",\"s4\"]]", VALUE("1000"));
    expect("score_scenario", "[" FAVOUR ",[\"s1\",\"s2\",\"s4\",\"s1\",\"s3\"]]", VALUE("1000"));
    expect("best_points", "[" NO_POINTS "]",
           "{\"exact\":true,\"moves\":[\"a\"],\"path\":[\"s1\",\"s2\"],\"points\":0}");
    expect("score_scenario", "[" NO_POINTS ",[\"s1\",\"s2\"]]", VALUE("1000"));
    expect("score_scenario", "[" NO_POINTS ",[\"s1\",\"s3\"]]", VALUE("500"));
    expect("score_scenario", "[" NO_POINTS ",[\"s1\",\"s4\"]]", VALUE("0"));
    expect("best_points", "[" SCENARIO(STEP("s1", "1", "\"s1\"", "null")) "]",
           "{\"exact\":true,\"moves\":[],\"path\":[],\"points\":0}");
    expect("best_points", "[" SCENARIO(STEP("s9", "1", "", "\"good\"")) "]",
           "{\"exact\":true,\"moves\":[],\"path\":[],\"points\":0}");
}

/* Best paths against a search that tries every simple path, over graphs whose moves are bits of `moves`. */
static int exhaustive_best(const unsigned *moves, const int *points, unsigned ends, int step, unsigned on_path) {
    if (ends >> step & 1u) {
        return points[step];
    }
    int best = -1;
    on_path |= 1u << step;
    for (int next = 0; next < 8; next++) {
        if ((moves[step] >> next & 1u) != 0 && (on_path >> next & 1u) == 0) {
            int rest = exhaustive_best(moves, points, ends, next, on_path);
            best = rest >= 0 && points[step] + rest > best ? points[step] + rest : best;
        }
    }
    return best;
}

static void best_paths_are_best(void) {
    unsigned seed = 7;
    int wrong = 0, inexact = 0;
    for (int round = 0; round < 500; round++) {
        unsigned moves[8], ends = 0;
        int points[8];
        char json[4096];
        int used = snprintf(json, sizeof json, "[{\"id\":\"s\",\"start\":\"s1\",\"steps\":[");
        for (int i = 0; i < 8; i++) {
            seed = seed * 1103515245u + 12345u;
            moves[i] = seed >> 16 & (round % 2 == 0 ? seed >> 9 : ~0u) & 0xFFu;
            points[i] = (int)(seed >> 27 & 3u);
            ends |= (i > 0 && (seed >> 13 & 3u) == 0 ? 1u : 0u) << i;
            used += snprintf(json + used, sizeof json - (size_t)used, "%s{\"id\":\"s%d\",\"points\":%d,\"moves\":[",
                             i == 0 ? "" : ",", i + 1, points[i]);
            const char *comma = "";
            for (int next = 0; next < 8; next++) {
                if (moves[i] >> next & 1u) {
                    used += snprintf(json + used, sizeof json - (size_t)used, "%s\"s%d\"", comma, next + 1);
                    comma = ",";
                }
            }
            used +=
                snprintf(json + used, sizeof json - (size_t)used, "]%s}", ends >> i & 1u ? ",\"end\":\"good\"" : "");
        }
        snprintf(json + used, sizeof json - (size_t)used, "]}]");
        int best = exhaustive_best(moves, points, ends, 0, 0);
        char wanted[32];
        snprintf(wanted, sizeof wanted, "\"points\":%d}", best < 0 ? 0 : best);
        const char *seen = answer("best_points", json);
        wrong += strstr(seen, wanted) == NULL;
        inexact += strstr(seen, "\"exact\":true") == NULL;
    }
    char seen[64];
    snprintf(seen, sizeof seen, "%d wrong, %d inexact", wrong, inexact);
    check(wrong == 0 && inexact == 0, "the best path of 500 random graphs is the one an exhaustive search finds", seen);
}

static void large_graphs_are_bounded(void) {
    char *json = malloc(200000);
    if (json == NULL) {
        return;
    }
    /* A chain of 300 steps is exact; 40 steps that all lead to each other stop at the limit and still give a path to the end. */
    int used = sprintf(json, "[{\"start\":\"0\",\"steps\":[");
    for (int i = 0; i < 300; i++) {
        used += sprintf(json + used, "{\"id\":\"%d\",\"points\":1,\"moves\":[\"%d\"]},", i, i + 1);
    }
    sprintf(json + used, "{\"id\":\"300\",\"points\":1,\"moves\":[],\"end\":\"good\"}]}]");
    expect_part("best_points", json, "\"points\":301}");
    expect_part("best_points", json, "\"exact\":true");
    used = sprintf(json, "[{\"start\":\"0\",\"steps\":[");
    for (int i = 0; i < 40; i++) {
        used += sprintf(json + used, "{\"id\":\"%d\",\"points\":1,\"moves\":[", i);
        for (int next = 0; next < 40; next++) {
            used += sprintf(json + used, "\"%d\",", next);
        }
        used += sprintf(json + used, "\"40\"]},");
    }
    sprintf(json + used, "{\"id\":\"40\",\"points\":1,\"moves\":[],\"end\":\"good\"}]}]");
    expect_part("best_points", json, "\"exact\":false");
    expect_part("best_points", json, "\"40\"],\"points\":");
    free(json);
}

#define COURSE(completion)                                                                                             \
    "{\"id\":\"c\",\"pass_permille\":800,\"completion\":\"" completion                                                 \
    "\",\"screens\":[\"m/a\",\"m/b\"],\"exercises\":["                                                                 \
    "{\"id\":\"one\",\"kind\":\"single\",\"choices\":[\"a\",\"b\"],\"right\":[\"a\"],\"points\":3},"                   \
    "{\"id\":\"two\",\"kind\":\"multiple\",\"choices\":[\"a\",\"b\",\"c\"],\"right\":[\"a\",\"b\"],\"points\":2}]}"
#define EMPTY_COURSE(completion)                                                                                       \
    "{\"id\":\"c\",\"pass_permille\":800,\"completion\":\"" completion "\",\"screens\":[\"m/a\"],\"exercises\":[]}"
#define ONE_RIGHT "\"one\":" CHOSE("\"a\"")
#define TWO_RIGHT "\"two\":" CHOSE("\"a\",\"b\"")
#define TWO_HALF "\"two\":" CHOSE("\"b\"")
#define SEEN_ALL "\"seen\":[\"m/b\",\"m/a\"]"

static void courses_are_evaluated(void) {
    expect(
        "evaluate", "[" COURSE("screens") ",{}]",
        "{\"answered\":false,\"attempts_left\":{},\"completed\":false,\"completion\":\"incomplete\",\"drawn\":[\"one\",\"two\"],"
        "\"fallback\":[]," NONE_OF_IT "\"passed\":false," REQUIRED "\"results\":{"
        "\"one\":{\"answered\":false,\"correct\":false,\"permille\":0},\"two\":{\"answered\":false,\"correct\":false,\"permille\":0}},"
        "\"score_permille\":0,\"score_raw\":0,\"skipped\":[],\"success\":\"unknown\"}");
    expect(
        "evaluate", "[" COURSE("screens") ",{" SEEN_ALL ",\"answers\":{" ONE_RIGHT "," TWO_HALF "},\"paths\":{}}]",
        "{\"answered\":true,\"attempts_left\":{},\"completed\":true,\"completion\":\"completed\",\"drawn\":[\"one\",\"two\"],"
        "\"fallback\":[]," NONE_OF_IT "\"passed\":true," REQUIRED "\"results\":{"
        "\"one\":{\"answered\":true,\"correct\":true,\"permille\":1000},\"two\":{\"answered\":true,\"correct\":false,\"permille\":500}},"
        "\"score_permille\":800,\"score_raw\":80,\"skipped\":[],\"success\":\"passed\"}");
    expect_part("evaluate", "[" COURSE("screens") ",{\"seen\":[\"m/b\"],\"answers\":{" ONE_RIGHT "," TWO_RIGHT "}}]",
                "\"completed\":false");
    expect_part("evaluate", "[" COURSE("screens") ",{" SEEN_ALL ",\"answers\":{" ONE_RIGHT "}}]",
                "\"completed\":false");
    expect_part("evaluate",
                "[" COURSE("screens") ",{" SEEN_ALL ",\"answers\":{" TWO_RIGHT ",\"one\":" CHOSE("\"b\"") "}}]",
                "\"success\":\"failed\"");
    expect_part("evaluate",
                "[" COURSE("screens") ",{" SEEN_ALL ",\"answers\":{" TWO_RIGHT ",\"one\":" CHOSE("\"b\"") "}}]",
                "\"completed\":true");
    expect_part("evaluate",
                "[" COURSE("passed") ",{" SEEN_ALL ",\"answers\":{" TWO_RIGHT ",\"one\":" CHOSE("\"b\"") "}}]",
                "\"completed\":false");
    expect_part("evaluate", "[" COURSE("passed") ",{\"answers\":{" ONE_RIGHT "," TWO_HALF "}}]", "\"completed\":true");
    expect_part("evaluate", "[" COURSE("passed") ",{\"answers\":{\"one\":" CHOSE("\"a\",\"a\"") "}}]",
                "\"one\":{\"answered\":true,\"correct\":true,");
    expect_part("evaluate", "[" EMPTY_COURSE("screens") ",{\"seen\":[\"m/a\"]}]", "\"completed\":true");
    expect_part("evaluate", "[" EMPTY_COURSE("passed") ",{\"seen\":[\"m/a\"]}]", "\"completed\":true");
    expect_part("evaluate", "[" EMPTY_COURSE("passed") ",{}]", "\"completed\":false");
    expect_part(
        "evaluate", "[" EMPTY_COURSE("passed") ",{\"seen\":[\"m/a\"]}]",
        "\"passed\":false,\"required\":{\"exercises\":[],\"screens\":[\"m/a\"]},\"results\":{},\"score_permille\":0,\"score_raw\":0,\"skipped\":[],\"success\":\"unknown\"");
    const char *scenario_course =
        "[{\"id\":\"c\",\"pass_permille\":500,\"completion\":\"screens\",\"screens\":[],\"exercises\":[" FAVOUR "]},"
        "{\"paths\":{\"s\":[\"s1\",\"s3\",\"s4\"]}}]";
    expect_part("evaluate", scenario_course,
                "\"results\":{\"s\":{\"answered\":true,\"correct\":false,\"permille\":333}}");
    expect_part("evaluate", scenario_course, "\"success\":\"failed\"");
    expect_part("evaluate",
                "[{\"id\":\"c\",\"pass_permille\":500,\"completion\":\"screens\",\"screens\":[],\"exercises\":[" FAVOUR
                "]},{\"paths\":{\"s\":[\"s1\",\"s3\"]}}]",
                "\"s\":{\"answered\":false,");
}

static void damaged_states_count_as_absent(void) {
    static const char *const states[] = {
        "{}",
        "[]",
        "true",
        "7",
        "\"x\"",
        "{\"answers\":7}",
        "{\"answers\":[]}",
        "{\"answers\":{\"one\":7}}",
        "{\"answers\":{\"one\":{}}}",
        "{\"answers\":{\"one\":{\"choices\":7}}}",
        "{\"answers\":{\"one\":{\"choices\":[]}}}",
        "{\"answers\":{\"one\":{\"choices\":[7,true,{}]}}}",
        "{\"answers\":{\"unknown\":{\"choices\":[\"a\"]}}}",
        "{\"paths\":\"x\",\"seen\":\"x\"}",
        "{\"paths\":{\"one\":[\"s1\"]},\"seen\":[1,2,{}]}",
        "{\"answers\":[{\"choices\":[\"a\"]}]}",
    };
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        char json[4096];
        snprintf(json, sizeof json, "[%s,%s]", COURSE("screens"), states[i]);
        expect_part(
            "evaluate", json,
            "\"fallback\":[]," NONE_OF_IT "\"passed\":false," REQUIRED
            "\"results\":{\"one\":{\"answered\":false,\"correct\":false,\"permille\":0},\"two\":{\"answered\":false,");
    }
    expect_part("evaluate", "[" COURSE("screens") ",{\"answers\":{\"one\":{\"choices\":[\"a\"],\"attempts\":\"x\"}}}]",
                "\"one\":{\"answered\":true,\"correct\":true,");
    expect_part("evaluate", "[" COURSE("screens") "]", "\"completed\":false");
    expect_part("evaluate", "[7,{}]", "! ");
    expect_part("evaluate", "[]", "! ");
}

/* ---- A course's own rules ---- */

#define STATE "{" SEEN_ALL ",\"answers\":{" ONE_RIGHT "," TWO_HALF "}}"
#define ALL_FINE "[" COURSE("screens") "," STATE "]"

static void own_rules_override(void) {
    RulesError error;
    check(load("return {}", &error), "an empty table is fine", error.message);
    expect_part("evaluate", ALL_FINE, "\"score_permille\":800");
    check(
        load("return {score_question = function(q, a) return q.kind == 'multiple' and #a.choices * 100 or 1000.0 end}",
             &error),
        "one function", error.message);
    expect_part("evaluate", ALL_FINE, "\"fallback\":[]," NONE_OF_IT "\"passed\":false");
    expect_part("evaluate", ALL_FINE, "\"score_permille\":640");
    check(
        load(
            "return {grade_course = function(c, r) return {score_permille = r.two.permille, passed = c.id == 'c'} end}",
            &error),
        "grade", error.message);
    expect_part("evaluate", ALL_FINE, "\"score_permille\":500,\"score_raw\":50,\"skipped\":[],\"success\":\"passed\"");
    check(
        load(
            "return {decide_completion = function(c, s, r, g) return s.answers.one.attempts == 2 or g.score_permille == 1 end}",
            &error),
        "decide", error.message);
    expect_part("evaluate", ALL_FINE,
                "\"completed\":false,\"completion\":\"incomplete\",\"drawn\":[\"one\",\"two\"],\"fallback\":[]");
    check(load("return {score_scenario = function(s, p) return #p * 100 end}", &error), "scenario", error.message);
    expect("score_scenario", "[" FAVOUR ",[\"s1\",\"s2\"]]", VALUE("200"));
    /* The copies that a function is given are its own, and so is its library. */
    check(
        load(
            "return {score_question = function(q, a) q.points = 900; q.right[1] = 'z'; a.choices = nil; string.rep = nil; table.insert = nil; "
            "pairs = nil; math.max = nil return 1000 end}",
            &error),
        "vandal", error.message);
    expect_part("evaluate", ALL_FINE, "\"fallback\":[]," NONE_OF_IT "\"passed\":true");
    /* Nothing is remembered between calls. */
    check(load("local n = 0 return {score_question = function() n = n + 1; return n end}", &error), "counter",
          error.message);
    for (int i = 0; i < 3; i++) {
        expect("score_question", "[" SINGLE "," CHOSE("\"a\"") "]", VALUE("1"));
    }
}

static void failing_rules_fall_back(void) {
    static const char *const rules_of_courses[][2] = {
        {"return {score_question = function() return 'x' end}", "it must return a whole number from 0 to 1000"},
        {"return {score_question = function() return 1001 end}", "it must return a whole number from 0 to 1000"},
        {"return {score_question = function() return -1 end}", "it must return a whole number from 0 to 1000"},
        {"return {score_question = function() return 500.5 end}", "it must return a whole number from 0 to 1000"},
        {"return {score_question = function() return 0/0 end}", "it must return a whole number from 0 to 1000"},
        {"return {score_question = function() return '1' end}", "it must return a whole number from 0 to 1000"},
        {"return {score_question = function() return {} end}", "it must return a whole number from 0 to 1000"},
        {"return {score_question = function() return {print} end}", "it must return a whole number from 0 to 1000"},
        {"return {score_question = function() return type end}", "rules.lua: it must return values, not functions"},
        {"return {score_question = function() local t = {} t.t = t return t end}",
         "rules.lua: what it returns is too large"},
        {"return {score_question = function() error('no') end}", "rules.lua:1: no"},
        {"return {score_question = function() error({}) end}", "rules.lua: it raised an error that is a table"},
        {"return {score_question = function() error() end}", "rules.lua: it raised an error that is a nil"},
        {"return {score_question = function() error('a\\255\\nb', 0) end}", "rules.lua: a? b"},
        {"return {score_question = function()\n\nlocal x = nil + 1 end}",
         "rules.lua:3: attempt to perform arithmetic on a nil value"},
        {"return {score_question = function() while true do end end}", "rules.lua: it took too many steps"},
        {"return {score_question = function() return ('x'):rep(5000) end}", "rules.lua: it needed too much memory"},
    };
    for (size_t i = 0; i < sizeof rules_of_courses / sizeof *rules_of_courses; i++) {
        RulesError error = {.message = ""};
        char wanted[512];
        check(load(rules_of_courses[i][0], &error), rules_of_courses[i][0], error.message);
        snprintf(
            wanted, sizeof wanted,
            "\"completed\":true,\"completion\":\"completed\",\"drawn\":[\"one\",\"two\"],\"fallback\":[{\"function\":\"score_question\","
            "\"message\":\"%s\"}]," NONE_OF_IT "\"passed\":true",
            rules_of_courses[i][1]);
        expect_part("evaluate", ALL_FINE, wanted);
    }
    RulesError error;
    check(
        load(
            "return {grade_course = function() return {score_permille = 1, passed = 1} end, decide_completion = function() return 1 end}",
            &error),
        "two", error.message);
    expect_part("evaluate", ALL_FINE,
                "\"fallback\":[{\"function\":\"grade_course\",\"message\":\"it must return {score_permille");
    expect_part("evaluate", ALL_FINE,
                "{\"function\":\"decide_completion\",\"message\":\"it must return true or false\"}]," NONE_OF_IT
                "\"passed\":true");
    /* One question's failure does not touch the other. */
    check(load("return {score_question = function(q) if q.id == 'two' then error('two') end return 100 end}", &error),
          "half", error.message);
    expect_part(
        "evaluate", ALL_FINE,
        "\"one\":{\"answered\":true,\"correct\":false,\"permille\":100},\"two\":{\"answered\":true,\"correct\":false,\"permille\":500}");
}

static void bad_files_are_refused(void) {
    static const struct {
        const char *source;
        RulesFault fault;
        int line;
        const char *message;
    } files[] = {
        {"return {", RULES_SYNTAX, 1, "unexpected symbol near <eof>"},
        {"local a = 1\nreturn a b", RULES_SYNTAX, 2, "<eof> expected near 'b'"},
        {"\x1bLua", RULES_SYNTAX, 0, "attempt to load a binary chunk (mode is 't')"},
        {"return {score_question = function(...) return 1 end}", RULES_SYNTAX, 1, "rules may not use '...'"},
        {"-- ...\nlocal s = [[ ... ^ ]] .. '...' .. \"\\\"...\" --[==[ ]] ...\n^ ]==]\nlocal x = 2^3", RULES_SYNTAX, 4,
         "rules may not use '^'"},
        {"", RULES_RESULT, 0,
         "it must end with 'return' and a table of functions, any of: choose_feedback, decide_completion, gate_module, grade_course, score_question, score_scenario"},
        {"return 7", RULES_RESULT, 0, "it must end with 'return'"},
        {"return {score_qestion = function() end}", RULES_RESULT, 0,
         "it returns 'score_qestion', and no rule is called so"},
        {"return {score_question = 7}", RULES_RESULT, 0, "'score_question' in the table it returns must be a function"},
        {"return {function() end}", RULES_RESULT, 0, "nameless entry"},
        {"\n\nerror('stop')", RULES_RUNTIME, 3, "stop"},
        {"x()", RULES_RUNTIME, 1, "attempt to call a nil value (global 'x')"},
        {"while true do end", RULES_BUDGET, 0, "it took too many steps"},
        {"local t = {} for i = 1, 1e9 do t[i] = {} end", RULES_MEMORY, 0, "it needed too much memory"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        RulesError error = {.message = "loaded"};
        bool is_refused = !load(files[i].source, &error);
        char seen[512];
        snprintf(seen, sizeof seen, "fault %d, line %d: %s", (int)error.fault, error.line, error.message);
        check(is_refused && error.fault == files[i].fault && error.line == files[i].line &&
                  strstr(error.message, files[i].message) != NULL,
              files[i].source, seen);
        expect_part("evaluate", ALL_FINE, "\"fallback\":[]," NONE_OF_IT "\"passed\":true");
    }
    RulesError error;
    char *large = calloc(1, 70000);
    if (large != NULL) {
        memset(large, ' ', 69999);
        check(!load(large, &error) && error.fault == RULES_SYNTAX, "64 KB and no more", error.message);
        free(large);
    }
    check(load("-- a -- b ...\nlocal a = [==[ ]] ... ]==] local b = '\\'...' local c = a .. b\nreturn {}", &error),
          "comments and texts may hold what code may not", error.message);
}

static void library_is_deterministic(void) {
    static const char *const equal_expressions[] = {
        "tostring({}) == 'table'",
        "tostring(type) == 'function'",
        "tostring(0/0) == 'nan'",
        "tostring(-(0/0)) == 'nan'",
        "tostring(1) == '1'",
        "tostring(1.5) == '1.5'",
        "tostring(nil) == 'nil'",
        "tostring(true) == 'true'",
        "tonumber('12') == 12",
        "tonumber(' 0x10 ') == 16",
        "tonumber('zz', 36) == 1295",
        "tonumber('-7', 8) == -7",
        "tonumber('8', 8) == nil",
        "tonumber('1e1') == 10",
        "tonumber('') == nil",
        "tonumber({}) == nil",
        "tonumber('1 2') == nil",
        "tonumber('1\\0') == nil",
        "select('#', 1, nil, 3) == 3",
        "select(-1, 1, 2) == 2",
        "select(2, 'a', 'b') == 'b'",
        "pcall(error, 'x') == false",
        "select(2, pcall(error, 'x', 0)) == 'x'",
        "next({}) == nil",
        "next({7}) == 1",
        "next({b = 1, a = 2}) == 'a'",
        "next({b = 1, a = 2}, 'a') == 'b'",
        "next({b = 1, [2] = 1}) == 2",
        "('x'):rep(3, ',') == 'x,x,x'",
        "('%5d|%-3s|%x'):format(7, 'a', 255) == '    7|a  |ff'",
        "('Hello'):lower() == 'hello'",
        "('  a b '):match('^%s*(.-)%s*$') == 'a b'",
        "('a,b'):gsub(',', ';') == 'a;b'",
        "#utf8.char(20013) == 3",
        "utf8.len('中文') == 2",
        "math.type(7 // 2) == 'integer'",
        "7 // 2 == 3",
        "math.max(1, 2) == 2",
        "math.tointeger(2.0) == 2",
        "math.random == nil",
        "math.sin == nil",
        "string.dump == nil",
        "string.pack == nil",
        "table.move == nil",
        "load == nil",
        "require == nil",
        "io == nil",
        "os == nil",
        "debug == nil",
        "package == nil",
        "coroutine == nil",
        "collectgarbage == nil",
        "setmetatable == nil",
        "getmetatable == nil",
        "xpcall == nil",
        "print == nil",
        "rawset == nil",
        "_G == nil",
        "pcall(string.format, '%p', 'x') == false",
        "pcall(string.format, '\\0%p', 'x') == false",
        "pcall(string.format, '%s', {}) == false",
        "pcall(string.format, '%a', 1.0) == false",
        "pcall(table.unpack, {}, 1, 300) == false",
        "table.concat({1, 2, 3}, '-') == '1-2-3'",
        "#table.pack(1, 2) == 2",
        "pcall(pairs, 7) == false",
        "pcall(pairs, {[{}] = 1}) == false",
        "assert(1) == 1",
        "pcall(assert, false) == false",
        "(function() local s = '' for k, v in pairs({z = 1, a = 2, [true] = 3, [false] = 4, [2.5] = 5, 6, 7}) do s = s .. tostring(k) .. v end return s end)() == '16272.55a2z1false4true3'",
        "(function() local t = {x = 1, y = 2} for k in pairs(t) do t[k] = nil end return next(t) end)() == nil",
        "(function() local t = {3, 1, 2} table.sort(t) return table.concat(t) end)() == '123'",
        "(function() local t = {3, 1, 2} table.sort(t, function(a, b) return a > b end) return table.concat(t) end)() == '321'",
        "(function() local t = {'b1', 'a1', 'b2', 'a2'} table.sort(t, function(a, b) return a:sub(1, 1) < b:sub(1, 1) end) return table.concat(t) end)() == 'a1a2b1b2'",
        "(function() local t = {} for i = 1, 100 do t[i] = (i * 37) % 101 end table.sort(t) for i = 1, 100 do if t[i] ~= i then return i end end end)() == nil",
        "pcall(table.sort, {1, 'a'}) == false",
        "('é' < 'f') == false",
        "'B' < 'a'",
        "('é'):upper() == 'é'",
        "('É'):find('%a') == nil",
    };
    for (size_t i = 0; i < sizeof equal_expressions / sizeof *equal_expressions; i++) {
        char source[1024];
        RulesError error = {.message = ""};
        snprintf(source, sizeof source, "return {score_question = function() return (%s) and 777 or 0 end}",
                 equal_expressions[i]);
        check(load(source, &error), equal_expressions[i], error.message);
        const char *seen = answer("score_question", "[" SINGLE "," CHOSE("\"a\"") "]");
        check(strcmp(seen, VALUE("777")) == 0, equal_expressions[i], seen);
    }
    RulesError error;
    check(
        load(
            "return {score_question = function() return 1.5 + tonumber('0.5') == 2.0 and ('x'):rep(2) == 'xx' and tostring(2.5) == '2.5' and 777 or 0 end}",
            &error),
        "numbers in another locale", error.message);
    const char *const locales[] = {"fr_FR.UTF-8", "de_DE.UTF-8", "C.UTF-8"};
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        if (setlocale(LC_ALL, locales[i]) != NULL) {
            expect("score_question", "[" SINGLE "," CHOSE("\"a\"") "]", VALUE("777"));
        }
    }
    setlocale(LC_ALL, "C");
}

int main(void) {
    rules = rules_open();
    if (rules == NULL) {
        printf("0 passed, 1 failed\n");
        return 1;
    }
    json_is_read_and_written();
    questions_are_scored();
    case_studies_are_scored();
    best_paths_are_best();
    large_graphs_are_bounded();
    courses_are_evaluated();
    damaged_states_count_as_absent();
    own_rules_override();
    failing_rules_fall_back();
    bad_files_are_refused();
    library_is_deterministic();
    rules_close(rules);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
