"""Golden values of the optimizers and schedules: PyTorch's own, and SAM and ASAM by the published algorithms.

Ten steps on 200,000 parameters with a gradient by formula, and SAM on a narrow ResNet18 whose batch norms must not
remember the second look.
"""

import torch
from torch.nn import functional

from formula import distance, numbers, rounded, tensor
from resnet18 import CLASSES, SIZE, network, set_by_formula
from training import BATCH, PREFIX, WIDTH, batch

STEPS = 10
COUNT = 200_000  # more than one piece of a pass, and not a multiple of it

DECAY = {"weight_decay": 5e-4}
OPTIMIZERS = [
    ("sgd", torch.optim.SGD, {"lr": 0.05, "momentum": 0.9, **DECAY}),
    ("nesterov", torch.optim.SGD, {"lr": 0.05, "momentum": 0.9, "nesterov": True, **DECAY}),
    ("adam", torch.optim.Adam, {"lr": 0.01, **DECAY}),
    ("adamw", torch.optim.AdamW, {"lr": 0.01, "weight_decay": 0.05}),
]
# Radii with which the second look tells the cases apart on this function.
WRAPPED = [(wrapper, base, radius) for wrapper, radius in (("sam", 5.0), ("asam", 20.0)) for base in ("sgd", "adamw")]


class SharpnessAware:
    """SAM (Foret et al. 2021, algorithm 1) and ASAM (Kwon et al. 2021) around another optimizer."""

    def __init__(self, base, radius, adaptive):
        self.base, self.radius, self.adaptive = base, radius, adaptive
        self.parameters = [p for group in base.param_groups for p in group["params"]]

    @torch.no_grad()
    def climb(self):
        """Moves to the worst point nearby and returns where it was."""
        parts = [(p.abs() * p.grad if self.adaptive else p.grad).norm() for p in self.parameters]
        norm = torch.stack(parts).norm() + 1e-12
        kept = [p.clone() for p in self.parameters]
        for p in self.parameters:
            p += self.radius / norm * (p * p * p.grad if self.adaptive else p.grad)
        return kept

    @torch.no_grad()
    def back(self, kept):
        for p, old in zip(self.parameters, kept):
            p.copy_(old)


def gradient(p, centres, slopes, step):
    """The derivative of a bowl with ripples, another one in each step."""
    return slopes * (p - centres) + 0.3 * torch.sin(3 * p + step)


def run(dtype, kind, options, wrapper=None, radius=0.0):
    centres = tensor("optimizers.centres", (COUNT,), -1.0, 1.0, dtype)
    slopes = tensor("optimizers.slopes", (COUNT,), 0.1, 2.0, dtype)
    p = tensor("optimizers.start", (COUNT,), -2.0, 2.0, dtype).requires_grad_()
    optimizer = kind([p], **options)
    aware = SharpnessAware(optimizer, radius, wrapper == "asam") if wrapper else None
    for step in range(STEPS):
        p.grad = gradient(p.detach(), centres, slopes, step)
        if aware:
            kept = aware.climb()
            p.grad = gradient(p.detach(), centres, slopes, step)
            aware.back(kept)
        optimizer.step()
    return p.detach()


def optimizer_case(name, kind, options, wrapper=None, radius=0.0):
    exact = run(torch.float64, kind, options, wrapper, radius)
    single = run(torch.float32, kind, options, wrapper, radius)
    return {
        "name": wrapper or name,
        "base": name,
        "learningRate": options["lr"],
        "momentum": options.get("momentum", 0.9),
        "weightDecay": options["weight_decay"],
        "radius": radius,
        "first": numbers(exact[:8]),
        "last": numbers(exact[-8:]),
        "norm": rounded(exact.norm()),
        "tolerance": distance(exact, single),
    }


