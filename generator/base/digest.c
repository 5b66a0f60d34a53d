#include "base/base.h"

/* Most of what is digested is a few words: a call into the library would cost more than its work. */
#define XXH_INLINE_ALL
#include <xxhash.h>

static Digest from_hash(XXH128_hash_t hash) {
    return (Digest){hash.high64, hash.low64};
}

Digest digest_bytes(const void *bytes, size_t size) {
    return from_hash(XXH3_128bits(bytes, size));
}

Digest digest_join(Digest left, Digest right) {
    uint64_t words[4] = {left.high, left.low, right.high, right.low};
    return digest_bytes(words, sizeof words);
}

Digest digest_text(Digest seed, Text text) {
    return digest_join(seed, digest_bytes(text.data, text.size));
}

Digest digest_number(Digest seed, uint64_t number) {
    uint64_t words[3] = {seed.high, seed.low, number};
    return digest_bytes(words, sizeof words);
}

bool digest_equal(Digest left, Digest right) {
    return left.high == right.high && left.low == right.low;
}
