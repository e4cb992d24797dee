"""Text-to-motion transformer: decoder-only, RMSNorm, rotary positions (Su et al. 2021), SwiGLU (Shazeer 2020).

The prefix is the sentence as one vector with its labels (sentence.py) and its token embeddings, bidirectional; then optional past
motion, then the new motion's positions.
A position enters as the vectors of its codes, not as a row of a table, together with how many positions are still to
come. A frame to arrive in is added to the prefix, which everyone sees. Out comes one hidden vector per position; `logits`
reads its codes from it group after group, each seeing those before.
`forward` trains on whole sequences; `prefill` gives the key/value cache out from which `motionwire_export.text_to_motion_graph` steps on.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu

from motionwire.generator import layout
from motionwire_training.rotary import rotary_table
from motionwire_training.text_to_motion.configuration import TextToMotionConfig
from motionwire_training.text_to_motion.layers import Block, RMSNorm
from motionwire_training.text_to_motion.sentence import Sentence
from motionwire_training.tokenizer.quantizers import look_up


class TextToMotion(nn.Module):
    """vectors: float32 [G, codes, D], the tokenizer's vector of each group's codes.

    contents, styles: what it is told by vectors of their own (see labels.py).
    goal_mean, goal_std: float32 [280], normalisation of goals (see generator/layout.py).
    """

    vectors: Tensor
    table: Tensor
    goal_mean: Tensor
    goal_std: Tensor

    def __init__(self, config: TextToMotionConfig, vectors: Tensor, contents: Sequence[str] = (), styles: Sequence[str] = ()) -> None:
        super().__init__()
        self.groups, self.codes, size = vectors.shape
        self.end = self.codes
        width, latent = config.width, self.groups * size
        self.text_norm = RMSNorm(layout.TEXT_DIM)
        self.text_in = nn.Linear(layout.TEXT_DIM, width)
        self.prefix = nn.Parameter(torch.randn(width))
        self.sentence = Sentence(width, contents, styles)
        self.start = nn.Parameter(torch.randn(width))
        self.goal_in = nn.Sequential(nn.Linear(layout.GOAL_DIM, width), nn.GELU(), nn.Linear(width, width))
        self.motion_in = nn.Sequential(nn.Linear(latent, width), nn.GELU(), nn.Linear(width, width))
        self.remaining = nn.Embedding(layout.MAX_REMAINING + 1, width)
        self.blocks = nn.ModuleList(Block(width, config.heads, config.dropout) for _ in range(config.layers))
        self.norm = RMSNorm(width)
        self.head_in = nn.Linear(width, width)
        self.head_codes = nn.Linear(latent, self.groups * width, bias=False)
        self.heads_out = nn.ModuleList(nn.Linear(width, self.codes + 1) for _ in range(self.groups))
        self.register_buffer("vectors", vectors.float().contiguous())
        self.register_buffer("goal_mean", torch.zeros(layout.GOAL_DIM))
        self.register_buffer("goal_std", torch.ones(layout.GOAL_DIM))
        self.register_buffer("table", rotary_table(layout.SLOTS, width // config.heads), persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2 and not name.endswith("vectors"):
                deep = name.endswith(("out.weight", "down.weight")) and name.startswith("blocks")
                nn.init.normal_(parameter, std=0.02 / (2 * config.layers) ** 0.5 if deep else width**-0.5 / 2)

    def code_vectors(self, codes: Tensor) -> Tensor:
        """Codes [..., G] -> their vectors side by side [..., G * D]."""
        return look_up(self.vectors, codes).flatten(-2)

    def embed_prefix(self, sentence: Tensor, text: Tensor, goal: Tensor, goal_mask: Tensor) -> Tensor:
        """The prefix and the words [B, 1 + Lt, C], what the sentence says [B, C] added to all of them and the goal [B, 280] to the prefix
        where goal_mask [B]; text [B, Lt, 384] are the words' embeddings, zero where they are not told."""
        words = self.text_in(self.text_norm(text))
        arrive = self.goal_in((goal - self.goal_mean) / self.goal_std) * goal_mask[:, None]
        return torch.cat(((self.prefix + arrive)[:, None].to(words.dtype), words), dim=1) + sentence[:, None]

    def forward(self, batch: dict[str, Tensor]) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Logits [B, N + 1, G, codes + 1] of the positions to come and the end, from a training batch (see data.py), and what is read
        from the sentences: logits of contents and styles."""
        text, text_mask, history, codes = batch["text"], batch["text_mask"], batch["history"], batch["inputs"]
        rows, words, new = len(text), text.shape[1], codes.shape[1]
        motion = self.motion_in(self.code_vectors(torch.cat((history, codes), dim=1)))
        start = self.start.expand(rows, 1, -1).to(motion.dtype)
        past, future = motion[:, : layout.MAX_HISTORY], motion[:, layout.MAX_HISTORY :]
        told = torch.cat((start, future), dim=1) + self.remaining(batch["remaining"])
        sentence, read = self.sentence(batch["sentence"], text_mask, batch["vector_told"])
        text = text * batch["words_told"][:, None, None]
        x = torch.cat((self.embed_prefix(sentence, text, batch["goal"], batch["goal_mask"]), past, told), dim=1)
        slots = torch.cat((torch.arange(1 + words), torch.arange(layout.HISTORY, layout.MOTION + new))).to(x.device)
        always = text_mask.new_ones(rows, 1 + new)
        valid = torch.cat((always[:, :1], text_mask, batch["history_mask"], always), dim=1)
        x = self._through(x, slots, prefix_mask(valid, 1 + words))[0]
        return self.logits(self.norm(x[:, -(new + 1) :]), batch["codes"]), read

    def _through(self, x: Tensor, slots: Tensor, mask: Tensor) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        table, keys, values = self.table[:, slots], [], []
        for block in self.blocks:
            x, k, v = block(x, table, mask)
            keys.append(k)
            values.append(v)
        return x, keys, values

    def logits(self, hidden: Tensor, codes: Tensor) -> Tensor:
        """Logits [..., G, codes + 1] from hidden [..., C]; group g sees codes[..., :g] [..., G], the rest of them is ignored."""
        vectors = look_up(self.vectors, codes)
        base = self.head_in(hidden)
        width, size = base.shape[-1], vectors.shape[-1]
        out = []
        for group, head in enumerate(self.heads_out):
            known = self.head_codes.weight[group * width : (group + 1) * width, : group * size]
            before = vectors[..., :group, :].flatten(-2)
            out.append(head(gelu(base + before @ known.T if group else base)))
        return torch.stack(out, dim=-2)

    def prefill(
        self,
        text: Tensor,
        text_mask: Tensor,
        sentence: Tensor,
        history: Tensor,
        history_mask: Tensor,
        remaining: Tensor,
        goal: Tensor,
        goal_mask: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Slots 0..START at once: text [B, 40, 384], text_mask [B, 40], sentence [B, 384], history [B, 8, G], history_mask [B, 8],
        remaining [B], goal [B, 280], goal_mask [B].

        Returns the hidden vector at START [B, C] and keys and values [layers, B, H, START + 1, D].
        """
        batch = text.shape[0]
        motion = self.motion_in(self.code_vectors(history))
        start = self.start.expand(batch, 1, -1) + self.remaining(remaining)[:, None]
        x = torch.cat((self.embed_prefix(self.sentence(sentence, text_mask)[0], text, goal, goal_mask), motion, start), dim=1)
        always = torch.ones_like(text_mask[:, :1])
        valid = torch.cat((always, text_mask, history_mask, always), dim=1)
        slots = torch.arange(layout.MOTION, device=x.device)
        x, keys, values = self._through(x, slots, prefix_mask(valid, layout.HISTORY))
        return self.norm(x[:, -1]), torch.stack(keys), torch.stack(values)


def prefix_mask(valid: Tensor, prefix: int) -> Tensor:
    """Attention mask [B, 1, L, L] from valid [B, L]: everyone sees the valid prefix, and what came before itself."""
    index = torch.arange(valid.shape[1], device=valid.device)
    allowed = (index[None, :] < prefix) | (index[None, :] <= index[:, None])
    return (valid[:, None, :] & allowed)[:, None]
