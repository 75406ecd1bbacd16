"""Golden values of the auditors: confident learning by cleanlab, the normal mixture by scikit-learn, and what networks
say over epochs by NumPy.

    pip install cleanlab==2.9.0
    python tools/golden/auditing.py Tests/AuditingTests/Fixtures
"""

import json
import pathlib
import sys
import warnings

import numpy as np
from cleanlab.count import compute_confident_joint, estimate_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from scipy.special import softmax
from sklearn.mixture import GaussianMixture

FILTERS = [
    "prune_by_noise_rate", "prune_by_class", "both", "confident_learning", "predicted_neq_given",
    "low_normalized_margin", "low_self_confidence",
]  # fmt: skip
SCORES = ["self_confidence", "normalized_margin", "confidence_weighted_entropy"]


def noisy(generator, count, shares, noise, sharpness):
    """Labels of which a share is wrong, and probabilities that know a little better."""
    classes = len(shares)
    truth = generator.choice(classes, count, p=shares)
    labels = np.where(generator.random(count) < noise, generator.integers(0, classes, count), truth)
    logits = generator.normal(size=(count, classes))
    logits[np.arange(count), truth] += sharpness
    return labels, np.round(softmax(logits, axis=1), 6)


def confident_learning(name, labels, probabilities):
    # Rounded rows are made to sum to one again; the numbers in the file are what both sides read.
    probabilities = probabilities / probabilities.sum(1, keepdims=True)
    calibrated = compute_confident_joint(labels, probabilities)
    return {
        "name": name,
        "classes": probabilities.shape[1],
        "labels": labels.tolist(),
        "probabilities": probabilities.ravel().tolist(),
        "thresholds": get_confident_thresholds(labels, probabilities).tolist(),
        "joint": compute_confident_joint(labels, probabilities, calibrate=False).tolist(),
        "calibratedJoint": calibrated.tolist(),
        "estimatedJoint": estimate_joint(labels, probabilities).tolist(),
        "scores": {s: get_label_quality_scores(labels, probabilities, method=s).tolist() for s in SCORES},
        "issues": {
            f: np.nonzero(find_label_issues(labels, probabilities, filter_by=f, n_jobs=1))[0].tolist() for f in FILTERS
        },
    }


def mixture(generator):
    values = np.concatenate([generator.normal(0.15, 0.05, 300), generator.normal(0.7, 0.12, 100)]).clip(0, 1)
    values = np.round(values, 6)
    fitted = GaussianMixture(2, max_iter=500, tol=1e-10, reg_covar=5e-4, random_state=1).fit(values[:, None])
    order = np.argsort(fitted.means_[:, 0])
    probes = np.linspace(0, 1, 21)
    return {
        "values": values.tolist(),
        "means": fitted.means_[order, 0].tolist(),
        "variances": fitted.covariances_[order, 0, 0].tolist(),
        "weights": fitted.weights_[order].tolist(),
        "probes": probes.tolist(),
        "probabilities": fitted.predict_proba(probes[:, None])[:, order[0]].tolist(),
    }


def dynamics(generator):
    epochs, count, classes = 6, 12, 4
    labels = generator.integers(0, classes, count)
    logits = np.round(generator.normal(0, 2, (epochs, count, classes)), 4)
    own = np.take_along_axis(logits, labels[None, :, None], 2)[..., 0]
    rest = logits.copy()
    np.put_along_axis(rest, np.broadcast_to(labels[None, :, None], (epochs, count, 1)), -np.inf, 2)
    margins = own - rest.max(2)
    p = softmax(logits, axis=2)
    given = np.take_along_axis(p, labels[None, :, None], 2)[..., 0]
    right = margins > 0
    return {
        "classes": classes,
        "labels": labels.tolist(),
        "logits": logits.reshape(epochs, -1).tolist(),
        "margin": margins.mean(0).tolist(),
        "confidence": given.mean(0).tolist(),
        "variability": given.std(0).tolist(),
        "correctness": right.mean(0).tolist(),
        "forgetting": (right[:-1] & ~right[1:]).sum(0).tolist(),
        # Two looks in the end, at pictures (the last two logits) and mirror images (the two before).
        "probabilities": p[-4:].mean(0).ravel().tolist(),
        "loss": (-np.log(given[-4:].mean(0))).tolist(),
    }


def main():
    warnings.simplefilter("ignore")
    generator = np.random.default_rng(20)
    cases = [
        confident_learning("balanced", *noisy(generator, 240, [0.25] * 4, 0.2, 2.5)),
        confident_learning("skewed", *noisy(generator, 260, [0.6, 0.3, 0.08, 0.015, 0.005], 0.25, 2.0)),
    ]
    # One class that nobody is labelled as.
    labels, probabilities = noisy(generator, 120, [0.5, 0.3, 0.2], 0.2, 2.0)
    cases.append(confident_learning("a class without labels", np.where(labels == 2, 0, labels), probabilities))
    # One vector of eight classes, and one and a part of another. Only scores are compared: equal remainders of so many classes
    # are rounded as cleanlab's sorting happens to leave them, which differs from CPU to CPU.
    others = np.random.default_rng(21)
    many = [
        confident_learning(f"{classes} classes", *noisy(others, 400, [1 / classes] * classes, 0.25, 2.0))
        for classes in (8, 11)
    ]
    golden = {
        "confidentLearning": cases, "manyClasses": many, "mixture": mixture(generator), "dynamics": dynamics(generator),
    }  # fmt: skip
    path = pathlib.Path(sys.argv[1]) / "auditing.json"
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
