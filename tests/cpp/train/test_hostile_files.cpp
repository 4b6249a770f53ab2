// Files cut short, changed and made up: every reader, more than 10^4 of them each.
#include <algorithm>
#include <cstdlib>
#include <new>

#include "support/catch.h"
#include "support/hostile.h"
#include "support/mutations.h"
#include "support/seeds.h"

using namespace samebits;
using namespace samebits::test;

// What one request of this program asks for at most, counted memory or not: a length that a file only claims must not be
// believed. (noinline: GCC takes an inlined pair for a mistake.)
namespace {
std::size_t largest_request = 0;
}
[[gnu::noinline]] void* operator new(std::size_t bytes, const std::nothrow_t& /*nothrow*/) noexcept {
    largest_request = std::max(largest_request, bytes);
    return std::malloc(std::max<std::size_t>(bytes, 1));
}
[[gnu::noinline]] void* operator new(std::size_t bytes) {
    if (void* p = operator new(bytes, std::nothrow)) return p;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t /*bytes*/) noexcept { std::free(p); }

namespace {

// A CSV file is read in blocks of 1 MiB, a recipe of at most 1 MiB at once.
constexpr std::size_t most_request(std::size_t bytes) { return 16 * bytes + (std::size_t{1} << 20) + 65536; }

struct Counts {
    int values = 0, refusals = 0;
};

void must_be_well(const Reader& reader, const std::string& bytes, Counts& counts) {
    largest_request = 0;
    const Taken taken = take(reader, bytes);
    const std::size_t request = largest_request;
    ++(taken.value ? counts.values : counts.refusals);
    if (taken.complaint.empty() && request <= most_request(bytes.size())) return;
    INFO(reader.name << ": " << taken.complaint << "; largest request " << request << " bytes for");
    CAPTURE(bytes);
    FAIL_CHECK("a file of " << bytes.size() << " bytes is not taken as it must be");
}

}  // namespace

TEST_CASE("files cut anywhere and 10,000 changed ones give a value or an error that says where") {
    for (const Reader& reader : readers) {
        const std::vector<std::string> originals = seeds(reader.format);
        Counts cut;
        Counts changed;
        for (const std::string& original : originals)
            for (std::size_t size = 0; size <= original.size(); ++size)
                if (size < 512 || size % 64 == 0 || size + 64 > original.size())
                    must_be_well(reader, original.substr(0, size), cut);
        Mutator mutate(reader.name.size());
        for (std::size_t i = 0; i < 10000; ++i) must_be_well(reader, mutate(originals[i % originals.size()]), changed);
        INFO(reader.name << ": " << cut.values << " of " << cut.values + cut.refusals << " cut files and " << changed.values
                         << " of the changed ones were taken");
        CHECK(cut.values >= 1);
        CHECK(changed.values >= 50);
        CHECK(changed.refusals >= 1000);
    }
}

// Found by the test above or by the targets of tests/fuzz; each was taken wrongly once.
TEST_CASE("files that broke a reader once") {
    const struct {
        std::string_view format;
        std::string bytes;
    } files[] = {
        // The message ended at the NUL.
        {"recipe", "model.layers = [{ type = \"Dense\\u0000\" }]\ndata.source = \"digits\"\n"},
        {"recipe", "[data]\nsource = \"digits\"\n\"a\\u0000b\" = 1\n"},
        // An assertion of toml++, in builds without NDEBUG.
        {"recipe", "seed = 1\n[=]\n"},
        // Undefined behaviour of toml++ at a letter where only blanks may be.
        {"recipe", "shape = [\xC8\xA2\n"},
        // The message did not say what was got.
        {"recipe", "data.source = \"digits\"\nmodel.layers = []\n"},
    };
    for (const auto& [format, bytes] : files)
        for (const Reader& reader : readers)
            if (reader.format == format) {
                CAPTURE(bytes);
                CHECK(take(reader, bytes).complaint == "");
            }
    const auto nul = [] { model_from_json(R"({"class_name": "Sequential", "name": "a\u0000b"})"); };
    CHECK(contains(message_of<InvalidArgument>(nul), "texts have no NUL"));
}

TEST_CASE("recipes have characters beyond ASCII in texts and comments") {
    const std::string chain = chain_recipe;
    const std::size_t at = chain.find("\"train.csv\"");
    const auto with = [&](const char* path) { return chain.substr(0, at) + path + chain.substr(at + 11); };
    for (const char* path : {R"("ä")", R"('ä\')", R"("\"ä")", "\"\"\"a\n\"ä\"\"\"\"\"", "'''ä''''", R"("x"  # "ä)"})
        CHECK_NOTHROW(Recipe::parse(with(path)));
    for (const char* path : {"ä", R"("a" ä)", R"('a\' ä')", "'''a''' ä'''", R"("" ä")", "\"\"\"a\"\"\"ä"})
        CHECK(contains(message_of<InvalidArgument>([&] { Recipe::parse(with(path)); }),
                       "[recipe] recipe:6: characters beyond ASCII stand in quotes; got the byte 0xc3"));
}
