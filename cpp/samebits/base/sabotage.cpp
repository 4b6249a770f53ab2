#include "samebits/numerics/sabotage.h"

#if defined(SAMEBITS_SABOTAGE_BUILD)
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace samebits {

static Sabotage named_by_environment() {
    const char* const text = std::getenv("SAMEBITS_SABOTAGE");
    if (text == nullptr) return Sabotage::none;
    const std::string_view name(text);
#define SAMEBITS_COMPARE(sabotage) \
    if (name == #sabotage) return Sabotage::sabotage;
    SAMEBITS_SABOTAGES(SAMEBITS_COMPARE)
#undef SAMEBITS_COMPARE
    std::fprintf(stderr, "SAMEBITS_SABOTAGE: there is no %s; take one of numerics/sabotage.h\n", text);
    std::exit(2);  // a misspelt breach must not pass for one that nothing catches
}

const Sabotage active_sabotage = named_by_environment();

}  // namespace samebits
#endif
