#!/usr/bin/env python3
"""Writes Tests/ImagingTests/Fixtures/augmentations: what OpenCV, Pillow and NumPy make of two small pictures.

Needs OpenCV, Pillow and NumPy.

    python3 tools/golden/augmentations.py
"""

import json
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageFilter, ImageStat

OUT = Path(__file__).resolve().parents[2] / "Tests" / "ImagingTests" / "Fixtures" / "augmentations"


def expect(name, array):
    array = np.asarray(array, dtype=np.uint8)
    header = b"P5\n%d %d\n255\n" % (array.shape[1], array.shape[0])
    (OUT / f"{name}.expected.pgm").write_bytes(header + array.tobytes())


def rounded(array):
    return np.floor(np.clip(array, 0, 255) + 0.5)


def picture(height, width, seed):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    levels = 110 + 60 * np.sin(x / 5) * np.cos(y / 4) + 1.5 * x - 0.8 * y + rng.normal(0, 9, (height, width))
    return np.clip(levels, 0, 255).astype(np.uint8)


def reflected(index, count):
    period = max(1, 2 * (count - 1))
    index = np.mod(index, period)
    return np.where(index < count, index, period - index)


def blurred(array, sigma):
    """Convolved in double precision with OpenCV's kernel size."""
    radius = int(np.floor(sigma * 6 + 1 + 0.5)) // 2
    kernel = np.exp(-(np.arange(-radius, radius + 1) ** 2) / (2 * sigma * sigma))
    kernel /= kernel.sum()
    rows = reflected(np.arange(-radius, array.shape[0] + radius), array.shape[0])
    columns = reflected(np.arange(-radius, array.shape[1] + radius), array.shape[1])
    padded = array.astype(float)[rows][:, columns]
    lines = np.apply_along_axis(lambda line: np.convolve(line, kernel, "valid"), 0, padded)
    return np.apply_along_axis(lambda line: np.convolve(line, kernel, "valid"), 1, lines)


def warped(array, forward, moved=(0, 0)):
    """Every offset from the centre goes to `forward` times it, and then by `moved` pixels right and down."""
    height, width = array.shape
    back = np.linalg.inv(forward)
    y, x = np.mgrid[0:height, 0:width].astype(float)
    dx, dy = x - (width - 1) / 2 - moved[0], y - (height - 1) / 2 - moved[1]
    sx = back[0, 0] * dx + back[0, 1] * dy + (width - 1) / 2
    sy = back[1, 0] * dx + back[1, 1] * dy + (height - 1) / 2
    x0, y0 = np.floor(sx).astype(int), np.floor(sy).astype(int)

    def at(row, column):
        return array[reflected(row, height), reflected(column, width)].astype(float)

    fx, fy = sx - x0, sy - y0
    upper = at(y0, x0) * (1 - fx) + at(y0, x0 + 1) * fx
    lower = at(y0 + 1, x0) * (1 - fx) + at(y0 + 1, x0 + 1) * fx
    return upper * (1 - fy) + lower * fy


def sheared(array, x_degrees, y_degrees):
    """What is d rows below the centre moves right by d tan x, and d columns right of it down by d tan y."""
    return warped(array, np.array([[1, np.tan(np.deg2rad(x_degrees))], [np.tan(np.deg2rad(y_degrees)), 1]]))


def transformed(array, degrees, factor, moved):
    """Turned counter-clockwise (rows count down) and enlarged about the centre, then moved."""
    c, s = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return warped(array, factor * np.array([[c, s], [-s, c]]), moved)


def without_plane(array):
    y, x = np.mgrid[0 : array.shape[0], 0 : array.shape[1]].astype(float)
    columns = np.stack([np.ones(array.size), x.reshape(-1), y.reshape(-1)], 1)
    levels = array.reshape(-1).astype(float)
    fit = columns @ np.linalg.lstsq(columns, levels, rcond=None)[0]
    return (levels - fit + levels.mean()).reshape(array.shape)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    even, odd = picture(48, 40, 1), picture(23, 30, 2)
    values = {}
    for name, array in (("even", even), ("odd", odd)):
        expect(name, array)
        expect(f"{name}-equalized", cv2.equalizeHist(array))
        for clip, tiles in ((2.0, 4), (40.0, 8), (1.0, 1)):
            expect(f"{name}-clahe-{clip}-{tiles}", cv2.createCLAHE(clip, (tiles, tiles)).apply(array))
        for sigma in (0.6, 1.5, 3.0):
            expect(f"{name}-blur-{sigma}", rounded(blurred(array, sigma)))
            # OpenCV's own rounding is coarser, by a level at most.
            assert np.abs(blurred(array, sigma) - cv2.GaussianBlur(array, (0, 0), sigma)).max() < 1.5
        for x_degrees, y_degrees in ((8, 0), (-12, 5)):
            expect(f"{name}-shear-{x_degrees}-{y_degrees}", rounded(sheared(array, x_degrees, y_degrees)))
        for degrees, factor, moved in ((7.5, 1.1, (2, -3)), (-20, 0.85, (0, 1)), (0, 1, (-4, 2))):
            expect(f"{name}-affine-{degrees}", rounded(transformed(array, degrees, factor, moved)))
            # OpenCV turns about the same centre, and rounds places to a 32nd of a pixel.
            centre = ((array.shape[1] - 1) / 2, (array.shape[0] - 1) / 2)
            matrix = cv2.getRotationMatrix2D(centre, degrees, factor)
            matrix[:, 2] += moved
            theirs = cv2.warpAffine(array, matrix, array.shape[::-1], borderMode=cv2.BORDER_REFLECT_101)
            assert np.abs(transformed(array, degrees, factor, moved) - theirs).max() < 4
        expect(f"{name}-plane", rounded(without_plane(array)))
        edges = Image.fromarray(array).filter(ImageFilter.FIND_EDGES)
        values[name] = {"edgeDeviation": float(np.sqrt(ImageStat.Stat(edges).var[0]))}
    (OUT / "values.json").write_text(json.dumps(values, indent=2) + "\n")


if __name__ == "__main__":
    main()
