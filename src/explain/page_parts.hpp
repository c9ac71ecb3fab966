// Pieces of the page.
#pragma once
#include <string>
#include <string_view>

#include "wengert/explain/drawing.hpp"
#include "wengert/explain/paths.hpp"

namespace wengert::paging {

extern const std::string_view style;
extern const std::string_view script;

// What the script steps through, as JSON: the sentence, the box, the arrows, the multiplications so far.
struct Stepped {
  std::string json;
  std::size_t count = 0;
  std::string forward_table, reverse_table;  // rows carry the number of the step that fills them
  std::size_t forward_multiplications = 0, reverse_multiplications = 0;
};
Stepped stepped(const Trace& t, const Drawing& d);

// Sections; empty where there is nothing to tell.
std::string derivations(const Problem& problem, std::size_t most);
std::string path_section(const Trace& t, const Linearization& graph);
std::string order_section(const Linearization& graph);
std::string why_section(const Problem& problem, const Point& point, const Trace& t, const Linearization& graph);

}  // namespace wengert::paging
