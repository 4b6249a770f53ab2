#include "samebits/train/loss_json.h"

#include <nlohmann/json.hpp>

#include "samebits/base/check.h"
#include "samebits/train/json_arguments.h"
#include "samebits/train/json_text.h"

namespace samebits {
namespace {

using Json = nlohmann::ordered_json;

bool has_k(MetricKind kind) { return kind == MetricKind::top_k || kind == MetricKind::sparse_top_k; }

}  // namespace

std::string loss_to_json(const LossSpec& loss) {
    Json json{{"type", name_of(loss.name)}, {"from_logits", loss.from_logits}};
    if (loss.label_smoothing != 0) json["label_smoothing"] = loss.label_smoothing;
    if (loss.name == LossName::huber) json["delta"] = loss.delta;
    return json.dump();
}

LossSpec loss_from_json(const std::string& text) {
    const Json json = parse(text);
    if (json.is_string()) return json.get<std::string>();
    const std::string type = type_of("compile: loss", json);
    LossSpec loss(type);
    JsonArguments arguments(type, json);
    loss.from_logits = arguments.flag("from_logits", false);
    if (smooths_labels(loss.name)) loss.label_smoothing = arguments.number("label_smoothing", 0);
    if (loss.name == LossName::huber) loss.delta = arguments.number("delta", 1);
    arguments.refuse_unknown();
    loss.validate();
    return loss;
}

std::string losses_to_json(const Losses& losses) {
    Json list = Json::array();
    for (const LossSpec& loss : losses.each) list.push_back(parse(loss_to_json(loss)));
    return (list.size() == 1 ? list[0] : list).dump();
}

Losses losses_from_json(const std::string& text) {
    const Json json = parse(text);
    if (!json.is_array()) return loss_from_json(text);
    std::vector<LossSpec> losses;
    for (const Json& loss : json) losses.push_back(loss_from_json(loss.dump()));
    require(!losses.empty(), "[compile] a list of losses has one an output; got none; name a loss");
    return losses;
}

std::string metric_to_json(const MetricSpec& metric) {
    const MetricSpec plain(metric.kind, metric.name);
    const bool says_all = metric.kind == MetricKind::by_shapes ||
                          (metric.kind != MetricKind::equality && metric.name == default_name_of(metric.kind) &&
                           metric.k == plain.k && metric.threshold == plain.threshold);
    constexpr auto replace = Json::error_handler_t::replace;  // a name may be no UTF-8
    if (says_all) return Json(metric.name).dump(-1, ' ', false, replace);
    Json json{{"type", class_name_of(metric.kind)}, {"name", metric.name}};
    if (metric.kind == MetricKind::binary_accuracy) json["threshold"] = metric.threshold;
    if (has_k(metric.kind)) json["k"] = metric.k;
    return json.dump(-1, ' ', false, replace);
}

MetricSpec metric_from_json(const std::string& text) {
    const Json json = parse(text);
    if (json.is_string()) return json.get<std::string>();
    MetricSpec metric = metric_of_class(type_of("compile: metric", json));
    JsonArguments arguments(class_name_of(metric.kind), json);
    metric.name = arguments.text("name", metric.name);
    if (metric.kind == MetricKind::binary_accuracy) metric.threshold = arguments.number("threshold", metric.threshold);
    if (has_k(metric.kind)) metric.k = arguments.whole("k", metric.k);
    arguments.refuse_unknown();
    metric.validate();
    return metric;
}

std::string metrics_to_json(const std::vector<MetricSpec>& metrics) {
    Json list = Json::array();
    for (const MetricSpec& metric : metrics) list.push_back(parse(metric_to_json(metric)));
    return list.dump();
}

std::vector<MetricSpec> metrics_from_json(const std::string& text) {
    const Json json = parse(text);
    require<TypeMismatch>(json.is_array(), "[compile] metrics are a list; got {}; give a list", json.dump().substr(0, 80));
    std::vector<MetricSpec> metrics;
    for (const Json& metric : json) metrics.push_back(metric_from_json(metric.dump()));
    return metrics;
}

}  // namespace samebits
