#!/usr/bin/env python3
"""How the words of a call are read, what is wrong with them, and help.

  words_test.py build/release/wengert [SUBSTRING]
"""
import re
import sys

from program import ask, asked, folder_with, main, refused


# --- how words are read ---------------------------------------------------------------------------

def test_words_that_begin_with_a_minus_are_expressions():
    assert ask("eval", "-x^2", "x=3").out == "-9\n"
    assert ask("eval", "-exp(x)", "x=0").out == "-1\n"
    assert asked("eval", "x==2", "x=2")["value"] == 1
    assert asked("eval", "x", "x=-2")["value"] == -2
    assert asked("eval", "f(u)=u^2; f(3)")["value"] == 9
    assert asked("eval", "y=2; y+1")["value"] == 3
    assert ask("grad", "y=x^2; y", "x=2").out == "d/dx   4\n"
    assert asked("eval", "x", "x=1/4")["value"] == 0.25


def test_no_expression_is_wrong_usage_and_shows_both_readings():
    message, error = refused("grad", "x=1", status=2, kind="usage")
    assert "x=1" in message and "'x==1'" in message and "EXPR" in message, message
    refused("x=1", status=2, kind="usage")
    refused("grad", status=2, kind="usage")


def test_a_misspelt_option_is_suggested():
    message, error = refused("--jsn", "x^2", "x=2", status=3, kind="name")
    assert "`--json`" in message, message


def test_wrong_usage_is_status_2():
    refused("grad", "x", "x=1", "--mode", "sideways", status=2, kind="usage")
    refused("grad", "x", "x=1", "--mode", status=2, kind="usage")
    refused("eval", "x", "x=1", "--tangent", "x=1", status=2, kind="usage")
    refused("x", "x=", status=2, kind="usage")
    refused("eval", "x", "--at", "/nowhere/at.json", status=2, kind="usage")


def test_wrong_text_is_status_3_with_its_place():
    message, error = refused("exp(x*z)+*x", "x=1", "z=1", status=3, kind="syntax")
    assert "line 1, column 10" in message and (error["line"], error["column"]) == (1, 10), message
    refused("eval", "[1,2]+[1,2,3]", status=3, kind="shape")
    refused("eval", "sinn(2)", status=3, kind="name")
    message, error = refused("-e", "1", "-e", "2+", status=3, kind="syntax")
    assert error["source"] == "-e 2", error
    message, error = refused("x", "x=1+", status=3, kind="syntax")
    assert error["source"] == "x=", error


def test_a_missing_value_is_named():
    for command in ("eval", "grad", "hessian"):
        message, error = refused(command, "x*rate", "x=1", status=3, kind="name")
        assert "`rate`" in message and "rate=" in message, message
    message, error = refused("x*rate", "x=1", "rte=2", status=3, kind="name")


def test_values_from_json_are_checked():
    def wrong(text):
        return refused("x", "--at", folder_with(at__json=text) + "/at.json", status=2, kind="usage")[1]["message"]
    assert "line 1, column" in wrong('{"x": }')
    assert "`x`" in wrong('{"x": [[1,2],[3]]}') and "`x`" in wrong('{"x": []}') and "`x`" in wrong('{"x": "two"}')


def test_files_that_cannot_be_read():
    refused("/nowhere/at/all.wen", status=2, kind="usage")
    refused("/tmp", status=2, kind="usage")
    folder = folder_with(bad__wen=b"x = 2\ny = \xff\n")
    message, error = refused(folder + "/bad.wen", status=3, kind="limit")
    assert error["line"] == 2 and error["column"] == 5, error


def test_a_misspelt_name_is_suggested_beside_its_formula():
    done = ask("-", stdin=b"length = 3\nlenght^2\n")
    assert done.out == "lenght^2\n" and "did you mean `length`?" in done.err, done.err
    assert ask("-", stdin=b"length = 3\nq^2\n").err == ""


def test_a_mode_that_would_take_hours_is_refused_with_its_prediction():
    program = "x = linspace(0, 1, 1000000); sum(i in 1..999999, (x[i+1] - x[i]^2)^2)"
    message, error = refused("grad", program, "--mode", "forward", status=3, kind="limit")
    assert "forward is predicted to take" in message and "1000000 inputs" in message and "--budget" in error["help"], message
    assert asked("jvp", program, "--mode", "forward", "--tangent", "x=ones(1000000,1)")["mode"] == "forward"


# --- help ---------------------------------------------------------------------------------------

def test_help():
    out = ask("--help").out
    for word in ("grad", "hessian", "--wrt", "--json", "Exit status"):
        assert word in out, word
    assert max(map(len, out.splitlines())) <= 100
    assert ask("help").out == out and ask("-h").out == out
    assert "--tangent" in ask("help", "jvp").out == ask("jvp", "--help").out
    assert "sigmoid" in ask("help", "sigmoid").out
    message, error = refused("help", "sigmoyd", status=2, kind="usage")
    assert "sigmoid" in message


def test_version():
    assert re.fullmatch(r"wengert \d+\.\d+\.\d+\n", ask("--version").out)


def test_colour_is_for_terminals_or_on_demand():
    assert "\x1b" not in ask("abs(x)", "x=0").out + ask("abs(x)", "x=0").err
    assert "\x1b" in ask("abs(x)", "x=0", "--color", "always").err


if __name__ == "__main__":
    sys.exit(main(globals()))
