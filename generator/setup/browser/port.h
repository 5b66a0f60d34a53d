/*
 * Included in front of every C file that is compiled for the browser: what the C library and Lua find different there.
 *
 * WebAssembly has no setjmp. A protected call goes through JavaScript (runtime.js), which runs it inside a try block; an error is
 * a JavaScript exception. Both macros stand in ldo.c, inside luaD_rawrunprotected, where `f` and `ud` are its parameters.
 */
#ifndef PROBITY_BROWSER_PORT_H
#define PROBITY_BROWSER_PORT_H

struct lua_State;

__attribute__((import_module("env"), import_name("lua_try"))) int
probity_lua_try(void (*call)(struct lua_State *, void *), struct lua_State *state, void *data);
__attribute__((import_module("env"), import_name("lua_throw"), noreturn)) void probity_lua_throw(void);

#define luai_jmpbuf int
#define LUAI_THROW(L, c) ((void)(c), probity_lua_throw())
#define LUAI_TRY(L, c, a)                                                                                              \
    if (probity_lua_try(f, L, ud) != 0 && (c)->status == 0) {                                                          \
        (c)->status = -1;                                                                                              \
    }

/* No signal interrupts a program in a browser. */
#define l_signalT int

/* No files, no streams, no clock: with them gone, the C library asks nothing of its surroundings and half of it stays out. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#undef stdin
#undef getc
#define stdin ((FILE *)0)
#define fopen(path, mode) ((void)(path), (void)(mode), (FILE *)0)
#define freopen(path, mode, file) ((void)(path), (void)(mode), (void)(file), (FILE *)0)
#define fclose(file) ((void)(file), 0)
#define fread(data, size, count, file) ((void)(data), (void)(size), (void)(count), (void)(file), (size_t)0)
#define getc(file) ((void)(file), EOF)
#define feof(file) ((void)(file), 1)
#define ferror(file) ((void)(file), 0)
#define time(result) ((time_t)0)
#define abort() __builtin_trap()
#define lua_writestring(text, length) ((void)(text), (void)(length))
#define lua_writeline() ((void)0)
#define lua_writestringerror(text, value) ((void)(text), (void)(value))

/* Rules have no powers (rules/source.c), and so their tables are not needed. */
#define luai_numpow(L, a, b) ((void)(L), (b) == 2 ? (a) * (a) : __builtin_nan(""))

/* The same constants as in the native library (build-deps): tables are walked in the same order in both. */
#define luai_makeseed(L) 0x50726f62u
#define l_randomizePivot() 0u

#endif
