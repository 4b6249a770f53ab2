// Profile 1, section 2: the order of every sum. R(512, 8) for long sums, 64 lanes for row sums. Header-only, no includes of
// ours, internal linkage: it is compiled once per instruction set and must not leak from one build into another.
#pragma once

#include <cstdint>

namespace samebits::numerics {

inline constexpr int profile = 1;
inline constexpr std::int64_t chunk_terms = 512;   // one chain from +0
inline constexpr std::int64_t chunk_tiles = 128;   // the same for sums over Winograd's tiles
inline constexpr std::int64_t segment_chunks = 8;  // left fold of chunk results
inline constexpr std::int64_t lanes = 64;          // row sums: lane = i mod 64
inline constexpr std::int64_t lane_block = 4096;   // row sums: lanes are folded once per block

// How the K terms of a sum fall into chunks: they come in periods of `period` terms (the last may be short); inside a
// period every `chunk` terms make a chunk, its last one short. Chunk numbers run through; segment = chunk number / 8.
struct Chunking {
    std::int64_t period;
    std::int64_t chunk;
};

// Sums over k: chunks of 512 all along.
static inline constexpr Chunking over_terms(std::int64_t terms) { return {terms > 0 ? terms : 1, chunk_terms}; }

// Sums over the cells (n, p, q) of samples with P*Q cells, at most `most` to a chunk where that is possible: whole samples, a
// power of two of them, or whole rows of one sample.
static inline constexpr Chunking over_cells(std::int64_t samples, std::int64_t p, std::int64_t q, std::int64_t most) {
    const std::int64_t cells = p * q;
    if (cells <= most) {
        std::int64_t g = 1;
        while (2 * g * cells <= most) g *= 2;
        const std::int64_t terms = samples * cells;
        return {terms > 0 ? terms : 1, g * cells};
    }
    const std::int64_t rows = most / q > 1 ? most / q : 1;
    return {cells, rows * q};
}

// Sums over output pixels (weight and bias gradients).
static inline constexpr Chunking over_pixels(std::int64_t samples, std::int64_t p, std::int64_t q) {
    return over_cells(samples, p, q, chunk_terms);
}

// Sums over Winograd's tiles (weight gradients), `down` by `across` of them to a sample.
static inline constexpr Chunking over_tiles(std::int64_t samples, std::int64_t down, std::int64_t across) {
    return over_cells(samples, down, across, chunk_tiles);
}

// The chunk that term `begin` opens ends before the returned term (at most `terms`). `begin` must open a chunk.
static inline constexpr std::int64_t chunk_end(const Chunking& c, std::int64_t begin, std::int64_t terms) {
    const std::int64_t period_end = begin - begin % c.period + c.period;
    std::int64_t end = begin + c.chunk;
    if (end > period_end) end = period_end;
    return end < terms ? end : terms;
}

}  // namespace samebits::numerics
