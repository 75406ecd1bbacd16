#!/usr/bin/env python3
"""Times training steps, or forward passes, of ResNet18 in PyTorch on the CPU; prints one line of JSON.

    .venv/bin/python pytorch_training.py --size 48 --batch 128 --precision bfloat16 --layout channels-last

One step of training is forward, cross-entropy, backward and SGD with momentum and weight decay, on one batch of gray
noise that stays in memory: what is timed is the arithmetic, no loading of data. `bfloat16` is PyTorch's autocast, which
like fercure's keeps parameters and statistics in float32. The network is torchvision's ResNet18, written out here so
that torch alone is needed.
"""

import argparse
import json
import resource
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional


class Block(nn.Module):
    """Two 3x3 convolutions beside a shortcut, which is a 1x1 convolution where the shape changes."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        x = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(x)) + shortcut)


class ResNet18(nn.Module):
    """ResNet18 under torchvision's names; the stem "3x3" has stride 1 and no max pool."""

    def __init__(self, stem, channels, width, classes):
        super().__init__()
        if stem == "7x7":
            self.conv1 = nn.Conv2d(channels, width, 7, 2, 3, bias=False)
            self.maxpool = nn.MaxPool2d(3, 2, 1)
        else:
            self.conv1 = nn.Conv2d(channels, width, 3, 1, 1, bias=False)
            self.maxpool = nn.Identity()
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        inputs = width
        for stage in range(4):
            outputs = width * 2**stage
            blocks = [Block(inputs, outputs, 1 if stage == 0 else 2), Block(outputs, outputs, 1)]
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
            inputs = outputs
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))


def parsed():
    parser = argparse.ArgumentParser(description="Times ResNet18 in PyTorch on the CPU; prints one line of JSON.")
    parser.add_argument("--mode", choices=["training", "inference"], default="training")
    parser.add_argument("--size", type=int, default=48, help="height and width of an image (48)")
    parser.add_argument("--batch", type=int, default=128, help="images in a step (128)")
    parser.add_argument("--channels", type=int, default=1, help="channels of an image (1, gray)")
    parser.add_argument("--stem", choices=["7x7", "3x3"], default="7x7")
    parser.add_argument("--width", type=int, default=64, help="channels of the first stage (64)")
    parser.add_argument("--classes", type=int, default=7)
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--layout", choices=["nchw", "channels-last"], default="nchw")
    parser.add_argument("--compile", action="store_true", help="use torch.compile, which needs a C++ compiler")
    parser.add_argument("--fused", action="store_true", help="use the fused SGD")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=20, help="steps measured (20)")
    parser.add_argument("--warmup", type=int, default=3, help="steps before them (3)")
    arguments = parser.parse_args()
    for name in ("size", "batch", "channels", "width", "classes", "threads", "steps"):
        if getattr(arguments, name) < 1:
            parser.error(f"--{name} is {getattr(arguments, name)}; it must be at least 1")
    return arguments


def step_of(arguments):
    """The function that does one step, ready to be timed."""
    torch.manual_seed(0)
    layout = torch.channels_last if arguments.layout == "channels-last" else torch.contiguous_format
    model = ResNet18(arguments.stem, arguments.channels, arguments.width, arguments.classes).to(memory_format=layout)
    images = torch.randn(arguments.batch, arguments.channels, arguments.size, arguments.size)
    images = images.contiguous(memory_format=layout)
    labels = torch.arange(arguments.batch) % arguments.classes
    run = torch.compile(model) if arguments.compile else model

    def autocast():
        return torch.autocast("cpu", torch.bfloat16, enabled=arguments.precision == "bfloat16")

    if arguments.mode == "inference":
        model.eval()

        def infer():
            with torch.inference_mode(), autocast():
                return run(images).float()

        return infer

    model.train()
    fused = True if arguments.fused else None
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4, fused=fused)

    def train():
        optimizer.zero_grad(set_to_none=True)
        with autocast():
            loss = functional.cross_entropy(run(images).float(), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return train


def peak_memory():
    """The largest resident size of this process so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main():
    arguments = parsed()
    torch.set_num_threads(arguments.threads)
    memory_before = peak_memory()
    step = step_of(arguments)
    for _ in range(arguments.warmup):
        step()
    seconds = []
    for _ in range(arguments.steps):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    median = statistics.median(seconds)
    result = {
        "peer": "pytorch",
        "version": torch.__version__,
        **vars(arguments),
        "stepsMeasured": len(seconds),
        "medianStepSeconds": median,
        "minimumStepSeconds": min(seconds),
        "imagesPerSecond": arguments.batch / median,
        "peakMemoryBytes": peak_memory(),
        "memoryBeforeModelBytes": memory_before,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
