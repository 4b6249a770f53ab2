#include "samebits/graph/program.h"

#include <algorithm>

namespace samebits {

const char* name_of(Phase phase) {
    constexpr const char* names[] = {"forward", "loss", "backward", "update"};
    return names[static_cast<int>(phase)];
}

const char* name_of(Role role) {
    constexpr const char* names[] = {"batch", "weight", "slot", "activation", "gradient", "weight gradient", "workspace"};
    return names[static_cast<int>(role)];
}

void remove_dead_steps(Program& program) {
    std::vector<bool> wanted(program.buffers.size(), false);
    for (const BufferId id : program.results) wanted[static_cast<std::size_t>(id)] = true;
    std::vector<Step> kept;
    for (auto step = program.steps.rbegin(); step != program.steps.rend(); ++step) {
        const bool used = std::any_of(step->writes.begin(), step->writes.end(), [&](BufferId id) {
            const auto i = static_cast<std::size_t>(id);
            return wanted[i] || program.buffers[i].external();
        });
        if (!used) continue;
        for (const BufferId id : step->reads) wanted[static_cast<std::size_t>(id)] = true;
        kept.push_back(std::move(*step));
    }
    std::reverse(kept.begin(), kept.end());
    program.steps = std::move(kept);
}

}  // namespace samebits
