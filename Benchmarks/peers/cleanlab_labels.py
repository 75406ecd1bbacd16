#!/usr/bin/env python3
"""Runs cleanlab and fercure's confident learning on the same arrays: equal masks, equal scores, how many times as fast.

    Benchmarks/peers/cleanlab_labels.py [--fercure PATH] [--samples 1000000] [--rounds 3]
    Benchmarks/peers/cleanlab_labels.py --labels labels.npy --pred-probs pred_probs.npy

Without files a seeded set of labels with known noise is drawn. Runs go fercure, cleanlab, fercure, cleanlab ..., and the
ratio is taken pair by pair.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
FILTERS = [
    "prune_by_noise_rate", "prune_by_class", "both", "confident_learning", "predicted_neq_given",
    "low_normalized_margin", "low_self_confidence",
]  # fmt: skip
SCORES = ["self_confidence", "normalized_margin", "confidence_weighted_entropy"]


def drawn(samples, classes=7, noise=0.2, seed=1):
    generator = np.random.default_rng(seed)
    truth = generator.choice(classes, samples, p=[0.14, 0.015, 0.14, 0.25, 0.17, 0.11, 0.175])
    labels = np.where(generator.random(samples) < noise, generator.integers(0, classes, samples), truth)
    logits = generator.normal(size=(samples, classes))
    logits[np.arange(samples), truth] += 2.5
    probabilities = np.exp(logits)
    return labels.astype(np.int64), probabilities / probabilities.sum(1, keepdims=True)


def cleanlab_seconds(labels, probabilities):
    """What cleanlab finds, and the seconds of each filter and score."""
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    found, seconds = {}, {}
    for name in FILTERS:
        start = time.perf_counter()
        found[name] = find_label_issues(labels, probabilities, filter_by=name)
        seconds[name] = time.perf_counter() - start
    for name in SCORES:
        start = time.perf_counter()
        found[name] = get_label_quality_scores(labels, probabilities, method=name)
        seconds[name] = time.perf_counter() - start
    return found, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fercure", default=FOLDER.parent.parent / ".build/release/fercure")
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--labels", type=pathlib.Path)
    parser.add_argument("--pred-probs", type=pathlib.Path)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    if arguments.labels:
        labels, probabilities = np.load(arguments.labels), np.load(arguments.pred_probs)
    else:
        labels, probabilities = drawn(arguments.samples)
    equal = True
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        np.save(folder / "labels.npy", labels)
        np.save(folder / "pred_probs.npy", probabilities)
        command = [str(arguments.fercure), "benchmark", "labels", "--labels", str(folder / "labels.npy")]
        command += ["--pred-probs", str(folder / "pred_probs.npy"), "--to", str(folder / "out"), "--json"]
        pairs = []
        for _ in range(arguments.rounds):
            own = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            found, seconds = cleanlab_seconds(labels, probabilities)
            pairs.append((own["filters"] | own["scores"], seconds))
        print(f"{len(labels):,} samples, {probabilities.shape[1]} classes, {arguments.rounds} rounds\n")
        print("| filter or score | fercure, s | cleanlab, s | times as fast (min / median) | equal |")
        print("| --- | ---: | ---: | ---: | --- |")
        for name in FILTERS + SCORES:
            if name in FILTERS:
                own = np.load(folder / "out" / f"issues-{name}.npy").astype(bool)
                different = int((own != found[name]).sum())
                verdict = "yes" if different == 0 else f"{different} differ"
            else:
                own = np.load(folder / "out" / f"scores-{name}.npy")
                different = float(np.abs(own - found[name]).max())
                verdict = f"to {different:.0e}"
                different = different > 1e-12
            equal = equal and not different
            ratios = [peer[name] / mine[name] for mine, peer in pairs]
            print(
                f"| `{name}` | {statistics.median(m[name] for m, _ in pairs):.3f} "
                f"| {statistics.median(p[name] for _, p in pairs):.3f} "
                f"| {min(ratios):.1f} / {statistics.median(ratios):.1f} | {verdict} |"
            )
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main())
