// Moving images: place2d (crop, pad, mirror) and translate2d.
#include "support/guarded.h"
#include "support/kernels.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;

namespace {

template <class Kernel, class Shape, class PerSample>
Floats run(Kernel kernel, const Shape& v, std::int64_t pixels, const std::vector<PerSample>& per_sample, const Floats& x) {
    Guarded<float> y(v.n * pixels * v.c);
    kernel(v, per_sample.data(), x.data(), y.data());
    CHECK(y.intact());
    return {y.values().begin(), y.values().end()};
}

Floats place(const Table& table, const Place2D& v, const std::vector<Placement>& placements, const Floats& x) {
    return run(table.place2d, v, v.p * v.q, placements, x);
}

Floats translate(const Table& table, const Translate2D& v, const std::vector<Shift>& shifts, const Floats& x) {
    return run(table.translate2d, v, v.h * v.w, shifts, x);
}

}  // namespace

TEST_CASE("place2d: a crop, a frame of zeros, a mirror") {
    const Floats x{1, 2, 3, 4, 5, 6};  // 2 rows, 3 columns
    const auto placed = [&](std::int64_t p, std::int64_t q, Placement at) {
        return place(reference(), {1, 2, 3, 1, p, q}, {at}, x);
    };
    CHECK(placed(1, 2, {1, 1, false, false}) == Floats{5, 6});
    CHECK(placed(4, 4, {-1, -1, false, false}) == Floats{0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 0, 0, 0});
    CHECK(placed(2, 3, {0, 0, false, true}) == Floats{3, 2, 1, 6, 5, 4});
    CHECK(placed(2, 3, {0, 0, true, false}) == Floats{4, 5, 6, 1, 2, 3});
    CHECK(placed(2, 2, {0, 1, true, true}) == Floats{6, 5, 3, 2});
    CHECK(placed(1, 3, {5, 0, false, false}) == Floats{0, 0, 0});
}

TEST_CASE("place2d: every instruction set and number of threads equals the reference") {
    for (const std::int64_t c : {1, 3, 16, 17})
        for (const Place2D& v :
             {Place2D{4, 6, 7, c, 6, 7}, {4, 6, 7, c, 3, 5}, {4, 6, 7, c, 9, 12}, {0, 6, 7, c, 2, 2}, {4, 40, 90, c, 38, 88}}) {
            const Floats x = Numbers(1).edgy_vector(v.n * v.h * v.w * v.c);
            for (const bool rows : {false, true})
                for (const bool cols : {false, true}) {
                    const std::vector<Placement> at{
                        {0, 0, rows, cols}, {-2, 1, cols, rows}, {3, -20, rows, cols}, {-1, 90, rows, cols}};
                    const Floats want = place(reference(), v, at, x);
                    for_every_table([&](const Table& table, const std::string& name) {
                        INFO("channels " << c << ", " << name);
                        CHECK(first_difference(place(table, v, at, x), want) == "");
                    });
                }
        }
}

TEST_CASE("translate2d: what stands outside the image, and the mixture of four pixels") {
    const Floats x{1, 2, 3};
    const auto moved = [&](Fill fill, std::int64_t col) {
        return translate(reference(), {1, 1, 3, 1, fill, 9.0F, false}, {{0, col, 0, 0}}, x);
    };
    CHECK(moved(Fill::constant, -2) == Floats{9, 9, 1});
    CHECK(moved(Fill::nearest, -2) == Floats{1, 1, 1});
    CHECK(moved(Fill::reflect, -2) == Floats{2, 1, 1});
    CHECK(moved(Fill::wrap, -2) == Floats{2, 3, 1});
    CHECK(moved(Fill::reflect, 2) == Floats{3, 3, 2});
    CHECK(moved(Fill::reflect, 7) == Floats{2, 3, 3});  // ... 3 2 1 | 1 2 3 | 3 2 1 | 1 2 3 | 3
    CHECK(moved(Fill::wrap, 2) == Floats{3, 1, 2});
    const Floats square{1, 2, 3, 5};
    CHECK(translate(reference(), {1, 2, 2, 1, Fill::constant, 0.0F, true}, {{0, 0, 0.5F, 0.25F}}, square) ==
          Floats{2.375F, 2.625F, 1.75F, 1.875F});
}

TEST_CASE("translate2d: every instruction set and number of threads equals the reference") {
    for (const std::int64_t c : {1, 3, 17})
        for (const Fill fill : {Fill::constant, Fill::nearest, Fill::reflect, Fill::wrap})
            for (const bool bilinear : {false, true}) {
                const Translate2D v{5, 9, 40, c, fill, -0.5F, bilinear};
                const std::vector<Shift> shifts{{0, 0, 0.0F, 0.0F},
                                                {-2, 3, 0.25F, 0.7F},
                                                {4, -11, 1.0F, 0.1F},
                                                {-10, 40, 0.3F, 0.9F},
                                                {9, -41, 0.6F, 0.5F}};
                for (const Floats& x :
                     {Numbers(2).vector(v.n * v.h * v.w * c, -1.0F, 1.0F), Numbers(3).edgy_vector(v.n * v.h * v.w * c)}) {
                    const Floats want = translate(reference(), v, shifts, x);
                    for_every_table([&](const Table& table, const std::string& name) {
                        INFO("channels " << c << ", fill " << static_cast<int>(fill) << ", " << name);
                        CHECK(first_difference_of_numbers(translate(table, v, shifts, x), want) == "");
                    });
                }
            }
}
