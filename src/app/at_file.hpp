// Values of names from JSON: numbers, lists (columns), lists of lists (matrices by rows).
//
//   {"x": 2, "W": [[1, 2], [3, 4]], "b": ["nan", 0]}
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wengert/core/diagnostic.hpp"
#include "wengert/session/session.hpp"

namespace wengert::app {

using NamedValues = std::vector<std::pair<std::string, Value>>;

// `file` is the name for messages. Errors are of kind usage and name what is wrong where.
Result<NamedValues> values_from_json(const std::string& file, std::string_view text);

}  // namespace wengert::app
