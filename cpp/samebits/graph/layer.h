// A layer as a value: made from one of the structs in graph/layers/, cheap to copy, never changed afterwards.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "samebits/base/api.h"
#include "samebits/base/shape.h"

namespace samebits {

class LayerImpl;
class Symbol;

class SAMEBITS_API Layer {
public:
    // From layers::Dense{...}, layers::Conv2D{...}, ... Throws InvalidArgument when an argument breaks a rule.
    template <class Spec>
    requires requires(const Spec& spec) { make_layer(spec); }
    Layer(const Spec& spec) : impl_(make_layer(spec)) {}  // NOLINT: a list of layers reads as a list of structs
    explicit Layer(std::shared_ptr<const LayerImpl> impl) : impl_(std::move(impl)) {}

    // The layer on tensors without values (graph/symbol.h). Throws InvalidArgument when shapes cannot meet.
    Symbol operator()(const Symbol& input) const;
    Symbol operator()(const std::vector<Symbol>& inputs) const;

    [[nodiscard]] const LayerImpl& impl() const { return *impl_; }
    // The class name ("Conv2D") and the name given to it ("" when the model shall choose one).
    [[nodiscard]] std::string type() const;
    [[nodiscard]] std::string name() const;

private:
    std::shared_ptr<const LayerImpl> impl_;
};

}  // namespace samebits
