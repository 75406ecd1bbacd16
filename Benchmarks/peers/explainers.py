#!/usr/bin/env python3
"""Explains the faces of a folder that `fercure explain` wrote with the peers' libraries, and compares the maps.

    python Benchmarks/peers/explainers.py MODEL FOLDER [--methods NAME ...] [--layer PATH] [--threads N]

MODEL is a ResNet18 that `fercure train` wrote; FOLDER has faces/KEY/picture.png and faces/KEY/METHOD.npy, made for the
class that the model sees. Prints one JSON document: for each method the library, the seconds for all faces (imports and
loading left out) and the correlation of each face's map with fercure's.
"""

import argparse
import contextlib
import io
import json
import pathlib
import time
from unittest import mock

import captum.attr
import lime.lime_image
import numpy
import safetensors
import safetensors.torch
import skimage.io
import torch
import torchvision
from pytorch_grad_cam import GradCAM, ScoreCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torch.nn import functional


def loaded(path):
    """The network in PyTorch with fercure's weights, and its card."""
    with safetensors.safe_open(path, "pt") as file:
        card = json.loads(file.metadata()["fercure.model"])
    if not card["model"].startswith("resnet18") or card["activation"] != "relu":
        raise SystemExit(f"error: {path} is a {card['model']}, not a ResNet18 with the 7x7 stem")
    network = torchvision.models.resnet18(num_classes=len(card["classes"]))
    network.conv1 = torch.nn.Conv2d(card["channels"], 64, 7, 2, 3, bias=False)
    tensors = {
        name: tensor.reshape(()).long() if name.endswith("num_batches_tracked") else tensor
        for name, tensor in safetensors.torch.load_file(path).items()
        if not name.startswith("importance.")
    }
    network.load_state_dict(tensors)
    return network.eval(), card


class Faces:
    """The pictures of a folder, as inputs of the network."""

    def __init__(self, folder, card, network):
        self.folders = sorted(path for path in (folder / "faces").iterdir() if path.is_dir())
        self.card = card
        pixels = [skimage.io.imread(path / "picture.png") for path in self.folders]
        planes = [p[None] if p.ndim == 2 else p.transpose(2, 0, 1) for p in pixels]
        stacked = torch.from_numpy(numpy.stack(planes).astype("float32"))
        self.inputs = (stacked / 255 - card["mean"]) / card["deviation"]
        with torch.no_grad():
            self.targets = network(self.inputs).argmax(1).tolist()

    def own(self, index, method):
        return numpy.load(self.folders[index] / f"{method}.npy")

    def __iter__(self):
        return iter(enumerate(zip(self.inputs[:, None], self.targets)))


def saliency(network, faces, options):
    explainer = captum.attr.Saliency(network)
    return [explainer.attribute(x.clone().requires_grad_(), target=c)[0].amax(0).numpy() for _, (x, c) in faces]


def integrated_gradients(network, faces, options):
    explainer = captum.attr.IntegratedGradients(network)
    return [
        explainer.attribute(x, target=c, n_steps=64, method="riemann_middle")[0].sum(0).detach().numpy()
        for _, (x, c) in faces
    ]


