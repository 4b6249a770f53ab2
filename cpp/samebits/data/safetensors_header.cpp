#include "samebits/data/safetensors_header.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

namespace samebits {
namespace {

using nlohmann::json;

constexpr std::size_t most_dims = 32;
constexpr std::string_view metadata_key = "__metadata__";

// Is told what the parser meets, in order, and refuses at the first thing that does not belong where it is.
class HeaderReader final : public nlohmann::json_sax<json> {
public:
    HeaderReader(const std::string& text, const InputFile& file) : text_(text), file_(file) {}

    SafetensorsHeader header;

    bool start_object(std::size_t /*elements*/) override {
        move_on();
        if (place_ == Place::before) {
            place_ = Place::top;
        } else if (place_ == Place::top_value) {
            place_ = key_ == metadata_key ? Place::metadata : Place::tensor;
            if (place_ == Place::tensor) header.tensors.push_back({key_, {}, {}, {}, key_byte_});
            fields_.clear();
        } else {
            refuse("an object");
        }
        return true;
    }

    bool key(std::string& name) override {
        move_on();
        auto& known = place_ == Place::top ? names_ : fields_;
        if (!known.insert(name).second) refuse_here("a name stands once in the header; got {} twice", in_quotes(name));
        key_ = std::move(name);
        key_byte_ = byte();
        if (place_ == Place::top) {
            place_ = Place::top_value;
        } else if (place_ == Place::tensor && key_ != "dtype" && key_ != "shape" && key_ != "data_offsets") {
            refuse_here("a tensor has the keys dtype, shape and data_offsets; got {} in {}", in_quotes(key_), tensor_name());
        }
        return true;
    }

    bool end_object() override {
        move_on();
        if (place_ == Place::tensor && fields_.size() != 3)
            refuse_here("a tensor has the keys dtype, shape and data_offsets; got {} of them in {}", fields_.size(),
                        tensor_name());
        if (place_ == Place::tensor && header.tensors.back().offsets.size() != 2)
            refuse_here("data_offsets are two numbers; got {} in {}", header.tensors.back().offsets.size(), tensor_name());
        place_ = place_ == Place::top ? Place::after : Place::top;
        return true;
    }

    bool start_array(std::size_t /*elements*/) override {
        move_on();
        if (place_ != Place::tensor || key_ == "dtype") refuse("a list");
        place_ = Place::list;
        return true;
    }

    bool end_array() override {
        move_on();
        place_ = Place::tensor;
        return true;
    }

    bool string(std::string& text) override {
        move_on();
        if (place_ == Place::metadata) {
            header.metadata.emplace(key_, std::move(text));
        } else if (place_ == Place::tensor && key_ == "dtype") {
            header.tensors.back().dtype = std::move(text);
        } else {
            refuse("a text");
        }
        return true;
    }

    bool number_unsigned(std::uint64_t value) override {
        move_on();
        if (place_ != Place::list) refuse("a number");
        auto& list = key_ == "shape" ? header.tensors.back().shape : header.tensors.back().offsets;
        if (value > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
            refuse_here("{} must be below 2^63; got {} in {}", key_, value, tensor_name());
        const std::size_t most = key_ == "shape" ? most_dims : 2;
        if (list.size() == most) refuse_here("{} has at most {} numbers; got more in {}", key_, most, tensor_name());
        list.push_back(static_cast<std::int64_t>(value));
        return true;
    }

    bool number_integer(std::int64_t value) override { refuse_next(fmt::format("{}", value)); }
    bool number_float(double /*value*/, const std::string& text) override { refuse_next("the number " + in_quotes(text)); }
    bool boolean(bool value) override { refuse_next(value ? "true" : "false"); }
    bool null() override { refuse_next("null"); }
    bool binary(json::binary_t& /*bytes*/) override { refuse_next("binary data"); }

    bool parse_error(std::size_t position, const std::string& /*token*/, const json::exception& /*error*/) override {
        file_.refuse("the header must be JSON in UTF-8; got something else at byte {}", 8 + position - (position > 0 ? 1 : 0));
    }

private:
    // Where in the header the parser is: at most list is three levels deep.
    enum class Place : std::uint8_t { before, top, top_value, metadata, tensor, list, after };

    std::string tensor_name() const { return "tensor " + in_quotes(header.tensors.back().name); }

    // The parser tells of one token after the other: goes to the next one.
    void move_on() {
        constexpr std::string_view between = " \t\n\r,:";
        start_ = std::min(text_.find_first_not_of(between, end_), text_.size());
        end_ = start_ + 1;
        if (start_ == text_.size() || std::string_view("{}[]").find(text_[start_]) != std::string_view::npos) return;
        if (text_[start_] == '"') {
            while (end_ < text_.size() && text_[end_] != '"') end_ += text_[end_] == '\\' ? 2 : 1;
            ++end_;
        } else {
            end_ = std::min(text_.find_first_of(" \t\n\r,:{}[]\"", start_), text_.size());
        }
    }
    std::size_t byte() const { return 8 + start_; }

    template <class... Args>
    [[noreturn]] void refuse_here(fmt::format_string<Args...> text, Args&&... args) const {
        file_.refuse("{} at byte {}", fmt::format(text, std::forward<Args>(args)...), byte());
    }
    [[noreturn]] void refuse_next(std::string_view what) {
        move_on();
        refuse(what);
    }
    [[noreturn]] void refuse(std::string_view what) const {
        refuse_here(
            "the header is an object of tensors, {{\"dtype\": text, \"shape\": whole numbers, \"data_offsets\": two "
            "whole numbers}}, and {} of texts; got {} after the key {}",
            metadata_key, what, in_quotes(key_));
    }

    std::string_view text_;
    const InputFile& file_;
    std::size_t start_ = 0, end_ = 0;  // of the token that the parser told of last
    Place place_ = Place::before;
    std::string key_;
    std::size_t key_byte_ = 0;
    std::unordered_set<std::string> names_;   // keys of the whole header
    std::unordered_set<std::string> fields_;  // keys of the tensor, or of the metadata, that is being read
};

}  // namespace

SafetensorsHeader parse_safetensors_header(const std::string& text, const InputFile& file) {
    HeaderReader reader(text, file);
    json::sax_parse(text, &reader);
    return std::move(reader.header);
}

}  // namespace samebits
