// What a Jacobian takes before anything runs: exact counts, and seconds by prices.
//
//   const Workload w = prepare(Mode::reverse, problem).workload();
//   w.operations                        // exact
//   w.seconds()                         // a forecast
//
// A workload is amounts of a few kinds (arithmetic, calls, elements moved, instructions decoded, ...); seconds are
// amounts times prices. The prices are fitted by least squares to what `./dev bench modes` measures, which prints how
// far off they are; those built in are of one machine, and only their ratios matter to a choice.
//
// A formula is written to be counted, vertices are eliminated: ask `preparing_seconds` first.
#pragma once
#include <array>
#include <span>
#include <string_view>

#include "wengert/modes/mode.hpp"
#include "wengert/rules/arrays.hpp"

namespace wengert {

enum class Amount : std::uint8_t {
  product,     // additions and multiplications in products of matrices
  arithmetic,  // other additions and multiplications
  division,
  call,
  long_call,    // of those, calls in instructions on so many elements that no processor learns their branches
  given,        // elements of inputs, copied in
  moved,        // other elements: set, cleared or copied
  fresh,        // of the results, where they are so many that every run gets its memory from the system
  instruction,  // elementwise ones, whatever their size
  array,        // instructions on whole arrays, likewise
  multiply,     // of those, products of matrices
  arrange,      // of those, what moves elements only
  piece,        // arguments of instructions that put arrays together
  direction,    // sweeps' own: seeds, results
  evaluation    // 1
};
inline constexpr std::size_t amount_count = 15;
std::string_view to_string(Amount amount);

// Ways of running whose inner loops differ have prices of their own: directions in lanes are another loop.
enum class Regime : std::uint8_t { reverse, reverse_wide, forward, forward_wide, symbolic, cross, finite, complex_step };
inline constexpr std::size_t regime_count = 8;
std::string_view to_string(Regime regime);

using Amounts = std::array<double, amount_count>;
const Amounts& built_in_prices(Regime regime);  // seconds each

struct Workload {
  Regime regime = Regime::reverse;
  OperationCount operations;  // as Prepared::operations
  Amounts amounts{};
  double seconds() const;
};

// Which one to take: the fewest operations; of those within a tenth of it, the shortest forecast; another one where its
// forecast is shorter by more than a fifth. What saves less than half a microsecond is not looked at. None: 0.
std::size_t cheapest_of(std::span<const Workload> offered);

// What preparing a mode is predicted to take: to write the formula, to eliminate the vertices; 0 where nothing is written.
double preparing_seconds(Mode mode, const Problem& problem);

}  // namespace wengert
