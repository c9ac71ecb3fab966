#!/usr/bin/env python3
"""From the start of the process to the answer, under valgrind: no wrong access, no leak, no more instructions than there should be;
and a program twice as long takes about twice the instructions.

  start_up_test.py WENGERT

Counts of instructions are the same on a busy machine; they differ by some hundreds where the time that a mode took prints longer.
Status 77: there is no valgrind.
"""
import re
import shutil
import subprocess
import sys

WENGERT = sys.argv[1]
QUIZ = ("exp(x*z) + x*z/log(x) + sin(log(x))/(x*z)", "x=2", "z=3")
# Measured: 1.85 and 0.69 million, C library's 0.1 included. The bounds are for what a processor or a C library may add.
# The main job writes an elimination, too: about half of its instructions.
MILLIONS = (((QUIZ), 4.2), (("eval", *QUIZ), 1.0))
PROGRAM = b"A = [[2, 1], [1, 3]]\nv = [x, 1]\ny = norm(solve(A, v)) + det(A)\ngrad(y)\nf(u) = u^2\nf(3) + z(\n"


def valgrind(*words, stdin=None):
    return subprocess.run(["valgrind", *words], input=stdin, stdin=subprocess.DEVNULL if stdin is None else None, capture_output=True)


def check_memory(*words, status=0, stdin=None):
    # What the C library and GMP keep for later calls is reachable at the end and no leak.
    done = valgrind("-q", "--error-exitcode=99", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect,possible",
                    WENGERT, *words, stdin=stdin)
    assert done.returncode == status, "%s ended with %d:\n%s" % (" ".join(words), done.returncode, done.stderr.decode()[-4000:])
    return done.stdout.decode()


def instructions(*words, stdin=None):
    done = valgrind("--tool=callgrind", "--callgrind-out-file=/dev/null", WENGERT, *words, stdin=stdin)
    return int(re.search(r"Collected : (\d+)", done.stderr.decode()).group(1))


# A chain of definitions, each of the one before: all that a graph knows lies about the latest nodes.
def chain(length):
    lines = ["a0 = x"] + ["a%d = %s(-a%d*0.5)" % (k + 1, "sin" if k % 2 else "exp", k) for k in range(length)]
    return "\n".join([*lines, "a%d" % length, ""]).encode()


def main():
    if shutil.which("valgrind") is None:
        print("SKIPPED: no valgrind")
        return 77
    assert "412.1914572841" in check_memory(*QUIZ)
    check_memory("--json", "hessian", *QUIZ)
    check_memory("latex", QUIZ[0])
    check_memory("exp(x*z)+*x", "x=1", status=3)
    check_memory("-", "x=2", status=3, stdin=PROGRAM)
    for words, bound in MILLIONS:
        millions = instructions(*words) / 1e6
        assert millions < bound, "%s: %.2f million instructions, at most %g" % (" ".join(words), millions, bound)
        print("%-60s %.2f million instructions" % (" ".join(words), millions))
    for command in ("grad", "codegen"):
        once, twice = (instructions(command, "-", "x=0.5", stdin=chain(n)) for n in (4000, 8000))
        assert twice < 2.1 * once, "%s of a chain: %.2f times the instructions for twice the length" % (command, twice / once)
        print("%-60s %.2f times for twice the length" % (command + " of a chain", twice / once))
    return 0


if __name__ == "__main__":
    sys.exit(main())
