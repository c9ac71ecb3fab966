// Answers as the JSON objects of the interface, schema 1.
#pragma once
#include <string_view>

#include "app/ask.hpp"
#include "app/json.hpp"

namespace wengert::app {

// The member `key`: operations by kind, and in total.
void put_operations(Json& json, std::string_view key, const OperationCount& count);

class JsonAnswers {
 public:
  explicit JsonAnswers(const Sources& sources) : sources_(sources) {}

  Json value(std::string_view input, const ValueAnswer& answer) const;
  // `both`: the Jacobian of a scalar stands beside its gradient.
  Json derivative(std::string_view input, const DerivativeAnswer& answer, bool both) const;
  Json formulas(std::string_view input, const std::vector<Formula>& formulas, Shape shape,
                const std::vector<Diagnostic>& notes) const;

  // "warnings": the member of an object.
  void warnings(Json& json, const std::vector<Diagnostic>& list) const;

 private:
  const Sources& sources_;
};

}  // namespace wengert::app
