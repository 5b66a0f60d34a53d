/*
 * Lua's mathematical library once more, without the functions whose last digits come from the C library of the machine: rules cannot
 * reach them (library.c), and so the browser does not have to load their tables.
 */
#include <math.h>

#define LUA_LIB /* asks Lua's headers for what its own files use */

#include "rules/inside.h"

#define luaopen_math numbers_open
#define acos(x) (x)
#define asin(x) (x)
#define atan2(y, x) ((y) + (x))
#define cos(x) (x)
#define exp(x) (x)
#define log(x) (x)
#define log10(x) (x)
#define log2(x) (x)
#define sin(x) (x)
#define tan(x) (x)

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <lmathlib.c>
#pragma GCC diagnostic pop
