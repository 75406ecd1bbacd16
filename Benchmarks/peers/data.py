#!/usr/bin/env python3
"""One piece of work on data in a peer's library; prints one line of JSON.

    data.py augment albumentations|torchvision      flip, rotate 10 degrees, upsample 48 -> 128, one thread
    data.py ingest CSV                              FER2013's csv with pandas and NumPy
    data.py decode FOLDER pillow|opencv             every picture of a folder, one thread
    data.py check FOLDER                            CleanVision's whole audit of a folder

With FERCURE_PEER_PROCESSES=N in the environment, N processes share the pictures, each keeping what it made, as the workers of a
data loader would; pandas has no such way.
"""

import json
import multiprocessing
import os
import statistics
import sys
import time

PROCESSES = int(os.environ.get("FERCURE_PEER_PROCESSES", "1"))

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402


def timed(items, one, rounds=3):
    """Times `one(index)` for every index, in as many processes as asked for; the first round warms up."""

    def serve(number, connection):
        mine = range(number, items, PROCESSES)
        while connection.recv():
            for index in mine:
                one(index)
            connection.send(True)

    workers = []
    for number in range(PROCESSES if PROCESSES > 1 else 0):
        connection, far = multiprocessing.Pipe()
        process = multiprocessing.get_context("fork").Process(target=serve, args=(number, far), daemon=True)
        process.start()
        workers.append((process, connection))

    def work():
        if not workers:
            for index in range(items):
                one(index)
        for _, connection in workers:
            connection.send(True)
        for _, connection in workers:
            connection.recv()

    work()
    seconds = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    for process, _ in workers:
        process.terminate()
    median = statistics.median(seconds)
    return {"items": items, "medianSeconds": median, "imagesPerSecond": items / median}


def pictures(count=256, size=48):
    import cv2

    rng = np.random.default_rng(7)
    small = rng.integers(0, 256, (count, 12, 12), dtype=np.uint8)
    return [cv2.resize(picture, (size, size), interpolation=cv2.INTER_CUBIC) for picture in small]


def augment(peer, count=4000):
    source = pictures()
    if peer == "albumentations":
        import albumentations as A
        import cv2

        cv2.setNumThreads(1)
        pipeline = A.Compose(
            [
                A.HorizontalFlip(p=0.5),
                A.Rotate(limit=10, interpolation=cv2.INTER_LINEAR, border_mode=cv2.BORDER_REFLECT_101, p=1),
                A.Resize(128, 128, interpolation=cv2.INTER_LINEAR),
            ]
        )
        source = [picture[..., None] for picture in source]

        def one(picture):
            return pipeline(image=picture)["image"]

    else:
        import torch
        from torchvision.transforms import v2

        torch.set_num_threads(1)
        pipeline = v2.Compose(
            [
                v2.RandomHorizontalFlip(0.5),
                v2.RandomRotation(10, interpolation=v2.InterpolationMode.BILINEAR),
                v2.Resize((128, 128), interpolation=v2.InterpolationMode.BILINEAR, antialias=True),
            ]
        )
        source = [torch.from_numpy(picture)[None] for picture in source]
        one = pipeline
    return timed(count, lambda index: one(source[index % len(source)]))


def ingest(path):
    import pandas as pd

    def work():
        table = pd.read_csv(path)
        pixels = np.stack([np.array(text.split(), dtype=np.uint8) for text in table["pixels"]])
        return pixels.reshape(-1, 48, 48), table["emotion"].to_numpy(), table["Usage"].to_numpy()

    begin = time.perf_counter()
    images, _, _ = work()
    seconds = time.perf_counter() - begin
    return {"items": len(images), "medianSeconds": seconds, "imagesPerSecond": len(images) / seconds}


def decode(folder, peer):
    paths = sorted(os.path.join(root, name) for root, _, names in os.walk(folder) for name in names)
    if peer == "pillow":
        from PIL import Image

        def one(path):
            return np.asarray(Image.open(path))

    else:
        import cv2

        cv2.setNumThreads(1)

        def one(path):
            return cv2.imread(path, cv2.IMREAD_UNCHANGED)

    return timed(len(paths), lambda index: one(paths[index]))


def check(folder):
    from cleanvision import Imagelab

    begin = time.perf_counter()
    lab = Imagelab(data_path=folder)
    lab.find_issues(n_jobs=PROCESSES)
    seconds = time.perf_counter() - begin
    return {"items": len(lab.issues), "medianSeconds": seconds, "imagesPerSecond": len(lab.issues) / seconds}


if __name__ == "__main__":
    works = {"augment": augment, "ingest": ingest, "decode": decode, "check": check}
    out = os.dup(1)
    os.dup2(2, 1)  # What libraries print on the way is not the result.
    result = works[sys.argv[1]](*sys.argv[2:])
    os.write(out, (json.dumps(result) + "\n").encode())
