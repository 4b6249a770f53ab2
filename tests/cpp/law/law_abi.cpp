// The kernels of one instruction set behind plain C functions, for tests/python/test_law*.py (ctypes).
// isa: 0 reference, 1 generic, 2 avx2, 3 avx512, 4 neon. Shapes and layouts as in kernels/*.h; null pointers where those allow
// them.
#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <vector>

#include "samebits/base/fp_env.h"
#include "samebits/base/thread_pool.h"
#include "samebits/kernels/registry.h"
#include "samebits/numerics/winograd.h"

namespace {

using namespace samebits;
using namespace samebits::kernels;

enum Status { done = 0, no_kernel = 1, refused = 2 };  // refused: the machine or build lacks the isa, or an exception

class Workspace {
public:
    explicit Workspace(std::size_t bytes) : bytes_(static_cast<std::byte*>(::operator new(bytes + 1, alignment))) {}
    ~Workspace() { ::operator delete(bytes_, alignment); }
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;
    std::byte* get() const { return bytes_; }

private:
    static constexpr std::align_val_t alignment{64};
    std::byte* bytes_;
};

// Calls body(kernel) in the library's floating-point environment, where the table has that kernel.
template <class Kernel, class Body>
int with(int isa, Kernel Table::*entry, Body body) {
    try {
        const FpGuard guard;
        const Table& t = table(static_cast<Isa>(isa));
        if (t.*entry == nullptr) return no_kernel;
        body(t.*entry, t);
        return done;
    } catch (const std::exception&) {
        return refused;
    }
}

// (n, h, w, c, k, r, s, stride_h, stride_w, pad_top, pad_left, p, q, dilation_h, dilation_w)
Conv2D conv_of(const std::int64_t* d) {
    return {d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7], d[8], d[9], d[10], d[11], d[12], d[13], d[14]};
}

// (n, h, w, c, m, r, s, stride_h, stride_w, pad_top, pad_left, p, q, dilation_h, dilation_w)
DepthwiseConv2D depthwise_of(const std::int64_t* d) {
    return {d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7], d[8], d[13], d[14], d[9], d[10], d[11], d[12]};
}

// (n, h, w, c, r, s, stride_h, stride_w, pad_top, pad_left, p, q)
Pool2D pool_of(const std::int64_t* d) { return {d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7], d[8], d[9], d[10], d[11]}; }

// pixels: null for a sum over `terms`, else (samples, P, Q).
numerics::Chunking chunking_of(std::int64_t terms, const std::int64_t* pixels) {
    return pixels == nullptr ? numerics::over_terms(terms) : numerics::over_pixels(pixels[0], pixels[1], pixels[2]);
}

}  // namespace

#define LAW_ABI extern "C" __attribute__((visibility("default"))) int

// From now on, for every instruction set.
LAW_ABI law_threads(int, int threads) {
    set_thread_count(threads);
    return done;
}

// layout: 0 nn, 1 nt, 2 tn. sizes: (m, n, k, lda, ldb, ldc).
LAW_ABI law_gemm(int isa, int layout, const std::int64_t* sizes, const std::int64_t* pixels, const float* a, const float* b,
                 const float* bias, int activation, float* c) {
    const std::int64_t k = sizes[2];
    const Gemm gemm{static_cast<GemmLayout>(layout),
                    sizes[0],
                    sizes[1],
                    k,
                    a,
                    sizes[3],
                    b,
                    sizes[4],
                    c,
                    sizes[5],
                    chunking_of(k, pixels),
                    bias,
                    static_cast<Activation>(activation)};
    return with(isa, &Table::gemm, [&](GemmFunction f, const Table& t) {
        const Workspace workspace(t.gemm_workspace(gemm));
        f(gemm, workspace.get());
    });
}

LAW_ABI law_conv2d_forward(int isa, const std::int64_t* dims, const float* x, const float* w, const float* bias, int activation,
                           float* y) {
    return with(isa, &Table::conv2d_forward, [&](Conv2DForward f, const Table& t) {
        const Conv2D conv = conv_of(dims);
        const Workspace workspace(t.conv2d_workspace(conv, ConvPass::forward));
        f(conv, x, w, bias, static_cast<Activation>(activation), y, workspace.get());
    });
}

LAW_ABI law_conv2d_input_gradient(int isa, const std::int64_t* dims, const float* dy, const float* w, float* dx) {
    return with(isa, &Table::conv2d_input_gradient, [&](Conv2DInputGradient f, const Table& t) {
        const Conv2D conv = conv_of(dims);
        const Workspace workspace(t.conv2d_workspace(conv, ConvPass::input_gradient));
        f(conv, dy, w, dx, workspace.get());
    });
}

