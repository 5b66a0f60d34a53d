/*
 * The course without a platform. The player says that nothing is reported and keeps the answers on this device. The
 * language that is read last is the one that the package's first page opens.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    Probity.web = {
        name: "web",
        connect: function (world) {
            try {
                world.view.localStorage.setItem(
                    "probity/language/" + Probity.course.id,
                    world.view.document.documentElement.lang
                );
            } catch (error) {
                /* Storage is blocked; the list of languages opens by the browser's. */
            }
            return Promise.resolve(null);
        }
    };
})();
