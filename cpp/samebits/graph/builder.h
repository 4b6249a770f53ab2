// What a layer writes its forward pass with. Every op also says its backward pass, explicitly, as a function that is called
// in reverse order when the op's output has a gradient; contributions to one value are folded in that order (the law, 2).
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "samebits/base/shape.h"
#include "samebits/graph/program.h"

namespace samebits {

// A tensor of the graph: an activation (shape of one sample, the batch before it) or a weight (whole shape).
struct Value {
    int id = -1;
};

enum class Mode : std::uint8_t { inference, training };

class Builder {
public:
    Builder(Mode mode, std::int64_t batch, const kernels::Table& kernels);

    [[nodiscard]] bool training() const { return mode_ == Mode::training; }
    [[nodiscard]] std::int64_t batch() const { return program_.batch; }
    [[nodiscard]] const kernels::Table& kernels() const { return *kernels_; }
    // Steps and buffers made from here on belong to this layer and phase.
    void enter(std::string layer, Phase phase);
    [[nodiscard]] const std::string& layer() const { return layer_; }

    // Buffers.
    BufferId buffer(Role role, std::size_t bytes);
    BufferId workspace(std::size_t bytes) { return bytes == 0 ? no_buffer : buffer(Role::workspace, bytes); }
    [[nodiscard]] std::size_t bytes_of(BufferId id) const { return program_.buffers[static_cast<std::size_t>(id)].bytes; }

    // Values. An activation is float32, `batch` samples of `shape`.
    Value activation(Shape shape);
    Value batch_input(Shape shape);
    Value weight(Shape shape, bool trainable);
    // The same elements under another shape.
    Value reshaped(Value value, Shape shape);
    [[nodiscard]] const Shape& shape(Value value) const { return at(value).shape; }
    [[nodiscard]] BufferId buffer_of(Value value) const { return at(value).buffer; }
    [[nodiscard]] bool needs_gradient(Value value) const { return at(value).needs_gradient; }

    // Adds a kernel call. no_buffer in a list is skipped.
    Step& step(std::string op, std::vector<BufferId> reads, std::vector<BufferId> writes,
               std::function<void(const Frame&)> run);

    // `inputs`: what the op's gradient flows to. `backward` gets the gradient of `output`, complete, and must call
    // add_gradient for every input that needs_gradient; it may change the gradient in place through exclusive().
    using Backward = std::function<void(Builder&, BufferId gradient)>;
    void op(Value output, std::span<const Value> inputs, Backward backward);
    // rectified: what ReLU's gradient makes 0 is 0 in it already. So it is in every sum of gradients of what a ReLU made.
    void add_gradient(Value value, BufferId gradient, bool rectified = false);
    // The buffer itself when nobody else holds it, else a new one of the same size: where an in-place op may write.
    BufferId exclusive(BufferId gradient);

    // `value` came out of a ReLU: who adds its gradient may say so by `rectified`, and spare a pass over it.
    void made_by_relu(Value value) { at(value).by_relu = true; }
    [[nodiscard]] bool is_by_relu(Value value) const { return at(value).by_relu; }
    // Of the complete gradient.
    [[nodiscard]] bool is_rectified(Value value) const { return at(value).rectified; }

    // The step that makes `value` can be written again with more behind it: value + addend where that is a buffer, then ReLU.
    // The step itself is dead then, unless something else reads its result. `extend` writes it, to the buffer given last.
    struct Extension {
        BufferId addend = no_buffer;
        bool relu = false;
    };
    using Extend = std::function<void(Builder&, const Extension& more, BufferId to)>;
    void made_by_extendable(Value value, bool takes_addend, Extend extend);
    // Empty where there is none, or none that takes an addend where one is asked for.
    [[nodiscard]] Extend extend_of(Value value, bool with_addend) const;

    // The op of `value` can take the gradient of ReLU(value) as well: that of `value` is +0 where `value` is not above 0.
    void rectifies_gradient(Value value) { at(value).rectifies = true; }
    // Whether ReLU(value) may hand on its own gradient: nothing else adds to that of `value`.
    [[nodiscard]] bool takes_gradient_of_relu(Value value) const;
    void add_gradient_of_relu(Value value, BufferId gradient);
    [[nodiscard]] bool has_gradient_of_relu(Value value) const { return at(value).gradient_of_relu; }

    // `probability` was made from `logits` by softmax or sigmoid: cross-entropy is then taken from the logits.
    void made_from_logits(Value probability, Value logits, kernels::LossKind kind);
    struct Logits {
        Value value;
        kernels::LossKind kind;
    };
    [[nodiscard]] const Logits* logits_of(Value probability) const;

    // Runs every backward, last op first.
    void backward();
    // The complete gradient of a value after backward(); no_buffer when none arrived.
    [[nodiscard]] BufferId gradient(Value value) const { return at(value).gradient; }

    // Where that gradient may be changed: in place when no other value has the same buffer as its gradient, else elsewhere.
    BufferId own_gradient(Value value);

    // Steps of a layer that belong to the end of a training step, after the optimizer's: statistics that move. Called by
    // updates(), which build_task() calls after the optimizer's steps.
    void on_update(std::function<void(Builder&)> update) { updates_.emplace_back(layer_, std::move(update)); }
    void updates();

    // Marks what is read after the last step and gives the program away, dead steps removed.
    Program finish(std::vector<BufferId> results);

private:
    struct ValueInfo {
        Shape shape;
        BufferId buffer = no_buffer;
        bool needs_gradient = false;
        BufferId gradient = no_buffer;
        bool by_relu = false;
        bool rectified = true;  // the gradient so far
        int uses = 0;           // by ops
        Extend extend{};
        bool takes_addend = false;
        bool rectifies = false;
        bool gradient_of_relu = false;
    };
    struct Op {
        std::string layer;
        Value output;
        Backward backward;
    };

    [[nodiscard]] const ValueInfo& at(Value value) const { return values_[static_cast<std::size_t>(value.id)]; }
    ValueInfo& at(Value value) { return values_[static_cast<std::size_t>(value.id)]; }
    Value add_value(ValueInfo info);
    [[nodiscard]] std::size_t batch_bytes(const Shape& shape) const;

    Mode mode_;
    const kernels::Table* kernels_;
    Program program_;
    std::string layer_;
    Phase phase_ = Phase::forward;
    std::vector<ValueInfo> values_;
    std::vector<int> holders_;  // by BufferId: how many values have it as their gradient
    std::vector<Op> tape_;
    std::vector<std::pair<std::string, std::function<void(Builder&)>>> updates_;
    std::vector<std::pair<int, Logits>> logits_;
};

}  // namespace samebits
