#!/usr/bin/env python3
"""Writes the golden values that the tests of Explain compare with, computed by Captum, PyTorch and scikit-learn.

    python3 tools/golden/explain.py Tests/ExplainTests/Fixtures

needs torch, captum and scikit-learn (the fixture names the versions that made it). Pictures and weights are made by
formula (formula.py); all results are computed in float64 from float32 inputs.
"""

import argparse
import json
import pathlib

import captum
import captum.attr
import numpy
import sklearn
import sklearn.linear_model
import torch
from torch import nn
from torch.nn import functional

from formula import fill, numbers, tensor

SIZE, CLASSES, TARGET, RIVAL = 12, 3, 1, 2


class Net(nn.Module):
    """Two convolutions with batch norm, global average pooling and a linear head."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(6)
        self.conv2 = nn.Conv2d(6, 8, 3, 2, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(8)
        self.maps = nn.ReLU()
        self.fc = nn.Linear(8, CLASSES)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        return self.fc(self.maps(self.bn2(self.conv2(x))).mean((2, 3)))


# The interval that the values of a tensor are drawn from, by the end of its name.
RANGES = {
    "conv1.weight": (-0.7, 0.7), "conv2.weight": (-0.35, 0.35), "fc.weight": (-0.9, 0.9), "fc.bias": (-0.2, 0.2),
    "bn1.weight": (0.5, 1.5), "bn2.weight": (0.5, 1.5), "bn1.bias": (-0.2, 0.2), "bn2.bias": (-0.2, 0.2),
    "running_mean": (-0.1, 0.1), "running_var": (0.6, 1.4),
}  # fmt: skip


def range_of(name):
    return RANGES.get(name) or RANGES[name.rsplit(".", 1)[-1]]


def filled_net():
    net = Net().double().eval()
    stored = {}
    with torch.no_grad():
        for name, value in net.state_dict().items():
            if name.endswith("num_batches_tracked"):
                continue
            low, high = range_of(name)
            value.copy_(tensor(f"explain.{name}", value.shape, low, high, torch.float64))
            stored[name] = {"shape": list(value.shape), "low": low, "high": high}
    return net, stored


def score_cam(net, picture):
    """The paper's weights: softmax over the maps of the logit under each mask; flat maps are skipped."""
    with torch.no_grad():
        maps = functional.relu(net.bn2(net.conv2(torch.relu(net.bn1(net.conv1(picture))))))[0]
        large = functional.interpolate(maps[None], size=(SIZE, SIZE), mode="bilinear", align_corners=False)[0]
        kept, logits = [], []
        for index, map_ in enumerate(large):
            if map_.max() > map_.min():
                mask = (map_ - map_.min()) / (map_.max() - map_.min())
                kept.append(index)
                logits.append(net(picture * mask)[0, TARGET])
        weights = torch.softmax(torch.stack(logits), 0)
        low = functional.relu(sum(w * maps[k] for w, k in zip(weights, kept)))
        return functional.interpolate(low[None, None], size=(SIZE, SIZE), mode="bilinear", align_corners=False)


def ridge():
    count, width = 40, 5
    rows = (fill("explain.ridge.rows", count * width, 0, 1) > 0.5).astype(float).reshape(count, width)
    y = fill("explain.ridge.y", count, -1, 1).astype(float)
    weights = fill("explain.ridge.weights", count, 0.1, 1).astype(float)
    model = sklearn.linear_model.Ridge(alpha=0.5, fit_intercept=True).fit(rows, y, sample_weight=weights)
    return {
        "count": count, "width": width, "penalty": 0.5, "coefficients": [float(v) for v in model.coef_],
        "intercept": float(model.intercept_), "r2": float(model.score(rows, y, sample_weight=weights)),
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description="Writes the golden values of Explain's tests.")
    parser.add_argument("output", type=pathlib.Path, help="folder of the fixture")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    net, tensors = filled_net()
    picture = tensor("explain.picture", (1, 1, SIZE, SIZE), -1.5, 1.5, torch.float64)
    picture.requires_grad_()

    def contrast(x):
        logits = net(x)
        return logits[:, TARGET] - logits[:, RIVAL]

    saliency = captum.attr.Saliency(net).attribute(picture, target=TARGET)
    rival = captum.attr.Saliency(contrast).attribute(picture)
    integrated = captum.attr.IntegratedGradients(net).attribute(
        picture, target=TARGET, n_steps=64, method="riemann_middle"
    )
    grad_cam = captum.attr.LayerGradCam(net, net.maps).attribute(picture, target=TARGET, relu_attributions=True)
    occlusion = captum.attr.Occlusion(net).attribute(
        picture, target=TARGET, sliding_window_shapes=(1, 4, 4), strides=(1, 2, 2), baselines=0
    )
    fixture = {
        "generator": "tools/golden/explain.py",
        "versions": {m.__name__: m.__version__.split("+")[0] for m in (torch, captum, sklearn, numpy)},
        "precision": "float64",
        "size": SIZE,
        "target": TARGET,
        "rival": RIVAL,
        "tensors": tensors,
        "logits": numbers(net(picture)),
        "saliency": numbers(saliency),
        "contrastiveSaliency": numbers(rival),
        "integratedGradients": numbers(integrated),
        "gradCAM": numbers(functional.interpolate(grad_cam, size=(SIZE, SIZE), mode="bilinear", align_corners=False)),
        "scoreCAM": numbers(score_cam(net, picture)),
        "occlusion": numbers(occlusion),
        "ridge": ridge(),
    }
    arguments.output.mkdir(parents=True, exist_ok=True)
    path = arguments.output / "explain.json"
    text = json.dumps(fixture, separators=(",", ":"), allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
    print(f"{path}: {len(text) + 1:,} bytes")


if __name__ == "__main__":
    main()
