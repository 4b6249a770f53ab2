// A library of a stranger's program that has samebits inside, as a plugin is: it shows two C functions and nothing else.
#include <samebits/samebits.h>

#include <string>

#define PLUGIN extern "C" __attribute__((visibility("default")))

// The digest of the recipe digits_mlp.toml, trained with so many threads; valid until the next call.
PLUGIN const char* train(int threads) {
    static std::string digest;
    samebits::runtime::configure({.threads = threads});
    digest = samebits::train(samebits::Recipe::load(SAMEBITS_RECIPE), {.verbose = samebits::Verbose::silent}).digest();
    return digest.c_str();
}

PLUGIN int threads() {
    for (const auto& [name, value] : samebits::runtime::info())
        if (name == "threads") return std::stoi(value);
    return 0;
}
