#!/usr/bin/env python3
"""The commands that say what may be wrong, and what a text, a file or a signal can do to the program: nothing but a message.

  trust_test.py build/release/wengert [SUBSTRING]
"""
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import time
import xml.dom.minidom

import cli_test
from cli_test import BINARY, ask, asked, call, folder_with, near, refused
from terminal import Terminal


# --- kinks, blame, stability, gradcheck -------------------------------------------------------------

def test_kinks_are_listed_with_both_slopes_and_the_convention():
    row = asked("kinks", "relu(x) + abs(z)", "x=0", "z=1e-12")
    assert [k["name"] for k in row["kinks"]] == ["relu", "abs"], row
    relu, absolute = row["kinks"]
    assert (relu["left"], relu["right"], relu["used"], relu["exact"]) == (0, 1, 0, True), relu
    assert relu["convention"] == "relu'(0) = 0" and (relu["line"], relu["column"], relu["length"]) == (1, 1, 7), relu
    assert (absolute["left"], absolute["right"], absolute["used"], absolute["exact"]) == (-1, 1, 1, False), absolute
    assert asked("kinks", "abs(z)", "z=1e-12", "--tolerance", "0")["kinks"] == []
    assert len(asked("kinks", "abs(z)", "z=1e-3", "--tolerance", "0.01")["kinks"]) == 1
    out = ask("kinks", "max(x, z)", "x=1", "z=1").out
    assert "slope 0 on the left, 1 on the right; used: 0.5" in out, out
    refused("kinks", "abs(x)", "x=0", "--tolerance", "-1", status=2, kind="usage")
    refused("kinks", "abs(x)", status=3, kind="name")


def test_blame_names_the_birth_of_a_nan_with_its_repair():
    row = asked("blame", "exp(z) + x*log(x)", "x=0", "z=1")
    origin = row["origin"]
    assert origin["operation"] == "log" and origin["operands"] == [0] and "xlogy" in origin["help"], origin
    assert (origin["line"], origin["column"], origin["length"]) == (1, 12, 6), origin
    out = ask("blame", "exp(z) + x*log(x)", "x=0", "z=1").out
    assert "born here" in out and "           ^^^^^^" in out and "xlogy" in out, out
    row = asked("blame", "x^2", "x=3")
    assert row["origin"] is None and row["origins"] == [], row
    row = asked("blame", "sqrt(x)", "x=0", "--mode", "forward")
    assert row["origin"]["in_value"] is False and row["origin"]["modes"] == ["forward"], row
    row = asked("blame", "solve([[1, 2], [2, 4]], [x, 1])", "x=1")
    assert row["origin"]["operation"] == "solve", row


def test_stability_tells_digits_lost_and_the_rewrite():
    row = asked("stability", "exp(x) - 1", "x=1e-9")
    worst = [n for n in row["nodes"] if n["cause"]][0]
    assert worst["cause"] == "cancellation" and 8 < worst["digits_lost"] < 10, worst
    assert worst["rewrite"]["name"] == "expm1" and worst["rewrite"]["lost_after"] < 1 < worst["rewrite"]["lost_before"], worst
    assert "fixed" not in row
    row = asked("stability", "exp(x) - 1", "x=1e-9", "--fix")
    assert row["fixed"] == "expm1(x)" and row["cures"][0]["name"] == "expm1", row
    assert near(asked("eval", row["fixed"], "x=1e-9")["value"], 1.0000000005e-9, 1e-15)
    out = ask("stability", "exp(x) - 1", "x=1e-9", "--fix").out
    assert out.endswith("Repaired (expm1):\nexpm1(x)\n"), out
    row = asked("stability", "x + 1", "x=1", "--fix")
    assert row["digits_lost"] < 1 and row["cures"] == [], row


def test_the_repaired_program_runs_as_it_is_printed():
    text = "sqrt(x + 1) - sqrt(x) + (exp(z) - 1)/z"
    fixed = asked("stability", text, "x=1e12", "z=1e-10", "--fix")["fixed"]
    assert near(asked("eval", fixed, "x=1e12", "z=1e-10")["value"], 5e-7 + 1 + 5e-11, 1e-14), fixed


