#include "samebits/graph/plan.h"

#include <algorithm>
#include <numeric>

#include "samebits/base/check.h"
#include "samebits/base/memory.h"

namespace samebits {
namespace {

bool in_arena(const Program& program, std::size_t id) {
    return !program.buffers[id].external() && program.buffers[id].bytes > 0;
}

void find_lifetimes(const Program& program, Plan& plan) {
    const int steps = static_cast<int>(program.steps.size());
    for (std::size_t id = 0; id < program.buffers.size(); ++id) {
        plan.places[id].bytes = aligned_bytes(program.buffers[id].bytes);
        plan.places[id].first = steps;
    }
    const auto use = [&](BufferId id, int step) {
        Placement& p = plan.places[static_cast<std::size_t>(id)];
        // What comes with the batch is there before the first step.
        p.first = std::min(p.first, program.buffers[static_cast<std::size_t>(id)].role == Role::batch ? 0 : step);
        p.last = std::max(p.last, step);
    };
    for (int s = 0; s < steps; ++s) {
        for (const BufferId id : program.steps[static_cast<std::size_t>(s)].reads) use(id, s);
        for (const BufferId id : program.steps[static_cast<std::size_t>(s)].writes) use(id, s);
    }
    for (const BufferId id : program.results) use(id, steps == 0 ? 0 : steps - 1);
}

bool overlap_in_time(const Placement& a, const Placement& b) { return a.first <= b.last && b.first <= a.last; }

}  // namespace

Plan make_plan(const Program& program) {
    Plan plan;
    plan.places.resize(program.buffers.size());
    find_lifetimes(program, plan);

    std::vector<std::size_t> order;
    for (std::size_t id = 0; id < plan.places.size(); ++id)
        if (in_arena(program, id) && plan.places[id].last >= plan.places[id].first) order.push_back(id);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return plan.places[a].bytes > plan.places[b].bytes; });

    std::vector<std::size_t> placed;  // by offset
    for (const std::size_t id : order) {
        Placement& place = plan.places[id];
        std::size_t offset = 0;
        for (const std::size_t other : placed) {
            const Placement& o = plan.places[other];
            if (!overlap_in_time(place, o)) continue;
            if (offset + place.bytes <= o.offset) break;
            offset = std::max(offset, o.offset + o.bytes);
        }
        place.offset = offset;
        plan.arena_bytes = std::max(plan.arena_bytes, offset + place.bytes);
        const auto after = [&](std::size_t a, std::size_t b) { return plan.places[a].offset < plan.places[b].offset; };
        placed.insert(std::upper_bound(placed.begin(), placed.end(), id, after), id);
    }

    plan.live.assign(program.steps.size(), 0);
    for (const std::size_t id : order)
        for (int s = plan.places[id].first; s <= plan.places[id].last && s < static_cast<int>(plan.live.size()); ++s)
            plan.live[static_cast<std::size_t>(s)] += plan.places[id].bytes;
    for (std::size_t id = 0; id < plan.places.size(); ++id)
        if (!in_arena(program, id)) plan.places[id].last = plan.places[id].first - 1;
    verify(program, plan);
    return plan;
}

void verify(const Program& program, const Plan& plan) {
    for (std::size_t a = 0; a < plan.places.size(); ++a) {
        if (!plan.placed(static_cast<BufferId>(a))) continue;
        const Placement& p = plan.places[a];
        ensure(p.offset + p.bytes <= plan.arena_bytes && p.bytes >= program.buffers[a].bytes,
               "a buffer lies outside its arena");
        for (std::size_t b = a + 1; b < plan.places.size(); ++b) {
            if (!plan.placed(static_cast<BufferId>(b))) continue;
            const Placement& o = plan.places[b];
            const bool apart = p.offset + p.bytes <= o.offset || o.offset + o.bytes <= p.offset;
            ensure(apart || !overlap_in_time(p, o), "two live buffers overlap in the arena");
        }
    }
}

}  // namespace samebits
