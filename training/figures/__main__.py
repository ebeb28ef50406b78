"""Make the figure reader anew: fonts, drawn lines, training, export. `make figures` does all of it."""

from __future__ import annotations

import argparse
import multiprocessing
from pathlib import Path

from training.figures import fonts, shards

SEED = 20261124
SHARDS = 32
PASSES = 3
MINUTES = 120.0


def main() -> None:
    """Fetch, draw, train, export; each step takes up what an earlier run left in the folder."""
    parser = argparse.ArgumentParser(prog="python -m training.figures", description=__doc__)
    parser.add_argument("step", nargs="?", default="all", choices=("all", "fetch", "draw", "train", "export"))
    parser.add_argument("--work", type=Path, default=Path("training/out/figures"), help="folder for fonts and lines")
    parser.add_argument("--fonts", type=Path, help="folder that holds the fonts already; without it they are fetched")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--shards", type=int, default=SHARDS, help=f"times {shards.LINES} lines")
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="of training at most")
    parser.add_argument("--start", type=Path, help="weights to begin with, of an earlier run")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    folder = given.fonts or given.work / "fonts"
    if given.step in ("all", "fetch") and given.fonts is None:
        fonts.fetch(folder)
    if given.step == "draw":
        shards.write_all(given.work, folder, given.seed, given.shards)
    if given.step in ("all", "train"):
        drawing = multiprocessing.get_context("spawn").Process(
            target=shards.write_all, args=(given.work, folder, given.seed, given.shards)
        )
        drawing.start()
        from training.figures.train import train

        train(given.work, given.shards, given.passes, given.seed, given.minutes, given.start)
        drawing.join()
    if given.step in ("all", "export"):
        from training.figures.export import export

        export(given.work / "network.pt", f"seed {given.seed}, {given.shards * shards.LINES} lines")


if __name__ == "__main__":
    main()
