#include "app/commands.hpp"

#include <algorithm>

namespace wengert::app {

namespace {

constexpr std::string_view derivative_options = "--wrt --mode --digits --budget";

constexpr CommandInfo main_command{"",
                                   "EXPR [NAME=VALUE ...]",
                                   "the value, every derivative by every mode, whether they agree, what each cost",
                                   Task::everything,
                                   derivative_options,
                                   "wengert 'exp(x*z)' x=2 z=3"};

constexpr CommandInfo all_commands[] = {
    {"eval", "EXPR [NAME=VALUE ...]", "the value", Task::eval, "--digits", "wengert eval 'x^2 + 1' x=3"},
    {"diff", "EXPR [--by NAME]", "the derivative as a formula, simplified", Task::diff, "--by --order --layout",
     "wengert diff 'x^2*z' --by x"},
    {"grad", "EXPR [NAME=VALUE ...]", "the derivative by every input; without values its formula", Task::grad,
     "--wrt --mode --digits --budget --layout", "wengert grad 'x^2*z' x=3 z=2"},
    {"jacobian", "EXPR [NAME=VALUE ...]", "elements of the value by elements of the inputs, or a formula",
     Task::jacobian, "--wrt --mode --digits --budget --layout", "wengert jacobian '[x*z, x + z]' x=3 z=2"},
    {"hessian", "EXPR [NAME=VALUE ...]", "the second derivatives of a scalar, or their formula", Task::hessian,
     derivative_options,
     "wengert hessian 'x^2*z' x=3 z=2"},
    {"jvp", "EXPR --tangent NAME=VALUE ...", "the derivative along a direction", Task::jvp, "--tangent --mode --digits --budget",
     "wengert jvp 'x^2*z' x=3 z=2 --tangent x=1"},
    {"vjp", "EXPR --cotangent VALUE ...", "the adjoints of the inputs for a cotangent of the value", Task::vjp,
     "--cotangent --wrt --mode --digits --budget", "wengert vjp '[x*z, x + z]' x=3 z=2 --cotangent '[1, 2]'"},
    {"simplify", "EXPR", "the expression, simplified", Task::simplify, "", "wengert simplify 'x*x*3'"},
    {"latex", "EXPR", "the expression, typeset", Task::latex, "", "wengert latex 'x^2/(x + 1)'"},
    {"graph", "EXPR [NAME=VALUE ...]", "the program as a picture: dot, svg, tikz or in words", Task::graph,
     "--as --focus --reach --most --digits --theme --spy --wrt",
     "wengert graph 'exp(x*z)' x=2 z=3 --as svg"},
    {"taylor", "EXPR [--by NAME] [--order N]", "Taylor coefficients around a value, to order 8 or N", Task::taylor,
     "--by --order", "wengert taylor 'x^x' x=1 --order 7"},
    {"trace", "EXPR [NAME=VALUE ...]", "the forward and reverse tables", Task::trace, "--wrt --formulas --as --digits --theme",
     "wengert trace 'exp(x*z)' x=2 z=3"},
    {"paths", "EXPR [NAME=VALUE ...]", "the sum over paths", Task::paths, "--wrt --as --digits --theme",
     "wengert paths 'x*sin(x)' x=2"},
    {"eliminate", "EXPR [NAME=VALUE ...]", "elimination orders compared", Task::eliminate,
     "--wrt --as --digits --theme",
     "wengert eliminate 'sin(x*z)*x' x=2 z=3"},
    {"steps", "EXPR [--by NAME]", "the derivation, one named rule a line", Task::steps, "--by --hint --as --theme",
     "wengert steps 'x^2*sin(3*x)'"},
    {"why", "EXPR [NAME=VALUE ...]", "misconceptions, carried out beside the truth", Task::why,
     "--wrt --as --digits --theme",
     "wengert why 'x*sin(x)' x=2"},
    {"check", "EXPR ANSWER [--by NAME]", "a student's answer, and the mistake in it", Task::check, "--by",
     "wengert check 'sin(3*x)' 'cos(3*x)'"},
    {"kinks", "EXPR [NAME=VALUE ...]", "kinks and jumps at this point, with both slopes and the convention",
     Task::kinks, "--wrt --tolerance", "wengert kinks 'relu(x) + abs(z)' x=0 z=1"},
    {"blame", "EXPR [NAME=VALUE ...]", "where a NaN or an infinity was born, in the value or a derivative",
     Task::blame, "--wrt --mode", "wengert blame 'x*log(x)' x=0"},
    {"stability", "EXPR [NAME=VALUE ...]", "digits lost, where, and the rewrite that keeps them", Task::stability,
     "--fix", "wengert stability 'exp(x) - 1' x=1e-9 --fix"},
    {"gradcheck", "EXPR [NAME=VALUE ...]", "a gradient judged, by differences in many digits; the V-curve",
     Task::gradcheck, "--wrt --gradient --svg", "wengert gradcheck 'x^2*z' x=3 z=2 --gradient z=3"},
    {"cost", "EXPR", "operations of every mode, predicted", Task::cost, "--wrt --budget", "wengert cost 'exp(x*z) + x*z/log(x)'"},
    {"codegen", "EXPR [--check]", "C source of the value and its derivatives", Task::codegen, "--lang --name --wrt --check",
     "wengert codegen 'exp(x*z)' --check"},
    {"minimize", "EXPR [NAME=VALUE ...]", "the values of the inputs that make a scalar least, from these on", Task::minimize,
     "--wrt --method --rate --momentum --steps --tolerance --engine --as --theme", "wengert minimize '(1-x)^2 + 100*(z-x^2)^2' x=-1.2 z=1"},
    {"page", "EXPR [NAME=VALUE ...]", "the lesson as one HTML file, on standard output", Task::page, "--wrt",
     "wengert page 'exp(x*z)' x=2 z=3 > lesson.html"},
    {"bench", "EXPR [NAME=VALUE ...]", "the cost of every mode, measured beside its prediction", Task::bench, "--wrt --budget",
     "wengert bench 'exp(x*z) + x*z/log(x)' x=2 z=3"},
    {"plot", "EXPR [NAME=VALUE ...]", "a curve with its derivative, contours, a loss over steps, data: SVG or CSV", Task::plot,
     "--over --each --steps --points --contour --log --engine --as --theme", "wengert plot 'tanh(x)' --over x=-4..4 > tanh.svg"},
    {"exercise", "[ANSWER]", "a random problem, or what an answer to it is worth", Task::exercise, "--level --seed",
     "wengert exercise --level 3 --seed 7"},
    {"map", "FILE", "a program over the rows of a data file"},
    {"fit", "FILE", "training over a data file"},
    {"lsp", "", "the language server"},
    {"run", "FILE [NAME=VALUE ...]", "a script, when its name does not say so", Task::run, "--digits",
     "wengert run lesson.txt x=2"},
    {"fmt", "FILE | EXPR", "the program, formatted", Task::format, "--check", "wengert fmt lesson.wen"},
    {"help", "[COMMAND | FUNCTION]", "this help, or that of a command or a function", Task::help, "",
     "wengert help sigmoid"},
};

constexpr OptionInfo option_table[] = {
    {"-f", "FILE", "a program to read first; repeatable"},
    {"-e", "TEXT", "an expression to answer; repeatable"},
    {"--at", "FILE.json", "values of names; repeatable"},
    {"--wrt", "x,W", "the names to differentiate by (all inputs)", false},
    {"--by", "x", "the name to differentiate by (the only input)", false},
    {"--mode", "MODE", "forward, reverse, symbolic, finite, complex, cross, auto or all", false},
    {"--layout", "LAYOUT", "of a derivative: numerator or denominator", false},
    {"--tangent", "x=VALUE", "the direction of one input; repeatable", false},
    {"--cotangent", "VALUE", "the weights of the elements of the value", false},
    {"--order", "N", "how often to differentiate; of `taylor`, the highest power", false},
    {"--hint", "K", "reveal the first K steps only", false},
    {"--as", "FORMAT", "text, latex or svg (graph: dot; plot: tikz, csv; minimize: csv)", false},
    {"--formulas", "", "the local partials as formulas too", false},
    {"--focus", "NAME", "draw what is near this value", false},
    {"--reach", "N", "how many arrows away from the focus (2)", false},
    {"--most", "N", "boxes, before repeated and other parts become one (60)", false},
    {"--theme", "THEME", "colours: light, dark or auto", false},
    {"--over", "x=A..B", "an input and its range; repeatable: two give contours", false},
    {"--each", "STATEMENTS", "what is run between the values of a plot over steps", false},
    {"--steps", "N", "how often (100; minimize: at most 1000)", false},
    {"--points", "EXPR", "a matrix of points to draw; its third column is the class", false},
    {"--contour", "LEVEL", "the level of a contour, such as a decision boundary; repeatable", false},
    {"--log", "", "a logarithmic axis upwards", false},
    {"--level", "N", "how hard, from 1 to 6 (1)", false},
    {"--seed", "N", "which problem (1)", false},
    {"--digits", "N", "compute with N decimal digits, 50 or more; of a lesson: show N, at most 17", false},
    {"--tolerance", "T", "how near a kink counts (1e-9); minimize: how small a gradient (1e-8)", false},
    {"--method", "METHOD", "descent, momentum, newton or lbfgs (lbfgs)", false},
    {"--engine", "ENGINE", "what runs many evaluations: interpreter, native or auto (auto)", false},
    {"--rate", "R", "the step of descent and momentum, times the gradient (0.1)", false},
    {"--momentum", "M", "the part of the last step that is kept (0.9)", false},
    {"--gradient", "x=EXPR", "a derivative to be checked; repeatable", false},
    {"--svg", "FILE", "write the V-curve as a picture; `-` is standard output", false},
    {"--fix", "", "print the program repaired", false},
    {"--spy", "", "which elements of the Jacobian, of a scalar's Hessian, can differ from 0", false},
    {"--budget", "2s|500MB", "what one mode may take, in time or memory (1s, 256MB)", false},
    {"--lang", "c", "the language that is written: c", false},
    {"--name", "NAME", "what its functions are called (f)", false},
    {"--check", "", "fmt: only look, exit 1 where it would change; codegen: add a main that checks", false},
    {"--limit", "NAME=N", "text, brackets, nodes, elements, repetitions, calls, digits, time or memory"},
    {"--sandbox", "", "no files, tight limits: for texts of strangers"},
    {"--threads", "N", "threads to use"},
    {"--json", "", "one JSON object a line for each answer"},
    {"--color", "WHEN", "auto, always or never"},
    {"--quiet", "", "no warnings and no notes"},
    {"--strict", "", "a warning makes the exit status 1"},
    {"--keep-going", "", "go on after an error"},
    {"--no-config", "", "do not read the start-up file"},
    {"--version", "", "the version"},
    {"--help", "", "this help"},
};

}  // namespace

std::span<const CommandInfo> commands() { return all_commands; }
const CommandInfo& main_job() { return main_command; }

const CommandInfo* find_command(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(all_commands), std::end(all_commands), [&](const CommandInfo& c) { return c.name == name; });
  return found == std::end(all_commands) ? nullptr : found;
}

