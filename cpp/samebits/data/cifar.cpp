#include "samebits/data/cifar.h"

#include <string_view>

#include "samebits/data/file.h"

namespace samebits {
namespace {

constexpr std::size_t plane = 32 * 32;
constexpr std::size_t image = 3 * plane;

struct Format {
    std::size_t labels;  // bytes in front of an image
    std::size_t wanted;  // which of them
    unsigned char last[2];

    [[nodiscard]] std::size_t record() const { return labels + image; }
};

Format format_of(Cifar kind) {
    if (kind == Cifar::ten) return {1, 0, {9, 0}};
    return {2, kind == Cifar::hundred_fine ? std::size_t{1} : std::size_t{0}, {19, 99}};
}

std::uint64_t count_records(const std::filesystem::path& path, const Format& format) {
    InputFile file("read_cifar", path);
    char start[2];
    file.require_unpacked({start, file.read(start, sizeof start)});
    file.check(file.size() > 0 && file.size() % format.record() == 0,
               "a file holds whole records of {} bytes, at least one; got {} bytes, the last {} of them from byte {}",
               format.record(), file.size(), file.size() % format.record(), file.size() - file.size() % format.record());
    return file.size() / format.record();
}

// (3, 32, 32) to (32, 32, 3).
void interleave(const std::byte* planes, std::byte* pixels) {
    for (std::size_t i = 0; i < plane; ++i)
        for (std::size_t c = 0; c < 3; ++c) pixels[3 * i + c] = planes[c * plane + i];
}

void read_records(const std::filesystem::path& path, const Format& format, std::uint64_t count, std::byte* pixels,
                  std::byte* labels) {
    InputFile file("read_cifar", path);
    file.check(file.size() == count * format.record(), "the file must not change while it is read; got {} bytes", file.size());
    std::byte record[2 + image];
    for (std::uint64_t i = 0; i < count; ++i) {
        file.read_all(record, format.record());
        for (std::size_t j = 0; j < format.labels; ++j)
            file.check(std::to_integer<unsigned char>(record[j]) <= format.last[j],
                       "the label must be from 0 to {}; got {} at byte {}", format.last[j],
                       std::to_integer<unsigned char>(record[j]), i * format.record() + j);
        labels[i] = record[format.wanted];
        interleave(record + format.labels, pixels + i * image);
    }
}

}  // namespace

CifarImages read_cifar(const std::vector<std::filesystem::path>& paths, Cifar kind) {
    require(!paths.empty(), "[read_cifar] there must be at least one file; got none; give the paths of files");
    const Format format = format_of(kind);
    std::vector<std::uint64_t> counts;
    std::uint64_t total = 0;
    for (const auto& path : paths) {
        counts.push_back(count_records(path, format));
        total += counts.back();
    }
    CifarImages images{static_cast<std::int64_t>(total), Buffer(total * image), Buffer(total)};
    std::uint64_t done = 0;
    for (std::size_t i = 0; i < paths.size(); done += counts[i++])
        read_records(paths[i], format, counts[i], images.pixels.data() + done * image, images.labels.data() + done);
    return images;
}

}  // namespace samebits
