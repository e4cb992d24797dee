"""Licence texts to the two classes that decide which bundle a clip may train: "free" or "research"."""

import re

# Anything that restricts use, alterations or what is derived. Checked first: it outweighs a free-sounding word.
RESTRICTED = re.compile(
    r"\bnc\b|commercial|all rights reserved|prohibited|forbidden|not (allowed|permitted)"
    r"|research[- ](only|use|purpose)|for research|academic|evaluation|educational|personal use"
    r"|\bnd\b|no[- ]?deriv|\bsa\b|share[- ]?alike|\ba?gpl",
    re.IGNORECASE,
)
FREE = re.compile(
    r"\bcc[- ]?0\b|public domain|\bmit\b|apache|\bbsd\b|\bisc\b|unlicen[cs]e|\bcc[- ]by\b|attribution 4\.0|free for all uses?",
    re.IGNORECASE,
)


def licence_class(licence: str) -> str:
    """ "free" where weights may be used for anything, else "research"; a text that is not understood counts as research."""
    if RESTRICTED.search(licence):
        return "research"
    return "free" if FREE.search(licence) else "research"
