"""Training: CTC over the drawn lines, one pass after another, on one thread."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn.functional import ctc_loss

from extract.ocr.figure_reader.prepare import HEIGHT_PX, STEP_PX, inked
from training.figures import shards
from training.figures.network import FigureNetwork
from training.figures.shards import Line

BATCH_COLUMNS = 10_240
RATE = 3e-3
_WARM_SHARE = 0.06
_EVERY = 50


def train(folder: Path, count: int, passes: int, seed: int, minutes: float, start: Path | None = None) -> FigureNetwork:
    """The network after some passes over the first `count` shards of a folder.

    The rate rises and falls over the work done or the minutes spent, whichever share is larger: a slow machine stops
    at the same low rate, after fewer lines. The log says how many it saw. `start` has weights to begin with.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    network = FigureNetwork().to(memory_format=torch.channels_last)
    if start is not None:
        network.load_state_dict(torch.load(start, weights_only=True))
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=1e-3)
    began, seen, step = time.monotonic(), 0, 0
    losses: list[float] = []
    for done, batch in _batches(folder, count, passes, np.random.default_rng(seed)):
        share = max(done, (time.monotonic() - began) / (60 * minutes))
        if share >= 1:
            break
        rate = RATE * min(1.0, share / _WARM_SHARE) * 0.5 * (1 + np.cos(np.pi * share))
        for group in optimiser.param_groups:
            group["lr"] = max(1e-5, rate)
        losses.append(_step(network, optimiser, batch))
        seen, step = seen + len(batch), step + 1
        if step % _EVERY == 0:
            print(f"{step} {seen} lines, {share:.3f}, loss {np.mean(losses[-_EVERY:]):.4f}", flush=True)
        if step % (10 * _EVERY) == 0:
            torch.save(network.state_dict(), folder / "network.pt")
    torch.save(network.state_dict(), folder / "network.pt")
    print(f"trained on {seen} lines, {(time.monotonic() - began) / 60:.1f} minutes, loss {np.mean(losses[-200:]):.4f}")
    return network.eval()


def _batches(folder: Path, count: int, passes: int, rng: np.random.Generator) -> Iterator[tuple[float, list[Line]]]:
    """Batches of like width with the share of the work that is done before each."""
    numbers = _order(count, passes)
    for place, number in enumerate(numbers):
        own = shards.read(folder / f"{number:03d}.npz")
        own.sort(key=lambda line: line.image.shape[1] + rng.uniform(0, 24))
        cuts: list[list[Line]] = [[]]
        for line in own:
            if (len(cuts[-1]) + 1) * line.image.shape[1] > BATCH_COLUMNS:
                cuts.append([])
            cuts[-1].append(line)
        for index, cut in enumerate(rng.permutation(len(cuts))):
            yield (place + index / len(cuts)) / len(numbers), [_varied(line, rng) for line in cuts[cut]]


def _order(count: int, passes: int) -> list[int]:
    """The shards in the order of training: over an eighth, a quarter, a half of them, then over all, so that training
    has work while the later ones are still being drawn.
    """
    parts = [max(1, count // 8), max(1, count // 4), max(1, count // 2)]
    return [number for part in (*parts, *([count] * passes)) for number in range(part)]


def _varied(line: Line, rng: np.random.Generator) -> Line:
    """A line a little narrower or wider than it was drawn."""
    if rng.random() < 0.4:
        return line
    width = max(8, round(line.image.shape[1] * rng.uniform(0.88, 1.14)))
    return Line(cv2.resize(line.image, (width, HEIGHT_PX), interpolation=cv2.INTER_LINEAR), line.text, line.label)


def _step(network: FigureNetwork, optimiser: torch.optim.Optimizer, batch: list[Line]) -> float:
    wide = max(line.image.shape[1] for line in batch)
    wide += wide % STEP_PX
    ink = np.zeros((len(batch), 1, HEIGHT_PX, wide), np.float32)
    for slot, line in zip(ink, batch, strict=True):
        slot[0, :, : line.image.shape[1]] = inked(line.image)
    steps = torch.tensor([-(-line.image.shape[1] // STEP_PX) for line in batch])
    lengths = torch.tensor([len(line.label) for line in batch])
    targets = torch.tensor([one for line in batch for one in line.label])
    with torch.autocast("cpu", torch.bfloat16):
        logits = network(torch.from_numpy(ink).contiguous(memory_format=torch.channels_last))
    chances = logits.float().log_softmax(-1).transpose(0, 1)
    loss = ctc_loss(chances, targets, steps, lengths, zero_infinity=True)
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    return float(loss.detach())