def test_gradcheck_names_the_wrong_derivative_and_its_missing_factor():
    row = asked("gradcheck", "x^2*z", "x=3", "z=2", "--gradient", "x=2*x*z", "--gradient", "z=3")
    assert row["right"] is False and row["culprit"] == "z", row
    assert "a factor 3 is missing" in row["verdict"], row
    row = asked("gradcheck", "x^2*z", "x=3", "z=2", "--gradient", "x=2*x*z", "--gradient", "z=x^2")
    assert row["right"] is True and row["culprit"] is None, row
    row = asked("gradcheck", "x^2*z", "x=3", "z=2")
    assert row["right"] is True and {i["name"] for i in row["inputs"]} == {"x", "z"}, row
    assert all(abs(i["slope"] - 2) < 0.1 for i in row["inputs"] if i["name"] == "x"), row
    out = ask("gradcheck", "x^2*z", "x=3", "z=2", "--gradient", "z=-x^2").out
    assert out.startswith("Wrong: the supplied derivative by z is wrong: -9 where it is 9: the sign.") and "h  " in out, out
    assert max(map(len, out.splitlines())) <= 100


def test_gradcheck_takes_gradients_of_arrays_and_jacobians():
    assert asked("gradcheck", "sum(v .* v)", "v=[1, 2]", "--gradient", "v=[2, 4]")["right"]
    row = asked("gradcheck", "sum(v .* v)", "v=[1, 2]", "--gradient", "v=[2, 5]")
    assert not row["right"] and row["culprit"] == "v, element 2", row
    assert asked("gradcheck", "[x*z, x]", "x=3", "z=2", "--gradient", "x=[2, 1]", "--gradient", "z=[3, 0]")["right"]
    refused("gradcheck", "sum(v .* v)", "v=[1, 2]", "--gradient", "v=2", status=3, kind="shape")
    refused("gradcheck", "x^2", "x=3", "--gradient", "6", status=2, kind="usage")
    refused("gradcheck", "x^2", "x=3", "--gradient", "y=6", status=3, kind="name")
    refused("gradcheck", "2 + 2", status=2, kind="usage")


def test_the_v_curve_is_a_table_and_a_picture():
    row = asked("gradcheck", "exp(x)", "x=1")
    errors = [(p["h"], p["error"]) for p in row["curve"]]
    best = min(errors, key=lambda p: p[1])
    assert 1e-7 < best[0] < 1e-3 and best[1] < 1e-9 and errors[-1][1] > 1e-3, errors
    picture = ask("gradcheck", "exp(x)", "x=1", "--svg", "-").out
    document = xml.dom.minidom.parseString(picture)
    assert len(document.getElementsByTagName("path")) == 2 and "central" in picture and "one-sided" in picture
    folder = tempfile.mkdtemp()
    done = ask("gradcheck", "exp(x) < 3", "x=1", "--svg", folder + "/v.svg")
    assert done.out.startswith("Right"), done.out
    xml.dom.minidom.parse(folder + "/v.svg")
    refused("gradcheck", "exp(x)", "x=1", "--svg", "/nowhere/v.svg", status=2, kind="usage")


def test_points_without_a_number_are_examined_too():
    for command in ("kinks", "blame", "stability", "gradcheck"):
        for text, x in (("x*log(x)", 0), ("log(x)", -1), ("1/x", 0), ("x - x", "inf"), ("x + 0", "nan"), ("exp(x)", 1000)):
            row = asked(command, text, "x=%s" % x)
            assert "error" not in row, row
            assert max(map(len, ask(command, text, "x=%s" % x).out.splitlines())) <= 100


def test_the_prompt_has_the_same_commands():
    t = Terminal()
    t.enter("x = 0")
    t.enter("y = abs(x) + x*log(x)")
    assert "on the kink at 0" in t.enter(":kinks y")
    assert "born here" in t.enter(":blame y")
    assert "Wrong" in t.enter(":gradcheck x^2 + x --gradient x=3")
    t.enter("x = 1e-9")
    assert "expm1(x)" in t.enter(":stability exp(x) - 1 --fix")
    assert t.end() == 0


