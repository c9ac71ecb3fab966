#!/usr/bin/env python3
"""A 64-128-10 network on handwritten digits: trained by wengert, and by scikit-learn's MLPClassifier of that size.

    digits.py path/to/wengert [FOLDER]

FOLDER takes what is written on the way: the data, and scikit-learn where this Python has none (by pip; without a
network the example says what is missing and ends with status 77). Both see the same training images and are judged
by the same test images. Ends with status 1 where wengert's network is worse than the mean of scikit-learn's.
"""
import importlib
import json
import os
import subprocess
import sys
import time

# Of numpy's library: for small matrices more threads only wait for each other.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

HERE = os.path.dirname(os.path.abspath(__file__))


def need_sklearn(folder):
    packages = os.path.join(folder, "python")
    os.makedirs(packages, exist_ok=True)  # what is not there now would not be looked into later
    sys.path.insert(0, packages)
    try:
        import sklearn  # noqa: F401
        return
    except ImportError:
        pass
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", packages, "scikit-learn"]
    try:
        done = subprocess.run(pip, capture_output=True, text=True, timeout=300)
        failed = done.returncode != 0
    except (OSError, subprocess.TimeoutExpired):
        failed = True
    if failed:
        print("SKIPPED: scikit-learn is missing, and pip cannot fetch it. Install it: pip install scikit-learn")
        sys.exit(77)
    importlib.invalidate_caches()


def main():
    binary = os.path.abspath(sys.argv[1])
    folder = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "digits-data")
    os.makedirs(folder, exist_ok=True)
    need_sklearn(folder)
    import warnings

    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split
    from sklearn.neural_network import MLPClassifier

    images, labels = load_digits(return_X_y=True)
    images = images / 16
    train, test, train_labels, test_labels = train_test_split(images, labels, test_size=360, random_state=0)

    warnings.simplefilter("ignore")  # that 200 passes are not the end of it
    counts = []
    for seed in range(5):
        mlp = MLPClassifier(hidden_layer_sizes=(128,), random_state=seed).fit(train, train_labels)
        counts.append(int((mlp.predict(test) == test_labels).sum()))

    one_hot = lambda of: [[1 if label == k else 0 for label in of] for k in range(10)]
    data = {"X": train.T.tolist(), "Y": one_hot(train_labels), "Xtest": test.T.tolist(), "Ytest": one_hot(test_labels)}
    point = os.path.join(folder, "digits.json")
    with open(point, "w") as f:
        json.dump(data, f)
    began = time.time()
    done = subprocess.run([binary, "--quiet", os.path.join(HERE, "digits.wen"), "--at", point], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("wengert failed:\n" + done.stderr)
    ours = round(float(done.stdout) * len(test_labels))
    mean = sum(counts) / len(counts)
    share = lambda count: "%.2f %%" % (100 * count / len(test_labels))
    print("of %d test images are recognised" % len(test_labels))
    print("  by scikit-learn  %.1f  %s  the mean of its MLPClassifier from five starts: %s" % (mean, share(mean), ", ".join(map(str, counts))))
    print("  by wengert       %.1f  %s  from one start, in %.1f s" % (ours, share(ours), time.time() - began))
    # Another start makes a difference of an image or two: the mean counts, to a whole image.
    sys.exit(0 if ours >= int(mean) else 1)


if __name__ == "__main__":
    main()
