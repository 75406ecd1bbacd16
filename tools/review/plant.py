#!/usr/bin/env python3
"""Plants suggestions into a dataset file as an audit would leave them: for driving and timing the review page.

    tools/review/plant.py DATASET --count 6000

Nothing of it is an opinion about the faces: labels, confidences and probabilities are drawn by chance from a seed. With
--truth (of `fercure samples`) most suggestions are about labels that are wrong, as a good audit's would be.
"""

import argparse
import csv
import json
import random
import sqlite3


def plant(path, count, seed=7, truth=None):
    """Adds one finished audit with `count` suggestions and a score for every training sample."""
    generator = random.Random(seed)
    database = sqlite3.connect(path)
    classes = [row[0] for row in database.execute("SELECT name FROM class ORDER BY id")]
    samples = database.execute(
        "SELECT id, label FROM sample WHERE label IS NOT NULL AND split = 'train' AND NOT excluded ORDER BY id").fetchall()
    chosen = {sample: None for sample, _ in generator.sample(samples, min(count, len(samples)))}
    if truth:
        with open(truth, newline="") as file:
            true = {row["key"]: row["true"] for row in csv.DictReader(file)}
        keys = dict(database.execute("SELECT id, key FROM sample"))
        wrong = {sample: true.get(keys[sample], "") for sample, label in samples if true.get(keys[sample], label) != label}
        others = [sample for sample in chosen if sample not in wrong][:max(0, count // 5)]
        chosen = {**dict(list(wrong.items())[:count]), **{sample: None for sample in others}}
    with database:
        run = database.execute(
            "INSERT INTO run (kind, recipe, seed, version, started, finished, outcome) VALUES"
            " ('audit', '{}', ?, '0.1.0', '2026-01-01T00:00:00Z', '2026-01-01T00:10:00Z', 'planted')", (seed,)).lastrowid
        for sample, label in samples:
            weights = [generator.gammavariate(0.6, 1) + 1e-6 for _ in classes]
            given = classes.index(label)
            if sample in chosen:
                known = chosen[sample]
                target = classes.index(known) if known in classes else generator.choice(
                    [index for index in range(len(classes)) if index != given])
                weights[target] += 4 if known in classes else 2.2
            else:
                weights[given] += 4
            total = sum(weights)
            probabilities = [round(weight / total, 6) for weight in weights]
            signals = json.dumps({"importance": round(generator.random(), 4), "probabilities": probabilities,
                                  "margin": round(max(probabilities) - probabilities[given], 6)})
            database.execute(
                "INSERT INTO score (run, sample, label, quality, verdict, signals) VALUES (?, ?, ?, ?, NULL, ?)",
                (run, sample, label, probabilities[given], signals))
            if sample in chosen:
                isFace = generator.random() > 0.03 if chosen[sample] is None else chosen[sample] in classes
                alpha = 7 if chosen[sample] is not None else 4
                verdict = generator.choice(["wrong", "wrong", "ambiguous"]) if isFace else "not-a-face"
                database.execute(
                    'INSERT INTO suggestion (run, sample, "from", "to", confidence, verdict, signals)'
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (run, sample, label, classes[target] if isFace else None, round(generator.betavariate(alpha, 2), 6),
                     verdict, signals))
    database.close()
    return run


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("dataset")
    parser.add_argument("--count", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--truth", help="a truth.csv of the same faces")
    arguments = parser.parse_args()
    print(f"run {plant(arguments.dataset, arguments.count, arguments.seed, arguments.truth)}")
