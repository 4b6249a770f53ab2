// The functions of numerics/functions.h: special values, hard cases, a sample of all inputs against long double, and every
// instruction set's vectors against the scalar form. The proof over all inputs: tests/prove.
#include "functions/functions.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "functions/hard_cases.h"
#include "support/catch.h"
#include "support/exact.h"

using namespace samebits::test;

namespace {

using Floats = std::vector<float>;

std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }
float from_bits(std::uint32_t b) { return std::bit_cast<float>(b); }

const Function& function(const std::string& name) {
    for (const Function& f : all_functions())
        if (f.name == name) return f;
    throw std::out_of_range(name);
}

// 100 mantissas of every sign and exponent: zeros, subnormals, infinities and NaN among them.
Floats sample() {
    Floats x;
    for (std::uint32_t top = 0; top < 512; ++top) {
        for (const std::uint32_t mantissa : {0x000000U, 0x000001U, 0x400000U, 0x7fffffU})
            x.push_back(from_bits(top << 23 | mantissa));
        for (std::uint32_t i = 0; i < 196; ++i) x.push_back(from_bits(top << 23 | ((top * 196 + i) * 0x9E3779B9U) >> 9));
    }
    // Where the functions turn: (-16, 16) in steps of 2^-11.
    for (int i = -(1 << 15); i < 1 << 15; ++i) x.push_back(static_cast<float>(i) * 0x1p-11F);
    return x;
}

bool hard_case(const char* name, std::uint32_t x, std::uint32_t& y) {
    for (const HardCase& hard : hard_cases().at(name)) {
        if (hard.x != x) continue;
        y = hard.y;
        return true;
    }
    return false;
}

// "" or the first x whose f(x) is not the correctly rounded result.
std::string first_wrong(const Function& f, const Floats& x) {
    char text[120];
    for (const float v : x) {
        std::uint32_t want;
        if (!rounded(f.in_long_double(v), 0x1p-58L, want) && !hard_case(f.name, bits(v), want)) {
            std::snprintf(text, sizeof text, "%s(%08x) is too near a tie and not among the hard cases", f.name, bits(v));
            return text;
        }
        if (bits(f.scalar(v)) == want) continue;
        std::snprintf(text, sizeof text, "%s(%a = %08x): got %08x, want %08x", f.name, double{v}, bits(v), bits(f.scalar(v)),
                      want);
        return text;
    }
    return "";
}

struct Special {
    const char* name;
    std::uint32_t x, y;
};

constexpr std::uint32_t canonical_nan = 0x7fc00000, inf = 0x7f800000, minus = 0x80000000, one = 0x3f800000,
                        largest = 0x7f7fffff;

