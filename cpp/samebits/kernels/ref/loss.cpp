#include "samebits/kernels/loss.h"

#include <cmath>

#include "samebits/kernels/ref/softmax_row.h"
#include "samebits/kernels/registry.h"
#include "samebits/numerics/fma.h"

namespace samebits::kernels::ref {
namespace {

constexpr float clip_low = 1e-7F;
constexpr float clip_high = static_cast<float>(1.0 - 1e-7);

float clip(float q) { return q < clip_low ? clip_low : q > clip_high ? clip_high : q; }
bool outside_clip(float q) { return q < clip_low || q > clip_high; }

// One row of a Loss.
struct Row {
    std::int64_t cols;
    const float* output;
    const float* target;  // or null: `label` counts
    std::int64_t label;
    float scale;
    float* probability;
    float* gradient;
    float smooth_keep, smooth_share;
    float delta;

    float y(std::int64_t j) const {
        if (target == nullptr) return j == label ? 1.0F : 0.0F;
        return smooth_share > 0.0F ? target[j] * smooth_keep + smooth_share : target[j];
    }
    bool sparse() const { return target == nullptr; }
};

float softmax_crossentropy(const Row& row) {
    const SoftmaxRow softmax = softmax_row(row.cols, row.output);
    const float log_sum = numerics::log(softmax.sum);
    const auto term = [&](std::int64_t j) { return log_sum - (row.output[j] - softmax.max); };
    const float loss =
        row.sparse() ? term(row.label)
                     : lane_sum(row.cols, [&](std::int64_t j, float acc) { return numerics::fma(row.y(j), term(j), acc); });
    for (std::int64_t j = 0; j < row.cols; ++j) {
        const float p = numerics::exp(row.output[j] - softmax.max) / softmax.sum;
        if (row.probability != nullptr) row.probability[j] = p;
        if (row.gradient != nullptr) row.gradient[j] = (p - row.y(j)) * row.scale;
    }
    return loss;
}

float crossentropy(const Row& row) {
    const float total = lane_sum(row.cols, [&](std::int64_t j, float acc) { return acc + row.output[j]; });
    const auto ratio = [&](std::int64_t j) { return row.output[j] / total; };
    const auto log_q = [&](std::int64_t j) { return numerics::log(clip(ratio(j))); };
    const float loss =
        row.sparse() ? -log_q(row.label)
                     : -lane_sum(row.cols, [&](std::int64_t j, float acc) { return numerics::fma(row.y(j), log_q(j), acc); });
    if (row.gradient == nullptr) return loss;

    const auto u = [&](std::int64_t j) {
        const float r = ratio(j);
        return outside_clip(r) ? 0.0F : -(row.y(j) / clip(r)) * row.scale;
    };
    const float g = lane_sum(row.cols, [&](std::int64_t j, float acc) { return numerics::fma(u(j), ratio(j), acc); });
    for (std::int64_t j = 0; j < row.cols; ++j) row.gradient[j] = (u(j) - g) / total;
    return loss;
}

float sigmoid_crossentropy(const Row& row) {
    const auto columns = static_cast<float>(row.cols);
    const float loss = lane_sum(row.cols, [&](std::int64_t j, float acc) {
        const float x = row.output[j];
        const float linear = (x > 0.0F ? x : 0.0F) - x * row.y(j);
        return acc + (linear + numerics::log1p(numerics::exp(x > 0.0F ? -x : x)));
    });
    const float scale = row.scale / columns;
    for (std::int64_t j = 0; j < row.cols; ++j) {
        const float p = numerics::sigmoid(row.output[j]);
        if (row.probability != nullptr) row.probability[j] = p;
        if (row.gradient != nullptr) row.gradient[j] = (p - row.y(j)) * scale;
    }
    return loss / columns;
}

float binary_crossentropy(const Row& row) {
    const auto columns = static_cast<float>(row.cols);
    const float loss = lane_sum(row.cols, [&](std::int64_t j, float acc) {
        const float q = clip(row.output[j]);
        const float y = row.y(j);
        return acc + -(y * numerics::log(q) + (1.0F - y) * numerics::log1p(-q));
    });
    const float scale = row.scale / columns;
    for (std::int64_t j = 0; j < row.cols && row.gradient != nullptr; ++j) {
        const float o = row.output[j];
        const float q = clip(o);
        row.gradient[j] = outside_clip(o) ? 0.0F : ((q - row.y(j)) / (q * (1.0F - q))) * scale;
    }
    return loss / columns;
}

float mean_squared_error(const Row& row) {
    const auto columns = static_cast<float>(row.cols);
    const auto difference = [&](std::int64_t j) { return row.output[j] - row.y(j); };
    const float loss =
        lane_sum(row.cols, [&](std::int64_t j, float acc) { return numerics::fma(difference(j), difference(j), acc); });
    const float scale = row.scale / columns;
    for (std::int64_t j = 0; j < row.cols && row.gradient != nullptr; ++j) row.gradient[j] = (2.0F * difference(j)) * scale;
    return loss / columns;
}

float mean_absolute_error(const Row& row) {
    const auto columns = static_cast<float>(row.cols);
    const auto difference = [&](std::int64_t j) { return row.output[j] - row.y(j); };
    const float loss = lane_sum(row.cols, [&](std::int64_t j, float acc) { return acc + std::fabs(difference(j)); });
    const float scale = row.scale / columns;
    for (std::int64_t j = 0; j < row.cols && row.gradient != nullptr; ++j) {
        const float d = difference(j);
        row.gradient[j] = d > 0.0F ? scale : d < 0.0F ? -scale : d - d;
    }
    return loss / columns;
}

float huber(const Row& row) {
    const auto columns = static_cast<float>(row.cols);
    const auto difference = [&](std::int64_t j) { return row.output[j] - row.y(j); };
    const float loss = lane_sum(row.cols, [&](std::int64_t j, float acc) {
        const float d = difference(j);
        const float a = std::fabs(d);
        return acc + (a <= row.delta ? 0.5F * (d * d) : row.delta * (a - 0.5F * row.delta));
    });
    const float scale = row.scale / columns;
    for (std::int64_t j = 0; j < row.cols && row.gradient != nullptr; ++j) {
        const float d = difference(j);
        row.gradient[j] = (d > row.delta ? row.delta : d < -row.delta ? -row.delta : d) * scale;
    }
    return loss / columns;
}

float row_loss(LossKind kind, const Row& row) {
    switch (kind) {
        case LossKind::softmax_crossentropy: return softmax_crossentropy(row);
        case LossKind::crossentropy: return crossentropy(row);
        case LossKind::sigmoid_crossentropy: return sigmoid_crossentropy(row);
        case LossKind::binary_crossentropy: return binary_crossentropy(row);
        case LossKind::mean_squared_error: return mean_squared_error(row);
        case LossKind::mean_absolute_error: return mean_absolute_error(row);
        case LossKind::huber: return huber(row);
    }
    return 0.0F;
}

float* row_of(float* matrix, std::int64_t offset) { return matrix == nullptr ? nullptr : matrix + offset; }

void loss(const Loss& loss) {
    for (std::int64_t i = 0; i < loss.rows; ++i) {
        const std::int64_t offset = i * loss.cols;
        const float row = row_loss(loss.kind, {.cols = loss.cols,
                                               .output = loss.output + offset,
                                               .target = loss.target == nullptr ? nullptr : loss.target + offset,
                                               .label = loss.label == nullptr ? -1 : loss.label[i],
                                               .scale = loss.row_scale == nullptr ? loss.scale : loss.row_scale[i],
                                               .probability = row_of(loss.probability, offset),
                                               .gradient = row_of(loss.gradient, offset),
                                               .smooth_keep = loss.smooth_keep,
                                               .smooth_share = loss.smooth_share,
                                               .delta = loss.delta});
        loss.loss[i] = loss.row_weight == nullptr ? row : row * loss.row_weight[i];
    }
}

}  // namespace

void fill_loss(Table& table) { table.loss = loss; }

}  // namespace samebits::kernels::ref
