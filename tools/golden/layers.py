"""Golden values of single layers: outputs, gradients of input and parameters, running statistics of batch norm."""

import torch
from torch import nn
from torchvision.models.mobilenetv2 import InvertedResidual
from torchvision.models.resnet import BasicBlock
from torchvision.ops import SqueezeExcitation

from formula import distance, stored, tensor


def range_of(name, shape):
    """The interval a parameter or buffer is drawn from; an empty interval means a constant."""
    if name.endswith("running_mean"):
        return (0.0, 0.0)
    if name.endswith("running_var"):
        return (1.0, 1.0)
    if len(shape) == 1 and name.endswith("weight"):  # batch norm
        return (0.5, 1.5)
    if name.endswith("bias"):
        return (-0.2, 0.2)
    fan_in = 1
    for length in shape[1:]:
        fan_in *= length
    bound = (6.0 / fan_in) ** 0.5
    return (-bound, bound)


def convolution(inputs, outputs, kernel, stride=1, padding=0, bias=False, groups=1):
    description = {
        "type": "convolution", "inputChannels": inputs, "outputChannels": outputs, "kernelSize": kernel,
        "stride": stride, "padding": padding, "bias": bias, "groups": groups,
    }  # fmt: skip
    return description, lambda: nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=bias, groups=groups)


def batch_norm(channels, activation=None):
    description = {"type": "batchNorm", "channels": channels, "epsilon": 1e-5, "momentum": 0.1}
    if activation:
        description["activation"] = activation
    return description, lambda: BatchNormReLU(channels) if activation else nn.BatchNorm2d(channels)


class BatchNormReLU(nn.BatchNorm2d):
    """Batch norm and ReLU under the parameter names of batch norm alone."""

    def forward(self, input):
        return super().forward(input).relu()


def activation(name, module):
    return {"type": name}, module


def max_pool(kernel, stride, padding):
    description = {"type": "maxPool", "kernelSize": kernel, "stride": stride, "padding": padding}
    return description, lambda: nn.MaxPool2d(kernel, stride, padding)


def global_average_pool():
    return {"type": "globalAveragePool"}, lambda: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())


class FlattenLinear(nn.Linear):
    """Flatten and linear under the parameter names of linear alone."""

    def forward(self, input):
        return super().forward(input.flatten(1))


def linear(inputs, outputs, flatten=False):
    description = {"type": "flattenLinear" if flatten else "linear", "inputFeatures": inputs, "outputFeatures": outputs}
    return description, lambda: (FlattenLinear if flatten else nn.Linear)(inputs, outputs)


