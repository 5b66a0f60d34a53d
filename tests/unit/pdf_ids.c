/* Two runs of the engine that number the same structure differently must give the same bytes. */
#include "publish/print.h"

#include <stdio.h>
#include <string.h>

static int passed, failed;

static void expect(const char *what, const char *given, const char *wanted) {
    Arena arena = {0};
    Buffer pdf = {0};
    buffer_put_text(&pdf, text_from(given));
    pdf_settle_ids(&pdf, &arena);
    if (strcmp(buffer_text(&pdf).data, wanted) == 0) {
        passed++;
    } else {
        failed++;
        printf("%s: expected\n%s\nbut got\n%s\n", what, wanted, pdf.data);
    }
    buffer_free(&pdf);
    arena_free(&arena);
}

int main(void) {
    expect("one run", "/ID (node00000234) [(node00000300) (node00000234)]",
           "/ID (node00000001) [(node00000002) (node00000001)]");
    expect("another run", "/ID (node00000235) [(node00000301) (node00000235)]",
           "/ID (node00000001) [(node00000002) (node00000001)]");
    expect("order of names, not of places", "(node00000009)(node00000002)", "(node00000002)(node00000001)");
    expect("ten and more", "(node00000001)(node00000012)", "(node00000001)(node00000002)");
    expect("no name of that kind", "(node0000123)(node000001234)(nodes)(node00000x12)",
           "(node0000123)(node000001234)(nodes)(node00000x12)");
    expect("cut off", "(node00000005)(node000", "(node00000001)(node000");
    expect("nothing", "%PDF-1.4", "%PDF-1.4");
    printf("%d passed, %d failed\n", passed, failed);
    return failed || !passed;
}
