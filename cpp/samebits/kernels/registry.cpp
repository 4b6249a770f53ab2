#include "samebits/kernels/registry.h"

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>

#include "samebits/base/check.h"

// One file per op and instruction set defines fill_<op>: it puts its functions into the table. A missing one is a link error.
#define SAMEBITS_KERNEL_FILES(FILL) \
    FILL(gemm)                      \
    FILL(batch_norm)                \
    FILL(layer_norm)                \
    FILL(elementwise)               \
    FILL(reduce)                    \
    FILL(dropout)                   \
    FILL(optimizer)                 \
    FILL(conv2d)                    \
    FILL(winograd)                  \
    FILL(max_pool2d)                \
    FILL(activation)                \
    FILL(softmax)                   \
    FILL(loss)                      \
    FILL(avg_pool2d)                \
    FILL(depthwise_conv2d)          \
    FILL(place2d)                   \
    FILL(translate2d)
#define SAMEBITS_DECLARE(op) void fill_##op(Table& table);
#define SAMEBITS_CALL(op) fill_##op(table);

namespace samebits::kernels {

#define SAMEBITS_TABLE(isa)                                                                  \
    namespace isa {                                                                          \
    SAMEBITS_KERNEL_FILES(SAMEBITS_DECLARE)                                                  \
    static void fill([[maybe_unused]] Table& table) { SAMEBITS_KERNEL_FILES(SAMEBITS_CALL) } \
    }

SAMEBITS_TABLE(ref)
SAMEBITS_BUILT_ISAS(SAMEBITS_TABLE)

namespace {

Table make(Isa isa) {
    Table table{};
    ref::fill(table);
#define SAMEBITS_FILL(name) \
    if (isa == Isa::name) name::fill(table);
    SAMEBITS_BUILT_ISAS(SAMEBITS_FILL)
    table.isa = isa;
    return table;
}

void require_available(Isa isa) {
    if (available(isa)) return;
    std::string have;
    for (const Isa i : available_isas()) have += (have.empty() ? "" : ", ") + std::string(name_of(i));
    fail("[runtime] this CPU cannot run isa={}; it has {}; choose one of these", name_of(isa), have);
}

// What the environment forces; a device or engine that is not there is refused before anything runs.
Isa first_choice() {
    if (const char* device = std::getenv("SAMEBITS_DEVICE"); device != nullptr && *device != '\0') check_device(device);
    if (const char* engine = std::getenv("SAMEBITS_ENGINE"); engine != nullptr && *engine != '\0') check_engine(engine);
    const char* text = std::getenv("SAMEBITS_ISA");
    if (text == nullptr || *text == '\0') return available_isas().back();
    const Isa isa = parse_isa(text);
    require_available(isa);
    return isa;
}

// No static variables of functions: a child forked while another thread makes one would wait for that thread for ever.
constexpr int not_chosen = -1;
constinit std::atomic<int> chosen{not_chosen};

const Table& made_once(std::atomic<const Table*>& place, Isa isa) {
    if (const Table* have = place.load(std::memory_order_acquire)) return *have;
    auto made = std::make_unique<const Table>(make(isa));
    const Table* first = nullptr;
    if (place.compare_exchange_strong(first, made.get(), std::memory_order_acq_rel)) return *made.release();
    return *first;
}

}  // namespace

const Table& table(Isa isa) {
    require_available(isa);
    static constinit std::atomic<const Table*> tables[static_cast<std::size_t>(Isa::count)] = {};
    return made_once(tables[static_cast<std::size_t>(isa)], isa);
}

Isa current_isa() {
    int isa = chosen.load(std::memory_order_acquire);
    if (isa != not_chosen) return static_cast<Isa>(isa);
    const Isa first = first_choice();
    return chosen.compare_exchange_strong(isa, static_cast<int>(first)) ? first : static_cast<Isa>(isa);
}

void force(Isa isa) {
    require_available(isa);
    chosen = static_cast<int>(isa);
}

}  // namespace samebits::kernels
