"""Golden values of the losses: softmax cross-entropy in its variants, the self-cure loss of SCN, early-learning regularization."""

import torch
from torch.nn import functional

from formula import distance, numbers, rounded, stored, tensor

CLASSES = 7

GAMMA, BETA, MARGIN = 0.5, 0.7, 0.15


def self_cure(logits, importance, labels):
    """The self-cure loss without relabelling (Wang et al., CVPR 2020, equations 1 to 4).

    The importance weighs the logits, bias included. Returns the total, the weighted cross-entropy, the rank
    regularization and the importance of each sample.
    """
    alpha = importance.sigmoid()
    weighted = functional.cross_entropy(alpha.unsqueeze(1) * logits, labels)
    ordered = alpha.sort(descending=True).values
    high = high_count(len(ordered))
    ranking = (MARGIN - (ordered[:high].mean() - ordered[high:].mean())).clamp(min=0)
    return GAMMA * weighted + (1 - GAMMA) * ranking, weighted, ranking, alpha


def high_count(count):
    """How many samples form the group of high importance: never none and never all."""
    return min(max(int(count * BETA), 1), count - 1)


def targets(name, count):
    """Random class distributions, each row summing to one."""
    values = tensor(f"{name}.targets", (count, CLASSES), 0.0, 1.0, torch.float64)
    return (values / values.sum(1, keepdim=True)).float().double()


CROSS_ENTROPY = [
    ("cross-entropy", {}),
    ("cross-entropy-smoothed", {"labelSmoothing": 0.1}),
    ("cross-entropy-weighted", {"classWeights": True}),
    ("cross-entropy-weighted-smoothed", {"classWeights": True, "labelSmoothing": 0.1}),
    ("cross-entropy-soft", {"softTargets": True}),
]

# name, batch, range of the logits of the importance; the ranges decide whether the ranking is active.
SELF_CURE = [
    ("self-cure", 10, (-0.3, 0.3), True),
    ("self-cure-inactive", 10, (-3.0, 3.0), False),
    ("self-cure-three", 3, (-0.2, 0.2), True),
]


# name, lambda, beta; the paper has 3 and 0.7 for CIFAR-10, 7 and 0.9 for CIFAR-100.
EARLY_LEARNING = [("early-learning", 3.0, 0.7), ("early-learning-strong", 7.0, 0.9)]

LOOKS = 4


def cross_entropy_case(name, options):
    count = 6
    labels = torch.tensor([i * 3 % CLASSES for i in range(count)])
    weights = tensor(f"{name}.classWeights", (CLASSES,), 0.5, 2.0, torch.float32) if "classWeights" in options else None
    soft = targets(name, count) if "softTargets" in options else None

    def run(dtype):
        logits = tensor(f"{name}.logits", (count, CLASSES), -4.0, 4.0, dtype).requires_grad_()
        loss = functional.cross_entropy(
            logits,
            labels if soft is None else soft.to(dtype),
            weight=None if weights is None else weights.to(dtype),
            label_smoothing=options.get("labelSmoothing", 0.0),
        )
        loss.backward()
        return loss, logits.grad

    (loss, gradient), (single_loss, single_gradient) = run(torch.float64), run(torch.float32)
    result = {
        "name": name,
        "logitsShape": [count, CLASSES],
        "logitsRange": [-4.0, 4.0],
        "labels": labels.tolist(),
        "labelSmoothing": options.get("labelSmoothing", 0.0),
        "classWeights": None if weights is None else numbers(weights),
        "softTargets": None if soft is None else stored(soft),
        "loss": rounded(loss),
        "logitsGradient": stored(gradient),
        "tolerance": {"loss": distance(loss, single_loss), "logitsGradient": distance(gradient, single_gradient)},
    }
    return {key: value for key, value in result.items() if value is not None}


def self_cure_case(name, count, span, active):
    labels = torch.tensor([i * 3 % CLASSES for i in range(count)])

    def run(dtype):
        logits = tensor(f"{name}.logits", (count, CLASSES), -4.0, 4.0, dtype).requires_grad_()
        importance = tensor(f"{name}.importance", (count,), *span, dtype).requires_grad_()
        parts = self_cure(logits, importance, labels)
        parts[0].backward()
        return (*parts, logits.grad, importance.grad)

    names = ["loss", "weightedCrossEntropy", "rankRegularization", "alpha", "logitsGradient", "importanceGradient"]
    exact, single = dict(zip(names, run(torch.float64))), dict(zip(names, run(torch.float32)))
    assert (exact["rankRegularization"].item() > 0) == active, (
        f"{name}: the range of the importance does not do its job"
    )
    result = {
        "name": name,
        "logitsShape": [count, CLASSES],
        "logitsRange": [-4.0, 4.0],
        "importanceRange": list(span),
        "labels": labels.tolist(),
        "gamma": GAMMA,
        "beta": BETA,
        "margin": MARGIN,
        "highCount": high_count(count),
    }
    for key, value in exact.items():
        result[key] = rounded(value) if value.dim() == 0 else stored(value)
    result["tolerance"] = {key: distance(exact[key], single[key]) for key in names}
    return result


def early_learning(logits, labels, memory, strength, momentum):
    """One look at a batch (Liu et al., NeurIPS 2020): the loss, and the memory of what was said so far.

    The memory takes this look in before it is compared with, and no gradient flows into it.
    """
    said = logits.softmax(1)
    memory = momentum * memory + (1 - momentum) * said.detach()
    agreement = (said * memory).sum(1)
    return functional.cross_entropy(logits, labels) + strength * torch.log(1 - agreement).mean(), memory


def early_learning_case(name, strength, momentum):
    count = 6
    labels = torch.tensor([i * 3 % CLASSES for i in range(count)])

    def run(dtype):
        memory = torch.zeros(count, CLASSES, dtype=dtype)
        for look in range(LOOKS):
            logits = tensor(f"{name}.logits.{look}", (count, CLASSES), -3.0, 3.0, dtype).requires_grad_()
            loss, memory = early_learning(logits, labels, memory, strength, momentum)
        loss.backward()
        return memory, logits.grad

    (memory, gradient), (single_memory, single_gradient) = run(torch.float64), run(torch.float32)
    return {
        "name": name,
        "logitsShape": [count, CLASSES],
        "logitsRange": [-3.0, 3.0],
        "labels": labels.tolist(),
        "strength": strength,
        "momentum": momentum,
        "looks": LOOKS,
        "memory": stored(memory),
        "logitsGradient": stored(gradient),
        "tolerance": {
            "memory": distance(memory, single_memory),
            "logitsGradient": distance(gradient, single_gradient),
        },
    }


def fixture():
    return {
        "crossEntropy": [cross_entropy_case(*each) for each in CROSS_ENTROPY],
        "selfCure": [self_cure_case(*each) for each in SELF_CURE],
        "earlyLearning": [early_learning_case(*each) for each in EARLY_LEARNING],
    }