def occlusion(network, faces, options):
    explainer = captum.attr.Occlusion(network)
    side = faces.inputs.shape[-1] // 6
    with torch.no_grad():
        return [
            explainer.attribute(
                x, target=c, sliding_window_shapes=(x.shape[1], side, side), strides=(x.shape[1], side // 2, side // 2),
                baselines=0, perturbations_per_eval=options.batch,
            )[0].sum(0).numpy() / x.shape[1]
            for _, (x, c) in faces
        ]  # fmt: skip


def layer_of(network, path):
    return network.get_submodule(path)


def grad_cam(network, faces, options):
    explainer = captum.attr.LayerGradCam(network, layer_of(network, options.layer))
    size = tuple(faces.inputs.shape[-2:])
    maps = []
    for _, (x, c) in faces:
        low = explainer.attribute(x, target=c, relu_attributions=True)
        maps.append(functional.interpolate(low, size=size, mode="bilinear")[0, 0].detach().numpy())
    return maps


def grad_cam_library(network, faces, options):
    with GradCAM(model=network, target_layers=[layer_of(network, options.layer)]) as explainer:
        return [explainer(input_tensor=x, targets=[ClassifierOutputTarget(c)])[0] for _, (x, c) in faces]


def score_cam(network, faces, options):
    # It enlarges its masks corner to corner, unlike its own final map and all others' maps, which lie half a cell away from
    # that. With half-pixel centres the masks lie where the maps do.
    with ScoreCAM(model=network, target_layers=[layer_of(network, options.layer)]) as explainer, mock.patch.object(
        torch.nn, "UpsamplingBilinear2d", lambda size: torch.nn.Upsample(size, mode="bilinear", align_corners=False)
    ):
        explainer.batch_size = options.batch
        return [explainer(input_tensor=x, targets=[ClassifierOutputTarget(c)])[0] for _, (x, c) in faces]


def lime_image(network, faces, options):
    card = faces.card
    explainer = lime.lime_image.LimeImageExplainer(random_state=1)
    maps = []
    for index, (x, c) in faces:
        # A superpixel is where fercure's map has one value.
        values, segments = numpy.unique(faces.own(index, "lime"), return_inverse=True)
        segments = segments.reshape(x.shape[-2:])
        levels = (x[0].permute(1, 2, 0).numpy() * card["deviation"] + card["mean"]).astype("float64")

        def probabilities(images):
            batch = torch.from_numpy(numpy.stack(images).astype("float32")).permute(0, 3, 1, 2)
            with torch.no_grad():
                logits = network((batch[:, : card["channels"]] - card["mean"]) / card["deviation"])
            return torch.softmax(logits, 1).numpy()

        explanation = explainer.explain_instance(
            levels[..., 0] if card["channels"] == 1 else levels, probabilities, labels=(c,), top_labels=None,
            num_samples=1000, batch_size=options.batch, segmentation_fn=lambda _, s=segments: s,
        )  # fmt: skip
        weights = numpy.zeros(len(values))
        for segment, weight in explanation.local_exp[c]:
            weights[segment] = weight
        maps.append(weights[segments])
    return maps


# fercure's name: (the library, how it is done there).
METHODS = {
    "saliency": [("captum", saliency)],
    "integrated-gradients": [("captum", integrated_gradients)],
    "occlusion": [("captum", occlusion)],
    "grad-cam": [("captum", grad_cam), ("pytorch-grad-cam", grad_cam_library)],
    "score-cam": [("pytorch-grad-cam", score_cam)],
    "lime": [("lime", lime_image)],
}


def main():
    parser = argparse.ArgumentParser(description="Explains faces with the peers' libraries.")
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--layer", default="layer3", help="the layer of class activation methods (layer3)")
    parser.add_argument("--batch", type=int, default=64, help="perturbed pictures in a forward pass (64)")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    network, card = loaded(options.model)
    faces = Faces(options.folder, card, network)
    results = []
    for method in options.methods:
        for library, function in METHODS[method]:
            with torch.no_grad():
                network(faces.inputs)
            start = time.perf_counter()
            with contextlib.redirect_stderr(io.StringIO()):
                maps = function(network, faces, options)
            seconds = time.perf_counter() - start
            correlations = [
                float(numpy.corrcoef(map_.ravel(), faces.own(index, method).ravel())[0, 1])
                for index, map_ in enumerate(maps)
            ]
            results.append(
                {"method": method, "library": library, "seconds": seconds, "correlations": correlations}
            )
    print(json.dumps({"torch": torch.__version__, "batch": options.batch, "faces": len(maps), "results": results}))


if __name__ == "__main__":
    main()