LAW_ABI law_conv2d_weight_gradient(int isa, const std::int64_t* dims, const float* x, const float* dy, float* dw) {
    return with(isa, &Table::conv2d_weight_gradient, [&](Conv2DWeightGradient f, const Table& t) {
        const Conv2D conv = conv_of(dims);
        const Workspace workspace(t.conv2d_workspace(conv, ConvPass::weight_gradient));
        f(conv, x, dy, dw, workspace.get());
    });
}

// m: outputs a side of a tile, 2 or 4.
LAW_ABI law_winograd_forward(int isa, int m, const std::int64_t* dims, const float* x, const float* w, const float* bias,
                             int activation, float* y) {
    return with(isa, &Table::winograd_forward, [&](WinogradForward f, const Table& t) {
        const Winograd winograd{conv_of(dims), static_cast<WinogradTile>(m)};
        const Workspace workspace(t.winograd_workspace(winograd, ConvPass::forward));
        f(winograd, x, w, bias, static_cast<Activation>(activation), y, workspace.get());
    });
}

LAW_ABI law_winograd_input_gradient(int isa, int m, const std::int64_t* dims, const float* dy, const float* w, float* dx) {
    return with(isa, &Table::winograd_input_gradient, [&](WinogradInputGradient f, const Table& t) {
        const Winograd winograd{conv_of(dims), static_cast<WinogradTile>(m)};
        const Workspace workspace(t.winograd_workspace(winograd, ConvPass::input_gradient));
        f(winograd, dy, w, dx, workspace.get());
    });
}

LAW_ABI law_winograd_weight_gradient(int isa, int m, const std::int64_t* dims, const float* x, const float* dy, float* dw) {
    return with(isa, &Table::winograd_weight_gradient, [&](WinogradWeightGradient f, const Table& t) {
        const Winograd winograd{conv_of(dims), static_cast<WinogradTile>(m)};
        const Workspace workspace(t.winograd_workspace(winograd, ConvPass::weight_gradient));
        f(winograd, x, dy, dw, workspace.get());
    });
}

// What algorithm="auto" takes: outputs a side of a tile, or 0 for the direct sums.
LAW_ABI law_winograd_outputs(const std::int64_t* dims) {
    const Conv2D v = conv_of(dims);
    return samebits::numerics::winograd_outputs(v.p, v.q, v.c, v.k);
}

LAW_ABI law_max_pool2d_forward(int isa, const std::int64_t* dims, const float* x, float* y, std::uint16_t* winner) {
    return with(isa, &Table::max_pool2d_forward, [&](auto f, const Table&) { f(pool_of(dims), x, y, winner); });
}

LAW_ABI law_max_pool2d_gradient(int isa, const std::int64_t* dims, const float* dy, const std::uint16_t* winner, float* dx) {
    return with(isa, &Table::max_pool2d_gradient, [&](auto f, const Table&) { f(pool_of(dims), dy, winner, dx); });
}

LAW_ABI law_avg_pool2d_forward(int isa, const std::int64_t* dims, const float* x, float* y) {
    return with(isa, &Table::avg_pool2d_forward, [&](auto f, const Table&) { f(pool_of(dims), x, y); });
}

LAW_ABI law_avg_pool2d_gradient(int isa, const std::int64_t* dims, const float* dy, float* dx) {
    return with(isa, &Table::avg_pool2d_gradient, [&](auto f, const Table&) { f(pool_of(dims), dy, dx); });
}

LAW_ABI law_depthwise_conv2d_forward(int isa, const std::int64_t* dims, const float* x, const float* w, const float* bias,
                                     int activation, float* y) {
    return with(isa, &Table::depthwise_conv2d_forward,
                [&](auto f, const Table&) { f(depthwise_of(dims), x, w, bias, static_cast<Activation>(activation), y); });
}

LAW_ABI law_depthwise_conv2d_input_gradient(int isa, const std::int64_t* dims, const float* dy, const float* w, float* dx) {
    return with(isa, &Table::depthwise_conv2d_input_gradient, [&](auto f, const Table&) { f(depthwise_of(dims), dy, w, dx); });
}

LAW_ABI law_depthwise_conv2d_weight_gradient(int isa, const std::int64_t* dims, const float* x, const float* dy, float* dw) {
    return with(isa, &Table::depthwise_conv2d_weight_gradient, [&](auto f, const Table& t) {
        const Workspace workspace(t.depthwise_conv2d_workspace(depthwise_of(dims)));
        f(depthwise_of(dims), x, dy, dw, workspace.get());
    });
}

