/* In place of lundump.c and ldump.c: a browser reads and writes no compiled Lua. Rules are loaded as text alone. */
#include <lobject.h>
#include <lstate.h>
#include <lundump.h>

LClosure *luaU_undump(lua_State *L, ZIO *Z, const char *name) {
    (void)L, (void)Z, (void)name;
    __builtin_trap();
}

int luaU_dump(lua_State *L, const Proto *f, lua_Writer w, void *data, int strip) {
    (void)L, (void)f, (void)w, (void)data, (void)strip;
    return 1;
}
