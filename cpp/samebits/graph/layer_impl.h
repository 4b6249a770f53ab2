// What a kind of layer must say of itself. One class per file in graph/layers/.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "samebits/base/shape.h"
#include "samebits/graph/builder.h"
#include "samebits/graph/initializer.h"
#include "samebits/graph/regularizer.h"

namespace samebits {

// Reads or writes the arguments of a layer by name (layer_config.cpp turns them into JSON and back).
class FieldVisitor {
public:
    virtual ~FieldVisitor() = default;
    virtual void field(const char* key, std::int64_t& value) = 0;
    virtual void field(const char* key, double& value) = 0;
    virtual void field(const char* key, std::array<double, 2>& value) = 0;
    virtual void field(const char* key, bool& value) = 0;
    virtual void field(const char* key, std::string& value) = 0;
    virtual void field(const char* key, std::array<std::int64_t, 2>& value) = 0;
    virtual void field(const char* key, std::array<std::array<std::int64_t, 2>, 2>& value) = 0;
    virtual void field(const char* key, Shape& value) = 0;
    virtual void field(const char* key, Initializer& value) = 0;
    virtual void field(const char* key, Regularizer& value) = 0;
};

struct WeightSpec {
    std::string name;  // "kernel": the model puts the layer's name before it
    Shape shape;
    Initializer initializer;
    std::int64_t fan_in;
    std::int64_t fan_out;
    Regularizer regularizer{};
    bool trainable = true;  // false: no gradient; changed by its layer alone (Builder::on_update)
};

// What a layer's output can be, for losses that need probabilities.
enum class OutputRange : std::uint8_t { as_input, any, non_negative, probability };  // after the first from wide to narrow

class LayerImpl {
public:
    virtual ~LayerImpl() = default;

    // "Conv2D": the class name in Python, in recipes and in files.
    [[nodiscard]] virtual std::string_view type() const = 0;
    [[nodiscard]] virtual const std::string& name() const = 0;
    virtual void visit(FieldVisitor& visitor) = 0;
    // The rules its arguments must keep, shapes aside. Throws InvalidArgument.
    virtual void validate() const = 0;
    // Shape of one output sample from those of the inputs. Throws InvalidArgument when they cannot meet.
    [[nodiscard]] virtual Shape output_shape(std::span<const Shape> inputs) const = 0;
    [[nodiscard]] virtual std::vector<WeightSpec> weights(std::span<const Shape> inputs) const;
    [[nodiscard]] virtual OutputRange output_range() const { return OutputRange::as_input; }
    // What its random numbers while training are for: their stream is "purpose:the node's name". "": it draws none.
    [[nodiscard]] virtual std::string_view random_purpose() const { return {}; }
    // Adds the forward steps and, through Builder::op, the backward ones. weights: in the order of weights().
    virtual Value forward(Builder& builder, std::span<const Value> inputs, std::span<const Value> weights) const = 0;
};

// The only input's shape; a clear error when there are several.
const Shape& only_input(std::string_view type, std::span<const Shape> inputs);

// Checked and ready: what every make_layer() ends with.
template <class Impl, class Spec>
std::shared_ptr<const LayerImpl> checked(const Spec& spec) {
    auto impl = std::make_shared<Impl>(spec);
    impl->validate();
    return impl;
}

}  // namespace samebits
