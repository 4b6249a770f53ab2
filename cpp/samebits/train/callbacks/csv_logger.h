// A line of numbers an epoch in a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "samebits/base/api.h"
#include "samebits/train/callback.h"

namespace samebits::callbacks {

// "epoch" (from 0), then the logs' names in byte order; numbers that read back as they are, lines end with "\r\n" (RFC 4180),
// as in Keras. A number that an epoch does not have is NA.
class SAMEBITS_API CSVLogger final : public Callback {
public:
    // append: goes on behind what the file holds, with a header only where it was empty. Else it is written anew by each fit.
    // Throws InvalidArgument for a separator that is not one character, or one that numbers are made of.
    explicit CSVLogger(std::filesystem::path filename, std::string separator = ",", bool append = false);

    void on_train_begin(Training& training) override;
    void on_epoch_end(Training& training, std::int64_t epoch, Metrics& logs) override;
    void on_train_end(Training& training, const Metrics& logs) override;

private:
    void write(const std::string& line);

    std::filesystem::path path_;
    std::string separator_;
    bool append_;
    bool header_ = true;
    std::vector<std::string> names_;
    std::ofstream file_;
};

}  // namespace samebits::callbacks
