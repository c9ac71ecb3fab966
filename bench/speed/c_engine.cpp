// The exported C as an engine: compiled by the C compiler at hand under the flags of what is written by hand.
#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "engines.hpp"
#include "loaded.hpp"
#include "wengert/exec/c_source.hpp"

namespace wengert::bench {

namespace {

namespace fs = std::filesystem;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// One function for all: pointers to the inputs, to the results, and room to work.
std::string entry(const Problem& p, const std::string& source) {
  const char* task = p.work == Work::jacobian ? "jacobian" : "gradient";
  std::string call = fmt::format("f_{}(", task);
  for (std::size_t k = 0; k < p.inputs.size(); ++k)
    call += fmt::format("{}in[{}]{}", k > 0 ? ", " : "", k, p.inputs[k].shape.scalar() ? "[0]" : "");
  std::size_t results = 1;
  for (const Given& g : p.inputs) results += g.by ? 1 : 0;
  for (std::size_t k = 0; k < results; ++k) call += fmt::format(", out[{}]", k);
  const std::string size = fmt::format("f_{}_work", task);
  const bool works = source.find("enum { " + size + " ") != std::string::npos;
  return fmt::format(
      "\nvoid entry(const double *const *in, double *const *out, double *work) {{\n  (void)work;\n  {}{});\n}}\n"
      "size_t entry_work(void) {{ return {}; }}\n",
      call, works ? ", work" : "", works ? size : "0");
}

class Library {
 public:
  explicit Library(const std::string& source) {
    const fs::path folder = fs::temp_directory_path() / fmt::format("wengert-speed-{}", ::getpid());
    fs::create_directories(folder);
    const fs::path c = folder / "f.c", so = folder / fmt::format("f{}.so", count_++);
    std::ofstream(c) << source;
    // As in C++, products and sums may be one instruction: -std=c11 alone says that they may not.
    const std::string command = fmt::format(
        "cc -std=c11 -O3 -march=native -ffp-contract=fast -shared -fPIC {} -o {} -lm", c.string(), so.string());
    const bool compiled = std::system(command.c_str()) == 0;
    if (compiled) handle_ = ::dlopen(so.c_str(), RTLD_NOW | RTLD_LOCAL);
    fs::remove_all(folder);
    if (handle_ == nullptr) throw std::runtime_error("no C compiler took it");
  }
  ~Library() { ::dlclose(handle_); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  template <class F>
  F* find(const char* name) const {
    return reinterpret_cast<F*>(::dlsym(handle_, name));
  }

 private:
  static inline int count_ = 0;
  void* handle_ = nullptr;
};

}  // namespace

std::unique_ptr<Ready> exported_c(const Problem& p) {
  if (p.work != Work::gradient && p.work != Work::jacobian) throw std::runtime_error("no C function of this kind");
  auto r = std::make_unique<Ready>();
  const double begin = now();
  Loaded l(p);
  make_room(*r, p, l.y.shape().size());
  exec::CSource c{.name = "f", .output = l.y, .inputs = {}, .text = p.name};
  for (std::size_t k = 0; k < p.inputs.size(); ++k)
    c.inputs.push_back({.input = l.inputs[k], .name = p.inputs[k].name, .by = p.inputs[k].by, .check = {}});
  const auto source = exec::write_c(c);
  if (!source) throw std::runtime_error(source.error().message);
  if (source->size() > 300'000) throw std::runtime_error("the source is too long for a compiler");
  const auto library = std::make_shared<Library>(*source + entry(p, *source));
  const auto call = library->find<void(const double* const*, double* const*, double*)>("entry");
  const auto work = std::make_shared<std::vector<double>>(library->find<std::size_t()>("entry_work")());
  r->call = [library, call, work, in = inputs_of(p), to = r->to] { call(in.data(), to.data(), work->data()); };
  r->call();
  r->prepared = now() - begin;
  r->bytes = source->size();
  return r;
}

}  // namespace wengert::bench