class ECA(nn.Module):
    """Wang et al. 2020: a convolution along the channels of the means, a sigmoid, a product."""

    def __init__(self, kernel):
        super().__init__()
        self.conv = nn.Conv1d(1, 1, kernel, padding=(kernel - 1) // 2, bias=False)

    def forward(self, input):
        scale = self.conv(input.mean((2, 3)).unsqueeze(1)).sigmoid()
        return input * scale.squeeze(1)[:, :, None, None]


def eca(channels, kernel):
    return {"type": "eca", "channels": channels, "kernelSize": kernel}, lambda: ECA(kernel)


def squeeze_excitation(channels, squeezed):
    description = {"type": "squeezeExcitation", "channels": channels, "outputChannels": squeezed}
    return description, lambda: SqueezeExcitation(channels, squeezed)


def inverted_residual(inputs, outputs, expansion, stride):
    description = {
        "type": "invertedResidual", "inputChannels": inputs, "outputChannels": outputs, "kernelSize": expansion,
        "stride": stride,
    }  # fmt: skip
    return description, lambda: InvertedResidual(inputs, outputs, stride, expansion)


def basic_block(inputs, outputs, stride):
    description = {"type": "basicBlock", "inputChannels": inputs, "outputChannels": outputs, "stride": stride}

    def make():
        if stride == 1 and inputs == outputs:
            return BasicBlock(inputs, outputs)
        shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        return BasicBlock(inputs, outputs, stride, shortcut)

    return description, make


# name, layer, input shape, and what differs from the defaults: mode, input range, ranges of parameters and buffers.
CASES = [
    ("conv3x3", convolution(16, 32, 3, padding=1), (2, 16, 8, 8), {}),
    ("conv3x3-stride2", convolution(16, 32, 3, stride=2, padding=1), (2, 16, 9, 9), {}),
    ("conv1x1-stride2", convolution(16, 32, 1, stride=2), (2, 16, 8, 8), {}),
    ("conv7x7-stride2-gray", convolution(1, 16, 7, stride=2, padding=3), (2, 1, 24, 24), {}),
    ("conv7x7-stride2-colour", convolution(3, 16, 7, stride=2, padding=3), (2, 3, 17, 17), {}),
    ("conv3x3-bias", convolution(16, 16, 3, padding=1, bias=True), (2, 16, 6, 6), {}),
    ("conv3x3-odd-channels", convolution(5, 7, 3, padding=1), (2, 5, 6, 6), {}),
    ("conv3x3-map2x2", convolution(32, 32, 3, padding=1), (2, 32, 2, 2), {}),
    ("conv3x3-map3x3", convolution(8, 6, 3, padding=1), (3, 8, 3, 3), {}),
    ("conv3x3-map1x1", convolution(8, 6, 3, padding=1), (3, 8, 1, 1), {}),
    ("conv3x3-map2x3-bias", convolution(5, 7, 3, padding=1, bias=True), (2, 5, 2, 3), {}),
    ("conv3x3-stride2-map5x5", convolution(5, 7, 3, stride=2, padding=1), (2, 5, 5, 5), {}),
    ("conv3x3-depthwise", convolution(16, 16, 3, padding=1, groups=16), (2, 16, 5, 5), {}),
    ("conv3x3-depthwise-stride2", convolution(16, 16, 3, stride=2, padding=1, groups=16), (2, 16, 6, 6), {}),
    ("batchnorm-train", batch_norm(16), (2, 16, 5, 5), {}),
    ("batchnorm-eval", batch_norm(16), (2, 16, 5, 5), {
        "mode": "eval", "ranges": {"running_mean": (-0.5, 0.5), "running_var": (0.5, 1.5)},
    }),
    ("batchnorm-relu-train", batch_norm(16, activation="relu"), (2, 16, 5, 5), {}),
    ("relu", activation("relu", nn.ReLU), (2, 16, 4, 4), {}),
    ("relu6", activation("relu6", nn.ReLU6), (2, 16, 4, 4), {"input": (-3.0, 9.0)}),
    ("mish-wide", activation("mish", nn.Mish), (2, 16, 4, 4), {"input": (-20.0, 20.0)}),
    ("mish-narrow", activation("mish", nn.Mish), (2, 16, 4, 4), {"input": (-3.0, 3.0)}),
    ("maxpool3x3-odd", max_pool(3, 2, 1), (1, 16, 9, 9), {}),
    ("maxpool3x3-even", max_pool(3, 2, 1), (2, 16, 8, 8), {}),
    ("maxpool2x2", max_pool(2, 2, 0), (2, 16, 6, 6), {}),
    ("global-average-pool", global_average_pool(), (2, 16, 3, 3), {}),
    ("linear", linear(32, 7), (6, 32), {}),
    ("flatten-linear", linear(64, 7, flatten=True), (3, 16, 2, 2), {}),
    ("eca-3", eca(16, 3), (2, 16, 3, 3), {}),
    ("eca-5-odd-channels", eca(11, 5), (3, 11, 2, 3), {}),
    ("squeeze-excitation", squeeze_excitation(16, 4), (2, 16, 3, 3), {}),
    ("inverted-residual", inverted_residual(8, 8, 2, 1), (2, 8, 4, 4), {}),
    ("inverted-residual-stride2", inverted_residual(8, 16, 2, 2), (2, 8, 4, 4), {}),
    ("basic-block", basic_block(16, 16, 1), (2, 16, 6, 6), {}),
    ("basic-block-stride2", basic_block(16, 32, 2), (2, 16, 8, 8), {}),
]  # fmt: skip


def run(name, make, shape, options, dtype):
    """One forward and one backward; returns the named tensors in the order in which a test meets them."""
    module = make().to(dtype)
    module.train(options.get("mode", "train") == "train")
    drawn = {}
    with torch.no_grad():
        for key, value in module.state_dict().items():
            if not value.is_floating_point():  # the count of batches
                continue
            drawn[key] = options.get("ranges", {}).get(key, range_of(key, value.shape))
            value.copy_(tensor(f"{name}.{key}", value.shape, *drawn[key], dtype))
    low, high = options.get("input", (-1.0, 1.0))
    inputs = tensor(f"{name}.input", shape, low, high, dtype).requires_grad_()
    output = module(inputs)
    output.backward(tensor(f"{name}.outputGradient", output.shape, -1.0, 1.0, dtype))
    return module, drawn, inputs.grad, output


def case(name, layer, shape, options):
    """The fixture of one case: values in float64, and how far float32 strays from them."""
    description, make = layer
    module, drawn, input_gradient, output = run(name, make, shape, options, torch.float64)
    single, _, single_input_gradient, single_output = run(name, make, shape, options, torch.float32)
    gradients = {key: parameter.grad for key, parameter in module.named_parameters()}
    buffers = {key: buffer for key, buffer in module.named_buffers() if buffer.is_floating_point()}
    single_buffers = dict(single.named_buffers())

    def drawing(tensors):
        return {
            key: {"shape": list(value.shape), "low": drawn[key][0], "high": drawn[key][1]}
            for key, value in tensors.items()
        }

    return {
        "name": name,
        "layer": description,
        "mode": options.get("mode", "train"),
        "inputShape": list(shape),
        "inputRange": list(options.get("input", (-1.0, 1.0))),
        "parameters": drawing(gradients),
        "initialBuffers": drawing(buffers),
        "output": stored(output),
        "inputGradient": stored(input_gradient),
        "parameterGradients": {key: stored(value) for key, value in gradients.items()},
        "buffers": {key: stored(value) for key, value in buffers.items()},
        "tolerance": {
            "output": distance(output, single_output),
            "inputGradient": distance(input_gradient, single_input_gradient),
            "parameterGradients": {
                key: distance(gradients[key], parameter.grad) for key, parameter in single.named_parameters()
            },
            "buffers": {key: distance(value, single_buffers[key]) for key, value in buffers.items()},
        },
    }


def fixture():
    return {"cases": [case(*each) for each in CASES]}
