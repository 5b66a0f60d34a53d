/* Stands in for the C library's <setjmp.h>, which WebAssembly has not: port.h sends Lua's errors through JavaScript instead. */
#ifndef PROBITY_BROWSER_SETJMP_H
#define PROBITY_BROWSER_SETJMP_H

typedef int jmp_buf[1];

#endif
