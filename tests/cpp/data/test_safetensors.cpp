#include "samebits/data/safetensors.h"

#include <fmt/format.h>

#include <cstring>

#include "samebits/base/error.h"
#include "support/catch.h"
#include "support/exact.h"
#include "support/files.h"

using namespace samebits;
using namespace samebits::test;

namespace {

using Floats = std::vector<float>;

std::string file_of(const std::string& header, std::size_t data_bytes = 0) {
    std::string bytes;
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(std::uint64_t{header.size()} >> (8 * i) & 255);
    return bytes + header + std::string(data_bytes, '\0');
}

std::string entry(const char* name, const char* shape, const char* offsets) {
    return fmt::format(R"("{}":{{"dtype":"F32","shape":{},"data_offsets":{}}})", name, shape, offsets);
}

std::string object(const std::string& inside) { return fmt::format("{{{}}}", inside); }

std::string refusal(const Folder& folder, const std::string& bytes) {
    const auto path = folder.file("refused.safetensors", bytes);
    std::string text = message_of<IoError>([&] { read_safetensors(path); });
    CHECK(contains(text, "[read_safetensors] "));
    CHECK(contains(text, path.string()));
    return text;
}

SafetensorsFile example() {
    return {{{"dense/kernel", Tensor({2, 3}, Floats{1, -0.0F, 1e-45F, 4, 5, 6})},
             {"a \"quoted\" \xC3\xA4", Tensor(Shape{}, Floats{7})},
             {"empty", Tensor({0, 3})},
             {"dense/bias", Tensor({3}, Floats{8, 9, 10})}},
            {{"format", "samebits"}, {"config", "{\"a\": 1}\n"}}};
}

}  // namespace

TEST_CASE("what is written is read again: names, order, shapes, bits, metadata") {
    const Folder folder;
    const SafetensorsFile want = example();
    write_safetensors(folder / "m.safetensors", want);
    const SafetensorsFile got = read_safetensors(folder / "m.safetensors");
    CHECK(got.metadata == want.metadata);
    REQUIRE(got.tensors.size() == want.tensors.size());
    for (std::size_t i = 0; i < got.tensors.size(); ++i) {
        CHECK(got.tensors[i].name == want.tensors[i].name);
        CHECK(got.tensors[i].tensor.shape() == want.tensors[i].tensor.shape());
        CHECK(first_difference(got.tensors[i].tensor.values(), want.tensors[i].tensor.values()) == "");
    }
}

TEST_CASE("the bytes are these, each time, and replace the old file whole") {
    const Folder folder;
    const auto path = folder.file("m.safetensors", "old");
    const SafetensorsFile content{{{"b", Tensor({2}, Floats{1, 2})}, {"a", Tensor({1, 1}, Floats{3})}},
                                  {{"z", "1"}, {"k", "2"}}};
    for (int i = 0; i < 2; ++i) {
        write_safetensors(path, content);
        std::string header =
            R"({"__metadata__":{"k":"2","z":"1"},)" + entry("b", "[2]", "[0,8]") + "," + entry("a", "[1,1]", "[8,12]") + "}";
        header.resize((header.size() + 7) / 8 * 8, ' ');
        std::string want = file_of(header);
        const float values[] = {1, 2, 3};
        want.append(reinterpret_cast<const char*>(values), sizeof values);
        CHECK(bytes_of(path) == want);
        CHECK(bytes_of(path).find('\0', 8) % 8 == 0);  // the data starts at a multiple of 8
    }
    CHECK(folder.files() == 1);
    write_safetensors(path, {});
    CHECK(bytes_of(path) == file_of("{}      "));
    CHECK(read_safetensors(path).tensors.empty());
}

TEST_CASE("what cannot be written leaves the old file and nothing else") {
    const Folder folder;
    const auto path = folder.file("m.safetensors", "old");
    const Tensor one({1}, Floats{1});
    CHECK_THROWS_AS(write_safetensors(path, {{{"a", one}, {"a", one}}, {}}), InvalidArgument);
    CHECK_THROWS_AS(write_safetensors(path, {{{"__metadata__", one}}, {}}), InvalidArgument);
    CHECK_THROWS_AS(write_safetensors(path, {{{"\xff", one}}, {}}), InvalidArgument);
    CHECK_THROWS_AS(write_safetensors(path, {{}, {{"a", "\xff"}}}), InvalidArgument);
    CHECK(contains(message_of<IoError>([&] { write_safetensors(folder / "no/m", {}); }), "No such file"));
    CHECK(contains(message_of<IoError>([&] { write_safetensors(folder / ".", {}); }), "[write_safetensors]"));
    CHECK(bytes_of(path) == "old");
    CHECK(folder.files() == 1);
}

