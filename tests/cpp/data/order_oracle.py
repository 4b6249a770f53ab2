"""Prints the orders that test_order.cpp expects. Written from numerics profile 1, section 7, and the paper on Philox alone."""

import hashlib

M0, M1, W0, W1, MASK = 0xD2511F53, 0xCD9E8D57, 0x9E3779B9, 0xBB67AE85, 0xFFFFFFFF


def philox(key, counter):
    k0, k1 = key & MASK, key >> 32
    for _ in range(10):
        p0, p1 = M0 * counter[0], M1 * counter[2]
        counter = ((p1 >> 32) ^ counter[1] ^ k0, p1 & MASK, (p0 >> 32) ^ counter[3] ^ k1, p0 & MASK)
        k0, k1 = (k0 + W0) & MASK, (k1 + W1) & MASK
    return counter


STREAM = int.from_bytes(hashlib.sha256(b"shuffle:train").digest()[:4], "little")


def order(count, seed, epoch):
    def key(index):
        words = philox(seed, (0, index, epoch, STREAM))
        return words[0] + (words[1] << 32), index

    return sorted(range(count), key=key)


for seed, epoch in ((0, 0), (7, 0), (7, 1), (0xFEDCBA9876543210, 0xFFFFFFFF)):
    print(hex(seed), epoch, order(12, seed, epoch))
