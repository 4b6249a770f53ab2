// The element types that arrays handed to the library may have. All arithmetic is float32.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "samebits/base/api.h"

namespace samebits {

enum class DType : std::uint8_t { float32, float64, int8, int16, int32, int64, uint8, uint16, uint32, uint64, boolean };

// Bytes of one element.
constexpr std::size_t size_of(DType dtype) {
    switch (dtype) {
        case DType::int8:
        case DType::uint8:
        case DType::boolean: return 1;
        case DType::int16:
        case DType::uint16: return 2;
        case DType::float32:
        case DType::int32:
        case DType::uint32: return 4;
        default: return 8;
    }
}

// NumPy's name of the type ("float32", "bool").
SAMEBITS_API std::string_view name_of(DType dtype);

}  // namespace samebits
