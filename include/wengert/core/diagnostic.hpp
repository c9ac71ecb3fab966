// What the engine says about a text or a point: errors, warnings, notes.
//
// A Diagnostic names its kind in the words of the JSON interface, points at a span, and carries a
// suggestion where one is known. Functions that can fail return Result<T>: a value, or the
// diagnostic that explains why there is none.
#pragma once
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "wengert/core/source.hpp"

namespace wengert {

enum class Kind : std::uint8_t {
  // errors
  syntax, name, shape, domain, limit, usage, internal,
  singular,     // a domain error: a linear system without a solution has no value at all
  memory,       // a limit, that of the machine
  interrupted,
  // warnings (domain is one too)
  kink, strong_zero, constant, note, cancellation,
};

// The kind's name in JSON and in messages, such as "strong-zero".
std::string_view to_string(Kind kind);

// A second place that explains the first ("x is 3x1 here").
struct Label {
  Span span;
  std::string text;
};

struct Diagnostic {
  Kind kind = Kind::internal;
  std::string message;
  Span span;
  std::string help;
  std::vector<Label> labels;
};

// A value or the diagnostic that says why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}                  // NOLINT: implicit on purpose
  Result(Diagnostic error) : state_(std::move(error)) {}         // NOLINT: implicit on purpose
  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() { return *std::get_if<0>(&state_); }
  const T& operator*() const { return *std::get_if<0>(&state_); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }
  const Diagnostic& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Diagnostic> state_;
};

// Thrown out of a long computation that was told to stop, or that grew past a limit.
class Stopped : public std::exception {
 public:
  explicit Stopped(Diagnostic why) : diagnostic(std::move(why)) {}
  const char* what() const noexcept override { return diagnostic.message.c_str(); }
  Diagnostic diagnostic;
};

// As people read it:
//   error: expected an operand
//     --> line 1, column 10
//     | exp(x*z)+*x
//     |          ^
//     help: ...
std::string render(const Diagnostic& diagnostic, const Sources& sources, std::string_view severity);

// The one of `known` that differs from `word` by the fewest edits, if that is near enough to be
// a misspelling (one edit, or two in a word of more than five letters).
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace wengert
