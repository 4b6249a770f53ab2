// fuzz_seeds FORMAT FOLDER: writes what the target fuzz_FORMAT starts from, good files and a dictionary.
#include <cstdio>

#include "support/mutations.h"
#include "support/seeds.h"

using namespace samebits::test;

int main(int count, char** arguments) {
    if (count != 3) return 2;
    const std::filesystem::path folder = arguments[2];
    std::filesystem::create_directories(folder / "corpus");
    int number = 0;
    for (const std::string& seed : seeds(arguments[1]))
        std::ofstream(folder / "corpus" / ("seed-" + std::to_string(number++)), std::ios::binary) << seed;
    std::ofstream dictionary(folder / "dictionary");
    for (const std::string_view word : hostile_words) {
        dictionary << '"';
        for (const unsigned char c : word) {
            char text[5];
            std::snprintf(text, sizeof text, "\\x%02X", c);
            dictionary << text;
        }
        dictionary << "\"\n";
    }
    return dictionary.good() ? 0 : 1;
}
