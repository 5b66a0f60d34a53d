// Writes the text the benchmark builds: the same pages in six languages as a Probity project and as a Hugo project.
//
//     corpus PAGES DIR      writes DIR/probity/content and DIR/hugo/content, PAGES pages in each language in sections
//                           of fifty, and the sections and the home page besides.
//
// Everything is drawn from generators seeded by the number of the page, so two runs write the same bytes on every
// machine. The shape of a page (headings, links, table, lists) is drawn from one generator and its words from another:
// the six languages of a page are translations of each other as far as the parity check can tell.

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LANGUAGE_COUNT = 6,
    PAGES_PER_SECTION = 50,
    SECTIONS_IN_MENU = 6, // hugo/layouts/partials/menu.html has the same number
    WORDS_MAX = 160,
    ANCHORED_HEADINGS = 4, // every page has at least these, so that any page can link to them
};

typedef struct {
    const char *tag;
    const char *site_title;
    const char *text; // real words, separated by spaces
    const char *space;
    const char *comma;
    const char *stop;
    bool has_capitals;
} Language;

static const Language LANGUAGES[LANGUAGE_COUNT] = {
    {"en", "Ethics Office",
     "the of and to in a is that for with as on by be are this from or at not an have has may must should when "
     "which who their they our we it its staff member office ethics integrity respect conduct duty value gift "
     "conflict interest advice question report concern protection retaliation policy rule standard decision "
     "manager supervisor colleague supplier contract disclosure confidential independent impartial public service "
     "trust fairness honesty courage humility responsibility accountability transparency inclusion dignity "
     "training guidance review committee record evidence inquiry answer process example situation family relative "
     "property asset invitation dinner travel ask speak listen decide accept decline declare protect serve explain "
     "record consider remember understand promptly carefully openly always never often before after during within "
     "without between under outside personal professional political official financial annual new former early "
     "clear difficult possible",
     " ", ", ", ". ", true},
    {"ar", "مكتب الأخلاقيات",
     "في من على إلى عن مع هذا هذه التي الذي أو ثم لا ما كل بين بعد قبل عند حتى إذا كما قد يجب يمكن ينبغي الموظف "
     "الموظفة الموظفون المكتب الأخلاقيات النزاهة الاحترام السلوك الواجب القيمة الهدية تضارب المصالح المشورة السؤال "
     "التقرير القلق الحماية الانتقام السياسة القاعدة المعيار القرار المدير المشرف الزميل المورد العقد الإقرار "
     "السرية الاستقلال الحياد الخدمة العامة الثقة الإنصاف الصدق الشجاعة التواضع المسؤولية المساءلة الشفافية الشمول "
     "الكرامة التدريب التوجيه الاستعراض اللجنة السجل الدليل التحقيق الجواب العملية المثال الحالة الأسرة القريب "
     "الملكية الدعوة العشاء السفر يسأل يتكلم يستمع يقرر يقبل يرفض يعلن يحمي يخدم يشرح يسجل ينظر يتذكر يفهم فورا "
     "بعناية بصراحة دائما أبدا أحيانا خلال دون تحت خارج شخصي مهني سياسي رسمي مالي سنوي جديد سابق مبكر واضح صعب "
     "ممكن",
     " ", "، ", ". ", false},
    {"zh", "道德操守办公室",
     "我们 他们 这些 那些 以及 因为 所以 如果 但是 应当 可以 必须 不得 已经 正在 职员 同事 主管 经理 道德 操守 尊重 行为 义务 价值 礼物 利益 冲突 建议 问题 报告 关切 保护 报复 政策 规则 "
     "标准 决定 供应商 合同 申报 保密 独立 公正 公共 服务 信任 公平 诚实 勇气 谦逊 责任 问责 透明 包容 尊严 培训 指导 审查 委员会 记录 证据 调查 答复 程序 例子 情况 家庭 亲属 财产 资产 "
     "邀请 晚餐 旅行 询问 发言 倾听 接受 拒绝 说明 考虑 记住 理解 及时 认真 公开 始终 从不 经常 之前 之后 期间 以内 以外 之间 个人 专业 政治 正式 财务 年度 新的 以前 早期 清楚 困难 可能 "
     "组织 办公室 联合国 工作 人员 权力 资源 信息 机会",
     "", "，", "。", false},
    {"fr", "Bureau de la déontologie",
     "le la les de des du et à en un une est que pour avec comme sur par être sont ce cette dans ou ne pas qui "
     "leur nous il elle son sa doit peut devrait lorsque avant après fonctionnaire bureau déontologie intégrité "
     "respect conduite devoir valeur cadeau conflit intérêt conseil question rapport préoccupation protection "
     "représailles politique règle norme décision responsable supérieur collègue fournisseur contrat déclaration "
     "confidentiel indépendant impartial public service confiance équité honnêteté courage humilité responsabilité "
     "transparence inclusion dignité formation orientation examen comité dossier preuve enquête réponse procédure "
     "exemple situation famille parent propriété biens invitation dîner voyage demander parler écouter décider "
     "accepter refuser déclarer protéger servir expliquer considérer comprendre rapidement soigneusement "
     "ouvertement toujours jamais souvent pendant sans entre sous personnel professionnel officiel financier "
     "annuel nouveau ancien clair difficile possible",
     " ", ", ", ". ", true},
    {"ru", "Бюро по вопросам этики",
     "и в на не что с по как это для из к от до при или если когда который они мы его её их все может должен "
     "следует быть есть сотрудник бюро этика добросовестность уважение поведение обязанность ценность подарок "
     "конфликт интерес совет вопрос доклад опасение защита преследование политика правило стандарт решение "
     "руководитель начальник коллега поставщик договор декларация конфиденциальный независимый беспристрастный "
     "общественный служба доверие справедливость честность смелость скромность ответственность подотчётность "
     "прозрачность инклюзивность достоинство обучение руководство обзор комитет запись доказательство "
     "расследование ответ процедура пример ситуация семья родственник имущество активы приглашение ужин поездка "
     "спросить говорить слушать решать принимать отказаться заявить защищать служить объяснить учитывать помнить "
     "понимать быстро тщательно открыто всегда никогда часто перед после между без личный профессиональный "
     "политический официальный финансовый ежегодный новый прежний ясный трудный",
     " ", ", ", ". ", true},
    {"es", "Oficina de Ética",
     "el la los las de y a en un una es que para con como por ser son este esta desde o no quien su nosotros ellos "
     "puede debe debería cuando antes después funcionario oficina ética integridad respeto conducta deber valor "
     "regalo conflicto interés asesoramiento pregunta informe inquietud protección represalias política regla "
     "norma decisión director supervisor colega proveedor contrato declaración confidencial independiente "
     "imparcial público servicio confianza equidad honradez valentía humildad responsabilidad transparencia "
     "inclusión dignidad formación orientación examen comité registro prueba investigación respuesta proceso "
     "ejemplo situación familia pariente propiedad bienes invitación cena viaje preguntar hablar escuchar decidir "
     "aceptar rechazar declarar proteger servir explicar considerar recordar comprender pronto cuidadosamente "
     "abiertamente siempre nunca durante sin entre bajo personal profesional oficial financiero anual nuevo "
     "anterior claro difícil posible",
     " ", ", ", ". ", true},
};

