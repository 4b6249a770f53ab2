#include "samebits/data/convert.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <memory_resource>
#include <type_traits>
#include <utility>
#include <vector>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/base/tasks_in_place.h"
#include "samebits/kernels/registry.h"

namespace samebits {
namespace {

// A byte that is false only when 0, as NumPy reads it; C++'s own bool may hold nothing but 0 and 1.
enum class Truth : std::uint8_t {};

template <class F>
void with_type(DType dtype, F&& call) {
    switch (dtype) {
        case DType::float32: return call(float{});
        case DType::float64: return call(double{});
        case DType::int8: return call(std::int8_t{});
        case DType::int16: return call(std::int16_t{});
        case DType::int32: return call(std::int32_t{});
        case DType::int64: return call(std::int64_t{});
        case DType::uint8: return call(std::uint8_t{});
        case DType::uint16: return call(std::uint16_t{});
        case DType::uint32: return call(std::uint32_t{});
        case DType::uint64: return call(std::uint64_t{});
        case DType::boolean: return call(Truth{});
    }
}

// The element at p, which may be unaligned.
template <class T>
auto load(const std::byte* p) {
    T value;
    std::memcpy(&value, p, sizeof value);
    if constexpr (std::is_same_v<T, Truth>) {
        return static_cast<std::uint8_t>(value != Truth{0});
    } else {
        return value;
    }
}

// Dimensions of an array without those of length 1, and neighbours that lie evenly made one.
class Layout {
    std::byte space_[512];  // enough for 16 dimensions and more: arrays like most take nothing from the heap
    std::pmr::monotonic_buffer_resource memory_{space_, sizeof space_};

public:
    std::pmr::vector<std::int64_t> shape{&memory_};
    std::pmr::vector<std::int64_t> strides{&memory_};

