/*
 * The player's files in QuickJS. The engine sees what is handed to it here: no files, no clock of the machine, no network. A script of
 * ours that does not end, or wants more memory than a page would have, is a failure and no more.
 */
#include "simulate/parts.h"

#include <quickjs.h>
#include <stdlib.h>
#include <string.h>

/* QuickJS asks every 10,000 branches whether to go on. */
enum { MEMORY_LIMIT_BYTES = 256 << 20, STACK_LIMIT_BYTES = 512 << 10, INTERRUPT_LIMIT = 200000 };

static const char driver_source[] = {
#include "learner_js.inc"
    '\0'};

typedef struct Engine {
    JSRuntime *runtime;
    JSContext *context;
    Rules *rules;
    long interrupts;
} Engine;

static int count_interrupt(JSRuntime *runtime, void *opaque) {
    (void)runtime;
    return ++((Engine *)opaque)->interrupts > INTERRUPT_LIMIT;
}

/* ---- The native rules, as rules.js offers them in a browser ---- */

static JSValue throw_rules_error(JSContext *context, const RulesError *error) {
    JSValue thrown = JS_NewError(context);
    JS_DefinePropertyValueStr(context, thrown, "message", JS_NewString(context, error->message),
                              JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
    JS_DefinePropertyValueStr(context, thrown, "line", JS_NewInt32(context, error->line), JS_PROP_C_W_E);
    return JS_Throw(context, thrown);
}

/* rulesLoad(name, source); rulesCall(function, json): json. Which of the two is `magic`. */
static JSValue call_rules(JSContext *context, JSValueConst self, int count, JSValueConst *arguments, int magic) {
    (void)self;
    Engine *engine = JS_GetContextOpaque(context);
    if (count < 2)
        return JS_ThrowTypeError(context, "two texts are expected");
    size_t size, result_size;
    const char *name = JS_ToCString(context, arguments[0]);
    const char *text = JS_ToCStringLen(context, &size, arguments[1]);
    RulesError error = {0};
    JSValue answer = JS_EXCEPTION;
    if (name && text && magic == 0) {
        answer =
            rules_load(engine->rules, name, text, size, &error) ? JS_UNDEFINED : throw_rules_error(context, &error);
    } else if (name && text) {
        const char *result = rules_call(engine->rules, name, text, size, &result_size, &error);
        answer = result ? JS_NewStringLen(context, result, result_size) : throw_rules_error(context, &error);
    }
    JS_FreeCString(context, name);
    JS_FreeCString(context, text);
    return answer;
}

/* ---- Running ---- */

/* What was thrown, on one line. */
static void explain(JSContext *context, Arena *arena, Text *message) {
    JSValue thrown = JS_GetException(context);
    const char *words = JS_ToCString(context, thrown);
    JSValue stack = JS_IsObject(thrown) ? JS_GetPropertyStr(context, thrown, "stack") : JS_UNDEFINED;
    const char *where = JS_IsString(stack) ? JS_ToCString(context, stack) : NULL;
    Text line = text_trim(text_from(where));
    line = text_slice(line, 0, text_find(line, '\n', 0));
    *message = text_format(arena, "%s%s%.*s", words ? words : "it has no words", line.size ? " " : "", TEXT_ARG(line));
    JS_FreeCString(context, where);
    JS_FreeCString(context, words);
    JS_FreeValue(context, stack);
    JS_FreeValue(context, thrown);
}

static bool run_script(Engine *engine, Text script, const char *name, Arena *arena, Text *message) {
    JSValue value = JS_Eval(engine->context, script.data, script.size, name, JS_EVAL_TYPE_GLOBAL);
    bool is_well = !JS_IsException(value);
    if (!is_well)
        explain(engine->context, arena, message);
    JS_FreeValue(engine->context, value);
    return is_well;
}

static bool run_pending(Engine *engine, Arena *arena, Text *message) {
    JSContext *context;
    int status;
    while ((status = JS_ExecutePendingJob(engine->runtime, &context)) > 0)
        ;
    if (status < 0)
        explain(context, arena, message);
    return status == 0;
}

/* driver.tick() does the next thing once all that was promised has come about, and says whether there is more. */
static bool run_to_end(Engine *engine, JSValueConst driver, Arena *arena, Text *message) {
    bool is_well = run_pending(engine, arena, message);
    for (bool has_more = true; is_well && has_more;) {
        JSAtom name = JS_NewAtom(engine->context, "tick");
        JSValue more = JS_Invoke(engine->context, driver, name, 0, NULL);
        JS_FreeAtom(engine->context, name);
        is_well = !JS_IsException(more);
        if (!is_well)
            explain(engine->context, arena, message);
        has_more = is_well && JS_ToBool(engine->context, more) > 0;
        JS_FreeValue(engine->context, more);
        is_well = is_well && run_pending(engine, arena, message);
    }
    return is_well;
}

static int32_t get_number(JSContext *context, JSValueConst object, const char *key) {
    JSValue value = JS_GetPropertyStr(context, object, key);
    int32_t number = 0;
    JS_ToInt32(context, &number, value);
    JS_FreeValue(context, value);
    return number;
}

static Text get_text(JSContext *context, JSValueConst object, const char *key, Arena *arena) {
    JSValue value = JS_GetPropertyStr(context, object, key);
    size_t size = 0;
    const char *bytes = JS_ToCStringLen(context, &size, value);
    Text text = text_copy(arena, (Text){bytes ? bytes : "", bytes ? size : 0});
    JS_FreeCString(context, bytes);
    JS_FreeValue(context, value);
    return text;
}

static void take_answer(Engine *engine, JSValueConst driver, Arena *arena, EngineAnswer *answer) {
    JSContext *context = engine->context;
    answer->text = get_text(context, driver, "text", arena);
    answer->refusal = get_text(context, driver, "refusal", arena);
    answer->refused_act = (size_t)get_number(context, driver, "refusedAct");
    answer->outcome = (SimulateOutcome){
        .score_permille = get_number(context, driver, "scorePermille"),
        .passed = get_number(context, driver, "passed") != 0,
        .completed = get_number(context, driver, "completed") != 0,
    };
}

/* Calls the function that learner.js is. */
static JSValue start_driver(Engine *engine, Text request) {
    JSContext *context = engine->context;
    JSValue function = JS_Eval(context, driver_source, strlen(driver_source), "learner.js", JS_EVAL_TYPE_GLOBAL);
    if (JS_IsException(function))
        return function;
    JSValue arguments[] = {JS_NewStringLen(context, request.data, request.size)};
    JSValue driver = JS_Call(context, function, JS_UNDEFINED, 1, arguments);
    JS_FreeValue(context, arguments[0]);
    JS_FreeValue(context, function);
    return driver;
}

static bool open_engine(Engine *engine, Rules *rules) {
    *engine = (Engine){.rules = rules, .runtime = JS_NewRuntime()};
    if (!engine->runtime)
        return false;
    JS_SetMemoryLimit(engine->runtime, MEMORY_LIMIT_BYTES);
    JS_SetMaxStackSize(engine->runtime, STACK_LIMIT_BYTES);
    JS_SetInterruptHandler(engine->runtime, count_interrupt, engine);
    engine->context = JS_NewContext(engine->runtime);
    if (!engine->context)
        return false;
    JS_SetContextOpaque(engine->context, engine);
    JSValue global = JS_GetGlobalObject(engine->context);
    JS_SetPropertyStr(engine->context, global, "window", JS_DupValue(engine->context, global));
    JS_SetPropertyStr(engine->context, global, "rulesLoad",
                      JS_NewCFunctionMagic(engine->context, call_rules, "rulesLoad", 2, JS_CFUNC_generic_magic, 0));
    JS_SetPropertyStr(engine->context, global, "rulesCall",
                      JS_NewCFunctionMagic(engine->context, call_rules, "rulesCall", 2, JS_CFUNC_generic_magic, 1));
    JS_FreeValue(engine->context, global);
    return true;
}

static void close_engine(Engine *engine) {
    if (engine->context)
        JS_FreeContext(engine->context);
    if (engine->runtime)
        JS_FreeRuntime(engine->runtime);
}

bool engine_play(const Simulator *simulator, Rules *rules, Text request, Arena *arena, EngineAnswer *answer,
                 Text *message) {
    Engine engine;
    if (!open_engine(&engine, rules))
        memory_exhausted();
    bool is_well = true;
    for (size_t i = 0; i < simulator->count && is_well; i++)
        is_well = run_script(&engine, simulator->scripts[i], simulator->names[i].data, arena, message);
    JSValue driver = is_well ? start_driver(&engine, request) : JS_UNDEFINED;
    if (JS_IsException(driver)) {
        explain(engine.context, arena, message);
        is_well = false;
    }
    is_well = is_well && run_to_end(&engine, driver, arena, message);
    if (is_well)
        take_answer(&engine, driver, arena, answer);
    JS_FreeValue(engine.context, driver);
    close_engine(&engine);
    return is_well;
}
