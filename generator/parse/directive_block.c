/*
 * The generic directive as a block of cmark-gfm's, through its public extension interface:
 *
 *     :::name[label]{#id key=value}        three colons or more; what follows belongs to the directive …
 *     :::                                  … until colons alone
 *     ::name[label]{#id key=value}         one line, nothing inside
 *
 * A closing line is found like any block's beginning: when cmark has matched a line's prefixes (quotation marks,
 * indents of list items) against the open blocks, the rest of the line is offered here together with the innermost
 * block that it belongs to. So code keeps its colons, and a fence outside a list item never closes a directive inside
 * it. The fence closes the innermost directive that is open at that place; but where authors count colons, a fence that
 * has as many as an enclosing directive, and more than the inner one, closes that one. A fence becomes a block of its
 * own (dropped later), because only a new block keeps cmark from taking the next line for the lazy continuation of a
 * paragraph inside the directive.
 */
#include "parse/parts.h"

#include <cmark-gfm-extension_api.h>
#include <string.h>

static cmark_syntax_extension *extension;
static cmark_node_type block_type;

static DirectiveBlock *find_block(cmark_node *node) {
    return cmark_node_get_type(node) == block_type ? cmark_node_get_user_data(node) : NULL;
}

const DirectiveBlock *directive_block_find(cmark_node *node) {
    return find_block(node);
}

static int can_contain(cmark_syntax_extension *self, cmark_node *node, cmark_node_type child) {
    (void)self;
    const DirectiveBlock *block = find_block(node);
    return block && block->kind == BLOCK_CONTAINER && (child & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK &&
           child != CMARK_NODE_ITEM;
}

static int goes_on(cmark_syntax_extension *self, cmark_parser *parser, unsigned char *input, int size,
                   cmark_node *node) {
    (void)self, (void)parser, (void)input, (void)size;
    const DirectiveBlock *block = find_block(node);
    return block && block->kind == BLOCK_CONTAINER && !block->is_closed;
}

/* The open directive round a block: the block itself or an ancestor. */
static DirectiveBlock *find_open(cmark_node **node) {
    for (; *node; *node = cmark_node_parent(*node)) {
        DirectiveBlock *block = find_block(*node);
        if (block && !block->is_closed)
            return block;
    }
    return NULL;
}

/* The directive that a fence of this many colons closes. */
static DirectiveBlock *find_closed_by(cmark_node *node, int colon_count) {
    DirectiveBlock *innermost = find_open(&node);
    if (!innermost || colon_count <= innermost->colon_count)
        return innermost;
    while ((node = cmark_node_parent(node)) != NULL) {
        DirectiveBlock *outer = find_open(&node);
        if (!outer)
            break;
        if (outer->colon_count == colon_count)
            return outer;
    }
    return innermost;
}

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Two colons also stand in prose and in code; a line is a leaf only where it can be nothing else. */
static bool is_leaf(Text line) {
    size_t at = 2;
    if (line.size < 3 || !is_letter(line.data[2]))
        return false;
    while (at < line.size &&
           (is_letter(line.data[at]) || line.data[at] == '-' || (line.data[at] >= '0' && line.data[at] <= '9')))
        at++;
    Text rest = text_trim(text_slice(line, at, line.size));
    return rest.size == 0 || rest.data[0] == '[' || rest.data[0] == '{';
}

static cmark_node *try_opening(cmark_syntax_extension *self, int indented, cmark_parser *parser, cmark_node *parent,
                               unsigned char *input, int size) {
    int from = cmark_parser_get_first_nonspace(parser);
    Text line = {(const char *)input + from, (size_t)(size - from)};
    if (indented || line.size < 3 || line.data[0] != ':' || line.data[1] != ':')
        return NULL;
    line = text_trim(line);
    size_t colons = 0;
    while (colons < line.size && line.data[colons] == ':')
        colons++;

    DirectiveBlock block = {.colon_count = (int)colons, .is_closed = true};
    DirectiveBlock *closed = NULL;
    cmark_node *ancestor = parent;
    const DirectiveBlock *around = find_open(&ancestor);
    block.depth = around ? around->depth + 1 : 1;
    if (colons == 2) {
        if (!is_leaf(line))
            return NULL;
        block.kind = BLOCK_LEAF;
    } else if (colons < line.size) {
        block.kind = block.depth > NESTING_LIMIT ? BLOCK_TOO_DEEP : BLOCK_CONTAINER;
        block.is_closed = block.kind == BLOCK_TOO_DEEP;
    } else {
        closed = find_closed_by(parent, block.colon_count);
        block.kind = closed ? BLOCK_FENCE : BLOCK_STRAY_FENCE;
    }

    DirectiveBlock *kept = cmark_memory_allocate(sizeof *kept + line.size + 1);
    char *kept_line = (char *)(kept + 1);
    memcpy(kept_line, line.data, line.size);
    block.line = (Text){kept_line, line.size};
    *kept = block;
    cmark_node *node = cmark_parser_add_child(parser, parent, block_type, from + 1);
    cmark_node_set_syntax_extension(node, self);
    cmark_node_set_user_data(node, kept);
    if (closed)
        closed->is_closed = true;
    cmark_parser_advance_offset(parser, (const char *)input, size - 1 - cmark_parser_get_offset(parser), 0);
    return node;
}

void directive_block_register(void) {
    /* cmark has few numbers for kinds of nodes and takes none back. */
    if (extension)
        return;
    block_type = cmark_syntax_extension_add_node(0);
    extension = cmark_syntax_extension_new("directive");
    cmark_syntax_extension_set_open_block_func(extension, try_opening);
    cmark_syntax_extension_set_match_block_func(extension, goes_on);
    cmark_syntax_extension_set_can_contain_func(extension, can_contain);
}

void directive_block_attach(cmark_parser *parser) {
    cmark_parser_attach_syntax_extension(parser, extension);
}
