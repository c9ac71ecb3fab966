// What lines of JSON are made of.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>

namespace wengert::mode_costs {

using Json = nlohmann::ordered_json;

template <class T>
Json or_null(const std::optional<T>& x) {
  return x ? Json(*x) : Json();
}

}  // namespace wengert::mode_costs
