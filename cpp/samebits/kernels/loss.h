// Losses of one row each, with the gradient of the mean loss. A row is the last axis of the model's output.
//   mean loss L = (lane sum over rows of loss(row)) / D, D = float(rows in the logical batch); s = 1 / D, of a weighted row
//   s = w / D and loss(row) * w. D is never the sum of the weights.
// Every formula is binary32 as parenthesised; "sum" is the lane sum over the row, C = float(cols), y the target.
// A NaN in a row makes the row's loss NaN.
#pragma once

#include <cstdint>

namespace samebits::kernels {

// clip(q): q < 1e-7f ? 1e-7f : q > 1 - 2^-23 ? 1 - 2^-23 : q; the upper end is 1 - 1e-7 rounded from binary64. A NaN passes.
enum class LossKind : std::uint8_t {
    // Output = logits x; z = x - max, S = sum of exp(z), p = exp(z) / S (softmax.h). Dense: loss = sum of
    // fma(y, log S - z, acc); sparse: log S - z_t. d = (p - y) * s, also where the dense targets of a row do not sum to 1.
    softmax_crossentropy,
    // Output = probabilities o; T = sum of o, r = o / T, q = clip(r). Dense: loss = -(sum of fma(y, log q, acc)); sparse:
    // -log(q_t). u = r < 1e-7f || r > 1 - 2^-23 ? +0 : -(y / q) * s; g = sum of fma(u, r, acc); d = (u - g) / T.
    crossentropy,
    // Output = logits x; loss = (sum of (max(x, 0) - x * y) + log1p(exp(-|x|))) / C with max(x, 0) = x > 0 ? x : +0.
    // d = (sigmoid(x) - y) * (s / C).
    sigmoid_crossentropy,
    // Output = probabilities o; q = clip(o); loss = (sum of -(y * log q + (1 - y) * log1p(-q))) / C.
    // d = o < 1e-7f || o > 1 - 2^-23 ? +0 : ((q - y) / (q * (1 - q))) * (s / C).
    binary_crossentropy,
    // d = o - y; loss = (sum of fma(d, d, acc)) / C; gradient (2 * d) * (s / C).
    mean_squared_error,
    // d = o - y; loss = (sum of |d|) / C; gradient d > 0 ? s / C : d < 0 ? -(s / C) : d - d (+0; NaN where d is).
    mean_absolute_error,
    // d = o - y, a = |d|; loss = (sum of (a <= delta ? 0.5 * (d * d) : delta * (a - 0.5 * delta))) / C.
    // gradient (d > delta ? delta : d < -delta ? -delta : d) * (s / C).
    huber,
};

struct Loss {
    LossKind kind;
    std::int64_t rows, cols;    // cols >= 1
    const float* output;        // (rows, cols): logits or predictions, by kind
    const float* target;        // (rows, cols), or null: sparse
    const std::int32_t* label;  // (rows), 0 <= label < cols: y is one at the label, else zero; or null: dense
    float scale;                // s = 1 / float(rows of the logical batch)
    float* loss;                // (rows)
    float* probability;         // (rows, cols) softmax/sigmoid of the logits, or null when not wanted; other kinds: unused
    float* gradient;            // (rows, cols) d(mean loss)/d(output), or null when not wanted; may be `output`
    // Weighted samples: loss(row) is multiplied by row_weight[row] at the end, and s is row_scale[row]. Both (rows) or null.
    const float* row_weight = nullptr;
    const float* row_scale = nullptr;
    // Cross-entropies with dense targets, where smooth_share > 0: y is target * smooth_keep + smooth_share, unfused.
    float smooth_keep = 1.0F, smooth_share = 0.0F;
    float delta = 1.0F;  // huber: > 0
};

using LossFunction = void (*)(const Loss& loss);

}  // namespace samebits::kernels