TEST_CASE("a file cut anywhere, or with a byte too many, is refused") {
    const Folder folder;
    write_safetensors(folder / "m.safetensors", example());
    const std::string whole = bytes_of(folder / "m.safetensors");
    for (std::size_t size = 0; size < whole.size(); ++size) refusal(folder, whole.substr(0, size));
    CHECK(contains(refusal(folder, whole + "x"), "nothing lies behind the last tensor"));
    CHECK(contains(message_of<IoError>([&] { read_safetensors(folder / "none"); }), "No such file"));
}

TEST_CASE("no byte of a header can be changed into a crash") {
    const Folder folder;
    write_safetensors(folder / "m.safetensors", example());
    const std::string whole = bytes_of(folder / "m.safetensors");
    int refused = 0;
    for (std::size_t i = 0; i < whole.size() - 40; ++i)
        for (const char c : {'\0', '"', '}', '{', ']', '9', '-', '\x80'}) {
            std::string changed = whole;
            changed[i] = c;
            const auto path = folder.file("changed", changed);
            refused += message_of<IoError>([&] { read_safetensors(path); }) != "(nothing thrown)";
        }
    CHECK(refused > 2000);
}

TEST_CASE("offsets that overlap, leave holes, run out of the file or do not fit the shape are refused") {
    const Folder folder;
    const auto refused = [&](const std::string& entries, std::size_t data) {
        return refusal(folder, file_of(object(entries), data));
    };
    const std::string a = entry("a", "[2]", "[0,8]");
    CHECK(contains(refused(a + "," + entry("b", "[2]", "[4,12]"), 12), "got tensor \"b\" at byte 4 of the data instead of 8"));
    CHECK(contains(refused(a + "," + entry("b", "[2]", "[0,8]"), 8), "got tensor \"b\" at byte 0"));
    CHECK(contains(refused(a + "," + entry("b", "[1]", "[12,16]"), 16), "at byte 12 of the data instead of 8"));
    CHECK(contains(refused(entry("b", "[1]", "[4,8]"), 8), "instead of 0"));
    CHECK(contains(refused(a, 12), "nothing lies behind"));
    CHECK(contains(refused("", 4), "nothing lies behind"));
    CHECK(contains(refused(a, 4), "tensors end within the file"));
    CHECK(contains(refused(entry("a", "[2]", "[8,0]"), 8), "at byte 8"));
    CHECK(contains(refused(a + "," + entry("b", "[1]", "[8,4]"), 8), "tensors end within the file"));
    CHECK(contains(refused(entry("a", "[3]", "[0,8]"), 8), "fit its shape; got 8 bytes of F32 for the shape (3,)"));
    CHECK(contains(refused(entry("a", "[]", "[0,8]"), 8), "fit its shape"));
    CHECK(contains(refused(entry("a", "[0]", "[0,8]"), 8), "fit its shape"));
    CHECK(contains(refused(entry("a", "[4294967296,4294967296]", "[0,0]"), 0), "fit its shape"));
    CHECK(contains(refused(entry("a", "[0,9223372036854775807]", "[0,0]"), 0), "fit its shape"));
    CHECK(contains(refused(entry("a", "[1]", "[0,9223372036854775807]"), 4), "tensors end within the file"));
    CHECK(contains(refused(entry("a", "[18446744073709551615]", "[0,4]"), 4), "below 2^63"));
    CHECK(contains(refused(entry("a", "[99999999999999999999]", "[0,4]"), 4), "99999999999999999999"));
    CHECK(contains(refused(entry("a", "[-1]", "[0,4]"), 4), "got -1"));
    CHECK(contains(refused(entry("a", "[1.0]", "[0,4]"), 4), "1.0"));
    std::string many = "[1";
    for (int i = 0; i < 32; ++i) many += ",1";
    CHECK(contains(refused(entry("a", (many + "]").c_str(), "[0,4]"), 4), "shape has at most 32 numbers"));
    // Tensors in another order than their bytes are fine.
    const auto path = folder.file("sorted", file_of(object(entry("b", "[1]", "[8,12]") + "," + a), 12));
    CHECK(read_safetensors(path).tensors[0].name == "a");
}