# --- limits on what a text may ask for ---------------------------------------------------------------

def test_what_is_too_large_is_refused_before_it_is_allocated():
    for text, message in (
            ("ones(1e9, 1e9)", "limit of 100000000 elements"),
            ("ones(20000, 20000)", "limit of 100000000 elements"),
            ("repeat 1e18 {}; 1", "too large"),
            ("repeat 1e15 {}; 1", "repetitions"),
            ("sum(i in 1..1e15, i)", "limit of 100000000"),
            ("[i for i in 1..1e10]", "limit of 100000000"),
            ("polygamma(1e9, x)", "limit of 200"),
            ("f(u) = u^2; iterate(f, 1, 1e17)", "too large"),
            ("f(u) = u^2; iterate(f, 1, 1e12)", "limit of 100000000"),
            ("linspace(0, 1, 1e12)", "limit"),
            ("outer(ones(1e6), ones(1e6))", "limit of 100000000 elements"),
            ("reshape(ones(6), 1e20, 2)", "too large"),
            ("kron(ones(9000, 1), ones(1, 20000))", "limit of 100000000 elements")):
        begin = time.time()
        # A tenth of what the array would take.
        done = limited(200e6, "eval", text, "x=2")
        assert done.returncode == 3 and time.time() - begin < 5, (text, done)
        assert message in done.stderr.decode(), (text, done.stderr)


def limited(address_space, *words, stdin=None):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (int(address_space), int(address_space)))
    return subprocess.run([BINARY, *words], input=stdin, stdin=subprocess.DEVNULL if stdin is None else None,
                          capture_output=True, timeout=60, preexec_fn=limit)


def test_a_number_beyond_doubles_is_infinite_with_a_warning():
    row = asked("eval", "10^10^10")
    assert row["value"] == "inf" and row["warnings"][0]["kind"] == "domain", row


def test_limits_are_options():
    refused("eval", "[1, 2, 3]*2", "--limit", "elements=2", status=3, kind="limit")
    assert asked("eval", "[1, 2, 3]*2", "--limit", "elements=3")["value"] == [2, 4, 6]
    refused("eval", "((((1))))", "--limit", "brackets=3", status=3, kind="limit")
    refused("eval", "+".join("x*%d" % k for k in range(100)), "x=1", "--limit", "nodes=50", status=3, kind="limit")
    refused("eval", "repeat 11 { w := 1 }; w", "--limit", "repetitions=10", status=3, kind="limit")
    refused("eval", "f(u) = u; g(u) = f(u); h(u) = g(u); h(1)", "--limit", "calls=2", status=3, kind="limit")
    refused("eval", "1 + 1 + 1 + 1", "--limit", "text=10", status=3, kind="limit")
    refused("eval", "1/3", "--limit", "digits=60", "--digits", "70", status=2, kind="usage")
    refused("jacobian", "v*2", "v=[1, 2, 3, 4]", "--limit", "elements=10", status=3, kind="limit")
    refused("hessian", "sum(v)", "v=[1, 2, 3, 4]", "--limit", "elements=10", status=3, kind="limit")
    message, error = refused("eval", "1", "--limit", "sizes=3", status=2, kind="usage")
    assert "elements" in error["help"], error
    for wrong in ("nodes", "nodes=", "nodes=-1", "nodes=lots", "brackets=1e9"):
        refused("eval", "1", "--limit", wrong, status=2, kind="usage")


SLOW = "repeat 90000000 { w := sin(w) + 1 }\n"


def test_a_time_limit_ends_whatever_lasts():
    for words, stdin in ((["eval", "f(u) = sin(u) + 1; iterate(f, x, 9e7)", "x=1"], None),
                         (["grad", "f(u) = sin(u) + 1; iterate(f, x, 9e7)", "x=1"], None),
                         (["eval", "sum(i in 1..9e7, sin(i*x))", "x=1"], None),
                         (["-"], b"w = 0\n" + SLOW.encode())):
        begin = time.time()
        done = call(*words, "--limit", "time=300ms", stdin=stdin)
        assert done.status == 3 and "limit" in done.err and time.time() - begin < 10, (words, done.err, time.time() - begin)
        done = call(*words, "--json", "--limit", "time=300ms", stdin=stdin)
        assert done.status == 3 and done.rows()[-1]["error"]["kind"] == "limit", done.out


