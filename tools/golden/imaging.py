#!/usr/bin/env python3
"""Writes Tests/ImagingTests/Fixtures: small picture files, and what they must decode or be resampled to.

Needs Pillow and NumPy. PNG files come from a small writer of our own, because Pillow writes neither 2-bit gray nor
interlaced nor damaged ones. Expected pixels stand beside a file as NAME.expected.pgm or .ppm.

    python3 tools/golden/imaging.py
"""

import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

OUT = Path(__file__).resolve().parents[2] / "Tests" / "ImagingTests" / "Fixtures"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def save(name, data):
    path = OUT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def pnm(array):
    array = np.asarray(array, dtype=np.uint8)
    kind = b"P5" if array.ndim == 2 else b"P6"
    return kind + b"\n%d %d\n255\n" % (array.shape[1], array.shape[0]) + array.tobytes()


def expect(name, array):
    save(f"{name}.expected.{'pgm' if np.asarray(array).ndim == 2 else 'ppm'}", pnm(array))


# PNG


def chunk(kind, data, crc=None):
    crc = zlib.crc32(kind + data) if crc is None else crc
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def pack_row(row, depth):
    """Packs a row of samples (any shape) of `depth` bits each, the first one highest."""
    values = np.asarray(row).reshape(-1)
    if depth == 16:
        return values.astype(">u2").tobytes()
    bits = "".join(format(int(v), f"0{depth}b") for v in values)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]


def png(samples, colour, depth, extra=b"", interlaced=False, idat_crc=None):
    samples = np.asarray(samples)
    height, width = samples.shape[:2]
    raw = b""
    for top, left, down, right in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        part = samples[top::down, left::right]
        if part.size:
            raw += b"".join(b"\0" + pack_row(row, depth) for row in part)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    idat = chunk(b"IDAT", zlib.compress(raw, 9), idat_crc)
    return SIGNATURE + chunk(b"IHDR", header) + extra + idat + chunk(b"IEND", b"")


