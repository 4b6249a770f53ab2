// Kernels under test: every instruction set of this machine, several thread counts, numbers that separate right from wrong.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "samebits/base/thread_pool.h"
#include "samebits/kernels/registry.h"
#include "support/catch.h"
#include "support/exact.h"
#include "support/splitmix.h"

namespace samebits::test {

using Floats = std::vector<float>;

inline constexpr float infinity = std::numeric_limits<float>::infinity();
inline constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

inline const kernels::Table& reference() { return kernels::table(kernels::Isa::reference); }

// body(table, name) for every instruction set and 1, 2, 3 and 8 threads.
template <class Body>
void for_every_table(Body body) {
    for (const kernels::Isa isa : kernels::available_isas()) {
        for (const int threads : {1, 2, 3, 8}) {
            set_thread_count(threads);
            body(kernels::table(isa), std::string(kernels::name_of(isa)) + ", threads " + std::to_string(threads));
        }
    }
    set_thread_count(1);
}

// The same, and for the reference before.
template <class Body>
void for_reference_and_every_table(Body body) {
    body(reference(), std::string("reference"));
    for_every_table(body);
}

// Where the vectors, the 64 lanes, the blocks of 4096 and the tasks of 16384 begin and end.
inline std::vector<std::int64_t> edge_sizes() {
    return {0, 1, 2, 15, 16, 17, 31, 63, 64, 65, 127, 129, 1000, 4095, 4096, 4097, 8191, 16384, 16385, 40000};
}

// Numbers that depend on (seed, i) alone.
class Numbers {
public:
    explicit Numbers(std::uint64_t seed) : random_(seed * 0x9E3779B97F4A7C15U + 1) {}

    // In [low, high), 24 random bits.
    float between(float low, float high) { return low + (high - low) * (static_cast<float>(next() >> 40) * 0x1p-24F); }

    // Mostly ordinary numbers of either sign, over many powers of two; one in eight from the edges of the format.
    float edgy() {
        static constexpr float edges[] = {0.0F,     -0.0F,    0x1p-149F,        -0x1p-149F, 0x1.8p-130F, -0x1p-126F, 0x1p-60F,
                                          -0x1p60F, 0x1p100F, -0x1.fffffep127F, 1.0F,       -1.0F,       0.5F,       2.0F};
        const std::uint64_t r = next();
        if (r >> 61 == 0) return edges[(r >> 20) % std::size(edges)];
        return std::ldexp(between(-1.0F, 1.0F), static_cast<int>((r >> 30) % 8));
    }

    Floats vector(std::int64_t count, float low, float high) {
        Floats x(static_cast<std::size_t>(count));
        for (float& v : x) v = between(low, high);
        return x;
    }
    Floats edgy_vector(std::int64_t count) {
        Floats x(static_cast<std::size_t>(count));
        for (float& v : x) v = edgy();
        return x;
    }

private:
    std::uint64_t next() { return random_.next(); }

    SplitMix random_;
};

// first_difference where every NaN counts as the one NaN: which payload comes out of an operation is not part of the law.
inline std::string first_difference_of_numbers(Floats got, Floats want) {
    for (Floats* x : {&got, &want})
        for (float& v : *x)
            if (std::isnan(v)) v = not_a_number;
    return first_difference(got, want);
}

}  // namespace samebits::test
