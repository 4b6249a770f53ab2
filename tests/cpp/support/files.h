// Files of a test, in a folder that goes with it.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace samebits::test {

class Folder {
public:
    Folder() {
        static int counter = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("samebits-test-" + std::to_string(getpid()) + "-" + std::to_string(counter++));
        std::filesystem::create_directory(path_);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
    // Writes a file and gives its path.
    [[nodiscard]] std::filesystem::path file(std::string_view name, std::string_view bytes) const {
        std::filesystem::remove(path_ / name);  // ext4 flushes a file that is cut to nothing and written again: 8 ms
        std::ofstream(path_ / name, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return path_ / name;
    }
    [[nodiscard]] std::ptrdiff_t files() const {
        return std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator());
    }

private:
    std::filesystem::path path_;
};

inline std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// What the exception of type E says that `call` throws; "(nothing thrown)" when it throws none. Others pass through.
template <class E, class F>
std::string message_of(F&& call) {
    try {
        call();
    } catch (const E& error) {
        return error.what();
    }
    return "(nothing thrown)";
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace samebits::test
