#include <cmath>
#include <cstdio>

#include "support/guarded.h"
#include "support/kernels.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;

namespace {

// 3x3 windows, zeros on each side of both axes.
Conv2D layer(std::int64_t n, std::int64_t h, std::int64_t w, std::int64_t c, std::int64_t k, std::int64_t pad) {
    return {n, h, w, c, k, 3, 3, 1, 1, pad, pad, h + 2 * pad - 2, w + 2 * pad - 2};
}

std::string text(const Winograd& winograd) {
    const Conv2D& v = winograd.conv;
    char line[160];
    std::snprintf(line, sizeof line, "F(%d), x (%d, %d, %d, %d), filters %d, padding %d %d", static_cast<int>(winograd.tile),
                  static_cast<int>(v.n), static_cast<int>(v.h), static_cast<int>(v.w), static_cast<int>(v.c),
                  static_cast<int>(v.k), static_cast<int>(v.pad_top), static_cast<int>(v.pad_left));
    return line;
}

struct Data {
    Floats x, w, bias, dy;

    explicit Data(const Conv2D& v) {
        Numbers numbers(static_cast<std::uint64_t>(v.h * 100 + v.c));
        x = numbers.vector(v.n * v.h * v.w * v.c, -1, 1);
        w = numbers.vector(9 * v.c * v.k, -1, 1);
        bias = numbers.vector(v.k, -1, 1);
        dy = numbers.vector(v.n * v.p * v.q * v.k, -1, 1);
        for (std::size_t i = 0; i < x.size(); i += 7) x[i] = i % 2 == 0 ? 0.0F : -0x1p-140F;
    }
};

Floats forward(const Table& table, const Winograd& winograd, const Data& data, Activation activation, bool bias) {
    const Conv2D& v = winograd.conv;
    Guarded<std::byte> workspace(static_cast<std::int64_t>(table.winograd_workspace(winograd, ConvPass::forward)));
    Guarded<float> y(v.n * v.p * v.q * v.k);
    table.winograd_forward(winograd, data.x.data(), data.w.data(), bias ? data.bias.data() : nullptr, activation, y.data(),
                           workspace.data());
    CHECK(workspace.intact());
    CHECK(y.intact());
    return {y.values().begin(), y.values().end()};
}

Floats input_gradient(const Table& table, const Winograd& winograd, const Data& data) {
    const Conv2D& v = winograd.conv;
    Guarded<std::byte> workspace(static_cast<std::int64_t>(table.winograd_workspace(winograd, ConvPass::input_gradient)));
    Guarded<float> dx(v.n * v.h * v.w * v.c);
    table.winograd_input_gradient(winograd, data.dy.data(), data.w.data(), dx.data(), workspace.data());
    CHECK(workspace.intact());
    CHECK(dx.intact());
    return {dx.values().begin(), dx.values().end()};
}

Floats weight_gradient(const Table& table, const Winograd& winograd, const Data& data) {
    const Conv2D& v = winograd.conv;
    Guarded<std::byte> workspace(static_cast<std::int64_t>(table.winograd_workspace(winograd, ConvPass::weight_gradient)));
    Guarded<float> dw(9 * v.c * v.k);
    table.winograd_weight_gradient(winograd, data.x.data(), data.dy.data(), dw.data(), workspace.data());
    CHECK(workspace.intact());
    CHECK(dw.intact());
    return {dw.values().begin(), dw.values().end()};
}

constexpr WinogradTile tiles[] = {WinogradTile::f2, WinogradTile::f4};

void check_against_reference(const Conv2D& v, Activation activation = Activation::linear, bool bias = true) {
    const Data data(v);
    for (const WinogradTile tile : tiles) {
        const Winograd winograd{v, tile};
        const Floats y = forward(reference(), winograd, data, activation, bias);
        const Floats dx = input_gradient(reference(), winograd, data);
        const Floats dw = weight_gradient(reference(), winograd, data);
        for_every_table([&](const Table& table, const std::string& name) {
            INFO(text(winograd) << ", " << name);
            CHECK(first_difference(forward(table, winograd, data, activation, bias), y) == "");
            CHECK(first_difference(input_gradient(table, winograd, data), dx) == "");
            CHECK(first_difference(weight_gradient(table, winograd, data), dw) == "");
        });
    }
}

}  // namespace

