#include "publish/qpdf.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static Qpdf functions;
static bool is_complete;

static void find(void *library, const char *name, void *function) {
    /* ISO C knows no conversion between pointers to objects and to functions; POSIX has both of one size. */
    void *found = library ? dlsym(library, name) : NULL;
    memcpy(function, &found, sizeof found);
    is_complete = is_complete && found;
}

static void load(void) {
    void *library = dlopen(PROBITY_QPDF, RTLD_NOW | RTLD_LOCAL);
    is_complete = true;
#define QPDF_FIND(name) find(library, "qpdf_" #name, &functions.name);
    QPDF_FUNCTIONS(QPDF_FIND)
#undef QPDF_FIND
}

const Qpdf *qpdf_open(void) {
    pthread_once(&once, load);
    return is_complete ? &functions : NULL;
}
