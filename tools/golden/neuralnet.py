#!/usr/bin/env python3
"""Writes the golden values that the tests of NeuralNet compare with, computed by PyTorch and torchvision.

    python3 tools/golden/neuralnet.py Tests/NeuralNetTests/Fixtures [--only layers losses optimizers resnet18 training]

needs torch, torchvision and numpy (any recent versions; the fixtures name those that made them). Inputs and
parameters are made by formula (formula.py), so that the fixtures hold results alone. All results are computed in
float64 from float32 inputs; `tolerance` is the largest absolute difference of PyTorch's own float32 runs from them.
"""

import argparse
import json
import pathlib

import numpy
import torch
import torchvision

import layers
import losses
import optimizers
import resnet18
import training

FIXTURES = {
    "layers": layers.fixture,
    "losses": losses.fixture,
    "optimizers": optimizers.fixture,
    "resnet18": resnet18.fixture,
    "training": training.fixture,
}


def main():
    parser = argparse.ArgumentParser(description="Writes the golden values of NeuralNet's tests.")
    parser.add_argument("output", type=pathlib.Path, help="folder of the fixtures")
    parser.add_argument("--only", nargs="+", choices=FIXTURES, default=list(FIXTURES), help="the fixtures to write")
    parser.add_argument("--threads", type=int, default=2, help="threads of PyTorch (2); a busy machine prefers 1")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.use_deterministic_algorithms(True)
    arguments.output.mkdir(parents=True, exist_ok=True)
    modules = {"torch": torch, "torchvision": torchvision, "numpy": numpy}
    origin = {
        "generator": "tools/golden/neuralnet.py",
        "versions": {name: module.__version__.split("+")[0] for name, module in modules.items()},
        "precision": "float64",
    }
    for name in arguments.only:
        text = json.dumps({**origin, **FIXTURES[name]()}, separators=(",", ":"), allow_nan=False)
        path = arguments.output / f"{name}.json"
        path.write_text(text + "\n", encoding="utf-8")
        print(f"{path}: {len(text) + 1:,} bytes")


if __name__ == "__main__":
    main()
