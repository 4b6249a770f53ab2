// What the programs that run convolutions share: a case's shape, and its three passes by the direct sums or by Winograd's
// tiles.
#pragma once

#include "bench.h"
#include "samebits/kernels/registry.h"

namespace samebits::benchmarks {

using kernels::Conv2D;
using kernels::ConvPass;

inline const std::vector<std::string>& pass_names() {
    static const std::vector<std::string> names{"forward", "input_gradient", "weight_gradient"};
    return names;
}

// "N,SIZE,C,K,WINDOW,STRIDE,PADDING" of square maps, padding on each side.
inline Conv2D parse(Fields& fields) {
    Conv2D v{};
    v.n = fields.number();
    v.h = v.w = fields.number();
    v.c = fields.number();
    v.k = fields.number();
    v.r = v.s = fields.number();
    v.stride_h = v.stride_w = fields.number();
    v.pad_top = v.pad_left = fields.number();
    v.p = v.q = (v.h + 2 * v.pad_top - v.r) / v.stride_h + 1;
    return v;
}

// What one pass reads and writes.
struct Operands {
    float *x, *w, *y;
    const float* bias;
    std::byte* workspace;
};

inline std::function<void()> direct(const Conv2D& v, ConvPass pass, const Operands& o) {
    const kernels::Table& table = kernels::current();
    if (pass == ConvPass::forward)
        return [=, &table] { table.conv2d_forward(v, o.x, o.w, o.bias, kernels::Activation::linear, o.y, o.workspace); };
    if (pass == ConvPass::input_gradient) return [=, &table] { table.conv2d_input_gradient(v, o.y, o.w, o.x, o.workspace); };
    return [=, &table] { table.conv2d_weight_gradient(v, o.x, o.y, o.w, o.workspace); };
}

inline std::function<void()> tiled(const kernels::Winograd& v, ConvPass pass, const Operands& o) {
    const kernels::Table& table = kernels::current();
    if (pass == ConvPass::forward)
        return [=, &table] { table.winograd_forward(v, o.x, o.w, o.bias, kernels::Activation::linear, o.y, o.workspace); };
    if (pass == ConvPass::input_gradient) return [=, &table] { table.winograd_input_gradient(v, o.y, o.w, o.x, o.workspace); };
    return [=, &table] { table.winograd_weight_gradient(v, o.x, o.y, o.w, o.workspace); };
}

// `outputs` a side of Winograd's tiles; 0: the direct sums.
inline std::size_t workspace(const Conv2D& v, ConvPass pass, int outputs) {
    const kernels::Table& table = kernels::current();
    if (outputs == 0) return table.conv2d_workspace(v, pass);
    return table.winograd_workspace({v, static_cast<kernels::WinogradTile>(outputs)}, pass);
}
inline std::function<void()> convolution(const Conv2D& v, ConvPass pass, int outputs, const Operands& o) {
    return outputs == 0 ? direct(v, pass, o) : tiled({v, static_cast<kernels::WinogradTile>(outputs)}, pass, o);
}

}  // namespace samebits::benchmarks
