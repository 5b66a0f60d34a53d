/* The rules of question kinds, variables of case studies, banks, pre-tests, modules and objectives. */
#include "rules_support.h"

#include <stdio.h>
#include <string.h>

/* Everything here is JSON with ' in place of ". */
static const char *quoted(char *plain, size_t size_bytes, const char *json) {
    snprintf(plain, size_bytes, "%s", json);
    for (char *at = plain; (at = strchr(at, '\'')) != NULL;)
        *at = '"';
    return plain;
}

static void expect(const char *function, const char *json, const char *wanted) {
    char question[16384], part[4096];
    expect_part(function, quoted(question, sizeof question, json), quoted(part, sizeof part, wanted));
}

static void expect_score(const char *question, const char *given, int permille) {
    char json[2048], wanted[64];
    snprintf(json, sizeof json, "[%s,%s]", question, given);
    snprintf(wanted, sizeof wanted, "{'fallback':[],'value':%d}", permille);
    expect("score_question", json, wanted);
}

/* ---- Kinds ---- */

static void kinds_are_scored(void) {
    static const char ordering[] = "{'kind':'ordering','items':['a','b','c']}";
    expect_score(ordering, "{'order':['a','b','c']}", 1000);
    expect_score(ordering, "{'order':['b','a','c']}", 333);
    expect_score(ordering, "{'order':['c','a','b']}", 0);
    expect_score(ordering, "{'order':['a']}", 333);
    expect_score(ordering, "{}", 0);

    static const char matching[] =
        "{'kind':'matching','left':['a','b','c'],'targets':['a','b','c','d'],'right':['b','a','b']}";
    expect_score(matching, "{'matches':['b','a','b']}", 1000);
    expect_score(matching, "{'matches':['b','-','b']}", 666);
    expect_score(matching, "{'matches':['a','b','d']}", 0);
    expect_score(matching, "{}", 0);

    static const char blanks[] = "{'kind':'fill-in','blanks':['1','2']}";
    expect_score(blanks, "{'blanks':[true,true]}", 1000);
    expect_score(blanks, "{'blanks':[false,true]}", 500);
    expect_score(blanks, "{'blanks':[true]}", 500);
    expect_score(blanks, "{}", 0);

    static const char numeric[] = "{'kind':'numeric','answer_micro':12500000,'tolerance_micro':500000}";
    expect_score(numeric, "{'micro':12500000}", 1000);
    expect_score(numeric, "{'micro':13000000}", 1000);
    expect_score(numeric, "{'micro':12000000}", 1000);
    expect_score(numeric, "{'micro':13000001}", 0);
    expect_score(numeric, "{'micro':-12500000}", 0);
    expect_score(numeric, "{'micro':9007199254740991}", 0);
    expect_score(numeric, "{'micro':'x'}", 0);
    expect_score(numeric, "{}", 0);
    expect_score("{'kind':'numeric','answer_micro':-1000000,'tolerance_micro':0}", "{'micro':-1000000}", 1000);

    static const char one_place[] = "{'kind':'hotspot','multiple':false,'choices':['a','b','c'],'right':['b']}";
    expect_score(one_place, "{'choices':['b']}", 1000);
    expect_score(one_place, "{'choices':['a']}", 0);
    static const char places[] = "{'kind':'hotspot','multiple':true,'choices':['a','b','c'],'right':['a','b']}";
    expect_score(places, "{'choices':['b','a']}", 1000);
    expect_score(places, "{'choices':['b']}", 500);
    expect_score(places, "{'choices':['b','c']}", 0);

    expect_score("{'kind':'likert','choices':['a','b']}", "{'choices':['b']}", 1000);
    expect_score("{'kind':'reflection','size':300}", "{'text':true}", 1000);
    expect_score("{'kind':'attestation'}", "{'date':'2026-11-21'}", 1000);
    expect_score("{'kind':'unheard-of'}", "{'choices':['a']}", 0);

    expect("choose_feedback", "[{'kind':'single'},{},1000]", "'value':'right'");
    expect("choose_feedback", "[{'kind':'single'},{},1]", "'value':'partly'");
    expect("choose_feedback", "[{'kind':'single'},{},0]", "'value':'wrong'");
}

#define ONE_QUESTION(question, state)                                                                                  \
    "[{'id':'c','pass_permille':800,'completion':'screens','screens':[],'exercises':[" question                        \
    "]},{'answers':{'q':" state "}}]"
#define ORDERING "{'id':'q','kind':'ordering','points':1,'items':['a','b'],'attempts':3,'feedback':['partly']}"
#define BLANKS "{'id':'q','kind':'fill-in','points':1,'blanks':['1','2']}"