TEST_CASE("winograd reference is the convolution, within its rounding errors") {
    for (const Conv2D& v : {layer(2, 9, 7, 5, 4, 1), layer(1, 6, 6, 20, 3, 0), layer(1, 1, 1, 2, 2, 1)}) {
        const Data data(v);
        Floats y(data.dy.size());
        Floats dx(data.x.size());
        Floats dw(data.w.size());
        reference().conv2d_forward(v, data.x.data(), data.w.data(), data.bias.data(), Activation::linear, y.data(), nullptr);
        reference().conv2d_input_gradient(v, data.dy.data(), data.w.data(), dx.data(), nullptr);
        reference().conv2d_weight_gradient(v, data.x.data(), data.dy.data(), dw.data(), nullptr);
        for (const WinogradTile tile : tiles) {
            const Winograd winograd{v, tile};
            INFO(text(winograd));
            const auto furthest = [](const Floats& a, const Floats& b) {
                float most = 0;
                for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
                return most;
            };
            const auto terms = static_cast<float>(9 * std::max(v.c, v.k));
            CHECK(furthest(forward(reference(), winograd, data, Activation::linear, true), y) < terms * 0x1p-22F);
            CHECK(furthest(input_gradient(reference(), winograd, data), dx) < terms * 0x1p-22F);
            const auto pixels = static_cast<float>(v.n * v.p * v.q + 64);  // 64: the transforms of a single tile
            CHECK(furthest(weight_gradient(reference(), winograd, data), dw) < pixels * 0x1p-22F);
        }
    }
}

TEST_CASE("winograd: every instruction set and thread count gives the reference's bits") {
    // Channels around vectors and panels; maps of whole tiles, past their end, of less than one tile; many blocks.
    for (const Conv2D& v :
         {layer(1, 6, 6, 16, 16, 0), layer(2, 8, 8, 32, 64, 1), layer(3, 7, 9, 17, 33, 1), layer(2, 5, 6, 1, 1, 1),
          layer(1, 3, 3, 31, 15, 0), layer(1, 1, 1, 16, 48, 1), layer(1, 2, 3, 8, 20, 2), layer(40, 13, 13, 3, 5, 0),
          layer(1, 30, 31, 20, 20, 1), layer(5, 12, 12, 48, 70, 1), layer(0, 6, 6, 16, 16, 1)})
        check_against_reference(v);
}

TEST_CASE("winograd: last tiles of which only the first row or the first column lies on the map") {
    // Of the input gradient: for F(4) where a side is 1 more than a multiple of 4, for F(2) where it is odd.
    for (const Conv2D& v : {layer(3, 13, 12, 20, 9, 0), layer(3, 12, 17, 9, 20, 0), layer(33, 5, 5, 3, 40, 0),
                            layer(1, 5, 9, 2, 513, 0), layer(2, 9, 3, 48, 17, 0)})
        check_against_reference(v);
}

TEST_CASE("winograd: chunks and segments of channels, more columns than a block") {
    check_against_reference(layer(1, 4, 4, 512, 3, 1));
    check_against_reference(layer(1, 3, 3, 513, 2, 0));
    check_against_reference(layer(1, 3, 3, 4097, 1, 0));
    check_against_reference(layer(1, 4, 4, 4, 300, 1));
    check_against_reference(layer(1, 5, 4, 514, 70, 1));  // the columns in parts
}

TEST_CASE("winograd: tiles around chunks and segments, the weight gradient's sum") {
    check_against_reference(layer(129, 4, 4, 3, 2, 1));    // F(4): one tile a sample, 128 samples to a chunk
    check_against_reference(layer(40, 8, 8, 17, 5, 1));    // 4 or 16 tiles a sample
    check_against_reference(layer(2, 50, 46, 2, 3, 1));    // more than 128 tiles a sample: rows of them
    check_against_reference(layer(3, 60, 62, 1, 2, 0));    // three segments
    check_against_reference(layer(1, 1, 530, 2, 2, 1));    // a row of more than 128 tiles
    check_against_reference(layer(8, 12, 12, 70, 33, 1));  // several blocks of channels
}

TEST_CASE("winograd: bias and activations") {
    for (const Activation activation : {Activation::linear, Activation::relu, Activation::tanh, Activation::sigmoid})
        for (const bool bias : {false, true}) check_against_reference(layer(1, 7, 5, 6, bias ? 18 : 100, 1), activation, bias);
}

TEST_CASE("winograd: a smaller batch never needs a larger workspace") {
    for (const Isa isa : available_isas()) {
        const Table& t = table(isa);
        for (const WinogradTile tile : tiles)
            for (const ConvPass pass : {ConvPass::forward, ConvPass::input_gradient, ConvPass::weight_gradient}) {
                std::size_t before = 0;
                for (std::int64_t n = 1; n < 200; ++n) {
                    const std::size_t bytes = t.winograd_workspace({layer(n, 9, 10, 24, 40, 1), tile}, pass);
                    INFO(name_of(isa) << ", n " << n);
                    CHECK(bytes >= before);
                    before = bytes;
                }
            }
    }
}
