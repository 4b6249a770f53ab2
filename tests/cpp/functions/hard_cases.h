// The inputs whose exact results lie nearest to a tie of binary32: nearer than 2^-53 of the result, or the four nearest of a
// function; among them all that binary64 misses. Found by prove_functions among all 2^32, results by MPFR and again by mpmath.
// Many of sigmoid's are odd multiples of 2^-23 and -2^-24, where sigmoid(x) = 1/2 + x/4 - x^3/48 + ... misses a tie by the
// cubic term alone.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace samebits::test {

struct HardCase {
    std::uint32_t x, y;  // bits of the input and of the correctly rounded result
};

const std::map<std::string, std::vector<HardCase>>& hard_cases();

}  // namespace samebits::test
