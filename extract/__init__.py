"""Zhibiao: archived paper forms to checked records. The version lives here and nowhere else."""

import os

__version__ = "0.1.0"

# ONNX Runtime since 1.29 writes a device id below the home folder and sends reports unless this is set before it is
# loaded. Here it holds for every command, worker and actor, and for programs that use the package.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
