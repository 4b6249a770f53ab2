#include "samebits/graph/layers/merging.h"

#include <algorithm>

#include "samebits/base/check.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"

namespace samebits::layers {
namespace {

bool broadcast(const Shape& a, const Shape& b) {
    for (std::size_t i = 1; i <= std::min(a.size(), b.size()); ++i) {
        const std::int64_t left = a[a.size() - i];
        const std::int64_t right = b[b.size() - i];
        if (left != right && left != 1 && right != 1) return false;
    }
    return true;
}

class AddLayer final : public LayerImpl {
public:
    explicit AddLayer(Add spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "Add"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }
    void visit(FieldVisitor& v) override { v.field("name", spec_.name); }
    void validate() const override {}
    [[nodiscard]] OutputRange output_range() const override { return OutputRange::any; }

    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        require(!inputs.empty(), "[Add] at least one input is needed; got none; call it on a list of tensors");
        for (const Shape& input : inputs) {
            if (input == inputs[0]) continue;
            require(broadcast(input, inputs[0]),
                    "[Add] all inputs must have one shape; got {} and {}; reshape or project one of them",
                    with_batch(inputs[0]), with_batch(input));
            fail<NotImplemented>("[Add] inputs of different shapes are not implemented yet; got {} and {}; give them one shape",
                                 with_batch(inputs[0]), with_batch(input));
        }
        return inputs[0];
    }

    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const override {
        if (inputs.size() == 1) return inputs[0];
        const Value y = b.activation(b.shape(inputs[0]));
        if (!emit_with_term(b, inputs, y)) emit_sum(b, inputs, y);
        b.op(y, inputs, [to = std::vector<Value>(inputs.rbegin(), inputs.rend())](Builder& builder, BufferId gradient) {
            for (const Value input : to) builder.add_gradient(input, gradient);
        });
        return y;
    }

private:
    // Of two terms one may be made and added in one pass.
    static bool emit_with_term(Builder& b, std::span<const Value> inputs, Value y) {
        if (inputs.size() != 2) return false;
        for (std::size_t i = 0; i < 2; ++i) {
            const Builder::Extend extend = b.extend_of(inputs[i], /*with_addend=*/true);
            if (!extend) continue;
            const BufferId other = b.buffer_of(inputs[1 - i]);
            extend(b, {.addend = other}, b.buffer_of(y));
            b.made_by_extendable(y, /*takes_addend=*/false, [=](Builder& builder, const Builder::Extension& more, BufferId to) {
                extend(builder, {.addend = other, .relu = more.relu}, to);
            });
            return true;
        }
        return false;
    }

    static void emit_sum(Builder& b, std::span<const Value> inputs, Value y) {
        std::vector<BufferId> from;
        for (const Value input : inputs) from.push_back(b.buffer_of(input));
        Step& sum = b.step("add", from, {b.buffer_of(y)},
                           [from, to = b.buffer_of(y), size = element_count(b.shape(y))](const Frame& f) {
                               f.kernels->add(f.batch * size, f.data(from[0]), f.data(from[1]), f.data(to));
                               for (std::size_t i = 2; i < from.size(); ++i)
                                   f.kernels->add(f.batch * size, f.data(to), f.data(from[i]), f.data(to));
                           });
        sum.may_overwrite = from.size() == 2;  // else the third would be gone
    }

