#include "samebits/data/cifar.h"

#include <cstring>

#include "samebits/base/error.h"
#include "support/catch.h"
#include "support/files.h"

using namespace samebits;
using namespace samebits::test;

namespace {

// Byte i of the image numbered n: planes and places all differ somewhere.
char pixel(int n, int i) { return static_cast<char>((n * 31 + i * 7 + i / 1024 * 101) & 255); }

std::string record(const std::string& labels, int n) {
    std::string bytes = labels;
    for (int i = 0; i < 3072; ++i) bytes += pixel(n, i);
    return bytes;
}

unsigned char at(const ArrayView& view, std::int64_t n) { return static_cast<const unsigned char*>(view.data)[n]; }

std::string refusal(const Folder& folder, const std::string& bytes, Cifar kind = Cifar::ten) {
    const auto path = folder.file("refused.bin", bytes);
    std::string text = message_of<IoError>([&] { read_cifar({path}, kind); });
    CHECK(contains(text, "[read_cifar] "));
    CHECK(contains(text, path.string()));
    return text;
}

}  // namespace

TEST_CASE("cifar-10: several files, planes made pixels") {
    const Folder folder;
    const auto one = folder.file("data_batch_1.bin", record("\x03", 0) + record("\x09", 1));
    const auto two = folder.file("data_batch_2.bin", record(std::string(1, '\0'), 2));
    const CifarImages images = read_cifar({one, two}, Cifar::ten);
    CHECK(images.x().shape == Shape{3, 32, 32, 3});
    CHECK(images.y().shape == Shape{3});
    CHECK((at(images.y(), 0) == 3 && at(images.y(), 1) == 9 && at(images.y(), 2) == 0));
    bool same = true;
    for (int n = 0; n < 3; ++n)
        for (int place = 0; place < 1024; ++place)
            for (int c = 0; c < 3; ++c)
                same =
                    same && at(images.x(), n * 3072 + place * 3 + c) == static_cast<unsigned char>(pixel(n, c * 1024 + place));
    CHECK(same);
    CHECK(at(read_cifar({two, one}, Cifar::ten).y(), 1) == 3);
}

TEST_CASE("cifar-100: the coarse or the fine label") {
    const Folder folder;
    const auto path = folder.file("train.bin", record("\x13\x63", 5) + record("\x04\x21", 6));
    const CifarImages fine = read_cifar({path}, Cifar::hundred_fine);
    const CifarImages coarse = read_cifar({path}, Cifar::hundred_coarse);
    CHECK((at(fine.y(), 0) == 99 && at(fine.y(), 1) == 33));
    CHECK((at(coarse.y(), 0) == 19 && at(coarse.y(), 1) == 4));
    CHECK(std::memcmp(fine.pixels.data(), coarse.pixels.data(), fine.pixels.size()) == 0);
    CHECK(at(fine.x(), 3072 + 1) == static_cast<unsigned char>(pixel(6, 1024)));
}

TEST_CASE("cifar: files of another size, labels of another kind and packed files are refused") {
    const Folder folder;
    const std::string whole = record("\x03", 0);
    for (const std::size_t size : {0, 1, 2, 3072})
        CHECK(contains(refusal(folder, whole.substr(0, size)), "whole records of 3073 bytes"));
    CHECK(contains(refusal(folder, whole + "x"), "got 3074 bytes, the last 1 of them from byte 3073"));
    CHECK(contains(refusal(folder, whole, Cifar::hundred_fine), "whole records of 3074 bytes"));
    CHECK(contains(refusal(folder, whole + record("\x0a", 1)), "from 0 to 9; got 10 at byte 3073"));
    CHECK(contains(refusal(folder, record("\x14\x01", 0), Cifar::hundred_fine), "from 0 to 19; got 20 at byte 0"));
    CHECK(contains(refusal(folder, record("\x01\x64", 0), Cifar::hundred_coarse), "from 0 to 99; got 100 at byte 1"));
    CHECK(contains(refusal(folder, "\x1f\x8b\x08 packed"), "must be unpacked; got gzip's"));
    CHECK(contains(message_of<IoError>([&] { read_cifar({folder / "none"}, Cifar::ten); }), "No such file"));
    CHECK(contains(message_of<InvalidArgument>([&] { read_cifar({}, Cifar::ten); }), "at least one file; got none"));
    // The second file is looked at before memory for the first is taken.
    const std::size_t before = memory_stats().used;
    const auto good = folder.file("good.bin", whole);
    const auto bad = folder.file("bad.bin", "short");
    CHECK(contains(message_of<IoError>([&] { read_cifar({good, bad}, Cifar::ten); }), bad.string()));
    CHECK(memory_stats().used == before);
}