TEST_CASE("headers that are not what they should be are refused") {
    const Folder folder;
    const auto refused = [&](const std::string& header) { return refusal(folder, file_of(header, 4)); };
    const std::string fine = entry("a", "[1]", "[0,4]");
    CHECK_NOTHROW(read_safetensors(folder.file("fine", file_of(object(fine) + "   ", 4))));
    CHECK(contains(refused(object(fine + "," + fine)), "got \"a\" twice"));
    CHECK(contains(refused(R"({"__metadata__":{},"__metadata__":{}})"), "got \"__metadata__\" twice"));
    CHECK(contains(refused(R"({"__metadata__":{"x":"1","x":"2"}})"), "got \"x\" twice"));
    CHECK(contains(refused(R"({"a":{"dtype":"F32","dtype":"F32"}})"), "got \"dtype\" twice"));
    CHECK(contains(refused(R"({"__metadata__":{"x":1}})"), "a number after the key \"x\""));
    CHECK(contains(refused(R"({"__metadata__":{"x":{}}})"), "an object after the key \"x\""));
    CHECK(contains(refused(R"({"__metadata__":[]})"), "a list after"));
    CHECK(contains(refused(R"({"__metadata__":null})"), "null after"));
    CHECK(contains(refused(R"({"a":true})"), "true after the key \"a\""));
    CHECK(contains(refused(R"({"a":{}})"), "got 0 of them in tensor \"a\""));
    CHECK(contains(refused(R"({"a":{"dtype":"F32","shape":[1]}})"), "got 2 of them"));
    CHECK(contains(refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}})"), "got \"x\" in tensor \"a\""));
    CHECK(contains(refused(R"({"a":{"dtype":["F32"],"shape":[1],"data_offsets":[0,4]}})"), "a list after the key \"dtype\""));
    CHECK(contains(refused(R"({"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}})"), "a number after the key \"shape\""));
    CHECK(contains(refused(R"({"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}})"), "a list after the key \"shape\""));
    CHECK(contains(refused(R"({"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}})"), "a text after the key \"shape\""));
    CHECK(contains(refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})"), "data_offsets are two numbers; got 1"));
    CHECK(contains(refused(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}})"), "data_offsets has at most 2"));
    for (const char* dtype : {"F64", "F16", "BF16", "I64", "BOOL", "f32", ""})
        CHECK(contains(refused(fmt::format(R"({{"a":{{"dtype":"{}","shape":[1],"data_offsets":[0,4]}}}})", dtype)),
                       fmt::format("only tensors of dtype F32 are read; got \"{}\" in tensor \"a\"", dtype)));
    for (const char* text : {"", " {}", "[]", "1", "\xEF\xBB\xBF{}"})
        CHECK(contains(refused(text), "starts with an opening brace"));
    for (const char* text : {"{", "{\"a\"", "{\"a\":", "{}x", "{}{}", "{\"\xff\":1}", "{a:1}", "{'a':1}", "{\"a\":NaN}", "{,}"})
        CHECK(contains(refused(text), "must be JSON"));
    CHECK(contains(refused(object(fine + ",")), "must be JSON"));
    CHECK(contains(refused(object(fine) + std::string(3, '\0')), "not NUL"));
}

TEST_CASE("what is refused in a header has its byte in the file") {
    const Folder folder;
    // The mark stands in front of what is refused.
    const auto at = [&](std::string header, std::size_t data = 4) {
        const std::size_t mark = header.find('^');
        header.erase(mark, 1);
        CAPTURE(header);
        CHECK(contains(refusal(folder, file_of(header, data)), fmt::format(" at byte {}, in ", 8 + mark)));
    };
    at(R"({"__metadata__":{"x":"a\\\"{","y" : ^1}})");
    at(R"({"__metadata__":{"x":"1",  ^"x":"2"}})");
    at(R"({"a":^true})");
    at(R"({"a":^-1.5})");
    at(R"({ "a" : {^}})");
    at(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],^"x":1}})");
    at(R"({"a":{"dtype":^["F32"],"shape":[1],"data_offsets":[0,4]}})");
    at(R"({"a":{"dtype":"F32","shape":[10,^[1]],"data_offsets":[0,4]}})");
    at(R"({"a":{"dtype":"F32","shape":[10],"data_offsets":[0,4,^4]}})");
    at(R"({"a":{"dtype":"F32","shape":[10],"data_offsets":[0]^}})");
    at(R"({"a":{"dtype":"F32","shape":[^18446744073709551615],"data_offsets":[0,4]}})");
    at(R"({"__metadata__":{}, ^"a":{"dtype":"F64","shape":[1],"data_offsets":[0,4]}})");
    at(R"({"__metadata__":{}, ^"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})");
    at(R"({"a":^})");
    const std::string fine = object(entry("a", "[1]", "[0,4]"));
    CHECK(contains(refusal(folder, file_of(fine, 9)), fmt::format("got 5 bytes from byte {}, in ", 8 + fine.size() + 4)));
}

TEST_CASE("deep nesting and huge headers are refused without being followed") {
    const Folder folder;
    CHECK(contains(refusal(folder, file_of("{\"a\":" + std::string(1000000, '['))), "a list after the key \"a\""));
    std::string objects;
    for (int i = 0; i < 100000; ++i) objects += i == 0 ? "{\"a\":" : "{\"shape\":";
    CHECK(contains(refusal(folder, file_of(objects)), "an object after the key \"shape\""));
    const std::size_t before = memory_stats().peak;
    CHECK(contains(refusal(folder, std::string(8, '\xff') + "{}"), "at most 100,000,000 bytes; got 18446744073709551615"));
    CHECK(contains(refusal(folder, std::string("\x01\xe1\xf5\x05\0\0\0\0{}", 10)), "got 100000001"));
    CHECK(contains(refusal(folder, std::string("\x03\0\0\0\0\0\0\0{}", 10)),
                   "within the file; got 3 bytes of it in a file of 10"));
    CHECK(memory_stats().peak == before);
}
