#!/usr/bin/env python3
"""The public headers as somebody else's program meets them.

    headers_test.py COMPILER ROOT

Each header compiles alone, a small program compiles with nothing but them, and mistakes that the types
are there to catch do not compile.
"""
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

COMPILER, ROOT = sys.argv[1], Path(sys.argv[2])
STRICT = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror",
          "-Wno-missing-field-initializers"]

PROGRAM = """
#include "wengert/rules/build.hpp"
#include "wengert/sweep/differentiate.hpp"
#include "wengert/core/diagnostic.hpp"
using namespace wengert;
Result<int> parse();
int main() {
  Graph g;
  const Expr x = variable(g, "x"), z = variable(g, "z");
  const Expr y = exp(x * z) + x * z / log(x) + 2.0 * x;
  BODY
  return derivative(y, x).shape().scalar() ? 0 : 1;
}
"""
MUST_NOT_COMPILE = {
    "an ignored result": "parse();",
    "an expression with a text": 'x + "z";',
    "an expression as a condition": "if (x) return 2;",
    "an expression as a number": "double d = y; (void)d;",
    "a node's number as a shape": "variable(g, \"v\", x.id);",
}


def compile(text):
    """What the compiler says; empty if it is content."""
    done = subprocess.run([COMPILER, *STRICT, "-I", str(ROOT / "include"), "-I", str(ROOT / "grammar"), "-x", "c++", "-"], input=text, text=True,
                          capture_output=True)
    return done.stderr if done.returncode else ""


class Headers(unittest.TestCase):
    def test_each_public_header_compiles_alone(self):
        headers = sorted((ROOT / "include").rglob("*.hpp"))
        self.assertGreater(len(headers), 20)
        with ThreadPoolExecutor(2) as pool:
            for header, message in zip(headers, pool.map(lambda h: compile(f'#include "{h}"\n'), headers)):
                self.assertEqual(message, "", str(header))

    def test_a_small_program_compiles(self):
        self.assertEqual(compile(PROGRAM.replace("BODY", "")), "")

    def test_mistakes_do_not_compile(self):
        for name, body in MUST_NOT_COMPILE.items():
            with self.subTest(name):
                self.assertIn("error", compile(PROGRAM.replace("BODY", body)))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
