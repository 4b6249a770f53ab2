// predict_on_batch() into memory of the caller: the bits of predict(), and no allocation after the first call.
#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

#include "samebits/base/thread_pool.h"
#include "samebits/samebits.h"
#include "support/catch.h"

using namespace samebits;

namespace {

std::atomic<long> allocations{0};

}  // namespace

// Every allocation of this program by new; the library has no malloc of its own but for buffers, which memory_stats() shows.
// All forms that a delete below may be given memory of are here: AddressSanitizer replaces each form by itself.
void* operator new(std::size_t bytes, const std::nothrow_t& /*form*/) noexcept {
    ++allocations;
    return std::malloc(bytes == 0 ? 1 : bytes);
}
void* operator new(std::size_t bytes) {
    if (void* memory = operator new(bytes, std::nothrow)) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    ++allocations;
    const auto to = static_cast<std::size_t>(alignment);
    if (void* memory = std::aligned_alloc(to, (bytes + to - 1) / to * to)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*bytes*/, std::align_val_t /*alignment*/) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*bytes*/) noexcept { std::free(memory); }

namespace {

Sequential every_kind() {
    return Sequential({layers::Conv2D{.filters = 8, .kernel_size = {3, 3}, .padding = "same", .activation = "relu"},
                       layers::BatchNormalization{}, layers::MaxPooling2D{},
                       layers::SeparableConv2D{.filters = 6, .kernel_size = {3, 3}, .activation = "silu"},
                       layers::LayerNormalization{}, layers::RandomFlip{}, layers::Dropout{.rate = 0.5}, layers::Flatten{},
                       layers::Dense{.units = 64, .activation = "gelu"}, layers::Dense{.units = 10, .activation = "softmax"}},
                      {.seed = 3});
}

std::vector<float> numbers(std::size_t count) {
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>((i * 37) % 101) / 101;
    return values;
}

}  // namespace

TEST_CASE("predict_on_batch: into the caller's memory, the bits of predict()") {
    Sequential model = every_kind();
    const std::vector<float> x = numbers(5 * 8 * 8 * 3);
    const ArrayView view(x.data(), DType::float32, {5, 8, 8, 3});
    const Tensor want = model.predict(view);
    std::vector<float> out(50, -1.0F);
    model.predict_on_batch(view, out);
    CHECK(std::equal(out.begin(), out.end(), want.data()));
    // Batches of any size, whatever was there before: each row is its own.
    for (const std::int64_t count : {1, 3, 5, 2}) {
        std::vector<float> some(static_cast<std::size_t>(10 * count), -1.0F);
        model.predict_on_batch({x.data() + (5 - count) * 192, DType::float32, {count, 8, 8, 3}}, some);
        CHECK(std::equal(some.begin(), some.end(), want.data() + (5 - count) * 10));
    }
}

TEST_CASE("predict_on_batch: nothing is allocated after the first call") {
    const int threads_before = thread_count();
    for (const int threads : {1, 3}) {
        set_thread_count(threads);
        Sequential model = every_kind();
        std::vector<float> x = numbers(4 * 8 * 8 * 3), out(40);
        const ArrayView all(x.data(), DType::float32, {4, 8, 8, 3}), one(x.data(), DType::float32, {1, 8, 8, 3});
        const std::span<float> first(out.data(), 10);
        model.build({8, 8, 3});
        model.predict_on_batch(all, out);
        reset_memory_peak();
        const MemoryStats before = memory_stats();
        const long made = allocations;
        for (int i = 0; i < 100; ++i) {
            x[0] = static_cast<float>(i);
            model.predict_on_batch(one, first);
            model.predict_on_batch(all, out);
        }
        CHECK(allocations == made);
        CHECK(memory_stats().peak == before.used);
    }
    set_thread_count(threads_before);
    const long made = allocations;
    const std::vector<int> seen(3);
    CHECK(allocations == made + 1);  // they are counted
}

TEST_CASE("predict_on_batch: refused") {
    std::vector<float> x = numbers(192), out(10);
    const ArrayView view(x.data(), DType::float32, {1, 8, 8, 3});
    Sequential shapeless = every_kind();
    CHECK_THROWS_WITH(shapeless.predict_on_batch(view, out),
                      "[predict_on_batch] the model has no shapes yet; got no input shape; give the first layer one or call "
                      "build()");
    Sequential model = every_kind();
    model.build({8, 8, 3});
    CHECK_THROWS_WITH(model.predict_on_batch(view, std::span(out).first(9)),
                      "[predict_on_batch] the outputs of 1 samples are 10 numbers; got memory for 9; give as much");
    CHECK_THROWS_AS(model.predict_on_batch({x.data(), DType::float32, {1, 8, 8, 1}}, out), InvalidArgument);
    CHECK_THROWS_AS(model.predict_on_batch({x.data(), DType::float32, {0, 8, 8, 3}}, out), InvalidArgument);
    x[7] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_WITH(model.predict_on_batch(view, out),
                      "[predict_on_batch] x must be finite as float32; got data in which x[0, 0, 2, 1] is nan; replace or drop "
                      "such values");
    const Symbol input = Input({4});
    Model two({input}, {Layer(layers::Dense{.units = 1})(input), Layer(layers::Dense{.units = 2})(input)});
    CHECK_THROWS_AS(two.predict_on_batch({x.data(), DType::float32, {1, 4}}, out), InvalidArgument);
}
