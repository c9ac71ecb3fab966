// Written C, compiled with all warnings as errors and run.
#pragma once
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "../rewrite/random_programs.hpp"
#include "../tools/calls.hpp"
#include "../tools/examples.hpp"
#include "wengert/exec/c_source.hpp"

namespace wengert::test::c {
namespace fs = std::filesystem;

struct Folder {
  fs::path path;
  Folder() : path(fs::temp_directory_path() / fmt::format("wengert-c-{}", static_cast<const void*>(this))) {
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& name) const { return (path / name).string(); }
};

inline void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }
inline std::string read(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

inline std::vector<std::string> compilers() {
  const auto known = [](const std::string& name) {
    return std::system(fmt::format("command -v {} >/dev/null 2>&1", name).c_str()) == 0;
  };
  std::vector<std::string> found{"gcc"}, clangs{"clang"};
  for (int version = 22; version >= 12; --version) clangs.push_back(fmt::format("clang-{}", version));
  const auto clang = std::find_if(clangs.begin(), clangs.end(), known);
  if (clang != clangs.end())
    found.push_back(*clang);
  else
    MESSAGE("no clang on this machine: its warnings about written C are not looked at");
  return found;
}

// Compiles and runs; empty with a message where either fails.
inline std::string output_of(const std::string& compiler, const Folder& folder, const std::string& text) {
  write(folder.file("p.c"), text);
  const std::string build = fmt::format(
      "{} -std=c11 -O1 -ffp-contract=off -Wall -Wextra -Wpedantic -Wno-missing-prototypes -Werror {} -o {} -lm 2> {}",
      compiler, folder.file("p.c"), folder.file("p"), folder.file("errors"));
  if (std::system(build.c_str()) != 0) {
    FAIL_CHECK(compiler << ": " << read(folder.file("errors")) << text);
    return {};
  }
  if (std::system(fmt::format("{} > {}", folder.file("p"), folder.file("out")).c_str()) != 0)
    FAIL_CHECK("the program failed: " << read(folder.file("out")) << text);
  return read(folder.file("out"));
}

inline exec::CSource source_of(const Program& p, const Point& at, const std::string& name, bool check) {
  exec::CSource s{.name = name, .output = p.output, .text = p.text, .check = check};
  std::size_t k = 0;
  for (const Expr& x : p.inputs) {
    exec::CInput in{.input = x, .name = p.graph->input_of(x.id).name};
    for (std::size_t e = 0; e < x.shape().size(); ++e) in.check.push_back(at[k++]);
    s.inputs.push_back(in);
  }
  return s;
}

inline std::string literal(const Point& p) {
  std::string s;
  for (double x : p)
    s += (s.empty() ? "" : ", ") + (std::isfinite(x) ? fmt::format("{:a}", x)
                                    : x > 0          ? "INFINITY"
                                    : x < 0          ? "-INFINITY"
                                                     : "NAN");
  return s;
}

// The source with a main that prints what a function of the inputs (and a direction) puts into one or more results.
inline std::string printing_main(const std::string& source, const Program& p, const Point& at, const Point& direction,
                                 const std::string& function, std::size_t results, bool with_direction,
                                 const std::vector<std::size_t>& sizes) {
  std::string text = "#include <stdio.h>\nint main(void) {\n", call;
  for (const Point* values : {&at, &direction}) {
    if (values == &direction && !with_direction) break;
    std::size_t k = 0;
    for (const Expr& x : p.inputs) {
      const std::size_t n = x.shape().size();
      const std::string name = fmt::format("{}{}", values == &at ? "in" : "t", k);
      text += fmt::format("  const double {}[] = {{{}}};\n", name,
                          literal(Point(values->begin() + static_cast<std::ptrdiff_t>(k),
                                        values->begin() + static_cast<std::ptrdiff_t>(k + n))));
      call += (call.empty() ? "" : ", ") + (x.shape().scalar() ? "*" + name : name);
      k += n;
    }
  }
  for (std::size_t r = 0; r < results; ++r) {
    text += fmt::format("  double out{}[{}];\n", r, sizes[r]);
    call += fmt::format(", out{}", r);
  }
  if (source.find("enum { " + function + "_work = ") != std::string::npos) {
    text += "  static double work[" + function + "_work];\n";
    call += ", work";
  }
  text += fmt::format("  {}({});\n", function, call);
  for (std::size_t r = 0; r < results; ++r)
    text += fmt::format("  for (int i = 0; i < {}; ++i) printf(\"%.17g\\n\", out{}[i]);\n", sizes[r], r);
  return source + text + "  return 0;\n}\n";
}

inline Point numbers_in(const std::string& text) {
  Point p;
  std::istringstream in(text);
  for (std::string word; in >> word;) p.push_back(std::strtod(word.c_str(), nullptr));
  return p;
}

inline bool close(const Point& a, const Point& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool same = a[i] == b[i] || (a[i] != a[i] && b[i] != b[i]);
    if (!same && !(std::fabs(a[i] - b[i]) <= 1e-12 * (std::fabs(a[i]) + std::fabs(b[i])) + 1e-14)) return false;
  }
  return true;
}

inline std::vector<std::size_t> sizes_of(const Program& p, bool value) {
  std::vector<std::size_t> sizes;
  if (value) sizes.push_back(p.output.shape().size());
  for (const Expr& x : p.inputs) sizes.push_back(x.shape().size());
  return sizes;
}

// All functions of a scalar program against the sweeps.
// The value and the gradient of written C.
inline void check_gradient(const Program& p, const Point& at, const std::string& compiler) {
  CAPTURE(describe(p, at));
  const Folder folder;
  const auto source = exec::write_c(source_of(p, at, "f", false));
  REQUIRE(bool(source));
  Point expected = value(p, at);
  for (double x : pull(p, at, {1.0})) expected.push_back(x);
  const auto sizes = sizes_of(p, true);
  CHECK(close(
      numbers_in(output_of(compiler, folder,
                           printing_main(*source, p, at, Point(p.size()), "f_gradient", sizes.size(), false, sizes))),
      expected));
}
// Those, and a product with the Hessian.
inline void check_scalar(const Program& p, const Point& at, Random& random, const std::string& compiler) {
  check_gradient(p, at, compiler);
  CAPTURE(describe(p, at));
  const Folder folder;
  const auto source = exec::write_c(source_of(p, at, "f", false));
  REQUIRE(bool(source));
  const Point direction = random.around_one(p.size());
  const auto second = sizes_of(p, false);
  CHECK(close(numbers_in(output_of(compiler, folder,
                                   printing_main(*source, p, at, direction, "f_hvp", second.size(), true, second))),
              pull_of_push(p, at, direction, {1.0})));
}

}  // namespace wengert::test::c
