// Proof of numerics/functions.h: every function at all 2^32 inputs, in every form, against MPFR.
//
//     prove_functions [--every N] [FUNCTION ...]      N > 1 takes every N-th input only: a quick look, no proof
//
// libm's binary64 decides where it is clear (farther from a tie than 2^-46 of the value), MPFR decides the rest. Prints for
// each function the hard inputs (nearer to a tie than 2^-50 of the value) with their results, how many MPFR decided, the
// differences, and the SHA-256 of all outputs (binary32, little endian, in the order of the inputs' bits), which must be the
// pinned one; any other device's outputs must hash to the same. Ends with 1 on any difference.
#include <mpfr.h>

#include <bit>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "functions/functions.h"
#include "samebits/base/fp_env.h"
#include "samebits/base/hash.h"

namespace {

using namespace samebits;
using Floats = std::vector<float>;

constexpr std::uint64_t all_inputs = std::uint64_t{1} << 32;

// docs/proofs.md
const std::map<std::string, std::string> pinned = {
    {"exp", "3454f5cced57c37cac2f523ef8964563430f8e0c85837626724955094b614dce"},
    {"expm1", "955b970eb04cd981472a477d8ad57d3c17a4402721efc69ed6716dbb40cc495a"},
    {"log", "982250baecdb23cc9115a63b45f4411e049fa408f560511661dc27788911396d"},
    {"log1p", "518e602cbcc47e4091c8ed0862365ab6d9a984ed03ebe339f7569eca756057db"},
    {"tanh", "acf381dfd18183008c897cc785fd4eca996cec9a119db91281c68232e7b6e8a0"},
    {"sigmoid", "c149b73994d107eee110edd07d1d7f57f3030777c32c3ee357155f64e446c77d"},
    {"erf", "78257773b3bd91235b521840aadf1a5c1df0b7564c0ddbe301e99041c525affe"},
    {"sinpi", "932188923a3ab2d862347e7ec29ba634696e26d2a4dc891ed73c0bc7537cb2da"},
    {"cospi", "04a31a7370322c95e24cc54adcbfefc9202cddc27681239ba39add0fbcb9ec22"},
};

int mpfr_sigmoid(mpfr_t y, const mpfr_t x, mpfr_rnd_t rounding) {
    mpfr_t e;
    mpfr_init2(e, 400);  // sees x^3 / 48 beside 1/2 for every x whose x / 4 can make a tie
    mpfr_neg(e, x, MPFR_RNDN);
    mpfr_exp(e, e, MPFR_RNDN);
    mpfr_add_ui(e, e, 1, MPFR_RNDN);
    const int inexact = mpfr_ui_div(y, 1, e, rounding);
    mpfr_clear(e);
    return inexact;
}

using MpfrFunction = int (*)(mpfr_t, const mpfr_t, mpfr_rnd_t);
const std::map<std::string, MpfrFunction> mpfr_functions = {
    {"exp", mpfr_exp},         {"expm1", mpfr_expm1}, {"log", mpfr_log},     {"log1p", mpfr_log1p}, {"tanh", mpfr_tanh},
    {"sigmoid", mpfr_sigmoid}, {"erf", mpfr_erf},     {"sinpi", mpfr_sinpi}, {"cospi", mpfr_cospi},
};

// f(x) rounded once to binary32, subnormals included. x is finite.
std::uint32_t by_mpfr(MpfrFunction f, float x) {
    mpfr_t in, out;
    mpfr_inits2(24, in, out, static_cast<mpfr_ptr>(nullptr));
    mpfr_set_flt(in, x, MPFR_RNDN);
    mpfr_set_emin(mpfr_get_emin_min());
    mpfr_set_emax(mpfr_get_emax_max());
    int inexact = f(out, in, MPFR_RNDN);
    mpfr_set_emin(-148);  // binary32: 2^-149 is the least, 2^128 too much
    mpfr_set_emax(128);
    inexact = mpfr_check_range(out, inexact, MPFR_RNDN);
    mpfr_subnormalize(out, inexact, MPFR_RNDN);
    const float y = mpfr_get_flt(out, MPFR_RNDN);
    mpfr_clears(in, out, static_cast<mpfr_ptr>(nullptr));
    return std::bit_cast<std::uint32_t>(y);
}

class Proof {
public:
    Proof(const test::Function& f, std::uint64_t every) : f_(f), every_(every), vectors_(test::all_vector_functions()) {
        if (f.vector == nullptr) vectors_.clear();
    }

