#include "samebits/train/digest.h"

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

#include "samebits/base/hash.h"

namespace samebits {
namespace {

using namespace std::string_view_literals;

void add_values(Sha256& sha, const Tensor& tensor) {
    std::array<std::uint8_t, 4096> bytes{};
    std::size_t filled = 0;
    for (const float value : tensor.values()) {
        const auto bits = value == value ? std::bit_cast<std::uint32_t>(value) : 0x7fc00000U;
        for (int shift = 0; shift < 32; shift += 8) bytes[filled++] = static_cast<std::uint8_t>(bits >> shift);
        if (filled < bytes.size()) continue;
        sha.update(bytes.data(), filled);
        filled = 0;
    }
    sha.update(bytes.data(), filled);
}

}  // namespace

std::string digest_of(const std::vector<std::pair<std::string, Tensor>>& weights) {
    Sha256 sha;
    sha.update("samebits-digest-1\0"sv);
    for (const auto& [name, tensor] : weights) {
        std::string head = name + '\0' + "float32" + '\0';
        for (std::size_t i = 0; i < tensor.shape().size(); ++i) {
            if (i > 0) head += ',';
            head += std::to_string(tensor.shape()[i]);
        }
        sha.update(head + '\0');
        add_values(sha, tensor);
    }
    return "sha256:" + hex(sha.finish());
}

}  // namespace samebits
