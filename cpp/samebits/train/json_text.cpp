#include "samebits/train/json_text.h"

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"

namespace samebits {

using Json = nlohmann::ordered_json;

constexpr int max_depth = 16;

Json parse(const std::string& text) {
    const FpGuard guard;  // decimal text is rounded to nearest
    const auto plain = [](int depth, Json::parse_event_t, const Json& part) {
        require(depth <= max_depth, "[model] JSON is nested too deep; got more than {} levels; give flatter JSON", max_depth);
        const auto* const words = part.get_ptr<const std::string*>();
        require(words == nullptr || words->find('\0') == std::string::npos,  // it would end a message where it stands
                "[model] texts have no NUL; got one in the JSON; give what to_json wrote");
        return true;
    };
    Json json = Json::parse(text, plain, /*allow_exceptions=*/false);
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
