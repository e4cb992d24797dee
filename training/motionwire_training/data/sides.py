"""The sentences of a mirrored clip. Sides change places; where "left" may be what somebody did ("a man left the room", "he turned around
and left"), the mirrored clip goes without the sentence: one fewer is better than one that means nothing.

The words of data/words use "left" as a side alone, and none of their sentences is taken for another (a test reads them all).
"""

import re
from collections.abc import Iterable

from motionwire_training.data.captions import IDIOM, mirror_caption

NOUN = (
    r"(?:hand|arm|foot|feet|leg|knee|elbow|shoulder|wrist|ankle|hip|heel|toe|fist|side|turn|step|wave|hook|of)"  # before which it is a side
)
WHO = (
    r"(?:he|she|they|we|who|somebody|someone|everybody|everyone|nobody|person|people|man|men|woman|women|boy|girl|guy|lady|child|children|kid"
    r"|character|figure|human|individual|subject|participant|dancer|actor|player|performer|robot|zombie)"
)
HAVING = r"(?:has|have|had|having|is|was|are|were|be|been|being|got|gets|just|already|nothing|no\s+\w+)"
AMOUNT = r"(?:little|bit|touch|tad|beat|moment|second|few|couple|foot|hand|step|yard|metre|meter|half|quarter)"  # "left a little"
WHAT = rf"(?:the(?!\s+(?:\w+\s+)?way)|an?(?!\s+{AMOUNT})|his|her|their|its|my|our|your|him|them|it|this|that|everyone|home|work|school)"
DID = r"(?:\w{2,}ed|went|came|took|got|stood|sat|ran|said|put|threw|shook|made|did|gave|held|bent|knelt|rose|fell)"
PAST = rf"\b(?:{WHO}|and)(?:\s+\w+ly)?\s+{DID}\b"
LEFT = rf"(?<!\bthe )\bleft\b(?!-|\s+{NOUN}s?\b)"
VERB = re.compile(
    rf"\b(?:{WHO}|{HAVING}|^it)(?:\s+\w+ly|\s+then)?\s+{LEFT}"  # a man left, has just left
    rf"|{LEFT}\s+{WHAT}\b"  # left the room
    rf"|{PAST}[^.;:!?]*(?<!right)\s(?:and|then)(?:\s+\w+ly)?\s+{LEFT}",  # turned around and left
    re.IGNORECASE,
)


def mirrored_captions(sentences: Iterable[str]) -> list[str]:
    """Those of a clip's sentences that can be told of its mirror image, as they are told of it."""
    return [mirror_caption(sentence) for sentence in sentences if not VERB.search(re.sub(IDIOM, "", sentence, flags=re.IGNORECASE))]
