"""Golden values of training: ten steps of SGD on a narrow ResNet18, plain and with the self-cure loss.

At the rate of 0.05 one ReLU that passes in one run and not in another grows to hundredths of a loss within ten steps
(see `set_by_formula`); such a run is a strict test of its first steps only. The gentle cases stay within about a
thousandth, and Mish, which has no edge, follows to the last digits.
"""

import torch
from torch import nn
from torch.nn import functional

from formula import distance, numbers, rounded, tensor
from losses import BETA, GAMMA, MARGIN, high_count, self_cure
from resnet18 import CLASSES, SIZE, network, set_by_formula

STEPS = 10
BATCH = 16
WIDTH = 16
NUDGES = 12
PREFIX = "training."

COMMON = {"rate": 0.05, "momentum": 0.9, "weightDecay": 5e-4}
GENTLE = {**COMMON, "rate": 0.005}

VARIANTS = [
    ("plain", {**COMMON, "momentum": 0.0, "weightDecay": 0.0}),
    ("momentum", COMMON),
    ("nesterov", {**COMMON, "nesterov": True}),
    ("step-decay", {**COMMON, "decayAfter": 5, "decayFactor": 0.1}),
    ("self-cure", {**COMMON, "selfCure": True}),
    ("plain-gentle", {**GENTLE, "momentum": 0.0, "weightDecay": 0.0}),
    ("momentum-gentle", GENTLE),
    ("nesterov-gentle", {**GENTLE, "nesterov": True}),
    ("step-decay-gentle", {**GENTLE, "decayAfter": 5, "decayFactor": 0.1}),
    ("self-cure-gentle", {**GENTLE, "selfCure": True}),
]
SMOOTH_VARIANTS = [("momentum-mish", {**COMMON, "activation": "mish"})]


def with_mish(model):
    """The network with Mish wherever it had ReLU."""
    for module in model.modules():
        if hasattr(module, "relu"):
            module.relu = nn.Mish()
    return model


class SelfCureNetwork(nn.Module):
    """The backbone with two heads on the pooled features: logits of the classes and the logit of the importance."""

    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone
        self.fc = self.backbone.fc
        self.backbone.fc = nn.Identity()
        self.importance = nn.Linear(WIDTH * 8, 1)

    def forward(self, inputs):
        features = self.backbone(inputs)
        return self.fc(features), self.importance(features).squeeze(1)

    def state_dict(self, **options):
        """The values under the names of the plain network, beside `importance.weight` and `importance.bias`."""
        return {key.removeprefix("backbone."): value for key, value in super().state_dict(**options).items()}


def batch(step, dtype):
    """The images and labels of one step."""
    images = tensor(f"training.input.{step}", (BATCH, 1, SIZE, SIZE), -1.0, 1.0, dtype)
    return images, torch.tensor([(i * 5 + step) % CLASSES for i in range(BATCH)])


class Run:
    """Training for all steps: what was measured in each step, and the model at the end."""

    def __init__(self, options, dtype, nudge=0):
        cures = options.get("selfCure", False)
        backbone = network("7x7", 1, WIDTH)
        if options.get("activation") == "mish":
            with_mish(backbone)
        self.model = SelfCureNetwork(backbone) if cures else backbone
        self.keys = set_by_formula(self.model, PREFIX, dtype, nudge)
        self.model.train()
        optimizer = torch.optim.SGD(
            self.model.parameters(),
            lr=options["rate"],
            momentum=options["momentum"],
            weight_decay=options["weightDecay"],
            nesterov=options.get("nesterov", False),
        )
        steps = []
        for step in range(STEPS):
            if step == options.get("decayAfter"):
                optimizer.param_groups[0]["lr"] *= options["decayFactor"]
            images, labels = batch(step, dtype)
            if cures:
                loss, weighted, ranking, alpha = self_cure(*self.model(images), labels)
                steps.append(
                    {
                        "losses": loss,
                        "weightedCrossEntropies": weighted,
                        "rankRegularizations": ranking,
                        "meanImportances": alpha.mean(),
                    }
                )
            else:
                loss = functional.cross_entropy(self.model(images), labels)
                steps.append({"losses": loss})
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        self.measured = {key: torch.stack([values[key].detach() for values in steps]) for key in steps[0]}

    @property
    def first(self):
        return self.model.fc.weight.detach().flatten()[:8]

    @property
    def norm(self):
        """The Euclidean length of all parameters taken as one vector."""
        return torch.cat([parameter.detach().double().flatten() for parameter in self.model.parameters()]).norm()


def case(name, options):
    exact = Run(options, torch.float64)
    singles = [Run(options, torch.float32, nudge) for nudge in range(NUDGES + 1)]
    cures = options.get("selfCure", False)
    result = {
        "name": name,
        "activation": options.get("activation", "relu"),
        "momentum": options["momentum"],
        "weightDecay": options["weightDecay"],
        "nesterov": options.get("nesterov", False),
        "learningRates": [
            rounded(options["rate"] * (options["decayFactor"] if step >= options.get("decayAfter", STEPS) else 1))
            for step in range(STEPS)
        ],
        "keys": exact.keys if cures or name == "plain" else None,  # the others have those of "plain"
        "selfCure": {"gamma": GAMMA, "beta": BETA, "margin": MARGIN, "highCount": high_count(BATCH)} if cures else None,
        **{key: numbers(values) for key, values in exact.measured.items()},
        "fcWeightFirst": numbers(exact.first),
        "parameterNorm": rounded(exact.norm),
        "tolerance": {
            **{
                key: [
                    distance(value, *(single.measured[key][step] for single in singles))
                    for step, value in enumerate(values)
                ]
                for key, values in exact.measured.items()
            },
            "fcWeightFirst": distance(exact.first, *(single.first for single in singles)),
            "parameterNorm": distance(exact.norm, *(single.norm for single in singles)),
        },
    }
    return {key: value for key, value in result.items() if value is not None}


def fixture():
    return {
        "stem": "7x7",
        "inputChannels": 1,
        "baseWidth": WIDTH,
        "classes": CLASSES,
        "parameterPrefix": PREFIX,
        "inputNamePrefix": "training.input.",
        "steps": STEPS,
        "inputShape": [BATCH, 1, SIZE, SIZE],
        "inputRange": [-1.0, 1.0],
        "labels": [batch(step, torch.float32)[1].tolist() for step in range(STEPS)],
        "cases": [case(*each) for each in VARIANTS],
        "smoothCases": [case(*each) for each in SMOOTH_VARIANTS],
    }