std::span<const OptionInfo> options() { return option_table; }

const OptionInfo* find_option(std::string_view name) {
  const auto* found = std::find_if(std::begin(option_table), std::end(option_table),
                                   [&](const OptionInfo& o) { return o.name == name; });
  return found == std::end(option_table) ? nullptr : found;
}

bool needs_values(Task task) {
  switch (task) {
    case Task::diff:
    case Task::simplify:
    case Task::latex:
    case Task::steps:
    case Task::check:
    case Task::graph:
    case Task::plot:
    case Task::exercise:
    case Task::cost:
    case Task::codegen:
      return false;
    default:
      return true;
  }
}

bool shows_doubles(Task task) {
  switch (task) {
    case Task::trace:
    case Task::paths:
    case Task::eliminate:
    case Task::why:
    case Task::graph:
      return true;
    default:
      return false;
  }
}

bool takes(const CommandInfo& command, const OptionInfo& option) {
  if (option.shared) return true;
  for (std::string_view rest = command.options; !rest.empty();) {
    const std::size_t blank = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, blank) == option.name) return true;
    rest.remove_prefix(std::min(blank + 1, rest.size()));
  }
  return false;
}

std::vector<std::string> option_names() {
  std::vector<std::string> names;
  for (const OptionInfo& o : option_table) names.emplace_back(o.name);
  return names;
}

}  // namespace wengert::app
