#include "samebits/data/csv.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "samebits/base/fp_env.h"
#include "samebits/data/csv_number.h"
#include "samebits/data/file.h"

namespace samebits {
namespace {

constexpr std::size_t first_block = std::size_t{1} << 20;  // or the file, where it is smaller
constexpr std::size_t longest_line = std::size_t{1} << 26;

// The lines of a file, one at a time, without their ends.
class Lines {
public:
    Lines(InputFile& file, const std::string& name) : file_(file), name_(name) {
        file_.rewind();
        fill();
        if (std::string_view(text(), end_).starts_with("\xEF\xBB\xBF")) begin_ = 3;
    }

    // False at the end of the file. The line is valid until the next call.
    bool next(std::string_view& line) {
        std::size_t searched = begin_;
        const char* found = nullptr;
        for (;;) {
            found = static_cast<const char*>(std::memchr(text() + searched, '\n', end_ - searched));
            if (found != nullptr || ended_) break;
            searched = end_ - begin_;  // fill() moves the line to the front
            fill();
        }
        if (found == nullptr && begin_ == end_) return false;
        const std::size_t stop = found != nullptr ? static_cast<std::size_t>(found - text()) : end_;
        line = std::string_view(text() + begin_, stop - begin_);
        if (line.ends_with('\r')) line.remove_suffix(1);
        begin_ = found != nullptr ? stop + 1 : stop;
        ++number_;
        return true;
    }

    [[nodiscard]] std::int64_t number() const { return number_; }  // of the last line, from 1

private:
    [[nodiscard]] char* text() { return block_.data(); }

    void fill() {
        const std::size_t kept = end_ - begin_;
        require(kept < longest_line, "[read_csv] a line has less than 64 MiB; got more at {}:{}:1; is it a CSV file?", name_,
                number_ + 1);
        if (kept > 0) std::memmove(text(), text() + begin_, kept);
        const auto whole = static_cast<std::size_t>(std::min<std::uint64_t>(first_block, file_.size() + 1));
        if (kept == block_.size()) block_.resize(std::max(whole, 2 * kept));
        const std::size_t got = file_.read(text() + kept, block_.size() - kept);
        ended_ = got < block_.size() - kept;
        begin_ = 0;
        end_ = kept + got;
    }

    InputFile& file_;
    const std::string& name_;
    std::vector<char> block_;  // a window on the file: not the library's counted memory, which a plan must know
    std::size_t begin_ = 0;    // what is left in the block
    std::size_t end_ = 0;
    bool ended_ = false;
    std::int64_t number_ = 0;
};

std::string_view trimmed(std::string_view text, char delimiter) {
    const auto blank = [delimiter](char c) { return (c == ' ' || c == '\t') && c != delimiter; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

std::int64_t count_fields(std::string_view line, char delimiter) { return 1 + std::count(line.begin(), line.end(), delimiter); }

// One file while it is read.
struct Reading {
    InputFile file;
    std::string name;
    bool header;
    char delimiter;
    std::int64_t rows = 0;     // lines up to the last that is not blank, without the header
    std::int64_t columns = 0;  // fields of the first row

    void measure() {
        Lines lines(file, name);
        std::string_view line;
        if (header) lines.next(line);
        for (std::int64_t row = 0; lines.next(line); ++row) {
            if (row == 0) columns = count_fields(line, delimiter);
            if (!trimmed(line, delimiter).empty()) rows = row + 1;
        }
        require(rows > 0, "[read_csv] the table needs at least one row; got none in {}{}; add rows", name,
                header ? " behind the header" : "");
    }

    // Numbers of a row go to `out`, the label, where there is one, behind the others.
    void parse_row(std::string_view line, std::int64_t number, std::int64_t label, float* out) const {
        const std::int64_t fields = count_fields(line, delimiter);
        require(fields == columns,
                "[read_csv] rows have as many fields as the first, {}; got {} at {}:{}:{}; make all rows equally long", columns,
                fields, name, number, std::min(fields, columns) + 1);
        float* next = out;
        for (std::int64_t column = 0; column < columns; ++column) {
            const std::size_t stop = std::min(line.find(delimiter), line.size());
            const std::string_view text = line.substr(0, stop);
            std::string_view field = trimmed(text, delimiter);
            if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
                field = trimmed(field.substr(1, field.size() - 2), delimiter);
            if (!parse_number(field, column == label ? out[columns - 1] : *next++)) refuse(text, number, column + 1);
            line.remove_prefix(std::min(stop + 1, line.size()));
        }
    }

    [[noreturn]] void refuse(std::string_view field, std::int64_t number, std::int64_t column) const {
        fail("[read_csv] every field must be a finite decimal number that float32 can hold; got {} at {}:{}:{}; {}",
             in_quotes(field), name, number, column, !header && number == 1 ? "is the first line a header?" : "correct it");
    }
};

}  // namespace

CsvTable read_csv(const std::filesystem::path& path, bool header, char delimiter, std::optional<std::int64_t> label) {
    const FpGuard guard;
    require(std::string_view(",;|:\t ").find(delimiter) != std::string_view::npos,
            "[read_csv] delimiter must be one of , ; | : tab or blank; got {}; name one of them", in_quotes({&delimiter, 1}));
    Reading reading{InputFile("read_csv", path), path.string(), header, delimiter};
    reading.measure();
    const std::int64_t columns = reading.columns;
    require(!label || (*label >= 0 && *label < columns),
            "[read_csv] label must be a column from 0 to {}; got {} for {}; name one of them", columns - 1, label.value_or(0),
            reading.name);
    require(!label || columns > 1,
            "[read_csv] a table needs a column beside the label; got one in {}; add a column or leave out the label",
            reading.name);

    // A row takes at least as many bytes as it has fields: a file whose rows times columns say more is ragged, and is refused
    // below before the memory ends.
    const auto most = static_cast<std::int64_t>(reading.file.size()) + 1;
    const std::int64_t room = std::min(reading.rows, most / columns);
    CsvTable table{reading.rows, columns, label.has_value(), Buffer(static_cast<std::size_t>(room * columns) * sizeof(float))};
    auto* out = reinterpret_cast<float*>(table.buffer.data());
    Lines lines(reading.file, reading.name);
    std::string_view line;
    if (header) lines.next(line);
    std::int64_t row = 0;
    for (; row < reading.rows && lines.next(line); ++row) {
        reading.file.check(row < room, "the file must not change while it is read; got more at line {}", lines.number());
        reading.parse_row(line, lines.number(), label.value_or(-1), out + row * columns);
    }
    reading.file.check(row == reading.rows, "the file must not change while it is read; got {} of {} rows", row, reading.rows);
    return table;
}

ArrayView CsvTable::x() const { return x({columns - (has_label ? 1 : 0)}); }

ArrayView CsvTable::x(const Shape& sample) const {
    const std::int64_t numbers = columns - (has_label ? 1 : 0);
    require(element_count(sample) == numbers,
            "[read_csv] a row must fill the shape of a sample; got {} numbers for {}; give a shape of that many numbers",
            numbers, to_string(sample));
    Shape shape{rows};
    shape.insert(shape.end(), sample.begin(), sample.end());
    ArrayView view(buffer.data(), DType::float32, std::move(shape));
    view.strides[0] = columns * std::int64_t{sizeof(float)};
    return view;
}

ArrayView CsvTable::y() const {
    require(has_label, "[read_csv] the label column must be named when the file is read; got no label; give it to read_csv");
    constexpr std::int64_t item = sizeof(float);
    return {buffer.data() + (columns - 1) * item, DType::float32, {rows}, {columns * item}};
}

}  // namespace samebits
