// The answers that known mistakes give.
#pragma once
#include <functional>

#include "wengert/explain/check.hpp"

namespace wengert::checking {

struct Candidate {
  MistakeKind kind = MistakeKind::unknown;
  std::string message;
  Span span;
  Expr answer;
};

// Hands over candidate answers, the likely ones first, until `found` says that one is the student's.
bool each_candidate(const StudentAnswer& question, const Expr& derivative,
                    const std::function<bool(const Candidate&)>& found);

}  // namespace wengert::checking