def test_a_memory_limit_is_a_message():
    done = ask("eval", "sum(ones(9000, 9000)*x)", "x=2", "--limit", "memory=300MB", status=1)
    assert "memory" in done.err, done.err


def test_out_of_memory_is_a_message_and_status_1():
    for text in ("sum(ones(9000, 9000)*x)", "x = 3; y = sum(ones(9000, 9000)*x); y"):
        done = limited(300e6, "eval", text, "x=2")
        assert done.returncode == 1 and b"memory" in done.stderr, done
        done = limited(300e6, "--json", "eval", text, "x=2")
        assert done.returncode == 1 and json.loads(done.stdout)["error"]["kind"] == "limit", done


def test_a_session_goes_on_after_a_lack_of_memory():
    script = b"x = 3\ny = sum(ones(9000, 9000)*x)\ny\nx + 1\n"
    done = limited(300e6, "-", "--keep-going", stdin=script)
    assert done.stdout == b"4\n" and done.returncode == 1, done


def test_a_text_of_a_gigabyte_is_refused_unread():
    path = os.path.join(tempfile.mkdtemp(), "large.wen")
    with open(path, "wb") as f:
        f.truncate(10**9)
    begin = time.time()
    message, error = refused(path, status=3, kind="limit")
    assert time.time() - begin < 1 and "100000000 bytes" in message, message
    done = subprocess.run("head -c 1000000000 /dev/zero | %s -" % BINARY, shell=True, capture_output=True, timeout=60)
    assert done.returncode == 3 and b"standard input is longer" in done.stderr, done


def test_bytes_that_are_no_text_are_named_with_their_place():
    for text, column in ((b"x = 1 + \x00", 9), (b"x = \xc3\x28", 5), (b"1 + \xe2\x80\xae2", 5), (b"1 +\xe2\x80\x8f 2", 4), (b"ab\xed\xa0\x80", 3)):
        path = os.path.join(folder_with(t__wen=text), "t.wen")
        row = ask("--json", path, status=3).rows()[-1]
        assert row["error"]["line"] == 1 and row["error"]["column"] == column, (text, row)


def test_a_folder_a_device_and_a_missing_file_are_messages():
    for path in ("/", "/nowhere/x.wen"):
        refused(path, status=2, kind="usage")
    refused("/dev/zero", status=3, kind="limit") if os.path.exists("/dev/zero") else None
    refused("x", "--at", "/", status=2, kind="usage")