def network_run(dtype, nudge=0):
    """SAM on a ResNet18: the losses of both looks, and the first running statistics at the end."""
    model = network("7x7", 1, WIDTH)
    keys = set_by_formula(model, PREFIX, dtype, nudge)
    model.train()
    base = torch.optim.SGD(model.parameters(), lr=0.005, momentum=0.9, weight_decay=5e-4)
    aware = SharpnessAware(base, 0.05, adaptive=False)
    norms = [m for m in model.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    losses, seconds = [], []
    for step in range(5):
        images, labels = batch(step, dtype)
        base.zero_grad()
        loss = functional.cross_entropy(model(images), labels)
        loss.backward()
        kept = aware.climb()
        base.zero_grad()
        statistics = [(m.running_mean.clone(), m.running_var.clone()) for m in norms]
        second = functional.cross_entropy(model(images), labels)
        second.backward()
        for m, (mean, variance) in zip(norms, statistics):
            m.running_mean.copy_(mean)
            m.running_var.copy_(variance)
        aware.back(kept)
        base.step()
        losses.append(loss.detach())
        seconds.append(second.detach())
    return keys, torch.stack(losses), torch.stack(seconds), model.bn1.running_mean[:8].clone()


def network_case():
    keys, losses, seconds, mean = network_run(torch.float64)
    singles = [network_run(torch.float32, nudge) for nudge in range(4)]
    return {
        "keys": keys,
        "parameterPrefix": PREFIX,
        "inputShape": [BATCH, 1, SIZE, SIZE],
        "inputRange": [-1.0, 1.0],
        "baseWidth": WIDTH,
        "classes": CLASSES,
        "labels": [batch(step, torch.float32)[1].tolist() for step in range(5)],
        "losses": numbers(losses),
        "secondLosses": numbers(seconds),
        "runningMean": numbers(mean),
        "tolerance": {
            "losses": distance(losses, *(single[1] for single in singles)),
            "secondLosses": distance(seconds, *(single[2] for single in singles)),
            "runningMean": distance(mean, *(single[3] for single in singles)),
        },
    }


def schedules():
    """The factors of 40 steps, 4 an epoch, as PyTorch's schedulers set them."""
    lr = torch.optim.lr_scheduler
    steps, epoch = 40, 4

    def sequence(make):
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
        scheduler = make(optimizer)
        factors = []
        for _ in range(steps):
            factors.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        return [rounded(factor) for factor in factors]

    warmup = 8
    return {
        "steps": steps,
        "stepsPerEpoch": epoch,
        "warmup": warmup,
        "stepEpochs": [3, 7],
        "stepFactor": 0.1,
        "constant": sequence(lambda o: lr.ConstantLR(o, factor=1.0)),
        "step": sequence(lambda o: lr.MultiStepLR(o, [3 * epoch, 7 * epoch], gamma=0.1)),
        "cosine": sequence(lambda o: lr.CosineAnnealingLR(o, T_max=steps)),
        "oneCycle": sequence(lambda o: lr.OneCycleLR(o, max_lr=1.0, total_steps=steps)),
        "warmedCosine": sequence(
            lambda o: lr.SequentialLR(
                o,
                [
                    lr.LinearLR(o, start_factor=1 / warmup, total_iters=warmup - 1),
                    lr.CosineAnnealingLR(o, T_max=steps - warmup),
                ],
                milestones=[warmup],
            )
        ),
        "plateau": plateau(),
    }


def plateau():
    """The factor after each epoch's loss: falls, stalls, tiny falls below the threshold, a rise."""
    losses = [2.0, 1.5, 1.5, 1.49999, 1.6, 1.4, 1.4, 1.4, 1.4, 1.4, 1.4, 1.39, 1.39, 1.5, 1.39, 1.2, float("nan"), 1.3]
    losses += [1.3] * 4
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=2)
    factors = []
    for loss in losses:
        scheduler.step(loss)
        factors.append(rounded(optimizer.param_groups[0]["lr"]))
    return {
        "losses": [None if loss != loss else loss for loss in losses],
        "patience": 2,
        "reduction": 0.5,
        "factors": factors,
    }


def fixture():
    plain = [optimizer_case(*each) for each in OPTIMIZERS]
    by_name = {name: (name, kind, options) for name, kind, options in OPTIMIZERS}
    wrapped = [optimizer_case(*by_name[base], wrapper, radius) for wrapper, base, radius in WRAPPED]
    return {
        "count": COUNT,
        "steps": STEPS,
        "optimizers": plain + wrapped,
        "network": network_case(),
        "schedules": schedules(),
    }
