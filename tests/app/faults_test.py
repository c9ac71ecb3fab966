#!/usr/bin/env python3
"""What a text, a file, a signal or a lack of memory can do to the program: nothing but a message.

  faults_test.py build/release/wengert [SUBSTRING]
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

from program import BINARY, ask, asked, call, folder_with, main, refused
from terminal import Terminal


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
        # A tenth of what the array would take; what would be counted up to there does not end within the minute.
        done = limited(200e6, "eval", text, "x=2")
        assert done.returncode == 3, (text, done)
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
        done = call(*words, "--limit", "time=300ms", stdin=stdin)
        assert done.status == 3 and "limit" in done.err, (words, done.err)
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
    done = limited(90e6, path)  # less than would hold what the limit allows
    assert done.returncode == 3 and b"100000000 bytes" in done.stderr, done
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

def test_an_interrupt_ends_a_job_with_status_130():
    jobs = (b"",  # it waits for input
            b"w = 0\n" + SLOW.encode(),
            b"f(u) = sin(u) + 1\niterate(f, 1, 9e7)\n",
            b"A = ones(6000, 6000)\nsum(A*A*A)\n")
    for script in jobs:
        process = subprocess.Popen([BINARY, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write(script)
        if script:
            process.stdin.close()
        else:
            process.stdin.flush()
        time.sleep(0.4)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 130, script


def test_an_interrupt_at_the_prompt_keeps_every_definition():
    t = Terminal()
    t.enter("x = 7")
    t.enter("f(u) = sin(u) + 1")
    t.enter("w = 5")
    t.type("A = outer(linspace(0, 1, 5000), linspace(1, 2, 5000)) + eye(5000)\n")
    t.wait("> ", seconds=10)  # a line with the seconds may stand before it
    for slow in ("iterate(f, x, 9e7)", ":grad iterate(f, x, 9e7)", "sum(i in 1..9e7, sin(i*x))", ":eval iterate(f, x, 9e7)",
                 "repeat 90000000 { w := sin(w) + 1 }", "sum(A*A)", ":grad sum(A*A)", "solve(A, A)[1, 1]", ":jvp det(A)*x --tangent x=1"):
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


def test_a_terminal_of_no_known_kind_still_has_a_prompt():
    for term in ("", "no-such-terminal"):
        t = Terminal(term=term)
        assert "\n4\n" in t.enter("2 + 2"), term
        t.type("sum(i in 1..9e7, sin(i))\n")
        time.sleep(0.3)
        t.type("\x03")
        assert "interrupted" in t.wait("> ", seconds=10), term
        assert t.end() == 0, term


def test_a_reader_that_goes_ends_the_writer_quietly():
    for words in (["-"], ["--json", "-"]):
        process = subprocess.Popen([BINARY, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.close()
        try:
            process.stdin.write(b"repeat 20000 {\n1\n}\n")
            process.stdin.close()
        except BrokenPipeError:
            pass
        process.wait(timeout=30)
        assert process.stderr.read() == b"", words


def test_closed_standard_streams_do_no_harm():
    done = subprocess.run([BINARY, "1 + 1"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, preexec_fn=lambda: os.close(2), timeout=20)
    assert (done.returncode, done.stdout) == (0, b"2\n"), done
    done = subprocess.run([BINARY, "1 + 1"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1), timeout=20)
    assert done.returncode == 1 and done.stderr.startswith(b"error: "), done


if __name__ == "__main__":
    sys.exit(main(globals()))