def png_files():
    rng = np.random.default_rng(7)
    for depth in (1, 2, 4, 8):
        gray = rng.integers(0, 1 << depth, (5, 11))
        save(f"png/gray{depth}.png", png(gray, 0, depth))
        expect(f"png/gray{depth}.png", gray * 255 // ((1 << depth) - 1))
    rgb = rng.integers(0, 256, (6, 5, 3))
    save("png/rgb8.png", png(rgb, 2, 8))
    expect("png/rgb8.png", rgb)
    # 16 bits: the nearest level is v / 257, rounded.
    gray = rng.integers(0, 65536, (6, 7))
    gray[0, :4] = [0, 65535, 128, 129]
    save("png/gray16.png", png(gray, 0, 16))
    expect("png/gray16.png", np.floor(gray / 257 + 0.5))
    rgb = rng.integers(0, 65536, (4, 5, 3))
    save("png/rgb16.png", png(rgb, 2, 16))
    expect("png/rgb16.png", np.floor(rgb / 257 + 0.5))
    gray = rng.integers(0, 256, (11, 13))
    save("png/interlaced-gray8.png", png(gray, 0, 8, interlaced=True))
    expect("png/interlaced-gray8.png", gray)
    palette = rng.integers(0, 256, (4, 3))
    index = rng.integers(0, 4, (6, 9))
    save("png/palette2.png", png(index, 3, 2, chunk(b"PLTE", palette.astype(np.uint8).tobytes())))
    expect("png/palette2.png", palette[index])
    save("png/interlaced-palette2.png", png(index, 3, 2, chunk(b"PLTE", palette.astype(np.uint8).tobytes()), True))
    expect("png/interlaced-palette2.png", palette[index])
    alpha = np.array([0, 90, 255, 255])
    extra = chunk(b"PLTE", palette.astype(np.uint8).tobytes()) + chunk(b"tRNS", bytes([0, 90]))
    save("png/palette2-transparent.png", png(index, 3, 2, extra))
    expect("png/palette2-transparent.png", (palette * alpha[:, None] + 127)[index] // 255)
    gray_alpha = rng.integers(0, 256, (5, 6, 2))
    save("png/gray8-alpha.png", png(gray_alpha, 4, 8))
    expect("png/gray8-alpha.png", (gray_alpha[..., 0] * gray_alpha[..., 1] + 127) // 255)
    rgba = rng.integers(0, 256, (5, 6, 4))
    save("png/rgb8-alpha.png", png(rgba, 6, 8))
    expect("png/rgb8-alpha.png", (rgba[..., :3] * rgba[..., 3:] + 127) // 255)
    rgba[..., 3] = 255
    save("png/rgb8-opaque-alpha.png", png(rgba, 6, 8))
    expect("png/rgb8-opaque-alpha.png", rgba[..., :3])

    gray = rng.integers(0, 256, (16, 16))
    sound = png(gray, 0, 8)
    save("png/bad-crc.png", png(gray, 0, 8, idat_crc=0x12345678))
    save("png/bad-text-crc.png", png(gray, 0, 8, chunk(b"tEXt", b"Comment\0hello", crc=1)))
    expect("png/bad-text-crc.png", gray)
    save("png/truncated.png", sound[: len(sound) - 100])
    save("png/no-end.png", sound[:-12])
    expect("png/no-end.png", gray)
    save("png/linear-gamma.png", png(gray, 0, 8, chunk(b"gAMA", struct.pack(">I", 100000))))
    huge = struct.pack(">IIBBBBB", 70000, 70000, 8, 0, 0, 0, 0)
    save("png/huge.png", SIGNATURE + chunk(b"IHDR", huge) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b""))


# JPEG


def smooth(height, width, channels):
    y, x = np.mgrid[0:height, 0:width]
    planes = [
        127 + 100 * np.sin(x / 5 + c) * np.cos(y / (4 + c)) + 20 * (x > width / 2) - 20 * (y > height / 2)
        for c in range(channels)
    ]
    array = np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)
    return array[..., 0] if channels == 1 else array


def jpeg(image, **options):
    stream = io.BytesIO()
    image.save(stream, "JPEG", **{"quality": 90, **options})
    return stream.getvalue()


def decoded(data):
    return Image.open(io.BytesIO(data))


def with_orientation(data, payload):
    segment = b"Exif\0\0" + payload
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + data[2:]


def tiff(order, entries):
    sign = "<" if order == b"II" else ">"
    body = order + struct.pack(sign + "HI", 42, 8) + struct.pack(sign + "H", len(entries))
    for tag, kind, value in entries:
        body += struct.pack(sign + "HHI", tag, kind, 1)
        body += struct.pack(sign + "HH", value, 0) if kind == 3 else struct.pack(sign + "I", value)
    return body + struct.pack(sign + "I", 0)


def jpeg_files():
    gray = jpeg(Image.fromarray(smooth(20, 24, 1)))
    save("jpeg/gray.jpg", gray)
    expect("jpeg/gray.jpg", np.array(decoded(gray)))
    colour = Image.fromarray(smooth(20, 24, 3))
    for name, options in {
        "ycbcr.jpg": {"subsampling": 0},
        "ycbcr-420.jpg": {"subsampling": 2},
        "progressive.jpg": {"subsampling": 0, "progressive": True},
        "rgb.jpg": {"keep_rgb": True},
    }.items():
        data = jpeg(colour, **options)
        save(f"jpeg/{name}", data)
        expect(f"jpeg/{name}", np.array(decoded(data)))
    # Pillow writes CMYK as Adobe does, inverted, with the marker.
    cmyk = Image.fromarray(smooth(16, 16, 4), mode="CMYK")
    data = jpeg(cmyk)
    save("jpeg/cmyk.jpg", data)
    expect("jpeg/cmyk.jpg", np.array(decoded(data).convert("RGB")))
    # Without the marker the stored values are inks, not 255 - ink. Pillow always takes them as inverted, so that what it
    # calls ink is the light that the plain file's inks let through.
    start = data.index(b"\xff\xee")
    length = struct.unpack(">H", data[start + 2 : start + 4])[0]
    save("jpeg/cmyk-plain.jpg", data[:start] + data[start + 2 + length :])
    light = np.array(decoded(data)).astype(int)
    expect("jpeg/cmyk-plain.jpg", (light[..., :3] * light[..., 3:] + 127) // 255)

    plain = jpeg(Image.fromarray(smooth(8, 16, 1)))
    for value in range(1, 9):
        order = b"II" if value % 2 else b"MM"
        data = with_orientation(plain, tiff(order, [(0x010F, 3, 5), (0x0112, 3, value)]))
        save(f"jpeg/orientation{value}.jpg", data)
        expect(f"jpeg/orientation{value}.jpg", np.array(ImageOps.exif_transpose(decoded(data))))
    wrong = {
        "orientation-long.jpg": tiff(b"MM", [(0x0112, 4, 3)]),
        "orientation-nine.jpg": tiff(b"II", [(0x0112, 3, 9)]),
        "orientation-no-order.jpg": b"XX" + tiff(b"II", [(0x0112, 3, 3)])[2:],
        "orientation-far-directory.jpg": b"II" + struct.pack("<HI", 42, 0xFFFFFFF0) + b"\0" * 8,
        "orientation-cut-directory.jpg": tiff(b"II", [(0x0112, 3, 3)])[:14],
    }
    for name, payload in wrong.items():
        save(f"jpeg/{name}", with_orientation(plain, payload))
    expect("jpeg/orientation-none", np.array(decoded(plain)))

    large = jpeg(Image.fromarray(np.random.default_rng(3).integers(0, 256, (32, 32), dtype=np.uint8)))
    save("jpeg/truncated.jpg", large[: len(large) // 2])
    save("jpeg/truncated-header.jpg", large[:100])
    save("jpeg/named.jpg", b"This is not a picture, whatever its name says.\n")
    # The end mark right after the first half of the data.
    save("jpeg/short-data.jpg", large[: len(large) // 2] + b"\xff\xd9")


# Resampling, rotation, statistics


def resampling_files():
    rng = np.random.default_rng(11)
    gray = np.clip(smooth(12, 16, 1).astype(int) + rng.integers(-40, 40, (12, 16)), 0, 255).astype(np.uint8)
    rgb = rng.integers(0, 256, (9, 7, 3), dtype=np.uint8)
    expect("resampling/gray", gray)
    expect("resampling/rgb", rgb)
    filters = {
        "bilinear": Image.Resampling.BILINEAR,
        "bicubic": Image.Resampling.BICUBIC,
        "lanczos": Image.Resampling.LANCZOS,
    }
    for source, array in (("gray", gray), ("rgb", rgb)):
        for height, width in ((31, 29), (5, 6), (12, 40), (4, 16), (1, 1)):
            # Pillow rounds where a centre falls between two pixels; in whole numbers the right one is under it.
            rows = (2 * np.arange(height) + 1) * array.shape[0] // (2 * height)
            columns = (2 * np.arange(width) + 1) * array.shape[1] // (2 * width)
            expect(f"resampling/{source}-nearest-{height}x{width}", array[rows][:, columns])
            for name, kind in filters.items():
                resized = np.array(Image.fromarray(array).resize((width, height), kind))
                expect(f"resampling/{source}-{name}-{height}x{width}", resized)


def reflect101(index, count):
    period = 2 * (count - 1)
    index = np.mod(index, period)
    return np.where(index < count, index, period - index)


def rotate(array, degrees, border):
    """Counter-clockwise about the centre, bilinear, in double precision."""
    height, width = array.shape
    angle = np.deg2rad(degrees)
    y, x = np.mgrid[0:height, 0:width].astype(float)
    dx, dy = x - (width - 1) / 2, y - (height - 1) / 2
    sx = np.cos(angle) * dx - np.sin(angle) * dy + (width - 1) / 2
    sy = np.sin(angle) * dx + np.cos(angle) * dy + (height - 1) / 2
    x0, y0 = np.floor(sx).astype(int), np.floor(sy).astype(int)

    def at(row, column):
        if border == "reflect":
            return array[reflect101(row, height), reflect101(column, width)].astype(float)
        edge = array[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)].astype(float)
        if border == "edge":
            return edge
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        return np.where(inside, edge, float(border))

    fx, fy = sx - x0, sy - y0
    upper = at(y0, x0) * (1 - fx) + at(y0, x0 + 1) * fx
    lower = at(y0 + 1, x0) * (1 - fx) + at(y0 + 1, x0 + 1) * fx
    return np.floor(upper * (1 - fy) + lower * fy + 0.5)


def rotation_files():
    array = smooth(14, 18, 1)
    expect("rotation/source", array)
    for border in ("reflect", "edge", "200"):
        for degrees in (7.25, -33):
            expect(f"rotation/{border}-{degrees}", rotate(array, degrees, border))
    # Pillow agrees on the direction and the centre; it is compared away from the border.
    turned = Image.fromarray(array).rotate(20, Image.Resampling.BILINEAR)
    expect("rotation/pillow-20", np.array(turned))


def phash(gray):
    small = np.asarray(Image.fromarray(gray).resize((32, 32), Image.Resampling.LANCZOS), dtype=float)
    u, x = np.mgrid[0:8, 0:32]
    basis = np.cos(np.pi * u * (2 * x + 1) / 64)
    low = basis @ small @ basis.T
    bits = low > np.median(low)
    return "".join(f"{int(''.join('1' if b else '0' for b in row), 2):02x}" for row in bits)


def statistics_file():
    rng = np.random.default_rng(5)
    gray = np.clip(smooth(24, 20, 1).astype(int) + rng.integers(-30, 30, (24, 20)), 0, 255).astype(np.uint8)
    other = np.clip(gray.astype(int) // 2 + rng.integers(0, 60, gray.shape), 0, 255).astype(np.uint8)
    rgb = rng.integers(0, 256, (5, 8, 3), dtype=np.uint8)
    expect("statistics/first", gray)
    expect("statistics/second", other)
    expect("statistics/rgb", rgb)
    expect("statistics/rgb-luma", np.array(Image.fromarray(rgb).convert("L")))
    padded = np.pad(gray.astype(int), 1, mode="reflect")
    laplacian = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:] - 4 * gray.astype(int)
    shares = np.bincount(gray.reshape(-1), minlength=256) / gray.size
    shares = shares[shares > 0]
    equalized = np.zeros(256)
    counts = np.bincount(gray.reshape(-1), minlength=256)
    lowest = counts[counts > 0][0]
    table = np.floor(np.maximum(0, np.cumsum(counts) - lowest) * 255 / (gray.size - lowest) + 0.5)
    expect("statistics/equalized", table[gray])
    values = {
        "mean": float(gray.mean()),
        "standardDeviation": float(gray.std()),
        "minimum": int(gray.min()),
        "maximum": int(gray.max()),
        "entropy": float(-(shares * np.log2(shares)).sum()),
        "percentiles": {str(p): float(np.percentile(gray, p)) for p in (0, 1, 25, 50, 97.5, 100)},
        "laplacianVariance": float(laplacian.var()),
        "correlation": float(np.corrcoef(gray.reshape(-1), other.reshape(-1))[0, 1]),
        "phash": {"first": phash(gray), "second": phash(other)},
    }
    save("statistics/values.json", (json.dumps(values, indent=2) + "\n").encode())


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in (file for file in OUT.rglob("*.*") if file.parent.name != "augmentations"):
        old.unlink()
    png_files()
    jpeg_files()
    resampling_files()
    rotation_files()
    statistics_file()
    files = list(OUT.rglob("*.*"))
    print(f"{len(files)} files, {sum(f.stat().st_size for f in files)} bytes")


if __name__ == "__main__":
    main()