static void answers_are_cleaned(void) {
    expect("evaluate", ONE_QUESTION(ORDERING, "{'order':['a','b'],'attempts':2}"), "'attempts_left':{'q':1}");
    expect("evaluate", ONE_QUESTION(ORDERING, "{'order':['a','a',7],'attempts':9}"), "'attempts_left':{'q':0}");
    expect("evaluate", ONE_QUESTION(ORDERING, "{'order':['a','a',7]}"), "'feedback':{'q':'partly'}");
    expect("evaluate", ONE_QUESTION(ORDERING, "{'order':[]}"), "'q':{'answered':false");
    expect("evaluate", ONE_QUESTION(ORDERING, "{'choices':['a']}"), "'q':{'answered':false");
    expect("evaluate", ONE_QUESTION(ORDERING, "{'choices':['a']}"), "'attempts_left':{'q':3}");
    expect("evaluate", ONE_QUESTION(BLANKS, "{'blanks':[true,'true']}"),
           "'q':{'answered':true,'correct':false,'permille':500}");
    expect(
        "evaluate",
        ONE_QUESTION("{'id':'q','kind':'numeric','points':1,'answer_micro':0,'tolerance_micro':0}", "{'micro':true}"),
        "'q':{'answered':false");
    expect("evaluate", ONE_QUESTION("{'id':'q','kind':'reflection','points':0}", "{'text':'words'}"),
           "'q':{'answered':false");
    expect("evaluate", ONE_QUESTION("{'id':'q','kind':'reflection','points':0}", "{'text':true}"),
           "'q':{'answered':true,'correct':true,'permille':1000}");
    expect("evaluate", ONE_QUESTION("{'id':'q','kind':'attestation','points':0}", "{'date':7}"),
           "'q':{'answered':false");
}

/* ---- Case studies with variables ---- */

/* Two colleagues can be asked; who has heard both may decide well. `rash` costs nothing and is worth nothing. */
#define HUB                                                                                                            \
    "{'id':'s','kind':'scenario','points':1,'start':'hub','steps':["                                                   \
    "{'id':'hub','points':0,'moves':['ann','ben','good','poor'],'choices':["                                           \
    "{'move':'ann','set':[['told','+',1],['ann','=',1]],'test':[['ann','<',1]]},"                                      \
    "{'move':'ben','set':[['told','+',1],['ben','=',1]],'test':[['ben','!=',1]],'points':2},"                          \
    "{'move':'good','test':[['told','>=',2]],'points':1},{'move':'poor'}]},"                                           \
    "{'id':'ann','points':1,'moves':['hub']},{'id':'ben','points':0,'moves':['hub']},"                                 \
    "{'id':'good','points':3,'moves':[],'end':'good'},{'id':'poor','points':0,'moves':[],'end':'poor'}]}"

static void variables_are_kept(void) {
    expect("best_points", "[" HUB "]",
           "{'exact':true,'moves':['a','a','b','a','c'],'path':['hub','ann','hub','ben','hub','good'],'points':7}");
    expect("score_scenario", "[" HUB ",['hub','ann','hub','ben','hub','good'],['a','a','b','a','c']]", "1000");
    /* Without the letters the first open choice is meant. */
    expect("score_scenario", "[" HUB ",['hub','ann','hub','ben','hub','good']]", "'value':1000");
    expect("score_scenario", "[" HUB ",['hub','ann','hub','good'],['a','a','c']]", "'value':0");
    expect("score_scenario", "[" HUB ",['hub','ann','hub','ann','hub','poor'],['a','a','a','a','d']]", "'value':0");
    expect("score_scenario", "[" HUB ",['hub','ann','hub','poor'],['a','a','d']]", "'value':142");
    expect("score_scenario", "[" HUB ",['hub','ben','hub','poor'],['b','a','d']]", "'value':285");
    /* Letters that do not lead where the path says end the walk. */
    expect("score_scenario", "[" HUB ",['hub','ben','hub','poor'],['a','a','d']]", "'value':0");
    /* A choice counts once, however often it is taken. */
    expect("score_scenario",
           "[{'start':'a','steps':[{'id':'a','points':0,'moves':['a','b'],'choices':[{'move':'a','points':1},"
           "{'move':'b','points':3}]},{'id':'b','points':0,'moves':[],'end':'good'}]},['a','a','a','a','b']]",
           "'value':1000");
    /* Numbers stay within two digits. */
    expect("best_points",
           "[{'start':'a','steps':[{'id':'a','points':0,'moves':['b'],'choices':[{'move':'b','set':[['v','=',90],"
           "['v','+',90]]}]},{'id':'b','points':0,'moves':['c'],'choices':[{'move':'c','test':[['v','=',99]]}]},"
           "{'id':'c','points':5,'moves':[],'end':'fair'}]}]",
           "'points':5}");
    /* Of equal points the better end. */
    expect(
        "best_points",
        "[{'start':'a','steps':[{'id':'a','points':0,'moves':['p','g']},{'id':'p','points':1,'moves':[],'end':'poor'},"
        "{'id':'g','points':1,'moves':[],'end':'good'}]}]",
        "'path':['a','g']");
}

