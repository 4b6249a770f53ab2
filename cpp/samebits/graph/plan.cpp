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

// Results that may lie in the place of an operand, which ends where they begin.
void find_overwritten(const Program& program, Plan& plan) {
    for (std::size_t s = 0; s < program.steps.size(); ++s) {
        const Step& step = program.steps[s];
        if (!step.may_overwrite || step.writes.size() != 1) continue;
        const BufferId result = step.writes[0];
        Placement& place = plan.places[static_cast<std::size_t>(result)];
        if (!in_arena(program, static_cast<std::size_t>(result)) || place.first != static_cast<int>(s)) continue;
        const auto ends = [&](BufferId id) {
            const Placement& p = plan.places[static_cast<std::size_t>(id)];
            return in_arena(program, static_cast<std::size_t>(id)) && p.bytes == place.bytes && p.last == place.first &&
                   std::find(program.results.begin(), program.results.end(), id) == program.results.end();
        };
        const auto operand = std::find_if(step.reads.begin(), step.reads.end(), ends);
        if (operand != step.reads.end()) place.overwrites = *operand;
    }
}

// The first of the buffers that overwrite each other up to this one.
std::size_t first_of(const Plan& plan, std::size_t id) {
    while (plan.places[id].overwrites != no_buffer) id = static_cast<std::size_t>(plan.places[id].overwrites);
    return id;
}

// One place for every buffer and what overwrites it, one after the other: the first of them, with the times of all.
std::vector<Placement> join_places(const Plan& plan) {
    std::vector<Placement> joined = plan.places;
    for (std::size_t id = 0; id < joined.size(); ++id) {
        int& last = joined[first_of(plan, id)].last;
        last = std::max(last, plan.places[id].last);
    }
    return joined;
}

bool overlap_in_time(const Placement& a, const Placement& b) { return a.first <= b.last && b.first <= a.last; }

}  // namespace

Plan make_plan(const Program& program) {
    Plan plan;
    plan.places.resize(program.buffers.size());
    find_lifetimes(program, plan);
    find_overwritten(program, plan);
    std::vector<Placement> joined = join_places(plan);

    std::vector<std::size_t> order;
    for (std::size_t id = 0; id < joined.size(); ++id)
        if (in_arena(program, id) && joined[id].last >= joined[id].first && joined[id].overwrites == no_buffer)
            order.push_back(id);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return joined[a].bytes > joined[b].bytes; });

    std::vector<std::size_t> placed;  // by offset
    for (const std::size_t id : order) {
        Placement& place = joined[id];
        std::size_t offset = 0;
        for (const std::size_t other : placed) {
            const Placement& o = joined[other];
            if (!overlap_in_time(place, o)) continue;
            if (offset + place.bytes <= o.offset) break;
            offset = std::max(offset, o.offset + o.bytes);
        }
        place.offset = offset;
        plan.arena_bytes = std::max(plan.arena_bytes, offset + place.bytes);
        const auto after = [&](std::size_t a, std::size_t b) { return joined[a].offset < joined[b].offset; };
        placed.insert(std::upper_bound(placed.begin(), placed.end(), id, after), id);
    }

    plan.live.assign(program.steps.size(), 0);
    for (const std::size_t id : order)
        for (int s = joined[id].first; s <= joined[id].last && s < static_cast<int>(plan.live.size()); ++s)
            plan.live[static_cast<std::size_t>(s)] += joined[id].bytes;
    for (std::size_t id = 0; id < plan.places.size(); ++id) {
        plan.places[id].offset = joined[first_of(plan, id)].offset;
        if (!in_arena(program, id)) plan.places[id].last = plan.places[id].first - 1;
    }
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
            const bool follows = (o.overwrites == static_cast<BufferId>(a) && p.last == o.first) ||
                                 (p.overwrites == static_cast<BufferId>(b) && o.last == p.first);
            ensure(apart || follows || !overlap_in_time(p, o), "two live buffers overlap in the arena");
        }
    }
}

}  // namespace samebits
