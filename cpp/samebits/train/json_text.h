// JSON text from files, recipes and Python, read with care. Internal.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace samebits {

// Throws InvalidArgument for text that is not JSON, or nested deeper than any description of ours.
nlohmann::ordered_json parse(const std::string& text);
// The value of "type"; `what` names the thing in errors. Throws InvalidArgument without one.
std::string type_of(const char* what, const nlohmann::ordered_json& json);

}  // namespace samebits
