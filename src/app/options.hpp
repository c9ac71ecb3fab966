// What the options of a command line say, parsed and checked.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "app/files.hpp"
#include "wengert/core/diagnostic.hpp"
#include "wengert/core/limits.hpp"
#include "wengert/explain/drawing.hpp"
#include "wengert/modes/repeated.hpp"

namespace wengert::app {

enum class When : std::uint8_t { automatic, always, never };

// How the derivative of a column by a column is laid out; usual: gradients like their variable, Jacobians
// with a row for each element of the value.
enum class Layout : std::uint8_t { usual, numerator, denominator };

// Which modes are to answer.
struct ModeChoice {
  bool every = false;       // all
  bool automatic = false;   // the cheapest
  std::vector<Mode> named;  // otherwise
};

// What a text may ask for, and what the process may take.
struct Bounds {
  Limits text;
  int digits = 100'000;
  double seconds = 0;        // of one answer; 0: no limit
  std::uint64_t memory = 0;  // bytes of the process; 0: no limit
};
// "nodes=1e6,time=5s,memory=500MB" on top of `bounds`; the diagnostic names what is wrong.
std::optional<Diagnostic> read_bounds(std::string_view text, Bounds& bounds);
Bounds sandbox_bounds();

struct Options {
  std::vector<std::string> at;
  std::vector<std::string> wrt;  // empty: every input
  std::optional<ModeChoice> mode;
  std::string by;
  Layout layout = Layout::usual;
  std::vector<std::string> tangents;  // "x=1"
  std::string cotangent;
  std::vector<std::string> gradients;  // "x=2*x", to be checked
  std::string svg;                     // where to write a picture
  std::optional<double> tolerance;
  std::string method;  // of minimize
  Engine engine = Engine::automatic;  // of what is evaluated many times
  double rate = 0.1, momentum = 0.9;
  bool fix = false;
  bool spy = false;  // the pattern of a derivative
  Bounds bounds;
  bool sandbox = false;  // no files, tight limits
  std::optional<int> order;  // at least 0
  std::string lang = "c", name = "f";  // of written source
  std::optional<int> hint;  // steps to reveal
  bool formulas = false;    // of local partials
  std::string focus;        // a value of the program
  std::size_t reach = 2;    // arrows from the focus
  std::size_t most = 60;    // boxes of a graph
  Theme theme = Theme::automatic;
  std::vector<std::string> over;  // "x=-4..4"
  std::string each;               // statements
  std::optional<int> steps;
  std::string points;             // an expression
  std::vector<double> levels;     // of contours
  bool log = false;
  int level = 1;
  std::uint64_t seed = 1;
  std::string as;           // "latex"; empty: the command's own
  int digits = 0;           // 0: doubles
  int shown_digits = 0;     // of numbers in a lesson; 0: as many as read back
  std::optional<double> budget_seconds;
  std::optional<double> budget_bytes;
  int threads = 0;
  When color = When::automatic;
  bool json = false;
  bool quiet = false;
  bool strict = false;
  bool keep_going = false;
  bool check = false;
  bool no_config = false;
  bool version = false;

  FileAccess files() const { return {!sandbox, bounds.text.text}; }
};

// Reads words such as "--mode=reverse" on top of `base`.
Result<Options> parse_options(const std::vector<std::string>& words, const CommandInfo& command, Options base = {});

// "reverse", "all", "auto", or several names with commas.
Result<ModeChoice> mode_choice(std::string_view text);

// "2", "2s", "500ms", "500MB": seconds or bytes, into the one that it is.
bool parse_budget(std::string_view text, std::optional<double>& seconds, std::optional<double>& bytes);

// "x, W" as its names.
std::vector<std::string> comma_list(std::string_view text);

}  // namespace wengert::app
