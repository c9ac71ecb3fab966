// The grammar itself, and the only file that sees Spirit.
//
// Every rule's name is what a message says was expected. An expression is a flat sequence of operands and operators,
// put in order by the Builder; only brackets recurse, so the stack that a text needs is bounded by
// ParseLimits::brackets. `>` commits: after it nothing is tried again, so the Builder never has to take anything back.
#include "parse.hpp"

#include <boost/spirit/home/x3.hpp>

#include <functional>

#include "builder.hpp"
#include "characters.hpp"
#include "complaints.hpp"
#include "numbers.hpp"

namespace wengert {

namespace grammar {
namespace {

namespace x3 = boost::spirit::x3;
using ast::Does;
using ast::Tag;
using x3::eoi;
using x3::eps;
using x3::lit;
using It = const char*;

// ---- the Builder, which every action can reach

struct builder_tag;

template <class Context>
Builder& builder(const Context& context) {
  return x3::get<builder_tag>(context).get();
}

std::uint32_t offset(const Builder& b, It it) { return static_cast<std::uint32_t>(it - b.text().data()); }

// Where the token ends that an action stands behind.
template <class Context>
std::uint32_t here(const Context& context) {
  return offset(builder(context), x3::_where(context).begin());
}

// An action that calls a member of the Builder with the position just behind the token, or with that of its last byte.
template <class Member>
constexpr auto behind(Member member) {
  return [member](const auto& context) { (builder(context).*member)(here(context)); };
}
template <class Member>
constexpr auto at(Member member) {
  return [member](const auto& context) { (builder(context).*member)(here(context) - 1); };
}
// With the token itself, and with nothing.
template <class Member>
constexpr auto with_token(Member member) {
  return [member](const auto& context) { (builder(context).*member)(x3::_attr(context)); };
}
template <class Member>
constexpr auto alone(Member member) {
  return [member](const auto& context) { (builder(context).*member)(); };
}

// ---- tokens

// Blanks and comments between tokens; inside brackets line ends too.
struct Blanks : x3::parser<Blanks> {
  using attribute_type = x3::unused_type;
  [[maybe_unused]] static constexpr bool has_attribute = false;
  const Builder* state;
  explicit Blanks(const Builder& b) : state(&b) {}
  template <class Context, class RuleContext, class Attribute>
  bool parse(It& first, const It& last, const Context&, const RuleContext&, Attribute&) const {
    // Most tokens are not preceded by a blank, and this is asked before each of them.
    if (first == last || (*first > ' ' && *first != '#')) return false;
    const std::size_t from = offset(*state, first);
    const std::size_t to = skip_blanks(state->text(), from, state->joins_lines());
    first += to - from;
    return to > from;
  }
};

// After an operator or a comma the line goes on.
struct Continued : x3::parser<Continued> {
  using attribute_type = x3::unused_type;
  [[maybe_unused]] static constexpr bool has_attribute = false;
  template <class Context, class RuleContext, class Attribute>
  bool parse(It& first, const It&, const Context& context, const RuleContext&, Attribute&) const {
    const Builder& b = builder(context);
    first = b.text().data() + skip_blanks(b.text(), offset(b, first), true);
    return true;
  }
};

// A name or a number: a piece of text that ends where `end_of` says.
struct Token : x3::parser<Token> {
  using attribute_type = Slice;
  [[maybe_unused]] static constexpr bool has_attribute = true;
  std::size_t (*end_of)(std::string_view, std::size_t);
  explicit Token(std::size_t (*scan)(std::string_view, std::size_t)) : end_of(scan) {}
  template <class Context, class RuleContext, class Attribute>
  bool parse(It& first, const It& last, const Context& context, const RuleContext&, Attribute& attribute) const {
    x3::skip_over(first, last, context);
    const Builder& b = builder(context);
    const std::uint32_t begin = offset(b, first);
    const auto end = static_cast<std::uint32_t>(end_of(b.text(), begin));
    if (end == begin) return false;
    first += end - begin;
    x3::traits::move_to(Slice{begin, end}, attribute);
    return true;
  }
};

// A letter or a digit directly behind a keyword makes it another name.
struct NamePart : x3::parser<NamePart> {
  using attribute_type = x3::unused_type;
  [[maybe_unused]] static constexpr bool has_attribute = false;
  template <class Context, class RuleContext, class Attribute>
  bool parse(It& first, const It&, const Context& context, const RuleContext&, Attribute&) const {
    const Builder& b = builder(context);
    return continues_name(b.text(), offset(b, first));
  }
};

struct Spelled {
  Tag tag = Tag::add;
  std::uint32_t length = 0;
};

struct BinarySymbols : x3::symbols<Spelled> {
  BinarySymbols() {
    for (const BinaryOperator& entry : binary_operators)
      if (entry.tag != Tag::and_ && entry.tag != Tag::or_)
        add(entry.text.data(), Spelled{entry.tag, static_cast<std::uint32_t>(entry.text.size())});
  }
};

const auto continued = Continued{};
const auto word = Token(name_end);
const auto literal = Token(number_end);
const BinarySymbols binary_symbol;
const auto comma = lit(',') >> continued;
const auto separator = lit('\n') | ';';
const auto keyword = [](const char* text) { return x3::lexeme[lit(text) >> !NamePart{}]; };

// ---- actions that need more than a call

const auto on_symbol = [](const auto& context) {
  const Spelled spelled = x3::_attr(context);
  builder(context).binary(spelled.tag, here(context) - spelled.length);
};
template <Tag tag>
const auto on_word = [](const auto& context) {
  builder(context).binary(tag, here(context) - static_cast<std::uint32_t>(binary_operator(tag)->text.size()));
};
template <Tag tag, std::uint32_t length>
const auto on_prefix = [](const auto& context) { builder(context).prefix(tag, here(context) - length); };
template <Bracket bracket>
const auto on_open = [](const auto& context) { builder(context).open(bracket, here(context) - 1); };
const auto on_call = [](const auto& context) { builder(context).open_call(here(context) - 1, 0); };
const auto on_derivative = [](const auto& context) {
  builder(context).open_call(here(context) - 1, static_cast<std::uint32_t>(x3::_attr(context).size()));
};
template <Does what>
const auto on_statement = [](const auto& context) { builder(context).does(what); };
const auto on_bind = [](const auto& context) { builder(context).bind_argument(here(context) - 2); };
const auto on_define = [](const auto& context) { builder(context).left_side(Does::define, here(context) - 1); };
const auto on_store = [](const auto& context) { builder(context).left_side(Does::store, here(context) - 2); };
const auto after_block = [](const auto& context) { x3::_pass(context) = builder(context).after_block(); };

// ---- rules: names

const x3::rule<struct program_id> program = expected::statement;
const x3::rule<struct statement_id> statement = expected::statement;
const x3::rule<struct stop_id> stop = expected::stop;
const x3::rule<struct declared_id> declared = expected::name;
const x3::rule<struct size_id> size = expected::operand;
const x3::rule<struct value_id> value = expected::operand;
const x3::rule<struct name_id> name = expected::name;
const x3::rule<struct expression_id> expression = expected::operand;
const x3::rule<struct operand_id> operand = expected::operand;
const x3::rule<struct argument_id> argument = expected::operand;
const x3::rule<struct subscript_id> subscript = expected::operand;
const x3::rule<struct iterator_id> iterator = expected::name;
const x3::rule<struct close_round_id> close_round = expected::close_round;
const x3::rule<struct close_items_id> close_items = expected::close_items;
const x3::rule<struct close_list_id> close_list = expected::close_list;
const x3::rule<struct close_index_id> close_index = expected::close_list;
const x3::rule<struct close_size_id> close_size = expected::close_list;
const x3::rule<struct close_body_id> close_body = expected::close_body;
const x3::rule<struct open_brace_id> open_brace = expected::open_brace;
const x3::rule<struct close_brace_id> close_brace = expected::close_brace;
const x3::rule<struct equals_id> equals = expected::equals;
const x3::rule<struct in_id> in = expected::in;

// ---- rules: expressions

const auto expression_def = operand >> *((binary_symbol[on_symbol] | keyword("and")[on_word<Tag::and_>] |
                                          keyword("or")[on_word<Tag::or_>]) >>
                                         (continued > operand)) >>
                            eps[alone(&Builder::end_expression)];

const auto prefix =
    lit('-')[on_prefix<Tag::negate, 1>] | lit('+')[on_prefix<Tag::plus, 1>] | keyword("not")[on_prefix<Tag::not_, 3>];

const auto index = lit('[')[on_open<Bracket::index>] > subscript > *(comma > subscript) > close_index;

// A derivative's primes stand directly between the name and the bracket; elsewhere they transpose.
const auto call_start = (x3::no_skip[x3::raw[+lit('\'')] >> '('])[on_derivative] | lit('(')[on_call];

const auto call = call_start >
                  (lit(')')[behind(&Builder::close_call)] | (eps > argument > *(comma > argument) > close_items));

const auto brackets = lit('(')[on_open<Bracket::round>] > expression > close_round;

const auto iterators = keyword("for") > iterator > *(comma > iterator) > close_body;

const auto list = lit('[')[on_open<Bracket::list>] > expression > (iterators | (*(comma > expression) > close_list));

const auto primary =
    (word[with_token(&Builder::name)] >> -call) | literal[with_token(&Builder::number)] | brackets | list;

// A run of prefixes is one step; the operand behind it begins with none.
const auto operand_def =
    (+(prefix >> continued) > operand) | (primary >> *(lit('\'')[at(&Builder::transpose)] | index));

const auto argument_def = expression >> -((keyword("in")[on_bind] > expression) >> eps[alone(&Builder::bounds)]);
const auto subscript_def = (lit(':') >> !lit('='))[at(&Builder::colon)] | expression;
const auto iterator_def = (word[with_token(&Builder::bind)] > in > expression) >> eps[alone(&Builder::bounds)];

const auto in_def = keyword("in");
// Actions are inside these rules: an action around one would hide its name from messages.
const auto close_round_def = lit(')')[behind(&Builder::close_round)];
const auto close_items_def = lit(')')[behind(&Builder::close_call)];
const auto close_list_def = lit(']')[behind(&Builder::close_list)];
const auto close_index_def = lit(']')[behind(&Builder::close_index)];
const auto close_body_def = lit(']')[behind(&Builder::close_comprehension)];

// ---- rules: statements

const auto name_def = word[with_token(&Builder::declare)];

const auto size_def = expression[alone(&Builder::declare_size)];
const auto declared_def = name >> -(lit('[')[on_open<Bracket::size>] > size > *(comma > size) > close_size);

const auto inputs = keyword("input")[on_statement<Does::input>] > declared > *(comma > declared);
const auto abstract = keyword("function")[on_statement<Does::abstract>] > name > *(comma > name);

const auto value_def = expression[alone(&Builder::value)];
const auto constant = keyword("const")[on_statement<Does::constant>] > name > equals > value;

const auto repetition = keyword("repeat")[on_statement<Does::repeat>] > value > open_brace > *separator >
                        *(!(lit('}') | eoi) >> (eps > statement > stop)) > close_brace;

// Whether names or expressions begin a statement shows only at the `=` behind them.
const auto other = expression >> *(comma > expression) >>
                   -((lit('=')[on_define] > value) | (lit(":=")[on_store] > value > *(comma > value)));

const auto statement_def = eps[behind(&Builder::begin_statement)] >>
                           (inputs | constant | abstract | repetition | other) >> eps[alone(&Builder::end_statement)];

const auto stop_def =
    (lit(';')[alone(&Builder::silence)] >> *separator) | +separator | &lit('}') | eoi | eps[after_block];

const auto program_def = *separator >> *(!eoi >> (eps > statement > stop));

const auto equals_def = lit('=');
const auto open_brace_def = lit('{')[at(&Builder::open_block)];
const auto close_brace_def = lit('}')[behind(&Builder::close_block)];
const auto close_size_def = lit(']')[behind(&Builder::close_size)];

BOOST_SPIRIT_DEFINE(program, statement, stop, declared, size, value, name, expression, operand, argument, subscript,
                    iterator, close_round, close_items, close_list, close_index, close_size, close_body, open_brace,
                    close_brace, equals, in)

}  // namespace
}  // namespace grammar

Result<ast::Tree> parse(const Sources& sources, std::uint32_t source, const ParseLimits& limits) {
  using namespace grammar;
  const std::string_view text = sources.text(source);
  if (const auto fault = find_fault(text)) return complain(*fault, source);

  Builder state(text, source, limits);
  It first = text.data();
  const It last = first + text.size();
  const auto grammar = x3::with<builder_tag>(std::ref(state))[program];
  try {
    x3::phrase_parse(first, last, grammar, Blanks(state));
    return state.take();
  } catch (const x3::expectation_failure<It>& failure) {
    return complain(
        {text, source, offset(state, failure.where()), failure.which(), state.statement(), &state.open_brackets()});
  } catch (const Refusal& refusal) {
    return refusal.diagnostic;
  }
}

}  // namespace wengert
