#!/usr/bin/env python3
"""Judges suggestions by votes: fercure's, cleanlab's and SCN's own rule, all on the same out-of-fold evidence.

    fercure audit faces.fercure --evidence-to evidence
    fercure suggestions faces.fercure --format csv > suggestions.csv
    fercure scores faces.fercure --format csv > scores.csv
    Benchmarks/peers/audit_quality.py --evidence evidence --suggestions suggestions.csv --scores scores.csv \
        --votes fer2013new.csv [--known votes-that-the-audit-knew.csv]

A row counts when one of the seven classes has more than half of its votes; identical rows of the training split count
once each, as they are suggested once each. With --known only rows are judged whose votes the audit did not have.
"""

import argparse
import csv
import pathlib
import warnings

import numpy as np

COLUMNS = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF"]
CLASSES = {"angry": "anger", "disgust": "disgust", "fear": "fear", "happy": "happiness", "sad": "sadness",
           "surprise": "surprise", "neutral": "neutral"}  # fmt: skip


def votes_of(path):
    """Votes by key, of the rows that have any."""
    result = {}
    with open(path, newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file)):
            counts = {name: int(row[name]) for name in COLUMNS}
            if sum(counts.values()) > 0:
                result[f"row-{number:07d}"] = counts
    return result


def area(scores, positive):
    """The area under the curve, ties counting half."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ordered = scores[order]
    starts = np.r_[0, np.nonzero(np.diff(ordered))[0] + 1, len(scores)]
    for start, end in zip(starts[:-1], starts[1:]):
        ranks[order[start:end]] = (start + 1 + end) / 2
    count = positive.sum()
    if count in (0, len(positive)):
        return 0.5
    return (ranks[positive].sum() - count * (count + 1) / 2) / (count * (len(positive) - count))


def conditional_area(quality, wrong, labels):
    sums = weights = 0.0
    for label in np.unique(labels):
        own = labels == label
        weight = min(wrong[own].sum(), (~wrong[own]).sum())
        if weight:
            sums += weight * area(-quality[own], wrong[own])
            weights += weight
    return sums / weights


def calibration_error(confidence, right):
    bins = np.minimum((confidence * 10).astype(int), 9)
    return sum(
        (bins == b).mean() * abs(confidence[bins == b].mean() - right[bins == b].mean()) for b in range(10) if (bins == b).any()
    )


class Judge:
    def __init__(self, folder, votes, known):
        self.keys = (folder / "keys.txt").read_text(encoding="utf-8").splitlines()
        self.classes = (folder / "classes.txt").read_text(encoding="utf-8").splitlines()
        self.labels = np.load(folder / "labels.npy")
        splits = folder / "splits.txt"
        if not splits.exists():
            raise SystemExit(f"{folder} has no splits.txt: write it again, with 'fercure audit --evidence-to'")
        self.training = np.array(splits.read_text(encoding="utf-8").splitlines()) == "train"
        columns = [CLASSES[name] for name in self.classes]
        self.truth = np.full(len(self.keys), -1)
        self.faceless = np.zeros(len(self.keys), bool)
        self.judged = np.zeros(len(self.keys), bool)
        self.top = [set()] * len(self.keys)
        for row, key in enumerate(self.keys):
            if key in known or key not in votes:
                continue
            counts = np.array([votes[key][name] for name in columns])
            total = sum(votes[key].values())
            self.judged[row] = True
            self.faceless[row] = 2 * votes[key]["NF"] > total
            if 2 * counts.max() > total:
                self.truth[row] = counts.argmax()
            strongest = np.argsort(-counts, kind="stable")[:2]
            self.top[row] = {self.classes[k] for k in strongest if counts[k] > 0}

    def row(self, name, order, to, quality, flagged=None):
        """A line of the table; `order` are rows by falling confidence, `to` the suggested class of each row."""
        cells = []
        for count in (1000, 3000, 6000):
            top = [i for i in order[:count] if self.truth[i] >= 0]
            cells.append(f"{np.mean([to[i] == self.truth[i] for i in top]):.2f}" if len(order) >= count and top else "–")
        counted = np.array([self.truth[i] >= 0 for i in order], bool)
        right = np.array([self.truth[i] == to[i] for i in order], bool) & counted
        precision = np.cumsum(right) / np.maximum(1, np.cumsum(counted))
        enough = np.nonzero((precision >= 0.8) & (np.cumsum(counted) >= 50))[0]
        own = self.training & (self.truth >= 0)
        within = conditional_area(quality[own], self.truth[own] != self.labels[own], self.labels[own])
        rule = "–"
        if flagged is not None:
            rows = np.nonzero(flagged & own)[0]
            if len(rows):
                rule = f"{int(flagged[self.training].sum()):,}: {np.mean(to[rows] == self.truth[rows]):.2f}"
        print(f"| {name} | {' / '.join(cells)} | {enough.max() + 1 if len(enough) else 0:,} | {within:.3f} | {rule} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--evidence", type=pathlib.Path, required=True)
    parser.add_argument("--suggestions", required=True)
    parser.add_argument("--scores", required=True)
    parser.add_argument("--votes", required=True)
    parser.add_argument("--known")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    judge = Judge(
        arguments.evidence, votes_of(arguments.votes), votes_of(arguments.known) if arguments.known else {}
    )
    place = {key: row for row, key in enumerate(judge.keys)}
    number = {name: k for k, name in enumerate(judge.classes)}
    probabilities = np.load(arguments.evidence / "pred_probs.npy")
    importance = np.load(arguments.evidence / "importance.npy")
    count = len(judge.keys)
    given = probabilities[np.arange(count), judge.labels]
    rest = probabilities.copy()
    rest[np.arange(count), judge.labels] = -1
    other, ahead = rest.argmax(1), rest.max(1) - given

    print("| | `from -> to` right, top 1,000 / 3,000 / 6,000 | acceptable at precision 0.8 "
          "| AUROC within classes | its own rule: labels, right |")  # fmt: skip
    print("| --- | --- | ---: | ---: | --- |")
    rows = np.nonzero(judge.training)[0]
    for name, low in (("SCN, the published code's rule", False), ("SCN, the paper's rule", True)):
        flagged = (ahead > 0.2) & ((importance < np.quantile(importance, 0.3)) | (not low))
        judge.row(name, rows[np.argsort(-ahead[rows], kind="stable")], other, -ahead, flagged)

    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    flagged = find_label_issues(judge.labels, probabilities)
    for score in ("self_confidence", "normalized_margin", "confidence_weighted_entropy"):
        quality = get_label_quality_scores(judge.labels, probabilities, method=score)
        judge.row(f"cleanlab, {score}", rows[np.argsort(quality[rows], kind="stable")], other, quality, flagged)

    quality = np.ones(count)
    with open(arguments.scores, newline="", encoding="utf-8") as file:
        for entry in csv.DictReader(file):
            quality[place[entry["key"]]] = float(entry["quality"])
    order, to, confidence, ambiguous = [], np.full(count, -1), np.zeros(count), []
    faceless = np.zeros(count)
    with open(arguments.suggestions, newline="", encoding="utf-8") as file:
        for entry in csv.DictReader(file):
            row = place[entry["key"]]
            if not judge.training[row]:
                continue
            if entry["verdict"] == "not-a-face":
                faceless[row] = float(entry["confidence"])
                continue
            order.append(row)
            to[row], confidence[row] = number[entry["to"]], float(entry["confidence"])
            if entry["verdict"] == "ambiguous" and judge.judged[row] and len(judge.top[row]) == 2:
                ambiguous.append({entry["from"], entry["to"]} == judge.top[row])
    judge.row("fercure", order, to, quality)
    counted = np.array([i for i in order if judge.truth[i] >= 0])
    error = calibration_error(confidence[counted], to[counted] == judge.truth[counted])
    print(f"\nfercure: {len(order):,} suggestions, expected calibration error {error:.3f} on {len(counted):,} of them")
    if ambiguous:
        print(f"ambiguous: both labels are the voters' strongest two in {np.mean(ambiguous):.2f} of {len(ambiguous):,}")
    print(f"importance: mean {importance.mean():.3f}, deviation {importance.std():.3f}")
    path = arguments.evidence / "not_a_face.npy"
    if path.exists():
        score, own = np.load(path), judge.training & judge.judged
        order = np.argsort(-score[own], kind="stable")
        hits = judge.faceless[own][order]
        precision = (np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean() if hits.any() else 0
        print(f"not a face: average precision {precision:.2f} for {int(hits.sum())} rows")


if __name__ == "__main__":
    main()
