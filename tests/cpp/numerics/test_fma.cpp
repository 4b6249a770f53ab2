// fma without the instruction (numerics/fma.h) against std::fma, on inputs where rounding twice would show.
#include "samebits/numerics/fma.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>

#include "support/catch.h"

namespace {

using Fma = float (*)(float, float, float);

std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }

float in_double(float a, float b, float c) { return samebits::numerics::fma_in_double(a, b, c); }

// "" or the difference in words. Which NaN comes out is nobody's promise here.
std::string difference(Fma f, float a, float b, float c) {
    const float got = f(a, b, c);
    const float want = std::fma(a, b, c);
    if (bits(got) == bits(want) || (std::isnan(got) && std::isnan(want))) return "";
    char text[160];
    std::snprintf(text, sizeof text, "fma(%a, %a, %a): got %a, want %a", double{a}, double{b}, double{c}, double{got},
                  double{want});
    return text;
}

std::uint64_t next(std::uint64_t& state) {  // splitmix64
    std::uint64_t z = state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

// A float of the given exponent whose mantissa has few bits set half of the time, so that sums make ties.
float number(std::uint64_t random, int exponent) {
    auto mantissa = static_cast<std::uint32_t>(random) & 0x7fffff;
    if (random >> 63 != 0) mantissa &= 0x400001U << (random >> 56 & 7);
    const float one_to_two = std::bit_cast<float>(0x3f800000 | (mantissa & 0x7fffff));
    return std::ldexp((random >> 62 & 1) != 0 ? -one_to_two : one_to_two, exponent);
}

// c lies at every distance from the product, whose exponent is `product`: far below, overlapping, cancelling, far above.
std::string first_difference(Fma f, int product, std::uint64_t seed) {
    for (int distance = -60; distance <= 60; ++distance) {
        for (int i = 0; i < 200; ++i) {
            const int half = static_cast<int>(next(seed) % 60) - 30 + product / 2;
            const float a = number(next(seed), half);
            const float b = number(next(seed), product - half);
            const float c = number(next(seed), product + distance);
            for (const float third : {c, std::nextafter(-a * b, c), -a * b}) {
                std::string text = difference(f, a, b, third);
                if (!text.empty()) return text;
            }
        }
    }
    return "";
}

}  // namespace

TEST_CASE("fma_in_double rounds once: ordinary, subnormal and overflowing results") {
    for (const int product : {0, 20, -20, -100, -126, -140, -149, -151, -170, 90, 126, 127, 128}) {
        CHECK(first_difference(in_double, product, 1) == "");
    }
}

TEST_CASE("fma_in_double at zeros, infinities and NaN") {
    const float infinity = std::numeric_limits<float>::infinity();
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float values[] = {0.0F,      -0.0F, 1.0F,     -1.0F,     0x1p-149F,       -0x1p-149F, 0x1.fffffcp-127F,
                            0x1p-126F, 3.0F,  infinity, -infinity, 0x1.fffffep127F, nan,        -0x1.fffffep127F};
    for (const float a : values)
        for (const float b : values)
            for (const float c : values) CHECK(difference(in_double, a, b, c) == "");
}

TEST_CASE("these inputs tell fma from rounding twice") {
    const Fma twice = [](float a, float b, float c) { return a * b + c; };
    const Fma sum_in_double = [](float a, float b, float c) { return static_cast<float>(double{a} * double{b} + double{c}); };
    CHECK(first_difference(twice, 0, 1) != "");
    CHECK(first_difference(sum_in_double, 0, 1) != "");
    CHECK(first_difference(sum_in_double, -60, 1) != "");
}
