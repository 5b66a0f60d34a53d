/*
 * Finds the object by which a learning platform talks to the course.
 * Any window on the way may belong to another origin, where a mere look throws: each look stands alone in its try.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    /* Frames in frames are few; a platform that answers for its own parent must not hold us in a circle. */
    var LEVELS_LIMIT = 50;

    function look(view, name) {
        try {
            return view[name] || null;
        } catch (error) {
            return null;
        }
    }

    function climb(view, name) {
        for (var level = 0; view && level < LEVELS_LIMIT; level++) {
            var api = look(view, name);
            if (api) {
                return api;
            }
            var parent = look(view, "parent");
            if (!parent || parent === view) {
                return null;
            }
            view = parent;
        }
        return null;
    }

    /*
     * Own window and those around it, then the window that opened it and those around that one, then the outermost
     * window's opener.
     */
    Probity.findApi = function (name, view) {
        return (
            climb(view, name) || climb(look(view, "opener"), name) || climb(look(look(view, "top"), "opener"), name)
        );
    };

    /* A window without parent or opener cannot be inside a platform. */
    Probity.mayHavePlatform = function (view) {
        return look(view, "parent") !== view || look(view, "opener") !== null;
    };
})();
