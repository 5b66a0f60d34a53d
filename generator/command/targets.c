/* What can be made of a site. */
#include "package/package.h"
#include "publish/publish.h"
#include "review/review.h"

const Target *const targets[] = {
    &target_website,
    &package_scorm12.target,
    &package_scorm2004_3.target,
    &package_scorm2004.target,
    &package_cmi5.target,
    &package_web.target,
    &target_dictionary,
    &target_report,
    &target_print,
    &target_pdf,
    &target_review,
    NULL,
};

const Target *target_find(Text name) {
    for (size_t i = 0; targets[i]; i++)
        if (text_equal(name, text_from(targets[i]->name)))
            return targets[i];
    return NULL;
}
