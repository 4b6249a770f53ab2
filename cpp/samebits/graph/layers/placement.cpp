#include "samebits/graph/layers/placement.h"

namespace samebits::layers {

Value place(Builder& b, Value x, std::int64_t p, std::int64_t q, const Placements& placements) {
    const Shape input = b.shape(x);
    const kernels::Place2D forward{0, input[0], input[1], input[2], p, q};
    const kernels::Place2D back{0, p, q, input[2], input[0], input[1]};
    const Value y = b.activation({p, q, input[2]});
    const BufferId at = b.buffer(Role::activation, static_cast<std::size_t>(b.batch()) * sizeof(kernels::Placement));
    const auto run = [](const Frame& f, kernels::Place2D place, BufferId placed, BufferId from, BufferId to) {
        place.n = f.batch;
        f.kernels->place2d(place, f.data<kernels::Placement>(placed), f.data(from), f.data(to));
    };
    b.step("placements", {}, {at}, [=](const Frame& f) { placements(f, f.data<kernels::Placement>(at)); });
    b.step("place2d", {b.buffer_of(x), at}, {b.buffer_of(y)},
           [=, from = b.buffer_of(x), to = b.buffer_of(y)](const Frame& f) { run(f, forward, at, from, to); });
    b.op(y, std::span(&x, 1), [=](Builder& builder, BufferId gradient) {
        const BufferId moved =
            builder.buffer(Role::workspace, static_cast<std::size_t>(builder.batch()) * sizeof(kernels::Placement));
        const BufferId dx = builder.buffer(Role::gradient, builder.bytes_of(builder.buffer_of(x)));
        builder.step("placements gradient", {at}, {moved}, [=](const Frame& f) {
            const auto* placed = f.data<kernels::Placement>(at);
            auto* back_at = f.data<kernels::Placement>(moved);
            for (std::int64_t i = 0; i < f.batch; ++i) {  // y(p) = x(top + p) or x(top + P-1 - p), solved for p
                const kernels::Placement& one = placed[i];
                back_at[i] = {one.flip_rows ? one.top + p - input[0] : -one.top,
                              one.flip_cols ? one.left + q - input[1] : -one.left, one.flip_rows, one.flip_cols};
            }
        });
        builder.step("place2d gradient", {gradient, moved}, {dx}, [=](const Frame& f) { run(f, back, moved, gradient, dx); });
        builder.add_gradient(x, dx);
    });
    return y;
}

}  // namespace samebits::layers
