// The digits recipe from C++: the digest that `samebits train examples/digits.toml` and examples/digits.py print.
// Usage: digits FILE.toml
#include <samebits/samebits.h>

#include <cstdio>
#include <exception>

namespace sb = samebits;

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: digits FILE.toml\n");
        return 2;
    }
    try {
        const sb::Run run = sb::train(sb::Recipe::load(argv[1]));
        for (const auto& [name, value] : run.test) std::printf("test %s: %.4f\n", name.c_str(), value);
        std::printf("digest: %s\n", run.digest().c_str());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
