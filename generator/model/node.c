/* Walking the document tree: no recursion, so that depth of content is no depth of stack. */
#include "model/model.h"

Text directive_attribute(const Node *directive, const char *key) {
    Text wanted = text_from(key);
    for (size_t i = 0; i < directive->directive.attribute_count; i++)
        if (text_equal(directive->directive.attributes[i].key, wanted))
            return directive->directive.attributes[i].value;
    return (Text){"", 0};
}

void node_append(Node *parent, Node *child) {
    child->parent = parent;
    child->next = NULL;
    if (parent->last_child)
        parent->last_child->next = child;
    else
        parent->first_child = child;
    parent->last_child = child;
}

Node *node_skipping(const Node *root, const Node *node) {
    for (; node && node != root; node = node->parent)
        if (node->next)
            return node->next;
    return NULL;
}

Node *node_following(const Node *root, const Node *node) {
    return node->first_child ? node->first_child : node_skipping(root, node);
}

void node_put_plain_text(Buffer *out, const Node *node) {
    for (const Node *n = node; n; n = node_following(node, n)) {
        if (n->kind == NODE_TEXT || n->kind == NODE_CODE || n->kind == NODE_CODE_BLOCK)
            buffer_put_text(out, n->text);
        else if (n->kind == NODE_BLANK)
            buffer_put_literal(out, "___");
        else if (n->kind == NODE_SOFT_BREAK || n->kind == NODE_HARD_BREAK)
            buffer_put_char(out, ' ');
        else if ((n->kind == NODE_PARAGRAPH || n->kind == NODE_ITEM) && n != node && out->size &&
                 out->data[out->size - 1] != ' ')
            buffer_put_char(out, ' ');
    }
}