    bool run() {
        Sha256 sha;
        for (std::uint64_t first = 0; first < all_inputs; first += block * every_) {
            Floats x, y;
            for (std::uint64_t i = first; i < all_inputs && x.size() < block; i += every_)
                x.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(i)));
            x.resize((x.size() + 15) / 16 * 16);
            for (const float v : x) y.push_back(f_.scalar(v));
            check_scalar(x, y);
            for (const auto& [isa, functions] : vectors_) {
                Floats z(x.size());
                (functions.*f_.vector)(static_cast<std::int64_t>(x.size()), x.data(), z.data());
                for (std::size_t i = 0; i < x.size(); ++i) compare(isa.c_str(), x[i], z[i], std::bit_cast<std::uint32_t>(y[i]));
            }
            sha.update(y.data(), y.size() * sizeof(float));
        }
        const std::string hash = hex(sha.finish());
        const auto pin = pinned.find(f_.name);
        const bool hash_holds = every_ > 1 || (pin != pinned.end() && pin->second == hash);
        std::printf("%-8s forms %zu  by MPFR %llu  differences %llu  %s%s\n", f_.name, vectors_.size() + 1,
                    static_cast<unsigned long long>(by_mpfr_), static_cast<unsigned long long>(differences_), hash.c_str(),
                    hash_holds ? "" : "  not the pinned hash");
        std::fflush(stdout);
        return differences_ == 0 && hash_holds;
    }

private:
    static constexpr std::size_t block = 65536;

    void check_scalar(const Floats& x, const Floats& y) {
        const MpfrFunction exact = mpfr_functions.at(f_.name);
        for (std::size_t i = 0; i < x.size(); ++i) {
            std::uint32_t want;
            if (!test::rounded(f_.in_double(x[i]), 0x1p-46, want)) {
                want = by_mpfr(exact, x[i]);
                ++by_mpfr_;
                std::uint32_t ignored;
                if (!test::rounded(f_.in_long_double(x[i]), 0x1p-50L, ignored))
                    std::printf("%s hard {%08x, %08x}\n", f_.name, std::bit_cast<std::uint32_t>(x[i]), want);
            }
            compare("scalar", x[i], y[i], want);
        }
    }

    void compare(const char* form, float x, float got, std::uint32_t want) {
        const auto bits = std::bit_cast<std::uint32_t>(got);
        if (bits == want) return;
        if (++differences_ > 50) return;
        std::printf("%s %s(%a = %08x): got %08x, want %08x\n", form, f_.name, static_cast<double>(x),
                    std::bit_cast<std::uint32_t>(x), bits, want);
    }

    test::Function f_;
    std::uint64_t every_;
    std::vector<test::IsaFunctions> vectors_;
    std::uint64_t by_mpfr_ = 0, differences_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const FpGuard guard;
    std::vector<std::string> names(argv + 1, argv + argc);
    std::uint64_t every = 1;
    if (names.size() >= 2 && names[0] == "--every") {
        every = std::strtoull(names[1].c_str(), nullptr, 10);
        names.erase(names.begin(), names.begin() + 2);
    }
    if (every == 0) return 2;
    std::printf("MPFR %s\n", mpfr_get_version());
    bool holds = true;
    for (const test::Function& f : test::all_functions()) {
        bool wanted = names.empty();
        for (const std::string& name : names) wanted |= name == f.name;
        if (wanted) holds &= Proof(f, every).run();
    }
    return holds ? 0 : 1;
}
