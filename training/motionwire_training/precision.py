"""Whether bfloat16 is worth asking for here: a processor without instructions for it takes seven to ten times as long as in float32."""

import torch


def computes_bf16() -> bool:
    """Whether this machine's device has products of bfloat16 in hardware."""
    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
