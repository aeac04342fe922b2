"""The formats of traces, one file each, and the reader of files in them.

A new format is a new file like its neighbours and a line in FORMATS.
"""

from traces.formats import (
    agentprocessbench,
    bigbench_mistake,
    chat,
    deltabench,
    general,
    math_aps,
    math_shepherd,
    misstep,
    mr_ben,
    mr_gsm8k,
    prm800k,
    prmbench,
    processbench,
    trl_stepwise,
    versaprm,
)
from traces.formats.contract import GENERAL_FIELDS, Format, ReadOptions

__all__ = ["FORMATS", "GENERAL_FIELDS", "Format", "ReadOptions"]

FORMATS: dict[str, Format] = {
    "processbench": processbench.FORMAT,
    "prm800k": prm800k.FORMAT,
    "math-shepherd": math_shepherd.FORMAT,
    "math-aps": math_aps.FORMAT,
    "mr-ben": mr_ben.FORMAT,
    "mr-gsm8k": mr_gsm8k.FORMAT,
    "bigbench-mistake": bigbench_mistake.FORMAT,
    "prmbench": prmbench.FORMAT,
    "deltabench": deltabench.FORMAT,
    "versaprm": versaprm.FORMAT,
    "agentprocessbench": agentprocessbench.FORMAT,
    "trl-stepwise": trl_stepwise.FORMAT,
    "chat": chat.FORMAT,
    "misstep": misstep.FORMAT,
    "general": general.FORMAT,
}