/* ---- Banks, pre-tests, modules ---- */

#define Q(id, module, screen)                                                                                          \
    "{'id':'" id "','kind':'single','points':1,'choices':['a','b'],'right':['a'],'module':'" module                    \
    "','screen':'" screen "'}"
#define RIGHT "{'choices':['a']}"
#define WRONG "{'choices':['b']}"

static void banks_are_drawn(void) {
    static const char course[] =
        "{'id':'c','pass_permille':800,'completion':'screens','screens':[],'exercises':[" Q("p", "m", "m/s") "," Q(
            "q", "m",
            "m/s") "," Q("r", "m",
                         "m/s") "," Q("t", "m",
                                      "m/s") "," Q("u", "m",
                                                   "m/s") "],'banks':[{'id':'b','draw':2,'exercises':['p','q','r','t']}]}";
    static const char *const pairs[] = {"\"p\",\"q\"", "\"p\",\"r\"", "\"p\",\"t\"",
                                        "\"q\",\"r\"", "\"q\",\"t\"", "\"r\",\"t\""};
    int counts[6] = {0}, others = 0;
    char json[4096], question[4096];
    for (int seed = 0; seed < 600; seed++) {
        snprintf(json, sizeof json, "[%s,{'seed':%d,'round':%d}]", course, seed / 2, seed % 2);
        const char *seen = strstr(answer("evaluate", quoted(question, sizeof question, json)), "\"drawn\":[");
        int which = 0;
        while (which < 6 &&
               (seen == NULL || strncmp(seen + 9, pairs[which], 7) != 0 || strncmp(seen + 16, ",\"u\"]", 5) != 0))
            which++;
        which < 6 ? counts[which]++ : others++;
    }
    char seen[128];
    snprintf(seen, sizeof seen, "%d %d %d %d %d %d, %d others", counts[0], counts[1], counts[2], counts[3], counts[4],
             counts[5], others);
    bool is_even = others == 0;
    for (int i = 0; i < 6; i++)
        is_even = is_even && counts[i] > 60 && counts[i] < 140;
    check(is_even, "every pair of four is drawn about as often", seen);

    /* What was answered stays, whatever the seed says. */
    for (int seed = 0; seed < 20; seed++) {
        snprintf(json, sizeof json, "[%s,{'seed':%d,'answers':{'r':" RIGHT ",'t':" WRONG "}}]", course, seed);
        expect("evaluate", json, "'drawn':['r','t','u']");
        expect("evaluate", json, "'required':{'exercises':['r','t','u']");
    }
    snprintf(json, sizeof json, "[%s,{'seed':1,'answers':{'r':" RIGHT ",'t':" RIGHT ",'u':" RIGHT "}}]", course);
    expect("evaluate", json, "'completed':true");
    expect("evaluate", json, "'score_permille':1000");
    snprintf(json, sizeof json, "[%s,{'seed':1,'answers':{'u':" RIGHT "}}]", course);
    expect("evaluate", json, "'score_permille':333");
}

#define MODULES                                                                                                                  \
    "{'id':'c','pass_permille':800,'completion':'%s','screens':['m/t','m/a','n/a'],'exercises':[" Q(                             \
        "pre", "m",                                                                                                              \
        "m/t") "," Q("deep", "m",                                                                                                \
                     "m/a") "," Q("last", "n",                                                                                   \
                                  "n/a") "],'modules':["                                                                         \
                                         "{'id':'m','screens':['m/t','m/a'],'after':[],'pretest':'m/t','pretest_permille':500}," \
                                         "{'id':'n','screens':['n/a'],'after':['m']}],'objectives':['o']}"

static void expect_course(const char *completion, const char *state, const char *wanted) {
    char course[4096], json[8192];
    snprintf(course, sizeof course, MODULES, completion);
    snprintf(json, sizeof json, "[%s,%s]", course, state);
    expect("evaluate", json, wanted);
}