// dims: (n, h, w, c, p, q); placements: (top, left, flip_rows, flip_cols) of each sample.
LAW_ABI law_place2d(int isa, const std::int64_t* dims, const std::int64_t* placements, const float* x, float* y) {
    return with(isa, &Table::place2d, [&](auto f, const Table&) {
        std::vector<Placement> at;
        for (const std::int64_t* i = placements; i < placements + 4 * dims[0]; i += 4)
            at.push_back({i[0], i[1], i[2] != 0, i[3] != 0});
        f({dims[0], dims[1], dims[2], dims[3], dims[4], dims[5]}, at.data(), x, y);
    });
}

// dims: (n, h, w, c); places: (row, col), parts: (row_part, col_part) of each sample.
LAW_ABI law_translate2d(int isa, const std::int64_t* dims, int fill, float value, int bilinear, const std::int64_t* places,
                        const float* parts, const float* x, float* y) {
    return with(isa, &Table::translate2d, [&](auto f, const Table&) {
        std::vector<Shift> shifts;
        for (std::int64_t i = 0; i < 2 * dims[0]; i += 2) shifts.push_back({places[i], places[i + 1], parts[i], parts[i + 1]});
        f({dims[0], dims[1], dims[2], dims[3], static_cast<Fill>(fill), value, bilinear != 0}, shifts.data(), x, y);
    });
}

LAW_ABI law_activation_forward(int isa, int kind, std::int64_t count, const float* x, float* y) {
    return with(isa, &Table::activation_forward, [&](auto f, const Table&) { f(static_cast<Activation>(kind), count, x, y); });
}

LAW_ABI law_activation_gradient(int isa, int kind, std::int64_t count, const float* y, const float* dy, float* dx) {
    return with(isa, &Table::activation_gradient,
                [&](auto f, const Table&) { f(static_cast<Activation>(kind), count, y, dy, dx); });
}

LAW_ABI law_softmax(int isa, std::int64_t rows, std::int64_t cols, const float* x, float* y) {
    return with(isa, &Table::softmax, [&](auto f, const Table&) { f(rows, cols, x, y); });
}

LAW_ABI law_softmax_gradient(int isa, std::int64_t rows, std::int64_t cols, const float* y, const float* dy, float* dx) {
    return with(isa, &Table::softmax_gradient, [&](auto f, const Table&) { f(rows, cols, y, dy, dx); });
}

// sizes: (samples, P, Q, cols). All that a step computes; running is changed in place.
LAW_ABI law_batch_norm(int isa, const std::int64_t* sizes, float epsilon, float m, float c, const float* x, const float* dy,
                       const float* gamma, const float* beta, float* mean, float* variance, float* y, float* dgamma,
                       float* dbeta, float* dx, float* running_mean, float* running_variance) {
    const BatchNorm norm{
        sizes[0] * sizes[1] * sizes[2], sizes[3], numerics::over_pixels(sizes[0], sizes[1], sizes[2]), epsilon, gamma, beta};
    return with(isa, &Table::batch_norm_statistics, [&](auto statistics, const Table& t) {
        statistics(norm, x, mean, variance);
        t.batch_norm_forward(norm, x, mean, variance, y);
        t.batch_norm_weight_gradient(norm, x, dy, mean, variance, dgamma, dbeta);
        t.batch_norm_input_gradient(norm, x, dy, mean, variance, dgamma, dbeta, dx);
        t.moving_average(norm.cols, m, c, mean, running_mean);
        t.moving_average(norm.cols, m, c, variance, running_variance);
    });
}

LAW_ABI law_layer_norm(int isa, const std::int64_t* sizes, float epsilon, const float* x, const float* dy, const float* gamma,
                       const float* beta, float* mean, float* inv, float* y, float* dgamma, float* dbeta, float* dx) {
    const LayerNorm norm{
        sizes[0] * sizes[1] * sizes[2], sizes[3], numerics::over_pixels(sizes[0], sizes[1], sizes[2]), epsilon, gamma, beta};
    return with(isa, &Table::layer_norm_forward, [&](auto forward, const Table& t) {
        forward(norm, x, mean, inv, y);
        t.layer_norm_weight_gradient(norm, x, dy, mean, inv, dgamma, dbeta);
        t.layer_norm_input_gradient(norm, x, dy, mean, inv, dx);
    });
}

