#include "samebits/graph/builder.h"

#include <algorithm>
#include <utility>

#include "samebits/base/check.h"
#include "samebits/base/memory.h"

namespace samebits {
namespace {

std::vector<BufferId> present(std::vector<BufferId> ids) {
    std::erase(ids, no_buffer);
    return ids;
}

}  // namespace

Builder::Builder(Mode mode, std::int64_t batch, const kernels::Table& kernels) : mode_(mode), kernels_(&kernels) {
    program_.batch = batch;
    program_.isa = kernels.isa;
}

void Builder::enter(std::string layer, Phase phase) {
    layer_ = std::move(layer);
    phase_ = phase;
}

std::size_t Builder::batch_bytes(const Shape& shape) const {
    Shape whole{batch()};
    whole.insert(whole.end(), shape.begin(), shape.end());
    return static_cast<std::size_t>(element_count(whole)) * sizeof(float);
}

BufferId Builder::buffer(Role role, std::size_t bytes) {
    require(bytes <= std::size_t{1} << 50, "[memory] no machine holds this; got {} in layer \"{}\" with batch_size={}; {}",
            format_bytes(bytes), layer_, batch(), "use a smaller batch_size or layer");
    program_.buffers.push_back({layer_, role, bytes});
    holders_.push_back(0);
    return static_cast<BufferId>(program_.buffers.size()) - 1;
}

Value Builder::add_value(ValueInfo info) {
    values_.push_back(std::move(info));
    return {static_cast<int>(values_.size()) - 1};
}

Value Builder::activation(Shape shape) {
    const std::size_t bytes = batch_bytes(shape);
    return add_value({std::move(shape), buffer(Role::activation, bytes)});
}

Value Builder::batch_input(Shape shape) {
    const std::size_t bytes = batch_bytes(shape);
    return add_value({std::move(shape), buffer(Role::batch, bytes)});
}

Value Builder::weight(Shape shape, bool trainable) {
    const auto bytes = static_cast<std::size_t>(element_count(shape)) * sizeof(float);
    return add_value({std::move(shape), buffer(Role::weight, bytes), trainable && training()});
}

Value Builder::reshaped(Value value, Shape shape) {
    ensure(element_count(shape) == element_count(at(value).shape), "a reshape must keep the number of elements");
    const Value view = add_value({std::move(shape), buffer_of(value)});
    at(view).by_relu = is_by_relu(value);
    op(view, std::span(&value, 1),
       [=](Builder& b, BufferId gradient) { b.add_gradient(value, gradient, b.is_rectified(view)); });
    return view;
}

Step& Builder::step(std::string op, std::vector<BufferId> reads, std::vector<BufferId> writes,
                    std::function<void(const Frame&)> run) {
    return program_.steps.emplace_back(
        Step{layer_, std::move(op), phase_, present(std::move(reads)), present(std::move(writes)), std::move(run)});
}

void Builder::op(Value output, std::span<const Value> inputs, Backward backward) {
    if (!training()) return;
    for (const Value input : inputs) ++at(input).uses;
    const bool needed = std::any_of(inputs.begin(), inputs.end(), [&](Value v) { return needs_gradient(v); });
    if (!needed) return;
    at(output).needs_gradient = true;
    tape_.push_back({layer_, output, std::move(backward)});
}

void Builder::add_gradient(Value value, BufferId gradient, bool rectified) {
    if (!needs_gradient(value)) return;
    at(value).rectified &= rectified;
    BufferId& have = at(value).gradient;
    if (have == no_buffer) {
        have = gradient;
        ++holders_[static_cast<std::size_t>(gradient)];
        return;
    }
    // Fan-out: left fold in the order of arrival, which is descending execution order.
    const BufferId before = have;
    --holders_[static_cast<std::size_t>(before)];
    // In place, but not where the term is that very buffer: other inputs of the same op may be given it too.
    have = before == gradient ? buffer(Role::gradient, bytes_of(before)) : exclusive(before);
    ++holders_[static_cast<std::size_t>(have)];
    const auto count = static_cast<std::int64_t>(bytes_of(before) / sizeof(float));
    const bool per_sample = program_.buffers[static_cast<std::size_t>(buffer_of(value))].role != Role::weight;
    const BufferId rectifier = is_by_relu(value) && !is_rectified(value) ? buffer_of(value) : no_buffer;
    step("add", {before, gradient, rectifier}, {have}, [=, full = batch(), sum = have](const Frame& f) {
        const std::int64_t elements = per_sample ? count / full * f.batch : count;
        if (rectifier == no_buffer) return f.kernels->add(elements, f.data(before), f.data(gradient), f.data(sum));
        f.kernels->add_rectified(elements, f.data(rectifier), f.data(before), f.data(gradient), f.data(sum));
    });
    at(value).rectified |= rectifier != no_buffer;
}

void Builder::made_by_extendable(Value value, bool takes_addend, Extend extend) {
    at(value).extend = std::move(extend);
    at(value).takes_addend = takes_addend;
}

Builder::Extend Builder::extend_of(Value value, bool with_addend) const {
    return !with_addend || at(value).takes_addend ? at(value).extend : Extend();
}

bool Builder::takes_gradient_of_relu(Value value) const {
    const ValueInfo& info = at(value);
    return info.rectifies && info.uses == 1 && info.gradient == no_buffer;
}

void Builder::add_gradient_of_relu(Value value, BufferId gradient) {
    ensure(takes_gradient_of_relu(value), "the gradient of a ReLU was handed to what cannot take it");
    add_gradient(value, gradient);
    at(value).gradient_of_relu = true;
}

BufferId Builder::exclusive(BufferId gradient) {
    if (holders_[static_cast<std::size_t>(gradient)] == 0) return gradient;
    return buffer(program_.buffers[static_cast<std::size_t>(gradient)].role, bytes_of(gradient));
}

BufferId Builder::own_gradient(Value value) {
    const BufferId gradient = at(value).gradient;
    if (holders_[static_cast<std::size_t>(gradient)] == 1) return gradient;
    return buffer(program_.buffers[static_cast<std::size_t>(gradient)].role, bytes_of(gradient));
}

void Builder::made_from_logits(Value probability, Value logits, kernels::LossKind kind) {
    logits_.push_back({probability.id, {logits, kind}});
}

const Builder::Logits* Builder::logits_of(Value probability) const {
    const auto it =
        std::find_if(logits_.begin(), logits_.end(), [&](const auto& entry) { return entry.first == probability.id; });
    return it == logits_.end() ? nullptr : &it->second;
}

void Builder::backward() {
    for (auto op = tape_.rbegin(); op != tape_.rend(); ++op) {
        const BufferId gradient = at(op->output).gradient;
        if (gradient == no_buffer) continue;
        enter(op->layer, Phase::backward);
        --holders_[static_cast<std::size_t>(gradient)];  // complete: this op is its only reader
        op->backward(*this, gradient);
    }
}

void Builder::updates() {
    for (const auto& [layer, update] : updates_) {
        enter(layer, Phase::update);
        update(*this);
    }
}

Program Builder::finish(std::vector<BufferId> results) {
    program_.results = present(std::move(results));
    remove_dead_steps(program_);
    return std::move(program_);
}

}  // namespace samebits
