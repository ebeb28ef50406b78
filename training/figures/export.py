"""The trained network as an ONNX file inside the package, its classes and its making in the metadata."""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from torch import nn

from extract.ocr.figure_reader.reader import NETWORK
from training.figures.alphabet import CHARACTERS
from training.figures.network import FigureNetwork

_MOST_BYTES = 1_000_000


def export(weights: Path, made: str, path: Path = NETWORK) -> None:
    """Write the network with its last softmax. Raises ValueError when the file is larger than a megabyte."""
    network = FigureNetwork()
    network.load_state_dict(torch.load(weights, weights_only=True))
    torch.onnx.export(
        nn.Sequential(network, nn.Softmax(dim=-1)).eval(),
        (torch.zeros(1, 1, 32, 160),),
        str(path),
        input_names=["ink"],
        output_names=["chances"],
        dynamic_axes={"ink": {0: "lines", 3: "width"}, "chances": {0: "lines", 1: "steps"}},
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(path)
    for key, value in (("characters", "".join(CHARACTERS)), ("made", made)):
        model.metadata_props.add(key=key, value=value)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError(f"{path}: {path.stat().st_size} bytes")
