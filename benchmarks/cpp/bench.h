// What the programs of this folder share. Each times one op:
//   <op> [--threads N] [--runs N] [--case CASE] [--serve]
// prints one line of JSON for each of its cases (--case: for that one) with medians over the runs, and the peak of fused
// multiply-adds of the same threads, measured between the runs. Time is the thread's own CPU time with one thread (other
// programs may run), wall time with more. SAMEBITS_ISA chooses the kernels.
// --serve: for each line on standard input, calls the case for about 50 ms and prints {"seconds": wall time of one call};
// so another program can take turns with it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "samebits/base/memory.h"

namespace samebits::benchmarks {

// What is timed, and what one call has to do at least. A fused multiply-add is two flops; an exp, a division or a root is one.
// Bytes: each array read or written once for each pass that the law's formula needs over it.
struct Work {
    double flops;
    double bytes;
    std::function<void()> call;
};

// The parts of a case's name, one after the other: "nn,128,1024,1024". Throws InvalidArgument where a part is missing.
class Fields {
public:
    explicit Fields(std::string text) : text_(std::move(text)) {}
    // The next part, which must be one of the names; returns its place among them.
    int choice(const std::vector<std::string>& names);
    std::int64_t number();  // at least 0

private:
    std::string next();

    std::string text_;
    std::size_t begin_ = 0;
};

// As in a training run, everything that a call touches lies in one block: `floats` numbers and `bytes` more, in at most 16
// parts.
class Arena {
public:
    explicit Arena(std::int64_t floats, std::size_t bytes = 0);
    std::byte* take(std::size_t bytes);
    // `count` numbers from -0.78 to 0.78, none of them subnormal.
    float* filled(std::int64_t count);
    // `count` numbers from 0.1 to 1.7.
    float* positive(std::int64_t count);

private:
    Buffer buffer_;
    std::size_t used_ = 0;
};

inline std::shared_ptr<Arena> arena(std::int64_t floats, std::size_t bytes = 0) {
    return std::make_shared<Arena>(floats, bytes);
}

inline double four_bytes(std::int64_t count) { return 4.0 * static_cast<double>(count); }

// A case by its name; the work keeps what it needs.
using Make = Work (*)(Fields& fields);

// The program: returns its exit status.
int run(const char* op, const std::vector<std::string>& cases, Make make, int count, char** arguments);

}  // namespace samebits::benchmarks
