#include "samebits/train/json_text.h"

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"

namespace samebits {

using Json = nlohmann::ordered_json;

constexpr int max_depth = 16;

Json parse(const std::string& text) {
    const FpGuard guard;  // decimal text is rounded to nearest
    const auto shallow = [](int depth, Json::parse_event_t, Json&) {
        require(depth <= max_depth, "[model] JSON is nested too deep; got more than {} levels; give flatter JSON", max_depth);
        return true;
    };
    Json json = Json::parse(text, shallow, /*allow_exceptions=*/false);
    require(!json.is_discarded(), "[model] not valid JSON; got {} bytes; give what to_json wrote", text.size());
    return json;
}

std::string type_of(const char* what, const Json& json) {
    const auto type = json.find("type");
    require(json.is_object() && type != json.end() && type->is_string(), "[{}] needs a name or a type; got {}; give one", what,
            json.dump());
    return type->get<std::string>();
}

}  // namespace samebits