    Layout(std::span<const std::int64_t> dims, std::span<const std::int64_t> bytes) {
        shape.reserve(dims.size() + 1);
        strides.reserve(dims.size() + 1);
        for (std::size_t i = 0; i < dims.size(); ++i) {
            if (dims[i] == 1) continue;
            if (!shape.empty() && strides.back() == dims[i] * bytes[i]) {
                shape.back() *= dims[i];
                strides.back() = bytes[i];
            } else {
                shape.push_back(dims[i]);
                strides.push_back(bytes[i]);
            }
        }
        if (shape.empty()) {
            shape.push_back(1);
            strides.push_back(0);
        }
    }
};

// Calls visit(first, stride, count) for each innermost run in C order until it returns true; whether it did.
template <class F>
bool walk(const Layout& layout, std::size_t dim, const std::byte* first, F& visit) {
    const std::int64_t count = layout.shape[dim];
    const std::int64_t stride = layout.strides[dim];
    if (dim + 1 == layout.shape.size()) return visit(first, stride, count);
    for (std::int64_t i = 0; i < count; ++i)
        if (walk(layout, dim + 1, first + i * stride, visit)) return true;
    return false;
}

// out[j] = of(element j). Elements without gaps have a loop of their own, which the compiler turns into vectors.
template <class T, class Out, class Of>
void convert_run(const std::byte* first, std::int64_t stride, std::int64_t count, Out* out, Of of) {
    constexpr std::int64_t item = sizeof(T);
    if (stride == item) {
        for (std::int64_t j = 0; j < count; ++j) out[j] = of(load<T>(first + j * item));
    } else {
        for (std::int64_t j = 0; j < count; ++j) out[j] = of(load<T>(first + j * stride));
    }
}

template <class Out, class Of>
void gather(const ArrayView& array, std::span<const std::int64_t> rows, Out* out, bool plain_copy, Of of) {
    const FpGuard guard;
    ensure(array.shape.size() == array.strides.size(), "an array has as many strides as dimensions");
    if (rows.empty()) return;
    require<IndexOutOfRange>(
        !array.shape.empty(),
        "[data] only arrays with a first dimension have rows; got a scalar; give an array with a first dimension");
    const auto require_inside = [&](std::int64_t row) {
        require<IndexOutOfRange>(row >= 0 && row < array.shape[0],
                                 "[data] rows must be from 0 to {}; got {}; choose rows that are there", array.shape[0] - 1,
                                 row);
    };
    const auto* data = static_cast<const std::byte*>(array.data);
    if (element_count(array.shape) == array.shape[0])  // one element a sample: labels
        return with_type(array.dtype, [&]<class T>(T) {
            for (const std::int64_t row : rows) {
                require_inside(row);
                *out++ = of(load<T>(data + row * array.strides[0]));
            }
        });
    const bool empty = element_count(array.shape) == 0;
    const Layout sample(std::span(array.shape).subspan(1), std::span(array.strides).subspan(1));
    with_type(array.dtype, [&]<class T>(T) {
        auto visit = [&](const std::byte* first, std::int64_t stride, std::int64_t count) {
            if (plain_copy && stride == sizeof(T)) {
                std::memcpy(out, first, static_cast<std::size_t>(count) * sizeof(T));
            } else {
                convert_run<T>(first, stride, count, out, of);
            }
            out += count;
            return false;
        };
        for (const std::int64_t row : rows) {
            require_inside(row);
            if (!empty) walk(sample, 0, data + row * array.strides[0], visit);
        }
    });
}

// The first element in C order that is not `good`; it is reported as report(its place, its value).
template <class Good, class Report>
void find_first_bad(const ArrayView& array, std::string_view what, Good good, Report report) {
    const FpGuard guard;
    ensure(array.shape.size() == array.strides.size(), "an array has as many strides as dimensions");
    if (element_count(array.shape) == 0) return;
    const Layout layout(array.shape, array.strides);
    with_type(array.dtype, [&]<class T>(T) {
        std::int64_t position = 0;
        const std::byte* bad = nullptr;
        auto visit = [&](const std::byte* first, std::int64_t stride, std::int64_t count) {
            std::int64_t j = 0;
            while (j < count && good(load<T>(first + j * stride))) ++j;
            position += j;
            if (j < count) bad = first + j * stride;
            return bad != nullptr;
        };
        if (!walk(layout, 0, static_cast<const std::byte*>(array.data), visit)) return;
        std::string index;
        for (std::size_t i = array.shape.size(); i-- > 0; position /= array.shape[i])
            index = fmt::format("{}{}{}", position % array.shape[i], index.empty() ? "" : ", ", index);
        const std::string place = array.shape.empty() ? std::string(what) : fmt::format("{}[{}]", what, index);
        const auto value = load<T>(bad);
        report(place, value != value ? "nan" : fmt::format("{}", value));  // NaNs have no sign for people
    });
}

bool is_float(DType dtype) { return dtype == DType::float32 || dtype == DType::float64; }

// The first element of an array of float32 that lies in memory as ours do, in C order without gaps; null for others.
const float* floats_in_place(const ArrayView& array) {
    if (array.dtype != DType::float32 || reinterpret_cast<std::uintptr_t>(array.data) % alignof(float) != 0) return nullptr;
    std::int64_t bytes = sizeof(float);
    for (std::size_t i = array.shape.size(); i-- > 0; bytes *= array.shape[i])
        if (array.shape[i] != 1 && array.strides[i] != bytes) return nullptr;
    return static_cast<const float*>(array.data);
}

// By the kernel, which looks at sixteen at a time: one by one, 784 floats took 0.8 us of a prediction's 7.
bool are_finite(std::int64_t count, const float* x) {
    constexpr std::int64_t small = 1 << 18;  // in the caches of this thread
    const FpGuard guard;
    const TasksInPlace in_place(count <= small);
    return kernels::current().first_non_finite(count, x) < 0;
}

}  // namespace

void gather_rows(const ArrayView& array, std::span<const std::int64_t> rows, float* out, float divide) {
    gather(array, rows, out, array.dtype == DType::float32 && divide == 1,
           [divide](auto value) { return static_cast<float>(value) / divide; });
}

const float* rows_in_place(const ArrayView& array, std::span<const std::int64_t> rows) {
    if (rows.empty() || rows.front() < 0 || rows.back() >= array.length()) return nullptr;
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (rows[i] != rows[i - 1] + 1) return nullptr;
    const float* first = floats_in_place(array);
    return first == nullptr ? nullptr : first + rows.front() * (array.strides[0] / std::int64_t{sizeof(float)});
}

void gather_labels(const ArrayView& labels, std::span<const std::int64_t> rows, std::int32_t* out) {
    gather(labels, rows, out, labels.dtype == DType::int32, [](auto value) { return static_cast<std::int32_t>(value); });
}

void require_finite(const ArrayView& array, std::string_view op, std::string_view what, float divide) {
    require(std::isfinite(divide) && divide != 0,
            "[{}] divide must be a finite number other than 0; got {}; give such a number", op, divide);
    if (!is_float(array.dtype) && std::abs(divide) >= 1) return;  // 2^64 is far below the largest float32
    ensure(array.shape.size() == array.strides.size(), "an array has as many strides as dimensions");
    const float* const floats = divide == 1 ? floats_in_place(array) : nullptr;
    if (floats != nullptr && are_finite(element_count(array.shape), floats)) return;
    find_first_bad(
        array, what, [divide](auto value) { return std::isfinite(static_cast<float>(value) / divide); },
        [&](const std::string& place, const std::string& value) {
            const bool large = value != "nan" && value != "inf" && value != "-inf";
            fail("[{}] {} must be finite as float32; got data in which {} is {}{}; replace or drop such values", op, what,
                 place, value, large ? ", which is too large" : "");
        });
}

void require_labels(const ArrayView& labels, std::int64_t classes, std::string_view op, std::string_view what) {
    ensure(classes >= 1 && classes <= std::int64_t{1} << 31, "labels are for 1 to 2^31 classes");
    const auto good = [classes]<class V>(V value) {
        if constexpr (std::is_floating_point_v<V>) {
            return value >= 0 && value < static_cast<V>(classes) && value == std::trunc(value);
        } else {
            return std::cmp_greater_equal(value, 0) && std::cmp_less(value, classes);
        }
    };
    find_first_bad(labels, what, good, [&](const std::string& place, const std::string& value) {
        fail(
            "[{}] labels must be whole numbers from 0 to {}; got data in which {} is {}; "
            "number the classes from 0 and give the last layer a unit for each",
            op, classes - 1, place, value);
    });
}

}  // namespace samebits
