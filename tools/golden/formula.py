"""Numbers by formula, so that fixtures need not store weights and inputs.

`fill` is one half of a pair: the Swift tests have the other half, and both sides give the same float32 bits.
"""

import numpy
import torch

INCREMENT = 0x9E3779B97F4A7C15


def hash_of(name):
    """FNV-1a, 64 bits, of the UTF-8 bytes of `name`."""
    state = 0xCBF29CE484222325
    for byte in name.encode("utf-8"):
        state = ((state ^ byte) * 0x100000001B3) % 2**64
    return state


def fill(name, count, low, high):
    """`count` float32 numbers, uniform on low ..< high.

    They are the top 24 bits of each step of SplitMix64, started at the hash of `name`.
    """
    steps = numpy.arange(1, count + 1, dtype=numpy.uint64)
    z = numpy.uint64(hash_of(name)) + steps * numpy.uint64(INCREMENT)  # wraps modulo 2^64, as it should
    z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    z = z ^ (z >> numpy.uint64(31))
    uniform = (z >> numpy.uint64(40)).astype(numpy.float64) * 2.0**-24
    return (low + (high - low) * uniform).astype(numpy.float32)


def tensor(name, shape, low, high, dtype):
    """`fill` as a torch tensor: the float32 values, then widened to `dtype`."""
    count = int(numpy.prod(shape)) if len(shape) else 1
    return torch.from_numpy(fill(name, count, low, high)).reshape(tuple(shape)).to(dtype)


def rounded(value):
    """A number, or a tensor of one, with nine significant digits, which is all that float32 can tell apart."""
    if isinstance(value, torch.Tensor):
        value = value.detach().item()
    return float(f"{value:.9g}")


def numbers(values):
    """A tensor's values in row-major order as a list of rounded numbers."""
    return [rounded(value) for value in values.detach().double().flatten().tolist()]


def stored(values):
    """A tensor as the fixtures store it."""
    return {"shape": list(values.shape), "values": numbers(values)}


def distance(exact, *singles):
    """The largest absolute difference of float32 runs from a float64 run, to two digits."""
    widest = max((exact.detach().double() - single.detach().double()).abs().max().item() for single in singles)
    return float(f"{widest:.2g}")
