// Functions of each element as layers: the rectifiers, their smooth relatives, and a fixed scale and offset.
#pragma once

#include <limits>
#include <memory>
#include <string>

#include "samebits/base/api.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

// y = x <= threshold ? negative_slope * (x - threshold) : min(x, max_value).
struct ReLU {
    double max_value = std::numeric_limits<double>::infinity();  // >= 0
    double negative_slope = 0.0;                                 // >= 0
    double threshold = 0.0;                                      // >= 0
    std::string name{};
};

// y = x > 0 ? x : negative_slope * x.
struct LeakyReLU {
    double negative_slope = 0.3;  // >= 0
    std::string name{};
};

// y = x > 0 ? x : alpha * (e^x - 1).
struct ELU {
    double alpha = 1.0;
    std::string name{};
};

// y = x / 2 * (1 + erf(x / sqrt(2))).
struct GELU {
    bool approximate = false;  // true, by tanh: not implemented
    std::string name{};
};

// y = x * sigmoid(x).
struct SiLU {
    std::string name{};
};

// y = x * scale + offset.
struct Rescaling {
    double scale = std::numeric_limits<double>::quiet_NaN();  // must be given
    double offset = 0.0;
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const ReLU& spec);
SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const LeakyReLU& spec);
SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const ELU& spec);
SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const GELU& spec);
SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const SiLU& spec);
SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const Rescaling& spec);

}  // namespace samebits::layers
