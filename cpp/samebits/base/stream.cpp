#include "samebits/base/stream.h"

#include "samebits/base/hash.h"

namespace samebits {

std::uint32_t stream_of(std::string_view purpose, std::string_view name) {
    Sha256 sha;
    sha.update(purpose);
    sha.update(":");
    sha.update(name);
    const auto hash = sha.finish();
    return hash[0] | std::uint32_t{hash[1]} << 8 | std::uint32_t{hash[2]} << 16 | std::uint32_t{hash[3]} << 24;
}

}  // namespace samebits
