#include "samebits/train/callbacks/csv_logger.h"

#include <algorithm>

#include "samebits/base/check.h"

namespace samebits::callbacks {
namespace {

// Python's and Keras's way to write a float: 1.0, 0.25, 1e-07.
std::string number(double value) {
    std::string text = fmt::format("{}", value);
    if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
    return text;
}

std::string quoted(const std::string& name, const std::string& separator) {
    if (name.find_first_of("\"\r\n" + separator) == std::string::npos) return name;
    std::string text = "\"";
    for (const char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
    return text + "\"";
}

}  // namespace

CSVLogger::CSVLogger(std::filesystem::path filename, std::string separator, bool append)
    : path_(std::move(filename)), separator_(std::move(separator)), append_(append) {
    require(!path_.empty(), "[CSVLogger] filename names a file; got an empty one; name one");
    require(separator_.size() == 1 && separator_.find_first_of("0123456789.+-enaif\"\r\n") == std::string::npos,
            "[CSVLogger] separator is one character that no number has; got separator=\"{}\"; choose another, such as a comma",
            separator_);
}

void CSVLogger::on_train_begin(Training& /*training*/) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path_, error);
    header_ = !append_ || error || size == 0;
    names_.clear();
    file_.close();
    file_.clear();
    file_.open(path_, append_ ? std::ios::app | std::ios::binary : std::ios::trunc | std::ios::binary);
    require<IoError>(file_.good(), "[CSVLogger] cannot write {}; got an error; check folder and rights", path_.string());
}

void CSVLogger::on_epoch_end(Training& /*training*/, std::int64_t epoch, Metrics& logs) {
    if (names_.empty()) {
        for (const auto& [name, value] : logs) names_.push_back(name);
        std::sort(names_.begin(), names_.end());
        std::string line = "epoch";
        for (const std::string& name : names_) line += separator_ + quoted(name, separator_);
        if (header_) write(line);
    }
    std::string line = std::to_string(epoch);
    for (const std::string& name : names_) {
        const auto found = std::find_if(logs.begin(), logs.end(), [&](const auto& log) { return log.first == name; });
        line += separator_ + (found == logs.end() ? "NA" : number(found->second));
    }
    write(line);
}

void CSVLogger::on_train_end(Training& /*training*/, const Metrics& /*logs*/) { file_.close(); }

void CSVLogger::write(const std::string& line) {
    file_ << line << "\r\n";
    file_.flush();
    require<IoError>(file_.good(), "[CSVLogger] cannot write {}; got an error; is the disk full?", path_.string());
}

}  // namespace samebits::callbacks