// IEEE 754-2019, 9.2.1, and sigmoid's from section 6 of the law.
const Special specials[] = {
    {"exp", 0, one},
    {"exp", minus, one},
    {"exp", inf, inf},
    {"exp", minus | inf, 0},
    {"exp", largest, inf},
    {"exp", minus | largest, 0},
    {"exp", 0x42b17217, 0x7f7fff84},  // the last that does not overflow
    {"exp", 0x42b17218, inf},
    {"exp", 0xc2cff1b4, 1},  // the last that is not 0
    {"exp", 0xc2cff1b5, 0},
    {"expm1", 0, 0},
    {"expm1", minus, minus},
    {"expm1", inf, inf},
    {"expm1", minus | inf, minus | one},
    {"expm1", 1, 1},
    {"expm1", minus | 1, minus | 1},
    {"log", 0, minus | inf},
    {"log", minus, minus | inf},
    {"log", one, 0},
    {"log", minus | one, canonical_nan},
    {"log", minus | 1, canonical_nan},
    {"log", inf, inf},
    {"log", minus | inf, canonical_nan},
    {"log", 1, 0xc2ce8ed0},  // -149 ln 2
    {"log1p", 0, 0},
    {"log1p", minus, minus},
    {"log1p", minus | one, minus | inf},
    {"log1p", 0xbf800001, canonical_nan},
    {"log1p", inf, inf},
    {"log1p", minus | inf, canonical_nan},
    {"log1p", 1, 1},
    {"log1p", minus | 1, minus | 1},
    {"tanh", 0, 0},
    {"tanh", minus, minus},
    {"tanh", inf, one},
    {"tanh", minus | inf, minus | one},
    {"tanh", 1, 1},
    {"tanh", minus | 1, minus | 1},
    {"sigmoid", 0, 0x3f000000},
    {"sigmoid", minus, 0x3f000000},
    {"sigmoid", inf, one},
    {"sigmoid", minus | inf, 0},
    {"sigmoid", largest, one},
    {"sigmoid", minus | largest, 0},
    {"erf", 0, 0},
    {"erf", minus, minus},
    {"erf", inf, one},
    {"erf", minus | inf, minus | one},
    {"erf", largest, one},
    {"erf", 1, 1},
    {"erf", minus | 1, minus | 1},
    {"erf", 5, 6},  // 2 / sqrt(pi) * 5 = 5.64
    {"sinpi", 0, 0},
    {"sinpi", minus, minus},
    {"sinpi", one, 0},  // sinpi(n) has the sign of n
    {"sinpi", minus | one, minus},
    {"sinpi", 0x40000000, 0},
    {"sinpi", 0xc0400000, minus},
    {"sinpi", 0x3f000000, one},  // 1/2
    {"sinpi", 0xbfc00000, one},  // -3/2
    {"sinpi", largest, 0},
    {"sinpi", minus | largest, minus},
    {"sinpi", inf, canonical_nan},
    {"sinpi", minus | inf, canonical_nan},
    {"cospi", 0, one},
    {"cospi", minus, one},
    {"cospi", 0x3f000000, 0},  // cospi(n + 1/2) = +0
    {"cospi", 0xbf000000, 0},
    {"cospi", 0x3fc00000, 0},
    {"cospi", 0xbfc00000, 0},
    {"cospi", 0x4affffff, 0},  // 2^23 - 1/2
    {"cospi", one, minus | one},
    {"cospi", 0x4b000001, minus | one},  // 2^23 + 1
    {"cospi", largest, one},
    {"cospi", inf, canonical_nan},
    {"cospi", minus | inf, canonical_nan},
};

}  // namespace

TEST_CASE("special values are those of IEEE 754-2019, 9.2") {
    for (const Special& s : specials) {
        INFO(s.name << " of bits " << std::hex << s.x);
        CHECK(bits(function(s.name).scalar(from_bits(s.x))) == s.y);
    }
}

TEST_CASE("NaN of any kind gives the canonical NaN") {
    for (const Function& f : all_functions())
        for (const std::uint32_t x : {0x7fc00000U, 0xffc00000U, 0x7fc12345U, 0x7f800001U, 0xff800001U, 0xffffffffU})
            CHECK(bits(f.scalar(from_bits(x))) == canonical_nan);
}

TEST_CASE("hard cases: the inputs nearest to a tie") {
    for (const Function& f : all_functions())
        for (const auto& [x, y] : hard_cases().at(f.name)) {
            INFO(f.name << " of bits " << std::hex << x);
            CHECK(bits(f.scalar(from_bits(x))) == y);
        }
}

TEST_CASE("a sample of all inputs is correctly rounded") {
    const Floats x = sample();
    for (const Function& f : all_functions()) CHECK(first_wrong(f, x) == "");
}

TEST_CASE("one ulp more is seen") {
    Function f = function("exp");
    f.scalar = [](float x) { return std::nextafter(function("exp").scalar(x), 9.0F); };
    CHECK(first_wrong(f, sample()) != "");
}

TEST_CASE("vectors of every instruction set give the scalar's bits") {
    Floats all = sample();
    for (const Special& s : specials) all.push_back(from_bits(s.x));
    for (const Function& f : all_functions()) {
        if (f.vector == nullptr) continue;
        Floats x = all;
        for (const HardCase& hard : hard_cases().at(f.name)) x.insert(x.end(), 17, from_bits(hard.x));  // in every lane
        x.resize((x.size() + 15) / 16 * 16);
        Floats want(x.size()), got(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) want[i] = f.scalar(x[i]);
        for (const auto& [isa, functions] : all_vector_functions()) {
            (functions.*f.vector)(static_cast<std::int64_t>(x.size()), x.data(), got.data());
            INFO(f.name << ", " << isa);
            CHECK(first_difference(got, want) == "");
        }
    }
}
