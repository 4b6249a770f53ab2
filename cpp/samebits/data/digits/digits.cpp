#include "samebits/data/digits/digits.h"

#include <cstdint>

// The bytes of digits.u8 (CMake says where it lies), put into this object file by the assembler.
asm(".pushsection .rodata\n"
    ".balign 64\n"
    ".global samebits_digits\n"
    ".hidden samebits_digits\n"
    "samebits_digits:\n"
    ".incbin \"" SAMEBITS_DIGITS_FILE
    "\"\n"
    ".popsection\n");

extern "C" [[gnu::visibility("hidden")]] const std::uint8_t samebits_digits[];

namespace samebits {
namespace {

constexpr std::int64_t images = 1797;
constexpr std::int64_t train_images = 1500;
constexpr std::int64_t pixels = 8 * 8;

ArrayView pixels_of(std::int64_t first, std::int64_t count) {
    return {samebits_digits + first * pixels, DType::uint8, {count, 8, 8}};
}

ArrayView labels_of(std::int64_t first, std::int64_t count) {
    return {samebits_digits + images * pixels + first, DType::uint8, {count}};
}

}  // namespace

Digits load_digits() {
    constexpr std::int64_t test_images = images - train_images;
    return {pixels_of(0, train_images), labels_of(0, train_images), pixels_of(train_images, test_images),
            labels_of(train_images, test_images)};
}

}  // namespace samebits
