#include "samebits/train/memory_plan.h"

#include "samebits/base/check.h"
#include "samebits/base/memory.h"

namespace samebits {
namespace {

std::string cell(std::size_t bytes) { return bytes == 0 ? "-" : format_bytes(bytes); }

}  // namespace

std::string to_string(const MemoryPlan& plan) {
    std::string text = fmt::format("Memory of a training step, batch_size={}, isa={}\n", plan.batch_size, plan.isa);
    constexpr const char* row = "  {:<22} {:>12} {:>12} {:>12} {:>12} {:>12}\n";
    text += fmt::format(row, "layer", "weights", "optimizer", "forward", "backward", "workspace");
    for (const MemoryPlan::Row& r : plan.rows)
        text += fmt::format(row, r.layer, cell(r.weights), cell(r.slots), cell(r.forward), cell(r.backward), cell(r.workspace));
    text +=
        fmt::format("  alive at most, by phase: forward {}, loss {}, backward {}, update {}\n", format_bytes(plan.phases[0]),
                    format_bytes(plan.phases[1]), format_bytes(plan.phases[2]), format_bytes(plan.phases[3]));
    text += fmt::format("  fullest in: {} ({})\n", plan.peak_layer, plan.peak_op);
    text += fmt::format("  weights {} + optimizer {} + arena {}", format_bytes(plan.weights), format_bytes(plan.slots),
                        format_bytes(plan.arena));
    if (plan.data > 0) text += fmt::format(" + data {}", format_bytes(plan.data));
    text += fmt::format("\n  peak: {} bytes ({})\n", plan.peak(), format_bytes(plan.peak()));
    return text;
}

}  // namespace samebits
