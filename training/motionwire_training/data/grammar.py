"""English sentences for a motion: a verb phrase, a noun phrase and a way of doing it, put together as people write prompts.

A verb phrase is in its base form. Its first word is a verb, and so are those in braces: "walk and {turn} left" becomes "walks
and turns left", "walking and turning left", "walk and turn left".
"""

import random
import re
from collections.abc import Callable

from motionwire_training.data.vocabulary import Scene, Words

SUBJECTS = (
    "a person", "a person", "a person", "someone", "someone", "the character", "the character", "a man", "a man", "the person", "somebody",
    "a figure", "a human", "he", "the man", "the figure", "a guy", "they",
)  # fmt: skip
MALE = {"a man", "he", "the man", "a guy"}
OBJECTS = {"he": "him", "she": "her", "they": "them"}
PLAIN = (
    "{subject} {does}", "{subject} {does}", "{subject} {does}", "{subject} is {doing}", "{subject} is {doing}", "{do}", "{do}", "{noun}",
    "{doing}", "make {object} {do}", "{subject} starts to {do}", "have {object} {do}", "let {object} {do}",
    "show {object} {doing}", "an animation of {object} {doing}",
)  # fmt: skip
FORMS: dict[str, tuple[str, ...]] = {
    "adverb": (
        "{subject} {does} {way}", "{subject} {does} {way}", "{subject} {does} {way}", "{subject} {way} {does}", "{subject} {way} {does}",
        "{subject} is {doing} {way}", "{subject} is {way} {doing}", "{do} {way}", "{do} {way}", "{way} {do}", "{doing} {way}",
        "{way} {doing}", "{way}, {subject} {does}", "make {object} {do} {way}", "{noun}, {way}", "let {object} {do} {way}",
        "show {object} {doing} {way}",
    ),
    "manner": (
        "{subject} {does} {way}", "{subject} {does} {way}", "{subject} {does} {way}", "{subject} is {doing} {way}",
        "{subject} is {doing} {way}", "{do} {way}", "{do} {way}", "{way}, {subject} {does}", "{way} {subject} is {doing}", "{doing} {way}",
        "{noun} {way}", "make {object} {do} {way}", "{subject} {does}, and does it {way}", "let {object} {do} {way}",
        "show {object} {doing} {way}", "{do}: {way}",
    ),
    "adjective": (
        "{a person} {does}", "{a person} {does}", "{a person} {does}", "{a person} is {doing}", "{adjective noun}", "{adjective noun}",
        "{adjective noun}", "{a noun}", "{noun}, {way}", "{subject} does {a noun}", "the {adjective person} {does}", "{do}, {way}",
        "{a person} who {does}", "{subject} is {way} and {does}", "{subject} {does} in {a way} manner", "{do} in {a way} way",
        "{subject} {does} like {a person}", "let {a person} {do}", "show {a person} {doing}", "{do} ({way})",
    ),
    "clause": (
        "{subject} {does}, {way}", "{subject} {does}, {way}", "{way}, {subject} {does}", "{subject} is {doing}, {way}", "{do}, {way}",
        "{doing}, {way}", "{subject}, {way}, {does}", "{noun}, {way}", "show {object} {doing}, {way}",
    ),
    "people": (
        "{way} {does}", "{way} {does}", "{way} {does}", "{way} is {doing}", "{way} {doing}", "make {object} {do}",
        "{subject} {does} like {way}", "{do} like {way}", "let {way} {do}", "show {way} {doing}",
    ),
}  # fmt: skip
STRESSED_AT_END = {"begin", "dogtrot", "outrun", "patrol", "sidestep"}  # these double their last letter as short verbs do
VERBS = re.compile(r"^[\w-]+|\{([\w-]+)\}")
BODY_PART = re.compile(r"\bthe (left|right) (hand|arm|foot|leg)\b")
AROUND, IN_FRONT, ROLE = 0.2, 0.25, 0.15  # shares: with the scene; that comes first then; with a role for the person
ARTICLE = re.compile(r"^(a|an|the|my|our|your) ")
SENTENCE, OWN = 0.12, 0.3  # shares: written with a capital and a full stop; "his left hand", or "left hand" in a command
VOWELS = "aeiou"


