#!/usr/bin/env python3
"""The layering check finds what it is there to find."""
import unittest

from layers import breaches


class Layers(unittest.TestCase):
    def found(self, path, line):
        return [why for _, why in breaches(path, line)]

    def test_a_piece_may_include_itself_and_what_is_below(self):
        self.assertEqual(self.found("src/modes/forward.cpp", '#include "wengert/sweep/tape.hpp"'), [])
        self.assertEqual(self.found("include/wengert/rules/row.hpp", '#include "wengert/rules/array.hpp"'), [])

    def test_a_piece_may_not_include_what_is_above(self):
        self.assertEqual(len(self.found("src/rules/table.cpp", '#include "wengert/sweep/tape.hpp"')), 1)
        self.assertEqual(len(self.found("src/lower/lower.cpp", '#include "../session/state.hpp"')), 1)

    def test_the_grammar_knows_core_only(self):
        self.assertEqual(self.found("grammar/ast.hpp", '#include "wengert/core/source.hpp"'), [])
        self.assertEqual(len(self.found("grammar/ast.hpp", '#include "wengert/rules/row.hpp"')), 1)
        self.assertEqual(len(self.found("src/print/text.cpp", '#include "grammar/ast.hpp"')), 1)
        self.assertEqual(self.found("src/lower/lower.cpp", '#include "grammar/ast.hpp"'), [])

    def test_libraries_stay_in_their_places(self):
        self.assertEqual(len(self.found("grammar/words.cpp", "#include <boost/spirit/home/x3.hpp>")), 1)
        self.assertEqual(self.found("grammar/parse.cpp", "#include <boost/spirit/home/x3.hpp>"), [])
        self.assertEqual(len(self.found("src/session/session.cpp", "#include <iostream>")), 1)
        self.assertEqual(len(self.found("src/explain/trace.cpp", "#include <nlohmann/json.hpp>")), 1)
        self.assertEqual(self.found("src/app/main.cpp", "#include <iostream>"), [])
        self.assertEqual(len(self.found("src/rules/table.cpp", "#include <fmt/format.h>")), 1)
        self.assertEqual(len(self.found("src/modes/mode.cpp", "#include <Eigen/Core>")), 1)
        self.assertEqual(len(self.found("src/modes/mode.cpp", "  auto v = x | std::views::reverse;")), 1)


if __name__ == "__main__":
    unittest.main()
