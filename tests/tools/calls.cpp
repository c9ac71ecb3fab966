#include "calls.hpp"

namespace wengert::test {

namespace {

struct ArrayCall {
  Op op;
  std::vector<Shape> arguments;
  Shape result;
  std::uint32_t number = 0;
  std::vector<Slice> slices = {};
  double diagonal = 0;  // added to that of the first argument: far from singular
};

constexpr Shape scalar{1, 1};

// Every array row stands here, at least once.
const std::vector<ArrayCall>& array_calls() {
  static const std::vector<ArrayCall> calls{
      {op_of<MatMul>, {{2, 3}, {3, 4}}, {2, 4}},
      {op_of<MatMul>, {{1, 3}, {3, 1}}, scalar},
      {op_of<MatMul>, {{3, 1}, {1, 3}}, {3, 3}},
      {op_of<StrongMatMul>, {{2, 3}, {3, 2}}, {2, 2}},
      {op_of<Transpose>, {{2, 3}}, {3, 2}},
      {op_of<Sum>, {{3, 4}}, scalar, along::all},
      {op_of<Sum>, {{3, 4}}, {1, 4}, along::rows},
      {op_of<Sum>, {{3, 4}}, {3, 1}, along::cols},
      {op_of<Broadcast>, {scalar}, {2, 3}},
      {op_of<Broadcast>, {{1, 3}}, {2, 3}},
      {op_of<Broadcast>, {{2, 1}}, {2, 3}},
      {op_of<Part>, {{3, 4}}, {2, 2}, 0, {{1, 2, {2, 2}}}},
      {op_of<Part>, {{3, 4}}, scalar, 0, {{2, 1, scalar}}},
      {op_of<Place>, {{2, 1}, scalar}, {3, 1}, 0, {{0, 0, {2, 1}}, {2, 0, scalar}}},
      {op_of<Place>, {{2, 2}, {2, 2}}, {3, 4}, 0, {{0, 0, {2, 2}}, {1, 1, {2, 2}}}},
      {op_of<Place>, {scalar, scalar, scalar}, {2, 2}, 0, {{0, 0, scalar}, {1, 1, scalar}, {0, 1, scalar}}},
      {op_of<Reshape>, {{2, 3}}, {3, 2}},
      {op_of<DiagonalMatrix>, {{3, 1}}, {3, 3}},
      {op_of<DiagonalMatrix>, {{1, 3}}, {3, 3}},
      {op_of<Diagonal>, {{3, 3}}, {3, 1}},
      {op_of<Cumsum>, {{3, 2}}, {3, 2}, along::rows},
      {op_of<Cumsum>, {{3, 2}}, {3, 2}, along::cols},
      {op_of<Cumsum>, {{3, 2}}, {3, 2}, along::rows | Cumsum::backwards},
      {op_of<LogSumExp>, {{3, 4}}, scalar, along::all},
      {op_of<LogSumExp>, {{3, 4}}, {1, 4}, along::rows},
      {op_of<LogSumExp>, {{3, 4}}, {3, 1}, along::cols},
      {op_of<Softmax>, {{3, 2}}, {3, 2}, along::all},
      {op_of<Softmax>, {{3, 2}}, {3, 2}, along::rows},
      {op_of<Softmax>, {{3, 2}}, {3, 2}, along::cols},
      {op_of<LogSoftmax>, {{3, 2}}, {3, 2}, along::all},
      {op_of<LogSoftmax>, {{3, 2}}, {3, 2}, along::rows},
      {op_of<LogSoftmax>, {{3, 2}}, {3, 2}, along::cols},
      {op_of<MaxOf>, {{3, 2}}, scalar, along::all},
      {op_of<MaxOf>, {{3, 2}}, {1, 2}, along::rows},
      {op_of<MinOf>, {{3, 2}}, scalar, along::all},
      {op_of<MinOf>, {{3, 2}}, {3, 1}, along::cols},
      {op_of<ArgMax>, {{3, 2}}, scalar},
      {op_of<ArgMin>, {{3, 2}}, scalar},
      {op_of<Norm>, {{3, 2}}, scalar},
      {op_of<Solve>, {{3, 3}, {3, 1}}, {3, 1}, 0, {}, 12},
      {op_of<Solve>, {{3, 3}, {3, 2}}, {3, 2}, transposed_system, {}, 12},
      {op_of<Inv>, {{3, 3}}, {3, 3}, 0, {}, 12},
      {op_of<Det>, {{3, 3}}, scalar, 0, {}, 6},
      {op_of<LogDet>, {{4, 4}}, scalar, 0, {}, 16},
      {op_of<SingularCofactors>, {{3, 3}, scalar}, {3, 3}},
      {op_of<Kron>, {{2, 3}, {3, 1}}, {6, 3}},
      {op_of<Kron>, {{1, 2}, {2, 2}}, {2, 4}, strong_product},
      {op_of<BlockProduct>, {{4, 6}, {2, 3}}, {2, 2}},
      {op_of<BlockSum>, {{4, 6}, {2, 3}}, {2, 2}, strong_product},
  };
  return calls;
}

constexpr const char* letters[] = {"a", "b", "c", "d"};

Program program_of(const Row& row, const std::vector<Shape>& shapes, const Params& params) {
  Program p;
  p.text = name_of(row) + "(";
  std::vector<NodeId> arguments;
  for (std::size_t j = 0; j < shapes.size(); ++j) {
    const Expr x = p.input(letters[j], shapes[j]);
    arguments.push_back(x.id);
    p.text += (j > 0 ? ", " : "") + std::string(letters[j]) + (shapes[j].scalar() ? "" : "[" + to_string(shapes[j]) + "]");
  }
  p.text += ")";
  p.output = build(*p.graph, row.op, arguments, params);
  return p;
}

double in_range(const Row& row, std::size_t argument, Random& random) {
  const Range range = row.info->range[std::min<std::size_t>(argument, 2)];
  return random.between(range.low, range.high);
}

}  // namespace

std::string name_of(const Row& row) {
  const std::string_view kind = row.op == op_of<StrongMul> ? "strong "
                                : row.op == op_of<StrongMatMul> ? "strong matrix "
                                : row.op == op_of<MatMul> ? "matrix "
                                : row.op == op_of<Neg> ? "prefix "
                                : row.op == op_of<Diagonal> ? "matrix's "
                                : !row.elementwise ? "array's " : "";
  return std::string(kind) + std::string(row.info->name);
}

Shape shape_of_output(const Program& program) { return program.output.shape(); }

Program scalar_program(const Row& row) { return program_of(row, std::vector<Shape>(static_cast<std::size_t>(row.arity)), {}); }

Random random_for(const Row& row, std::uint64_t seed) {
  for (const char letter : name_of(row)) seed = (seed ^ static_cast<unsigned char>(letter)) * 0x100000001b3u;  // FNV-1a
  return Random(seed);
}

Point sample(const Row& row, Random& random) {
  Point x;
  for (std::size_t j = 0; j < static_cast<std::size_t>(row.arity); ++j) x.push_back(in_range(row, j, random));
  return x;
}

std::vector<Call> calls_of(const Row& row, Random& random) {
  std::vector<Call> calls;
  const auto add = [&](Program p) {
    Call call{&row, std::move(p), {}};
    for (std::size_t j = 0; j < call.program.inputs.size(); ++j)
      for (std::size_t i = 0; i < call.program.inputs[j].shape().size(); ++i) call.at.push_back(in_range(row, j, random));
    calls.push_back(std::move(call));
  };
  if (row.elementwise) {
    for (unsigned arrays = 0; arrays < (1u << row.arity); ++arrays) {
      std::vector<Shape> shapes;
      for (int j = 0; j < row.arity; ++j) shapes.push_back(((arrays >> j) & 1u) != 0 ? Shape{2, 3} : scalar);
      add(program_of(row, shapes, {}));
    }
  } else {
    for (const ArrayCall& c : array_calls())
      if (c.op == row.op) {
        add(program_of(row, c.arguments, {.shape = c.result, .number = c.number, .slices = c.slices}));
        if (c.diagonal != 0)
          for (std::size_t i = 0; i < c.arguments[0].rows; ++i) calls.back().at[i * (c.arguments[0].cols + 1)] += c.diagonal;
      }
  }
  return calls;
}

}  // namespace wengert::test
