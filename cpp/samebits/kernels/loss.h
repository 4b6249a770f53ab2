// Losses of one row each, with the gradient of the mean loss. A row is the last axis of the model's output.
//   mean loss L = (lane sum over rows of loss(row)) / D, D = float(rows in the logical batch); s = 1 / D.
#pragma once

#include <cstdint>

namespace samebits::kernels {

enum class LossKind : std::uint8_t {
    softmax_crossentropy,  // output = logits z; loss = lane sum of fma(y, log S - z, acc), sparse: log S - z_t; d = (p - y) * s
    crossentropy,  // output = probabilities o; q = clip(o / sum o, 1e-7, 1 - 1e-7); loss = -(lane sum of fma(y, log q, acc))
    sigmoid_crossentropy,  // output = logits x; element (max(x, 0) - x*y) + log1p(exp(-|x|)); d = (sigmoid(x) - y) * s/C
    binary_crossentropy,   // output = probabilities o, clipped; gradient 0 strictly outside the clip
    mean_squared_error,    // element d*d, d = o - y; row = (lane sum of fma(d, d, acc)) / C; gradient (2*d) * (s/C)
};

struct Loss {
    LossKind kind;
    std::int64_t rows, cols;
    const float* output;        // (rows, cols): logits or predictions, by kind
    const float* target;        // (rows, cols), or null: sparse
    const std::int32_t* label;  // (rows), 0 <= label < cols, or null: dense
    float scale;                // s = 1 / float(rows of the logical batch)
    float* loss;                // (rows)
    float* probability;         // (rows, cols) softmax/sigmoid of the logits, or null when not wanted
    float* gradient;            // (rows, cols) d(mean loss)/d(output), or null when not wanted; may be `output`
};

using LossFunction = void (*)(const Loss& loss);

}  // namespace samebits::kernels