    Add spec_;
};

class ConcatenateLayer final : public LayerImpl {
public:
    explicit ConcatenateLayer(Concatenate spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "Concatenate"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }
    void visit(FieldVisitor& v) override {
        v.field("axis", spec_.axis);
        v.field("name", spec_.name);
    }
    void validate() const override {}

    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        require(!inputs.empty(), "[Concatenate] at least one input is needed; got none; call it on a list of tensors");
        const std::size_t axis = axis_in(inputs[0]);
        Shape whole = inputs[0];
        for (const Shape& input : inputs.subspan(1)) {
            Shape fitting = inputs[0];
            if (input.size() == fitting.size()) fitting[axis] = input[axis];
            require(input == fitting,
                    "[Concatenate] all axes but axis={} must be equal; got {} and {}; reshape, crop or pad one of them",
                    spec_.axis, with_batch(inputs[0]), with_batch(input));
            require(!__builtin_add_overflow(whole[axis], input[axis], &whole[axis]),
                    "[Concatenate] the result is too large; got {} and {}; make them smaller", with_batch(inputs[0]),
                    with_batch(input));
        }
        return whole;
    }

    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> weights) const override;

private:
    // The axis of a sample.
    [[nodiscard]] std::size_t axis_in(const Shape& shape) const {
        const auto rank = static_cast<std::int64_t>(shape.size()) + 1;
        const std::int64_t axis = spec_.axis < 0 ? spec_.axis + rank : spec_.axis;
        require(axis >= 1 && axis < rank,
                "[Concatenate] axis must be one of the input's, and not the batch; got axis={} for input shape {}; choose an "
                "axis of a sample",
                spec_.axis, with_batch(shape));
        return static_cast<std::size_t>(axis - 1);
    }

    Concatenate spec_;
};

// What one input fills of each of the result's rows: `row` elements a row, `count` of them from `begin` on, `rows` a sample.
struct Part {
    BufferId whole, part;
    std::int64_t rows, row, begin, count;
};

void emit_split(Builder& b, const Part& p) {
    b.step("concatenate gradient", {p.whole}, {p.part}, [=](const Frame& f) {
        f.kernels->copy_rows(f.batch * p.rows, p.count, f.data(p.whole) + p.begin, p.row, f.data(p.part), p.count);
    });
}

Value ConcatenateLayer::forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const {
    if (inputs.size() == 1) return inputs[0];
    std::vector<Shape> shapes;
    for (const Value input : inputs) shapes.push_back(b.shape(input));
    const Shape shape = output_shape(shapes);
    const auto axis = static_cast<std::ptrdiff_t>(axis_in(shape));
    const std::int64_t rows = element_count(Shape(shape.begin(), shape.begin() + axis));
    const std::int64_t row = element_count(Shape(shape.begin() + axis, shape.end()));
    const Value y = b.activation(shape);
    std::vector<Part> parts;
    std::int64_t begin = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const std::int64_t count = element_count(Shape(shapes[i].begin() + axis, shapes[i].end()));
        parts.push_back({b.buffer_of(y), b.buffer_of(inputs[i]), rows, row, begin, count});
        begin += count;
    }
    std::vector<BufferId> from;
    for (const Part& p : parts) from.push_back(p.part);
    b.step("concatenate", from, {b.buffer_of(y)}, [parts](const Frame& f) {
        for (const Part& p : parts)
            f.kernels->copy_rows(f.batch * p.rows, p.count, f.data(p.part), p.count, f.data(p.whole) + p.begin, p.row);
    });
    const std::vector<Value> to(inputs.begin(), inputs.end());
    b.op(y, inputs, [=](Builder& builder, BufferId gradient) {
        for (std::size_t i = to.size(); i-- > 0;) {
            if (!builder.needs_gradient(to[i])) continue;
            Part p = parts[i];
            p.whole = gradient;
            p.part = builder.buffer(Role::gradient, builder.bytes_of(p.part));
            emit_split(builder, p);
            builder.add_gradient(to[i], p.part);
        }
    });
    return y;
}

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const Add& spec) { return checked<AddLayer>(spec); }
std::shared_ptr<const LayerImpl> make_layer(const Concatenate& spec) { return checked<ConcatenateLayer>(spec); }
std::shared_ptr<LayerImpl> new_add() { return std::make_shared<AddLayer>(); }
std::shared_ptr<LayerImpl> new_concatenate() { return std::make_shared<ConcatenateLayer>(); }

}  // namespace samebits::layers