typedef struct {
    const char *start[WORDS_MAX];
    int length[WORDS_MAX];
    int count;
} WordList;

static WordList word_lists[LANGUAGE_COUNT];

typedef struct {
    char bytes[1 << 17];
    size_t length;
} Text;

typedef struct {
    Text *out;
    int language;
    bool is_for_hugo;
    int page_count;
    uint64_t shape; // state of the generator that all languages of a page share
    uint64_t words; // state of the generator of this language's words
} Writer;

static void fail(const char *what) {
    fprintf(stderr, "corpus: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t random_next(uint64_t *state) { // splitmix64
    uint64_t z = *state += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

static int random_between(uint64_t *state, int low, int high) {
    return low + (int)(random_next(state) % (uint64_t)(high - low + 1));
}

static void split_words(void) {
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        WordList *list = &word_lists[i];
        for (const char *at = LANGUAGES[i].text; *at != '\0' && list->count < WORDS_MAX;) {
            const int length = (int)strcspn(at, " ");
            list->start[list->count] = at;
            list->length[list->count++] = length;
            at += length;
            at += *at == ' ';
        }
    }
}

static void put(Text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(Text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text->bytes + text->length, sizeof text->bytes - text->length, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof text->bytes - text->length) {
        errno = ENOBUFS;
        fail("a page");
    }
    text->length += (size_t)length;
}

static void put_bytes(Text *text, const char *bytes, size_t length) {
    if (length > sizeof text->bytes - text->length) {
        errno = ENOBUFS;
        fail("a page");
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

// Latin and Cyrillic letters of two bytes (U+00E0..., U+0430...) are raised as the lists need it: a-z, é, à, а-п, р-я.
static void put_capitalised(Text *text, const char *word, int length) {
    unsigned char first[2] = {(unsigned char)word[0], length > 1 ? (unsigned char)word[1] : 0};
    int used = 1;
    if (first[0] >= 'a' && first[0] <= 'z') {
        first[0] = (unsigned char)(first[0] - 32);
    } else if (first[0] == 0xC3 && first[1] >= 0xA0) {
        first[1] = (unsigned char)(first[1] - 32);
        used = 2;
    } else if (first[0] == 0xD0 && first[1] >= 0xB0) {
        first[1] = (unsigned char)(first[1] - 32);
        used = 2;
    } else if (first[0] == 0xD1 && first[1] <= 0x8F) {
        first[0] = 0xD0;
        first[1] = (unsigned char)(first[1] + 32);
        used = 2;
    }
    put_bytes(text, (const char *)first, (size_t)used);
    put_bytes(text, word + used, (size_t)(length - used));
}

static void put_words(Writer *writer, int count, bool is_start) {
    const Language *language = &LANGUAGES[writer->language];
    const WordList *list = &word_lists[writer->language];
    for (int i = 0; i < count; i++) {
        const int word = random_between(&writer->words, 0, list->count - 1);
        if (i > 0) {
            put_bytes(writer->out, language->space, strlen(language->space));
        }
        if (i == 0 && is_start && language->has_capitals) {
            put_capitalised(writer->out, list->start[word], list->length[word]);
        } else {
            put_bytes(writer->out, list->start[word], (size_t)list->length[word]);
        }
    }
}

static void put_link(Writer *writer) {
    const int page = random_between(&writer->shape, 0, writer->page_count - 1);
    const int section = page / PAGES_PER_SECTION + 1;
    const int anchor = random_between(&writer->shape, 1, 3 * ANCHORED_HEADINGS); // two links of three have no anchor
    const int words = random_between(&writer->shape, 1, 4);
    const bool has_anchor = anchor <= ANCHORED_HEADINGS;
    put(writer->out, "[");
    put_words(writer, words, false);
    if (writer->is_for_hugo) { // as the address is in the end, which is the cheapest for Hugo: it looks nothing up
        put(writer->out, "](/%s/section-%d/page-%d/", LANGUAGES[writer->language].tag, section, page + 1);
    } else {
        put(writer->out, "](/section-%d/page-%d", section, page + 1);
    }
    if (has_anchor) {
        put(writer->out, "#point-%d", anchor);
    }
    put(writer->out, ")");
}

static void put_sentence(Writer *writer, bool has_link, int footnote) {
    const Language *language = &LANGUAGES[writer->language];
    const int words = random_between(&writer->shape, 4, 10);
    const int more = random_between(&writer->shape, 3, 9);
    const int decoration = random_between(&writer->shape, 0, 7);
    put_words(writer, words, true);
    if (decoration == 0) {
        put(writer->out, "%s**", language->space);
        put_words(writer, 2, false);
        put(writer->out, "**%s", language->space);
    } else if (decoration == 1) {
        put(writer->out, "%s*", language->space);
        put_words(writer, 1, false);
        put(writer->out, "*%s", language->space);
    } else {
        put(writer->out, "%s", language->comma);
    }
    put_words(writer, more, false);
    if (has_link) {
        put(writer->out, "%s", language->space);
        put_link(writer);
    }
    if (footnote > 0) {
        put(writer->out, "[^%d]", footnote);
    }
    put(writer->out, "%s", language->stop);
}

static void put_line_end(Text *text) {
    while (text->length > 0 && text->bytes[text->length - 1] == ' ') {
        text->length--;
    }
    put(text, "\n");
}

// Returns how many sentences it took from the budget.
static int put_paragraph(Writer *writer, int sentences_left, int *links_left, int footnote) {
    int sentences = random_between(&writer->shape, 2, 5);
    if (sentences > sentences_left) {
        sentences = sentences_left;
    }
    for (int i = 0; i < sentences; i++) {
        const bool has_link = *links_left > 0 && i == 1;
        *links_left -= has_link;
        put_sentence(writer, has_link, i == 0 ? footnote : 0);
    }
    put_line_end(writer->out);
    put(writer->out, "\n");
    return sentences;
}

static void put_list(Writer *writer, int *links_left) {
    const int items = random_between(&writer->shape, 3, 6);
    const bool is_numbered = random_between(&writer->shape, 0, 2) == 0;
    for (int i = 0; i < items; i++) {
        const int words = random_between(&writer->shape, 4, 12);
        put(writer->out, is_numbered ? "%d. " : "- ", i + 1);
        put_words(writer, words, true);
        if (i == 1 && *links_left > 0) {
            *links_left -= 1;
            put(writer->out, "%s", LANGUAGES[writer->language].space);
            put_link(writer);
        }
        put(writer->out, "\n");
    }
    put(writer->out, "\n");
}

static void put_table(Writer *writer) {
    const int rows = random_between(&writer->shape, 4, 8);
    for (int row = -1; row < rows; row++) {
        put(writer->out, "| ");
        put_words(writer, 2, true);
        for (int column = 1; column < 4; column++) {
            put(writer->out, " | ");
            if (row < 0 || column == 1) {
                put_words(writer, random_between(&writer->shape, 1, 3), true);
            } else {
                put(writer->out, "%d", random_between(&writer->shape, 0, 9999));
            }
        }
        put(writer->out, " |\n%s", row < 0 ? "|---|---|--:|--:|\n" : "");
    }
    put(writer->out, "\n");
}

static void put_heading(Writer *writer, int number, int *level) {
    *level = number == 1 || random_between(&writer->shape, 0, 2) > 0 ? 2 : 3;
    const int words = random_between(&writer->shape, 2, 6);
    put(writer->out, "%s ", *level == 2 ? "##" : "###");
    put_words(writer, words, true);
    if (number <= ANCHORED_HEADINGS) {
        put(writer->out, " {#point-%d}", number);
    }
    put(writer->out, "\n\n");
}

static void put_front_matter(Writer *writer, int number) {
    const int title_words = random_between(&writer->shape, 2, 5);
    const int summary_words = random_between(&writer->shape, 8, 18);
    put(writer->out, "---\ntitle: ");
    put_words(writer, title_words, true);
    put(writer->out, " %d\nsummary: ", number);
    put_words(writer, summary_words, true);
    put(writer->out, ".\n");
    if (writer->is_for_hugo) {
        put(writer->out, "weight: %d\n", number);
    } else if (writer->language == 0) { // Probity takes it from the source language
        put(writer->out, "order: %d\n", number);
    }
    put(writer->out, "---\n");
}

static void put_page(Writer *writer, int number) {
    put_front_matter(writer, number);
    const uint64_t size = random_next(&writer->shape) % 1000; // squared: many short pages, few long ones
    int sentences_left = (200 + (int)(1800 * size * size / 1000000)) / 17;
    int links_left = random_between(&writer->shape, 5, 8);
    const int headings = random_between(&writer->shape, 4, 8);
    const int table_after = random_between(&writer->shape, 1, headings);
    const int list_after = random_between(&writer->shape, 1, headings);
    const int sentences_per_part = sentences_left / (headings + 1);
    int level = 2;
    sentences_left -= put_paragraph(writer, sentences_left, &links_left, 1);
    for (int heading = 1; heading <= headings; heading++) {
        put_heading(writer, heading, &level);
        int part_left = heading == headings ? sentences_left : sentences_per_part;
        for (int i = 0; i == 0 || part_left > 0; i++) {
            const int footnote = heading == 2 && i == 0 ? 2 : 0;
            const int used = put_paragraph(writer, part_left > 0 ? part_left : 1, &links_left, footnote);
            part_left -= used;
            sentences_left -= used;
        }
        if (heading == table_after) {
            put_table(writer);
        }
        if (heading == list_after || heading % 3 == 0) {
            put_list(writer, &links_left);
        }
    }
    for (int note = 1; note <= 2; note++) {
        put(writer->out, "[^%d]: ", note);
        put_words(writer, random_between(&writer->shape, 6, 20), true);
        put(writer->out, ".\n\n");
    }
}

static void put_section(Writer *writer, int number) {
    int links_left = 1;
    put_front_matter(writer, number);
    put_paragraph(writer, 4, &links_left, 0);
}

static void make_folder(const char *path) {
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        fail(path);
    }
}

static void write_file(const char *path, const Text *text) {
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0 || write(file, text->bytes, text->length) != (ssize_t)text->length || close(file) != 0) {
        fail(path);
    }
}

// page is 0 for a section's own text, and section is 0 for the home page.
static void write_unit(const char *folder, int page_count, int section, int page) {
    static Text text;
    char path[4096];
    for (int project = 0; project < 2; project++) {
        const bool is_for_hugo = project == 1;
        int used = snprintf(path, sizeof path, "%s/%s/content", folder, is_for_hugo ? "hugo" : "probity");
        if (section > 0) {
            used += snprintf(path + used, sizeof path - (size_t)used, "/section-%d", section);
        }
        if (page > 0) {
            used += snprintf(path + used, sizeof path - (size_t)used, "/page-%d", page);
        }
        if (!is_for_hugo || page == 0) {
            make_folder(path);
        }
        for (int language = 0; language < LANGUAGE_COUNT; language++) {
            const uint64_t seed = (uint64_t)section << 32 | (uint64_t)page << 4;
            Writer writer = {.out = &text, .language = language, .is_for_hugo = is_for_hugo, .page_count = page_count};
            writer.shape = seed;
            writer.words = seed + 1 + (uint64_t)language;
            text.length = 0;
            if (page > 0) {
                put_page(&writer, page);
            } else {
                put_section(&writer, section);
            }
            const char *name = !is_for_hugo ? "/" : page > 0 ? "." : "/_index.";
            snprintf(path + used, sizeof path - (size_t)used, "%s%s.md", name, LANGUAGES[language].tag);
            write_file(path, &text);
        }
    }
}

static void write_settings(const char *folder, int page_count) {
    static Text text;
    char path[4096];
    put(&text, "base_url: https://ethics.example.org/\nsource_language: en\nlanguages: [en, ar, zh, fr, ru, es]\n");
    for (int key = 0; key < 2; key++) {
        put(&text, key == 0 ? "title:\n" : "organization:\n");
        for (int language = 0; language < LANGUAGE_COUNT; language++) {
            put(&text, "  %s: %s\n", LANGUAGES[language].tag, LANGUAGES[language].site_title);
        }
    }
    put(&text, "menu: [");
    for (int section = 1; section <= SECTIONS_IN_MENU && (section - 1) * PAGES_PER_SECTION < page_count; section++) {
        put(&text, section == 1 ? "section-%d" : ", section-%d", section);
    }
    put(&text, "]\n");
    snprintf(path, sizeof path, "%s/probity/content/site.yaml", folder);
    write_file(path, &text);
}

int main(int argc, char **argv) {
    const int page_count = argc == 3 ? atoi(argv[1]) : 0;
    if (page_count < 1 || page_count > 1000000) {
        fprintf(stderr, "usage: corpus PAGES DIR\n");
        return 2;
    }
    char path[4096];
    make_folder(argv[2]);
    for (int project = 0; project < 2; project++) {
        snprintf(path, sizeof path, "%s/%s", argv[2], project == 1 ? "hugo" : "probity");
        make_folder(path);
    }
    split_words();
    write_unit(argv[2], page_count, 0, 0);
    write_settings(argv[2], page_count);
    for (int page = 1; page <= page_count; page++) {
        const int section = (page - 1) / PAGES_PER_SECTION + 1;
        if ((page - 1) % PAGES_PER_SECTION == 0) {
            write_unit(argv[2], page_count, section, 0);
        }
        write_unit(argv[2], page_count, section, page);
    }
    return 0;
}
