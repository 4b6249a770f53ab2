// A layer's refusals with its name in them: `[Add] "join": all inputs must have one shape; got ...; do ...`. Internal.
#pragma once

#include <string>
#include <utility>

#include "samebits/base/check.h"

namespace samebits {

// Runs body, which asks the layer of this name; "": as it is.
template <class F>
auto named(const std::string& name, F&& body) {
    return retold(std::forward<F>(body), [&](std::string message) {
        const std::size_t op = message.find("] ");
        if (!name.empty()) message.insert(op == std::string::npos ? 0 : op + 2, '"' + name + "\": ");
        return message;
    });
}

}  // namespace samebits
