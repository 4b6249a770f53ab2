// The arrays of the three programs: from ./my_data where make_data.py wrote them, else random ones.
#pragma once

#include <samebits/samebits.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

// ./my_data/<name>.npy, or float32 in [0, 1).
inline samebits::NpyArray numbers(const std::string& name, const samebits::Shape& shape) {
    if (std::filesystem::is_directory("my_data")) return samebits::read_npy("my_data/" + name + ".npy");
    const samebits::ArrayView layout(nullptr, samebits::DType::float32, shape);
    std::size_t count = 1;
    for (const std::int64_t n : shape) count *= static_cast<std::size_t>(n);
    samebits::NpyArray made{layout.dtype, shape, layout.strides, samebits::Buffer(count * sizeof(float))};
    auto* values = reinterpret_cast<float*>(made.buffer.data());
    static std::mt19937 random;
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(random() >> 8) / 16777216.0f;
    return made;
}

// ./my_data/<name>.npy, or int32 in [0, classes).
inline samebits::NpyArray labels(const std::string& name, std::int64_t count, unsigned classes) {
    if (std::filesystem::is_directory("my_data")) return samebits::read_npy("my_data/" + name + ".npy");
    samebits::NpyArray made{samebits::DType::int32, {count}, {4}, samebits::Buffer(static_cast<std::size_t>(count) * 4)};
    auto* values = reinterpret_cast<std::int32_t*>(made.buffer.data());
    static std::mt19937 random(1);
    for (std::int64_t i = 0; i < count; ++i) values[i] = static_cast<std::int32_t>(random() % classes);
    return made;
}
