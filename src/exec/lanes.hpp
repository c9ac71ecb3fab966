// Kernels over blocks of numbers: out[i] = f(a[i], b[i], c[i]).
//
// Every elementwise row has one, made from the row (rows.cpp). Arithmetic and, where vector functions
// are asked for, elementary functions have faster ones in objects of their own for each instruction set
// (lanes_*.cpp from lanes_body.hpp), whose code has internal linkage: the linker can not mix them up.
#pragma once
#include <array>
#include <cstddef>

#include "cells.hpp"

namespace wengert::exec {

// Bit j of form: operand j runs along; otherwise it stays at its first number. out may be an operand.
using Kernel = void (*)(double* out, const double* a, const double* b, const double* c, unsigned form, std::size_t n);
// A row at one element.
using ElementFunction = double (*)(double a, double b, double c);

// sum of width lanes: in[k*stride + lane] for k < n, by eight interleaved accumulators and a fixed tree.
using SumKernel = void (*)(double* out, const double* in, std::size_t n, std::size_t stride, std::size_t width);
// out (m x n, by rows) = left (m x k) * right (k x n), each by rows unless stored transposed.
using ProductKernel = void (*)(double* out, const double* left, const double* right, std::size_t m, std::size_t k,
                               std::size_t n, std::uint32_t flags);

using ExtremeKernel = void (*)(double* out, const double* in, std::size_t n, std::size_t stride, std::size_t width,
                               double sign);
// m x k by k x n, in each of width lanes (a multiple of 8); how far rows and columns are apart.
struct LaneProduct {
  std::size_t m, k, n, width, left_row, left_column, right_row, right_column;
};
using LaneProductKernel = void (*)(double* out, const double* left, const double* right, const LaneProduct& p);

// Up to so many lines become the columns of an array: to[s*k + r] = from[k*step] + plus[k*plus_step] of line r, for
// steps of 0 and 1; plus may be null.
inline constexpr std::size_t most_woven = 4;
struct WovenLine {
  const double *from = nullptr, *plus = nullptr;
  std::uint32_t step = 1, plus_step = 0;
};
using WeaveKernel = void (*)(double* to, const WovenLine* lines, std::size_t s, std::size_t n);

struct KernelTable {
  std::array<Kernel, code_count> elementwise{};
  SumKernel sum = nullptr;
  ExtremeKernel extreme = nullptr;
  LaneProductKernel multiply_lanes = nullptr;
  bool (*finite)(const double* x, std::size_t n) = nullptr;
  WeaveKernel weave = nullptr;
  ProductKernel multiply = nullptr;       // of single matrices
  ProductKernel multiply_wide = nullptr;  // where lanes are columns
  std::size_t vector = 2;                 // numbers in a register
  // For machine code: functions of one number, and of one register or two; null where an operation has none.
  std::array<const void*, code_count> scalar_function{}, vector_function{};
};

const KernelTable& kernels_for(InstructionSet instructions, Mathematics mathematics);
ElementFunction element_function(Code code);

// What the objects of an instruction set put into a table that has every row.
void add_baseline(KernelTable& table, bool fast);
void add_avx2(KernelTable& table, bool fast);
void add_avx512(KernelTable& table, bool fast);
void multiply_avx2(double* out, const double* left, const double* right, std::size_t m, std::size_t k, std::size_t n,
                   std::uint32_t flags);
void multiply_avx512(double* out, const double* left, const double* right, std::size_t m, std::size_t k, std::size_t n,
                     std::uint32_t flags);
void multiply_baseline(double* out, const double* left, const double* right, std::size_t m, std::size_t k,
                       std::size_t n, std::uint32_t flags);

}  // namespace wengert::exec
