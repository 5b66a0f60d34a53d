/*
 * Lua's string library once more, with one difference: its pattern matcher charges its steps to the sandbox. Patterns can take
 * exponential time inside one call, where no instruction is counted. The macro's calls come from the patch lua5.4/10-match-budget.
 */
#define LUA_LIB /* asks Lua's headers for what its own files use */

#include "rules/inside.h"

#define luaopen_string strings_open
#define l_matchwork(L, steps) sandbox_spend((L), (size_t)(steps))

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include <lstrlib.c>
#pragma GCC diagnostic pop
