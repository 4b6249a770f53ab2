// Tables of numbers in text.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "samebits/base/api.h"
#include "samebits/base/memory.h"
#include "samebits/base/shape.h"
#include "samebits/base/view.h"

namespace samebits {

// Row-major float32 that owns its memory, the label column (where there is one) moved behind the others.
struct SAMEBITS_API CsvTable {
    std::int64_t rows = 0;
    std::int64_t columns = 0;  // with the label
    bool has_label = false;
    Buffer buffer;

    // All columns but the label: (rows, columns - 1). Given the shape of a sample: (rows, sample...); throws InvalidArgument
    // when a row has not so many numbers.
    [[nodiscard]] ArrayView x() const;
    [[nodiscard]] ArrayView x(const Shape& sample) const;
    // The label column: (rows,). Throws InvalidArgument when the table was read without one.
    [[nodiscard]] ArrayView y() const;
};

// Reads fields separated by `delimiter` (one of , ; | : tab or blank), each a decimal number: text to the nearest binary64,
// then to the nearest binary32, as NumPy; in double quotes or not, blanks around it allowed. Lines end with LF or CRLF. A
// UTF-8 byte order mark and blank lines at the end are skipped; so is the first line when `header`. `label` counts the
// columns from 0. Memory: 4 bytes a number and at most twice the longest line (64 MiB); the file is read twice.
// Throws IoError when the file is missing or unreadable; InvalidArgument with "file:line:column" (both from 1, columns of
// the table) for rows of another length, text, empty fields, NaN, infinity, numbers too large for float32, and no rows.
SAMEBITS_API CsvTable read_csv(const std::filesystem::path& path, bool header, char delimiter = ',',
                               std::optional<std::int64_t> label = {});

}  // namespace samebits