static void modules_open_and_are_skipped(void) {
    expect_course("screens", "{}", "'open':['m']");
    expect_course("screens", "{}", "'modules_done':[]");
    expect_course("screens", "{}", "'skipped':[]");
    /* A closed module that will open counts: its points are still to be earned. */
    expect_course("passed", "{'answers':{'pre':" WRONG ",'deep':" RIGHT "}}", "'score_permille':333");
    expect_course("screens", "{'seen':['m/t','m/a'],'answers':{'pre':" WRONG ",'deep':" RIGHT "}}", "'open':['m','n']");
    expect_course("screens", "{'seen':['m/t','m/a'],'answers':{'pre':" WRONG ",'deep':" RIGHT "}}",
                  "'modules_done':['m']");
    expect_course("screens", "{'seen':['m/t'],'answers':{'pre':" WRONG ",'deep':" RIGHT "}}", "'open':['m']");
    /* The pre-test passed: the rest of its module is not asked for, and the next one opens. */
    expect_course("screens", "{'seen':['m/t'],'answers':{'pre':" RIGHT "}}", "'skipped':['m/a']");
    expect_course("screens", "{'seen':['m/t'],'answers':{'pre':" RIGHT "}}", "'open':['m','n']");
    expect_course("screens", "{'seen':['m/t'],'answers':{'pre':" RIGHT "}}",
                  "'required':{'exercises':['pre','last'],'screens':['m/t','n/a']}");
    expect_course("screens", "{'seen':['m/t'],'answers':{'pre':" RIGHT "}}", "'drawn':['pre','deep','last']");
    expect_course("screens", "{'seen':['m/t','n/a'],'answers':{'pre':" RIGHT ",'last':" RIGHT "}}", "'completed':true");
    expect_course("screens", "{'seen':['m/t','n/a'],'answers':{'pre':" RIGHT ",'last':" RIGHT ",'deep':" WRONG "}}",
                  "'score_permille':1000");
}

static void everything_can_be_skipped(void) {
    expect(
        "evaluate",
        "[{'id':'c','pass_permille':800,'completion':'passed','screens':['m/t','m/a'],'exercises':["
        "{'id':'pre','kind':'numeric','points':0,'answer_micro':0,'tolerance_micro':0,'module':'m','screen':'m/t'}," Q(
            "deep", "m", "m/a") "],'modules':[{'id':'m','screens':['m/t','m/a'],'after':[],'pretest':'m/t'}]},"
                                "{'seen':['m/t'],'answers':{'pre':{'micro':0}}}]",
        "'passed':true");
}

static void hooks_gate_modules(void) {
    RulesError error;
    static const char never[] = "return { gate_module = function(course, module) return module.id ~= 'm' end }";
    check(rules_load(rules, "rules.lua", never, sizeof never - 1, &error), "a gate loads", error.message);
    /* What the course itself keeps closed holds nobody up. */
    expect_course("screens", "{}", "'open':['n']");
    expect_course("screens", "{'seen':['n/a'],'answers':{'last':" RIGHT "}}", "'completed':true");
    expect_course("screens", "{'seen':['n/a'],'answers':{'last':" RIGHT "}}", "'score_permille':1000");
    static const char score[] = "return { gate_module = function(course, module, state, results) "
                                "return module.id == 'm' or results.pre.permille == 0 end,"
                                "choose_feedback = function(q, a, p) return 'sideways' end }";
    check(rules_load(rules, "rules.lua", score, sizeof score - 1, &error), "another gate loads", error.message);
    expect_course("screens", "{'answers':{'pre':" WRONG "}}", "'open':['m','n']");
    expect_course("screens", "{'seen':['m/t'],'answers':{'pre':" RIGHT "}}",
                  "'required':{'exercises':['pre'],'screens':['m/t']}");
    expect("evaluate", ONE_QUESTION(ORDERING, "{'order':['a','b']}"), "'feedback':{'q':'right'}");
    expect("evaluate", ONE_QUESTION(ORDERING, "{'order':['a','b']}"), "'function':'choose_feedback'");
    check(rules_load(rules, "rules.lua", "return {}", 9, &error), "none", error.message);
}

static void objectives_are_judged(void) {
    static const char course[] =
        "{'id':'c','pass_permille':600,'completion':'screens','screens':[],'objectives':['o','x','y'],'exercises':["
        "{'id':'p','kind':'single','points':3,'choices':['a','b'],'right':['a'],'objective':'o'},"
        "{'id':'q','kind':'single','points':1,'choices':['a','b'],'right':['a'],'objective':'o'},"
        "{'id':'r','kind':'likert','points':0,'choices':['a','b'],'objective':'y'}]}";
    char json[4096];
    snprintf(json, sizeof json, "[%s,{'answers':{'p':" RIGHT ",'q':" WRONG "}}]", course);
    expect("evaluate", json,
           "'objectives':{'o':{'answered':true,'passed':true,'permille':750},'y':{'answered':false,'passed':false,"
           "'permille':0}}");
    snprintf(json, sizeof json, "[%s,{'answers':{'p':" RIGHT "}}]", course);
    expect("evaluate", json, "'o':{'answered':false,'passed':false,'permille':750}");
}

int main(void) {
    rules = rules_open();
    if (rules == NULL)
        return 1;
    kinds_are_scored();
    answers_are_cleaned();
    variables_are_kept();
    banks_are_drawn();
    modules_open_and_are_skipped();
    everything_can_be_skipped();
    hooks_gate_modules();
    objectives_are_judged();
    rules_close(rules);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