// function: as in Function, from 0. numbers: (slope, threshold, maximum, alpha, scale, offset).
LAW_ABI law_elementwise(int isa, int function, const float* numbers, std::int64_t count, const float* x, const float* dy,
                        float* y, float* dx) {
    const Elementwise e{
        static_cast<Function>(function), numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
    return with(isa, &Table::elementwise_forward, [&](auto forward, const Table& t) {
        forward(e, count, x, y);
        t.elementwise_gradient(e, count, x, dy, dx);
    });
}

// kind: as in LossKind, from 0. options: (smooth_keep, smooth_share, delta).
LAW_ABI law_loss(int isa, int kind, std::int64_t rows, std::int64_t cols, const float* output, const float* target,
                 const std::int32_t* label, float scale, const float* row_weight, const float* row_scale, const float* options,
                 float* loss, float* probability, float* gradient) {
    return with(isa, &Table::loss, [&](auto f, const Table&) {
        f({static_cast<LossKind>(kind), rows, cols, output, target, label, scale, loss, probability, gradient, row_weight,
           row_scale, options[0], options[1], options[2]});
    });
}

LAW_ABI law_dropout(int isa, std::int64_t samples, std::int64_t elements, double rate, std::uint64_t seed, std::uint32_t stream,
                    std::uint32_t step, std::uint32_t first_sample, const float* x, float* y) {
    return with(isa, &Table::dropout, [&](auto f, const Table&) {
        f({samples, elements, rate, seed, stream, step, first_sample}, x, y);
    });
}

LAW_ABI law_sgd(int isa, float learning_rate, float momentum, int nesterov, std::int64_t count, float* w, const float* g,
                float* m) {
    return with(isa, &Table::sgd, [&](auto f, const Table&) { f({learning_rate, momentum, nesterov != 0}, count, w, g, m); });
}

LAW_ABI law_adam(int isa, float alpha, float c1, float c2, float epsilon, std::int64_t count, float* w, const float* g,
                 float* m, float* v) {
    return with(isa, &Table::adam, [&](auto f, const Table&) { f({alpha, c1, c2, epsilon}, count, w, g, m, v); });
}

LAW_ABI law_rms_prop(int isa, float learning_rate, float rho, float c, float momentum, float epsilon, std::int64_t count,
                     float* w, const float* g, float* v, float* m) {
    return with(isa, &Table::rms_prop, [&](auto f, const Table&) {
        f({learning_rate, rho, c, momentum, epsilon}, count, w, g, v, m);
    });
}

LAW_ABI law_weight_decay(int isa, float decay, float learning_rate, std::int64_t count, float* w) {
    return with(isa, &Table::weight_decay, [&](auto f, const Table&) { f(decay, learning_rate, count, w); });
}

LAW_ABI law_scale_gradient(int isa, float factor, std::int64_t count, const float* g, float* y) {
    return with(isa, &Table::scale_gradient, [&](auto f, const Table&) { f(factor, count, g, y); });
}

LAW_ABI law_clip_gradient(int isa, float limit, std::int64_t count, const float* g, float* y) {
    return with(isa, &Table::clip_gradient, [&](auto f, const Table&) { f(limit, count, g, y); });
}

LAW_ABI law_penalty_gradient(int isa, double l1, double l2, std::int64_t count, const float* w, const float* g, float* y) {
    const Penalty penalty{l1 != 0, l2 != 0, static_cast<float>(l1), static_cast<float>(2 * l2)};
    return with(isa, &Table::penalty_gradient, [&](auto f, const Table&) { f(penalty, count, w, g, y); });
}

LAW_ABI law_column_sum(int isa, std::int64_t rows, std::int64_t cols, const std::int64_t* pixels, const float* x, float* y) {
    return with(isa, &Table::column_sum, [&](auto f, const Table&) { f(rows, cols, chunking_of(rows, pixels), x, y); });
}

LAW_ABI law_lane_sum(int isa, std::int64_t count, const float* x, float* y) {
    return with(isa, &Table::lane_sum, [&](auto f, const Table&) { *y = f(count, x); });
}

LAW_ABI law_abs_sum(int isa, std::int64_t count, const float* x, float* y) {
    return with(isa, &Table::abs_sum, [&](auto f, const Table&) { *y = f(count, x); });
}

LAW_ABI law_square_sum(int isa, std::int64_t count, const float* x, float* y) {
    return with(isa, &Table::square_sum, [&](auto f, const Table&) { *y = f(count, x); });
}

LAW_ABI law_add(int isa, std::int64_t count, const float* a, const float* b, float* y) {
    return with(isa, &Table::add, [&](auto f, const Table&) { f(count, a, b, y); });
}

LAW_ABI law_first_non_finite(int isa, std::int64_t count, const float* x, std::int64_t* index) {
    return with(isa, &Table::first_non_finite, [&](auto f, const Table&) { *index = f(count, x); });
}
