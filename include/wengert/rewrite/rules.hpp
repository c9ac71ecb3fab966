// The table of rewrites: what each is called, when it holds, what it does.
//
//   for (const RewriteRule& r : rewrite_rules()) print(r.name, r.example, r.condition);
//
// Where both sides are defined they are equal; a condition says where the left side is not defined
// although the right side is, so none changes a value or a derivative that was there.
#pragma once
#include <span>
#include <string_view>

namespace wengert {

struct RewriteRule {
  std::string_view name;
  std::string_view condition;  // empty: always
  std::string_view example;
};

std::span<const RewriteRule> rewrite_rules();

}  // namespace wengert
