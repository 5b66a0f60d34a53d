/* Numbers, dates and lists as the page's language writes them, with the digits 0-9 as on the rest of the site. */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    Probity.openFormats = function (language) {
        var numbers = new Intl.NumberFormat(language, {
            numberingSystem: "latn",
            maximumFractionDigits: 6,
            useGrouping: false
        });
        var dates = new Intl.DateTimeFormat(language, {
            numberingSystem: "latn",
            calendar: "gregory",
            dateStyle: "long",
            timeZone: "UTC"
        });
        /* Not lists of units: those have nothing between their parts in Chinese. */
        var lists = Intl.ListFormat ? new Intl.ListFormat(language, { type: "conjunction", style: "long" }) : null;
        return {
            number: function (number) {
                return numbers.format(number);
            },
            /* of "2026-11-21" */
            date: function (day) {
                return dates.format(new Date(day + "T00:00:00Z"));
            },
            list: function (texts) {
                return lists ? lists.format(texts) : texts.join(", ");
            }
        };
    };
})();
