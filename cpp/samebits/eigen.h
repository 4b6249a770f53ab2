// For those who have Eigen: matrices as arrays and tensors as matrices, without copies. The only public header that needs
// another library's; samebits.h does not include it.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <type_traits>

#include "samebits/base/error.h"
#include "samebits/base/tensor.h"
#include "samebits/base/view.h"

namespace samebits {

namespace eigen_detail {

template <class T>
constexpr DType dtype_of() {
    if constexpr (std::is_same_v<T, float>) return DType::float32;
    if constexpr (std::is_same_v<T, double>) return DType::float64;
    if constexpr (std::is_same_v<T, bool>) return DType::boolean;
    if constexpr (std::is_same_v<T, std::int8_t>) return DType::int8;
    if constexpr (std::is_same_v<T, std::int16_t>) return DType::int16;
    if constexpr (std::is_same_v<T, std::int32_t>) return DType::int32;
    if constexpr (std::is_same_v<T, std::int64_t>) return DType::int64;
    if constexpr (std::is_same_v<T, std::uint8_t>) return DType::uint8;
    if constexpr (std::is_same_v<T, std::uint16_t>) return DType::uint16;
    if constexpr (std::is_same_v<T, std::uint32_t>) return DType::uint32;
    if constexpr (std::is_same_v<T, std::uint64_t>) return DType::uint64;
}

}  // namespace eigen_detail

// A matrix (samples, features) or a column vector (samples): any storage order, blocks and maps too. The matrix must outlive
// the view; an expression that has no memory of its own does not compile: give it a name first.
template <class Derived>
ArrayView view(const Eigen::MatrixBase<Derived>& matrix) {
    static_assert((Derived::Flags & Eigen::DirectAccessBit) != 0,
                  "an expression has no memory: evaluate it into a matrix first");
    using Scalar = typename Derived::Scalar;
    const Derived& m = matrix.derived();
    constexpr auto item = static_cast<std::int64_t>(sizeof(Scalar));
    const std::int64_t inner = m.innerStride() * item;
    const std::int64_t outer = m.outerStride() * item;
    const bool rows_are_outer = Derived::IsRowMajor;
    const DType dtype = eigen_detail::dtype_of<Scalar>();
    if constexpr (Derived::ColsAtCompileTime == 1) return {m.data(), dtype, {m.rows()}, {rows_are_outer ? outer : inner}};
    return {m.data(), dtype, {m.rows(), m.cols()}, rows_are_outer ? Shape{outer, inner} : Shape{inner, outer}};
}

using RowMajorMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// A tensor (N, ...) as a matrix (N, everything else); one dimension is a column. The tensor must outlive the map.
inline Eigen::Map<RowMajorMatrix> map(const Tensor& tensor) {
    if (tensor.shape().empty())
        throw InvalidArgument("[eigen] a matrix needs at least one dimension; got a scalar; give it a row or a column");
    const std::int64_t rows = tensor.shape()[0];
    return {tensor.data(), rows, rows == 0 ? 0 : tensor.size() / rows};
}

}  // namespace samebits