def sentence(act: str, nouns: Words, kind: str, way: str, persons: Words, scene: Scene, draw: random.Random) -> str:
    """One sentence. act: verb phrase; kind and way: how it is done (vocabulary.Style), "" for no word on that; draw: decides the rest."""
    around = draw.choice(scene.around) if scene.around and draw.random() < AROUND else ""
    role = draw.choice(scene.roles) if scene.roles and draw.random() < ROLE else ""
    behind = "" if draw.random() < IN_FRONT else f" {around}".rstrip()
    forms = [
        form for form in (FORMS[kind] if kind else PLAIN) if (nouns or "noun" not in form) and (way not in OBJECTS or "like" not in form)
    ]
    form = draw.choice(forms)
    acts_itself = kind == "people" and "like" not in form
    subject = way if acts_itself else role or draw.choice([word for word in SUBJECTS if "man" in persons or word not in MALE])
    person = ARTICLE.sub("", role) or draw.choice(persons)
    act, noun = f"{act}{behind}", f"{draw.choice(nouns)}{behind}" if nouns else ""
    does = third_person(act)
    if subject == "they" and "{subject}" in form:
        form, does = form.replace(" is ", " are ").replace(" does ", " do ").replace(" starts ", " start "), base(act)
    words = {
        "subject": subject, "object": OBJECTS.get(subject, subject), "do": base(act), "does": does, "doing": progressive(act), "noun": noun,
        "way": way, "a way": article(way) if way else "", "a person": article(f"{way} {person}"), "adjective person": f"{way} {person}",
        "a noun": article(f"{way} {noun}"), "adjective noun": f"{way} {noun}",
    }  # fmt: skip
    text = re.sub(r"\{([a-z ]+)\}", lambda match: words[match.group(1)], form)
    if draw.random() < OWN:
        shown = subject if "subject" in form or acts_itself else ""
        text = BODY_PART.sub(rf"{_owner(shown)}\1 \2", text)
    text = f"{around}, {text}" if around and not behind else text
    return f"{text[0].upper()}{text[1:]}." if draw.random() < SENTENCE else text


def _owner(subject: str) -> str:
    """Whose hand it is: "his ", or nobody's in a command."""
    if not subject:
        return ""
    return "his " if subject in MALE or subject.endswith(" man") else "her " if subject.endswith(("woman", "lady", "she")) else "their "


def article(words: str) -> str:
    """The words with "a" or "an" in front."""
    return f"an {words}" if words[0].lower() in VOWELS else f"a {words}"


def join(acts: list[str]) -> str:
    """One verb phrase out of several: "climb, {hang} and {swing}"."""
    rest = [re.sub(r"^([\w-]+)", r"{\1}", act) for act in acts[1:]]
    return f"{', '.join([acts[0], *rest[:-1]])} and {rest[-1]}" if rest else acts[0]


def base(act: str) -> str:
    """The verb phrase as a command: "walk and turn left"."""
    return _inflected(act, str)


def third_person(act: str) -> str:
    """The verb phrase with "a person": "walks and turns left"."""
    return _inflected(act, _with_s)


def progressive(act: str) -> str:
    """The verb phrase with "is": "walking and turning left"."""
    return _inflected(act, _with_ing)


def _inflected(act: str, inflect: Callable[[str], str]) -> str:
    return VERBS.sub(lambda match: inflect(match.group(1) or match.group(0)), act)


def _with_s(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in VOWELS:
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else f"{verb}s"


def _with_ing(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "ie", "oe")):
        return f"{verb[:-1]}ing"
    short = re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", verb.rsplit("-", 1)[-1])
    return f"{verb}{verb[-1]}ing" if short or verb in STRESSED_AT_END else f"{verb}ing"
