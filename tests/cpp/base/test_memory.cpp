#include <cstdint>
#include <vector>

#include "samebits/base/check.h"
#include "samebits/base/memory.h"
#include "samebits/base/tensor.h"
#include "support/catch.h"

using namespace samebits;

namespace {

// Back to no limit and no block, whatever a test did.
struct Restore {
    ~Restore() { configure_memory(MemoryMode::grow, 0); }
};

}  // namespace

TEST_CASE("memory: what is held and the peak are counted to the byte, rounded up to 64") {
    const std::size_t before = memory_stats().used;
    reset_memory_peak();
    {
        const Buffer a(1), b(65);
        CHECK(memory_stats().used == before + 64 + 128);
        CHECK(reinterpret_cast<std::uintptr_t>(a.data()) % memory_alignment == 0);
    }
    const Buffer c(100);
    CHECK(memory_stats().used == before + 128);
    CHECK(memory_stats().peak == before + 192);
}

TEST_CASE("memory: moving hands over, nothing is counted twice") {
    const std::size_t before = memory_stats().used;
    Buffer a(1000);
    Buffer b = std::move(a);
    b = Buffer(10);
    CHECK(memory_stats().used == before + 64);
}

TEST_CASE("memory: over the limit is refused and changes nothing") {
    const Restore restore;
    configure_memory(MemoryMode::grow, 1024);
    const Buffer a(512);
    CHECK_THROWS_AS(Buffer(513), InvalidArgument);
    CHECK(memory_stats().used == 512);
    const Buffer b(512);
    CHECK_THROWS_AS(Tensor({1}), InvalidArgument);
    CHECK_THROWS_AS(configure_memory(MemoryMode::grow, 1000), InvalidArgument);
    CHECK(memory_stats().limit == 1024);
}

TEST_CASE("memory: a preallocated block serves everything, in any order of giving back") {
    const Restore restore;
    CHECK_THROWS_AS(configure_memory(MemoryMode::preallocate, 0), InvalidArgument);
    configure_memory(MemoryMode::preallocate, 4096);
    CHECK(memory_stats().reserved == 4096);
    for (int round = 0; round < 3; ++round) {
        std::vector<Buffer> buffers;
        for (int i = 0; i < 16; ++i) buffers.emplace_back(256);
        CHECK_THROWS_AS(Buffer(1), InvalidArgument);
        for (const int i : {3, 5, 4, 0, 15, 1}) buffers[static_cast<std::size_t>(i)] = Buffer();
        const Buffer middle(3 * 256);  // 3, 4 and 5 have become one gap
        CHECK(memory_stats().used == 13 * 256);
    }
    const Buffer whole(4096);
    CHECK(memory_stats().used == 4096);
    CHECK_THROWS_AS(configure_memory(MemoryMode::preallocate, 8192), InvalidArgument);
    CHECK_THROWS_AS(configure_memory(MemoryMode::grow, 0), InvalidArgument);
}

TEST_CASE("memory: sizes are read as people write them") {
    CHECK(parse_bytes("4096") == 4096);
    CHECK(parse_bytes("512MB") == 512000000);
    CHECK(parse_bytes("1.5 GB") == 1500000000);
    CHECK(parse_bytes("2GiB") == 2147483648);
    CHECK(parse_bytes("64kib") == 65536);
    for (const char* wrong : {"", "MB", "12 parsecs", "-1", "1e3", "1.2.3", "0", "99999999999 TiB", "1 0", "nan"})
        CHECK_THROWS_AS(parse_bytes(wrong), InvalidArgument);
}