def test_a_full_disk_is_an_error_everywhere():
    for words in (["1 + 1"], ["--json", "1 + 1"], ["gradcheck", "x^2", "x=1", "--svg", "-"], ["--help"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([BINARY, *words], stdout=full, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        assert done.returncode == 1 and done.stderr.startswith(b"error: "), (words, done)
    refused("gradcheck", "x^2", "x=1", "--svg", "/dev/full", status=2, kind="usage")


def test_a_sandbox_has_no_files_and_tight_limits():
    folder = folder_with(p__wen="1 + 1\n", at__json='{"x": 2}')
    refused("--sandbox", folder + "/p.wen", status=2, kind="usage")
    refused("--sandbox", "-f", folder + "/p.wen", "-e", "1", status=2, kind="usage")
    refused("--sandbox", "x", "--at", folder + "/at.json", status=2, kind="usage")
    refused("--sandbox", "gradcheck", "x^2", "x=1", "--svg", folder + "/v.svg", status=2, kind="usage")
    assert not os.path.exists(folder + "/v.svg")
    assert ask("--sandbox", stdin=b"1 + 1\n").out == "2\n"
    refused("--sandbox", "eval", "ones(2000, 2000)", status=3, kind="limit")
    refused("--sandbox", "eval", "1/3", "--digits", "2000", status=2, kind="usage")
    refused("--sandbox", "eval", "(" * 201 + "1" + ")" * 201, status=3, kind="limit")
    assert asked("--sandbox", "exp(x*z)", "x=2", "z=3")["agree"] is True


def test_the_prompt_of_a_sandbox_touches_nothing():
    t = Terminal("--sandbox")
    assert "sandbox" in t.enter(":save here.wen")
    assert "sandbox" in t.enter(":load /etc/passwd")
    assert "sandbox" in t.enter(":set limit elements=1e9")
    assert "sandbox" in t.enter(":grad 1 --limit digits=1e6")
    assert "limit" in t.enter("sum(ones(2000, 2000))")
    assert t.end() == 0
    assert os.listdir(t.home) == []


# --- faults ------------------------------------------------------------------------------------------

def test_an_interrupt_stops_a_long_script_with_status_130():
    for script in (b"w = 0\n" + SLOW.encode(), b"f(u) = sin(u) + 1\niterate(f, 1, 9e7)\n"):
        process = subprocess.Popen([BINARY, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write(script)
        process.stdin.close()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 130


def test_an_interrupt_at_the_prompt_keeps_every_definition():
    t = Terminal()
    t.enter("x = 7")
    t.enter("f(u) = sin(u) + 1")
    t.enter("w = 5")
    for slow in ("iterate(f, x, 9e7)", ":grad iterate(f, x, 9e7)", "sum(i in 1..9e7, sin(i*x))", ":eval iterate(f, x, 9e7)",
                 "repeat 90000000 { w := sin(w) + 1 }"):
        t.type(slow + "\n")
        time.sleep(0.4)
        t.type("\x03")
        out = t.wait("> ", seconds=10)
        assert "interrupted" in out, (slow, out)
    assert "\n7\n" in t.enter("x")
    assert "\n5\n" in t.enter("w")
    assert "\n1\n" in t.enter("f(0)")
    assert t.end() == 0


def test_a_time_limit_at_the_prompt_ends_the_answer_and_not_the_session():
    t = Terminal("--limit", "time=300ms")
    t.enter("f(u) = sin(u) + 1")
    t.type("iterate(f, 1, 9e7)\n")
    assert "longer than the limit" in t.wait("> ", seconds=10)
    assert "\n1\n" in t.enter("f(0)")
    t.enter(":set limit time=1h")
    assert "\n2\n" in t.enter("1 + 1")
    assert t.end() == 0


def test_a_history_that_cannot_be_written_does_not_matter():
    home = tempfile.mkdtemp()
    folder = home + "/.local/state/wengert"
    os.makedirs(folder)
    with open(folder + "/history", "w") as f:
        f.write("40 + 2\n")
    os.chmod(folder + "/history", stat.S_IRUSR)
    os.chmod(folder, stat.S_IRUSR | stat.S_IXUSR)
    t = Terminal(home=home)
    assert "\n4\n" in t.enter("2 + 2")
    assert t.end() == 0
    os.chmod(folder, stat.S_IRWXU)
    os.remove(folder + "/history")
    os.mkdir(folder + "/history")  # not even a file
    t = Terminal(home=home)
    assert "\n4\n" in t.enter("2 + 2")
    assert t.end() == 0


def test_without_a_terminal_or_a_home_it_still_works():
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run([BINARY], input=b"1 + 1\n", capture_output=True, env=environment, start_new_session=True, timeout=20)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"2\n", b""), done


def test_a_reader_that_goes_ends_the_writer_quietly():
    process = subprocess.Popen([BINARY, "--json", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    try:
        process.stdin.write(b"repeat 20000 {\n1\n}\n")
        process.stdin.close()
    except BrokenPipeError:
        pass
    process.wait(timeout=30)
    assert process.stderr.read() == b""


def test_closed_standard_streams_do_no_harm():
    done = subprocess.run([BINARY, "1 + 1"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, preexec_fn=lambda: os.close(2), timeout=20)
    assert (done.returncode, done.stdout) == (0, b"2\n"), done
    done = subprocess.run([BINARY, "1 + 1"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1), timeout=20)
    assert done.returncode == 1 and done.stderr.startswith(b"error: "), done


if __name__ == "__main__":
    sys.exit(cli_test.main(globals()))
