#include "samebits/kernels/sabotage.h"

#if defined(SAMEBITS_SABOTAGE_BUILD)
#include <cstdlib>
#include <string_view>

namespace samebits::kernels {

bool sabotaged(Sabotage what) {
    static const char* const text = std::getenv("SAMEBITS_SABOTAGE");
    if (text == nullptr) return false;
    return std::string_view(text) == (what == Sabotage::chunk_order ? "chunk_order" : "split_fma");
}

}  // namespace samebits::kernels
#endif
