"""The network: convolutions that halve the height and keep the width, then three along the line; CTC classes a step."""

from __future__ import annotations

import torch
from torch import nn

from training.figures.alphabet import CHARACTERS

WIDTHS = (16, 32, 48, 64, 96)


def _conv(
    inputs: int,
    outputs: int,
    kernel: tuple[int, int],
    stride: tuple[int, int] = (1, 1),
    pad: tuple[int, int] | None = None,
) -> nn.Sequential:
    padding = ((kernel[0] // 2, kernel[1] // 2)) if pad is None else pad
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class _Along(nn.Module):
    """A residual convolution along the line, for what stands beside a character."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, (1, 3), padding=(0, dilation), dilation=(1, dilation), bias=False)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + torch.relu(self.norm(self.conv(x)))


class FigureNetwork(nn.Module):
    """(n, 1, 32, w) ink to (n, w / 2, classes) logits; class 0 is CTC's blank. About 190,000 parameters.

    What a step sees is about 50 px of the line, less than two wide characters: it reads shapes, and can learn no
    sentences.
    """

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d, e = WIDTHS
        self.body = nn.Sequential(
            _conv(1, a, (3, 3), (2, 2)),
            _conv(a, b, (3, 3), (2, 1)),
            _conv(b, c, (3, 3)),
            _conv(c, c, (2, 1), (2, 1), (0, 0)),
            _conv(c, d, (3, 3)),
            _conv(d, e, (4, 3), (1, 1), (0, 1)),
            _Along(e, 1),
            _Along(e, 2),
            nn.Dropout(0.1),
        )
        self.head = nn.Conv2d(e, 1 + len(CHARACTERS), (1, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits of each step."""
        return self.head(self.body(x)).squeeze(2).transpose(1, 2)
