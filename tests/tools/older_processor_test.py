#!/usr/bin/env python3
"""The program on a processor without AVX-512, whatever this one has.

  older_processor_test.py WENGERT UNIT_TESTS

Valgrind's processor has AVX2 and no AVX-512, says so when it is asked, and stops a program that uses what it has not.
Status 77: there is no valgrind.
"""
import shutil
import subprocess
import sys

wengert, unit_tests = sys.argv[1:3]
if shutil.which("valgrind") is None:
    print("SKIPPED: no valgrind")
    sys.exit(77)


def run(*words):
    done = subprocess.run(["valgrind", "--tool=none", "-q", *words], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("%s ended with %d:\n%s%s" % (" ".join(words), done.returncode, done.stdout[-2000:], done.stderr[-2000:]))
    return done.stdout


text = run(wengert, "exp(x*z) + x*z/log(x) + sin(log(x))/(x*z)", "x=2", "z=3")
assert "412.1914572841" in text, text
# Kernels, machine code and threads of every instruction set that the processor says it has.
text = run(unit_tests, "-tc=machine code is made*,a vector function is*,a batch has the same bits*,a network's Jacobian*")
assert "4 passed" in text, text
print("right without AVX-512")
