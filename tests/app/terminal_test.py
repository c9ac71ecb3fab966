#!/usr/bin/env python3
"""The program as a person at a terminal meets it: the prompt, and what is shown while work lasts.

  terminal_test.py build/release/wengert [SUBSTRING]
"""
import os
import stat
import sys
import tempfile
import time

from program import ask, main
from terminal import Terminal

def test_the_prompt_defines_and_answers():
    t = Terminal()
    t.enter("x = 2")
    t.enter("y = x^3")
    assert "\n8\n" in t.enter("y")
    assert "\n9\n" in t.enter("ans + 1")
    t.enter("x = 3")
    assert "\n27\n" in t.enter("y")
    assert "\n27\n" not in t.enter("y;")
    assert "q" in t.enter("q^2")
    assert t.end() == 0


def test_the_prompt_asks_for_more_while_a_bracket_is_open():
    t = Terminal()
    t.enter("(1 +", until=". ")
    assert "\n3\n" in t.enter("2)")
    t.enter("repeat 3 {", until=". ")
    t.enter("w := 1", until=". ")
    t.enter("}")
    assert "\n1\n" in t.enter("w")
    assert t.end() == 0


def test_errors_at_the_prompt_leave_definitions_as_they_were():
    t = Terminal()
    t.enter("y = 2*x")
    assert "error" in t.enter("y = = 3")
    assert "error" in t.enter("y = y + 1")
    t.enter("x = 4")
    assert "\n8\n" in t.enter("y")
    assert t.end() == 0


def test_commands_at_the_prompt():
    t = Terminal()
    t.enter("x = 3")
    t.enter("z = 2")
    t.enter("y = x^2*z")
    out = t.enter(":grad y")
    assert "12" in out and "9" in out and "d/dx" in out, out
    assert "x^2" in t.enter(":diff y --by z")
    assert "12" in t.enter(":grad y --wrt x")
    assert "x^2*z" in t.enter(":list") and "definition" in t.enter(":info y")
    assert "sine" in t.enter(":help sin") and ":undo" in t.enter(":help")
    t.enter(":mode forward")
    assert "forward" in t.enter(":mode")
    assert "not available yet" in t.enter(":lsp y")
    assert "may be" in t.enter(":s") and "no command" in t.enter(":nonsense")
    t.enter("x = 5")
    t.enter(":undo")
    assert "\n18\n" in t.enter("y")
    assert "s)" in t.enter(":time y")
    out = t.enter(":bench y")
    assert "auto takes" in out and "reverse" in out and "predicted" in out, out
    assert "nothing to differentiate" in t.enter(":bench 1 + 2")
    t.enter(":set digits 50")
    assert "0." + "3" * 45 in t.enter("1/3")
    t.enter(":reset")
    assert t.enter(":list").count("\n") <= 2
    t.type(":q\n")
    for _ in range(400):
        done, status = os.waitpid(t.pid, os.WNOHANG)
        if done:
            break
        t.read(0.05)
        time.sleep(0.02)
    assert done and os.waitstatus_to_exitcode(status) == 0


def test_save_writes_a_script_that_runs():
    t = Terminal()
    t.enter("x = 3")
    t.enter("f(u) = u^2")
    t.enter("y = f(x) + 1")
    t.enter(":save session.wen")
    t.enter(":reset")
    t.enter(":load session.wen")
    assert "\n10\n" in t.enter("y")
    assert t.end() == 0
    assert ask("eval", "-f", t.home + "/session.wen", "y").out == "10\n"


def test_tab_completes_names_functions_and_commands():
    t = Terminal()
    t.enter("temperature = 3")
    t.type("tempe\t")
    t.wait("temperature")
    assert "\n3\n" in t.enter("")
    t.type("logsume\t")
    t.wait("logsumexp")
    t.enter("([1,2])")
    t.type(":hes\t")
    t.wait("hessian")
    t.enter("temperature^2")
    t.type("log\t")
    t.type("\t")
    assert "log10" in t.wait("log1p")
    t.type("\x03")
    t.wait("> ")
    assert t.end() == 0


def test_control_c_drops_the_line_and_keeps_the_session():
    t = Terminal()
    t.enter("x = 7")
    t.type("x + 100")
    time.sleep(0.2)
    t.type("\x03")
    t.wait("> ")
    assert "\n7\n" in t.enter("x")
    t.enter("(1 +", until=". ")
    t.type("\x03")
    t.wait("> ")
    assert "\n8\n" in t.enter("x + 1")
    assert t.end() == 0


def test_history_is_kept_for_the_user_alone():
    t = Terminal()
    t.enter("40 + 2")
    assert t.end() == 0
    path = t.home + "/.local/state/wengert/history"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600, oct(os.stat(path).st_mode)
    t = Terminal(home=t.home)
    t.type("\x1b[A")
    t.wait("40 + 2")
    assert "\n42\n" in t.enter("")
    t.enter("(5 +", until=". ")
    t.enter("6)")
    t.type("\x1b[A")
    t.wait("(5 + 6)")
    assert "\n11\n" in t.enter("")
    assert t.end() == 0


def test_the_start_up_file_is_read_unless_refused():
    home = tempfile.mkdtemp()
    os.makedirs(home + "/.config/wengert")
    with open(home + "/.config/wengert/init.wen", "w") as f:
        f.write("golden = 1.618\n")
    t = Terminal(home=home)
    assert "\n1.618\n" in t.enter("golden")
    assert t.end() == 0
    t = Terminal("--no-config", home=home)
    assert "\n1.618\n" not in t.enter("golden")
    assert t.end() == 0


def test_a_dumb_terminal_gets_plain_lines():
    t = Terminal(term="dumb")
    assert "\n4\n" in t.enter("2 + 2")
    assert t.end() == 0


def test_a_place_is_warned_of_in_each_entry_anew():
    t = Terminal()
    t.enter("x = 0")
    t.enter("y = relu(x)")
    assert "warning" in t.enter("y") and "warning" in t.enter("y + 1")
    assert t.end() == 0


LASTING = "s = 0\nrepeat 1e8 { s := s + 1 }\ns\n"


def test_what_lasts_says_so_on_a_terminal_and_an_interrupt_ends_it():
    home = tempfile.mkdtemp()
    with open(os.path.join(home, "long\a.wen"), "w") as file:
        file.write(LASTING)
    t = Terminal("long\a.wen", home=home, until="(Ctrl-C stops)")
    assert "\a" not in t.shown and "long .wen" in t.shown, t.shown  # a name does not command the terminal
    t.type("\x03")
    for _ in range(100):
        if not t.read(0.05):
            break
    assert t.seen.endswith("\r\x1b[K"), t.seen  # nothing is left on the line
    assert os.waitstatus_to_exitcode(os.waitpid(t.pid, 0)[1]) == 130


def test_what_lasts_at_the_prompt_says_so_and_an_interrupt_keeps_the_session():
    t = Terminal()
    t.enter("a = 7")
    t.type(LASTING.replace("\n", "; ") + "\n")
    t.wait("(Ctrl-C stops)")
    t.type("\x03")
    assert "interrupted" in t.wait("\n> ")
    assert "\r\x1b[Kerror" in t.raw, t.raw  # on a line of its own
    assert "\n7\n" in t.enter("a")
    assert t.end() == 0


def test_what_is_read_by_a_program_shows_no_progress():
    done = ask("-e", "sum(i in 1..3000, sum(j in 1..3000, sin(i*j)))", "--mode", "reverse", "--limit", "time=20s")
    assert "Ctrl-C" not in done.out + done.err


if __name__ == "__main__":
    sys.exit(main(globals()))
