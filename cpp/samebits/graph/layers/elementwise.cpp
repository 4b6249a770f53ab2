#include "samebits/graph/layers/elementwise.h"

#include <cmath>

#include "samebits/base/check.h"
#include "samebits/graph/activations.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"

namespace samebits::layers {
namespace {

using kernels::Elementwise;
using kernels::Function;

float rounded(double x) { return static_cast<float>(x); }

// What tells one of these layers from another: arguments, rules, function.
struct Rectifier {
    static constexpr std::string_view type = "ReLU";
    static void visit(FieldVisitor& v, ReLU& s) {
        v.field("max_value", s.max_value);
        v.field("negative_slope", s.negative_slope);
        v.field("threshold", s.threshold);
    }
    static void validate(const ReLU& s) {
        require(s.max_value >= 0, "[ReLU] max_value must be at least 0; got max_value={}; give a number from 0 on",
                s.max_value);
        require(s.negative_slope >= 0 && std::isfinite(s.negative_slope),
                "[ReLU] negative_slope must be at least 0; got negative_slope={}; give a number from 0 on", s.negative_slope);
        require(s.threshold >= 0 && std::isfinite(s.threshold),
                "[ReLU] threshold must be at least 0; got threshold={}; give a number from 0 on", s.threshold);
    }
    static Elementwise function(const ReLU& s) {
        return {.function = Function::rectified,
                .slope = rounded(s.negative_slope),
                .threshold = rounded(s.threshold),
                .maximum = rounded(s.max_value)};
    }
    static OutputRange range(const ReLU& s) { return s.negative_slope == 0 ? OutputRange::non_negative : OutputRange::any; }
};

struct Leaky {
    static constexpr std::string_view type = "LeakyReLU";
    static void visit(FieldVisitor& v, LeakyReLU& s) { v.field("negative_slope", s.negative_slope); }
    static void validate(const LeakyReLU& s) {
        require(s.negative_slope >= 0 && std::isfinite(s.negative_slope),
                "[LeakyReLU] negative_slope must be at least 0; got negative_slope={}; give a number from 0 on",
                s.negative_slope);
    }
    static Elementwise function(const LeakyReLU& s) {
        return {.function = Function::rectified,
                .slope = rounded(s.negative_slope),
                .maximum = std::numeric_limits<float>::infinity()};
    }
    static OutputRange range(const LeakyReLU&) { return OutputRange::any; }
};

struct ExponentialUnit {
    static constexpr std::string_view type = "ELU";
    static void visit(FieldVisitor& v, ELU& s) { v.field("alpha", s.alpha); }
    static void validate(const ELU& s) {
        require(std::isfinite(s.alpha), "[ELU] alpha must be finite; got alpha={}; give a finite number", s.alpha);
    }
    static Elementwise function(const ELU& s) { return {.function = Function::elu, .alpha = rounded(s.alpha)}; }
    static OutputRange range(const ELU&) { return OutputRange::any; }
};

struct GaussianUnit {
    static constexpr std::string_view type = "GELU";
    static void visit(FieldVisitor& v, GELU& s) { v.field("approximate", s.approximate); }
    static void validate(const GELU& s) {
        require<NotImplemented>(!s.approximate,
                                "[GELU] the approximation by tanh is not implemented yet; got approximate=true; "
                                "leave it out");
    }
    static Elementwise function(const GELU&) { return {.function = Function::gelu}; }
    static OutputRange range(const GELU&) { return OutputRange::any; }
};

struct SigmoidUnit {
    static constexpr std::string_view type = "SiLU";
    static void visit(FieldVisitor&, SiLU&) {}
    static void validate(const SiLU&) {}
    static Elementwise function(const SiLU&) { return {.function = Function::silu}; }
    static OutputRange range(const SiLU&) { return OutputRange::any; }
};

struct Affine {
    static constexpr std::string_view type = "Rescaling";
    static void visit(FieldVisitor& v, Rescaling& s) {
        v.field("scale", s.scale);
        v.field("offset", s.offset);
    }
    static void validate(const Rescaling& s) {
        require(std::isfinite(s.scale), "[Rescaling] scale must be given and finite; got scale={}; give a finite number",
                s.scale);
        require(std::isfinite(s.offset), "[Rescaling] offset must be finite; got offset={}; give a finite number", s.offset);
    }
    static Elementwise function(const Rescaling& s) {
        return {.function = Function::affine, .scale = rounded(s.scale), .offset = rounded(s.offset)};
    }
    static OutputRange range(const Rescaling&) { return OutputRange::any; }
};

template <class Spec, class Kind>
class ElementwiseLayer final : public LayerImpl {
public:
    explicit ElementwiseLayer(Spec spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return Kind::type; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }
    void visit(FieldVisitor& v) override {
        Kind::visit(v, spec_);
        v.field("name", spec_.name);
    }
    void validate() const override { Kind::validate(spec_); }
    [[nodiscard]] OutputRange output_range() const override { return Kind::range(spec_); }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override { return only_input(Kind::type, inputs); }
    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const override {
        return apply_function(b, Kind::function(spec_), inputs[0]);
    }

private:
    Spec spec_;
};

using ReLULayer = ElementwiseLayer<ReLU, Rectifier>;
using LeakyReLULayer = ElementwiseLayer<LeakyReLU, Leaky>;
using ELULayer = ElementwiseLayer<ELU, ExponentialUnit>;
using GELULayer = ElementwiseLayer<GELU, GaussianUnit>;
using SiLULayer = ElementwiseLayer<SiLU, SigmoidUnit>;
using RescalingLayer = ElementwiseLayer<Rescaling, Affine>;

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const ReLU& spec) { return checked<ReLULayer>(spec); }
std::shared_ptr<const LayerImpl> make_layer(const LeakyReLU& spec) { return checked<LeakyReLULayer>(spec); }
std::shared_ptr<const LayerImpl> make_layer(const ELU& spec) { return checked<ELULayer>(spec); }
std::shared_ptr<const LayerImpl> make_layer(const GELU& spec) { return checked<GELULayer>(spec); }
std::shared_ptr<const LayerImpl> make_layer(const SiLU& spec) { return checked<SiLULayer>(spec); }
std::shared_ptr<const LayerImpl> make_layer(const Rescaling& spec) { return checked<RescalingLayer>(spec); }
std::shared_ptr<LayerImpl> new_relu() { return std::make_shared<ReLULayer>(); }
std::shared_ptr<LayerImpl> new_leaky_relu() { return std::make_shared<LeakyReLULayer>(); }
std::shared_ptr<LayerImpl> new_elu() { return std::make_shared<ELULayer>(); }
std::shared_ptr<LayerImpl> new_gelu() { return std::make_shared<GELULayer>(); }
std::shared_ptr<LayerImpl> new_silu() { return std::make_shared<SiLULayer>(); }
std::shared_ptr<LayerImpl> new_rescaling() { return std::make_shared<RescalingLayer>(); }

}  // namespace samebits::layers
