"""Golden values of ResNet18: one training forward and backward, then one forward in evaluation mode, for four stems."""

import torch
from torch import nn
from torch.nn import functional
from torchvision.models import resnet18
from torchvision.models.resnet import BasicBlock

from formula import distance, numbers, rounded, stored, tensor

CLASSES = 7
BATCH = 4
NUDGES = 3
SIZE = 48

# Parameters from every depth and of every kind, whose gradients are recorded.
WATCHED = [
    "conv1.weight", "bn1.weight", "bn1.bias", "layer1.0.conv1.weight", "layer1.1.bn2.weight",
    "layer2.0.conv1.weight", "layer2.0.downsample.0.weight", "layer2.0.downsample.1.bias", "layer3.1.conv2.weight",
    "layer4.0.downsample.0.weight", "layer4.1.conv2.weight", "layer4.1.bn2.bias", "fc.weight", "fc.bias",
]  # fmt: skip
WATCHED_BUFFERS = ["bn1.running_mean", "bn1.running_var", "layer4.1.bn2.running_mean", "layer4.1.bn2.running_var"]


def network(stem, channels, width=64):
    """torchvision's ResNet18 with another stem, count of input channels or base width, under torchvision's names.

    The stem "7x7" is a convolution of stride 2 and a max pool; "3x3" is a convolution of stride 1 and no pool.
    """
    model = resnet18(num_classes=CLASSES)
    if width != 64:
        model.inplanes = width
        model.bn1 = nn.BatchNorm2d(width)
        for stage in range(4):
            layer = model._make_layer(BasicBlock, width * 2**stage, 2, stride=1 if stage == 0 else 2)
            setattr(model, f"layer{stage + 1}", layer)
        model.fc = nn.Linear(width * 8, CLASSES)
    if stem == "7x7":
        model.conv1 = nn.Conv2d(channels, width, 7, 2, 3, bias=False)
    else:
        model.conv1 = nn.Conv2d(channels, width, 3, 1, 1, bias=False)
        model.maxpool = nn.Identity()
    return model


def range_of(key, shape):
    """The interval in which the values of a key lie before the first step; an empty interval means a constant."""
    if key.endswith("running_mean") or key.endswith("num_batches_tracked"):
        return (0.0, 0.0)
    if key.endswith("running_var"):
        return (1.0, 1.0)
    if key == "fc.weight":
        return (-0.05, 0.05)
    if key == "importance.weight":  # wide enough that the ranking is active in some steps only
        return (-0.1, 0.1)
    if key in ("fc.bias", "importance.bias"):
        return (0.0, 0.0)
    if len(shape) == 1:  # batch norm
        return (-0.2, 0.2) if key.endswith("bias") else (0.5, 1.5)
    bound = (6.0 / (shape[1] * shape[2] * shape[3])) ** 0.5
    return (-bound, bound)


def set_by_formula(model, prefix, dtype, nudge=0):
    """Gives every parameter and buffer its values by formula, and returns what a fixture needs to repeat that.

    A `nudge` other than 0 moves each value by up to one unit in its last float32 place. A run from there stands for
    another implementation of the same arithmetic, one that adds up in another order. One ReLU whose input lies that
    close to zero passes in one implementation and not in the other; then gradients differ by far more than their
    rounding, and later steps more still. The fixtures' tolerances are the widest of several such runs.
    """
    model.to(dtype)
    keys = []
    with torch.no_grad():
        for key, value in model.state_dict().items():
            low, high = range_of(key, value.shape)
            keys.append({"name": key, "shape": list(value.shape), "low": low, "high": high})
            if value.is_floating_point():
                value.copy_(tensor(prefix + key, value.shape, low, high, dtype))
                if nudge:
                    value *= 1 + 2.0**-23 * tensor(f"nudge.{nudge}.{key}", value.shape, -1.0, 1.0, torch.float64)
    return keys


class Run:
    """One training forward and backward, then one forward in evaluation mode."""

    def __init__(self, stem, channels, dtype, nudge=0):
        model = network(stem, channels)
        self.keys = set_by_formula(model, prefix_of(stem, channels), dtype, nudge)
        inputs = tensor(f"resnet18.input.{channels}", (BATCH, channels, SIZE, SIZE), -1.0, 1.0, dtype).requires_grad_()
        model.train()
        self.logits = model(inputs)
        self.loss = functional.cross_entropy(self.logits, torch.tensor([i % CLASSES for i in range(BATCH)]))
        self.loss.backward()
        model.eval()
        with torch.no_grad():
            self.evaluated = model(inputs)
        self.input_gradient = inputs.grad
        self.gradients = {key: parameter.grad for key, parameter in model.named_parameters()}
        self.buffers = dict(model.named_buffers())


def prefix_of(stem, channels):
    return f"resnet18-{stem}-{channels}."


def compared(exact, *singles):
    """A tensor's summary, with the distance of float32 runs from it: of single values, and of norm and sum."""
    exact, singles = exact.detach().double(), [single.detach().double() for single in singles]
    return {
        "norm": rounded(exact.norm()),
        "sum": rounded(exact.sum()),
        "first": numbers(exact.flatten()[:8]),
        "tolerance": {
            "values": distance(exact, *singles),
            "norm": distance(exact.norm(), *(single.norm() for single in singles)),
            "sum": distance(exact.sum(), *(single.sum() for single in singles)),
        },
    }


def case(stem, channels):
    exact = Run(stem, channels, torch.float64)
    singles = [Run(stem, channels, torch.float32, nudge) for nudge in range(NUDGES + 1)]
    return {
        "name": f"resnet18-{stem}-{channels}",
        "stem": stem,
        "inputChannels": channels,
        "classes": CLASSES,
        "parameterPrefix": prefix_of(stem, channels),
        "inputName": f"resnet18.input.{channels}",
        "inputShape": [BATCH, channels, SIZE, SIZE],
        "inputRange": [-1.0, 1.0],
        "labels": [i % CLASSES for i in range(BATCH)],
        "parameterCount": sum(gradient.numel() for gradient in exact.gradients.values()),
        "keys": exact.keys,
        "trainLogits": stored(exact.logits),
        "loss": rounded(exact.loss),
        "evalLogits": stored(exact.evaluated),
        "inputGradient": compared(exact.input_gradient, *(single.input_gradient for single in singles)),
        "parameterGradients": {
            key: compared(exact.gradients[key], *(single.gradients[key] for single in singles)) for key in WATCHED
        },
        "buffers": {
            key: compared(exact.buffers[key], *(single.buffers[key] for single in singles)) for key in WATCHED_BUFFERS
        },
        "tolerance": {
            "trainLogits": distance(exact.logits, *(single.logits for single in singles)),
            "loss": distance(exact.loss, *(single.loss for single in singles)),
            "evalLogits": distance(exact.evaluated, *(single.evaluated for single in singles)),
        },
    }


def fixture():
    return {"cases": [case(stem, channels) for stem in ("7x7", "3x3") for channels in (1, 3)]}
