"""Licence texts to the two classes that decide which bundle a clip may train: "free" or "research".

Free is a text that as a whole names licences which allow every use, with at most what they are of before a colon and whose they are in
brackets: "CC BY 4.0", "MIT (ReActIdle, RSAIT)", "CMU mocap: free for all uses (mocap.cs.cmu.edu)". A name that merely occurs in a text
says nothing ("licensed, not CC BY"; "Copyright MIT CSAIL"; German "mit"), so all else is research.
"""

import re

_CC_BY = r"cc[- ]?by(?:[- ]?\d\.\d)?|(?:creative commons )?attribution \d\.\d(?: international| unported| generic)?"
_CC_ZERO = r"cc[- ]?0(?:[- ]?1\.0)?(?: universal)?|creative commons (?:zero|0)(?: v?1\.0)?(?: universal)?"
_CC_PAGE = r"(?:https?://)?(?:www\.)?creativecommons\.org/(?:licenses/by/\d\.\d|publicdomain/(?:zero|mark)/1\.0)/?(?:deed\.\w+|legalcode)?"
_PUBLIC = r"(?:dedicated to the |in the )?public domain(?: mark)?(?: 1\.0)?(?: dedication)?"
_SOFTWARE = (
    r"mit(?:-0)?|apache(?:[- ]?2(?:\.0)?| (?:licen[cs]e,? )?(?:v|version )?2\.0)?|unlicen[cs]e|isc|0bsd"
    r'|bsd(?:[- ][0-4][- ]clause)?(?: "new" or "revised"| "simplified")?|[0-4][- ]clause bsd|(?:new|modified|simplified) bsd'
)
_NAME = rf"(?:(?:the )?(?:{_CC_BY}|{_CC_ZERO}|{_PUBLIC}|{_SOFTWARE})(?: licen[cs]e)?|{_CC_PAGE}|free for all uses?)"
_WHOSE = r"[^:()?]*"
_WITH_WHOSE = rf"{_NAME}(?: ?\({_WHOSE}\))?"
FREE = re.compile(rf"(?:{_WHOSE}: )?{_WITH_WHOSE}(?:(?: or | and |[ /,;]+){_WITH_WHOSE})*\.?", re.IGNORECASE)
# What outweighs a licence's name, before the colon and in brackets: a negation, a condition, a doubt, and a colon behind which stands who.
RESTRICTED = re.compile(
    r"\b(?:not?|non|none|never|without|except|unless|only|but|if|nur|nicht|kein\w*|ohne|sans|sauf|pas|ne|sin|solo|senza)\b|n't\b"
    r"|\bunlicen[cs]ed\b|\bintern(?:al\w*|e[nrs]?)?\b|confidential|vertraulich|private|secret|personal|unclear|unknown|pending|\bt(?:bd|odo)\b"
    r"|permi|consent|approv|genehmig|erlaub|zustimm|freigabe|\bask\b|request|contact|agree"
    r"|\bn[cd]\b|commerci|kommerz|reserved|prohib|forbid|restrict|propriet|verbot|deriv|\bsa\b|share[- ]?alike|\ba?gpl"
    r"|\bresearch(?: only| use| purpose|$|\))|for research|academic|evaluation|educational|\bcode\b|software"
    r"|\b(?:copyright|author|creator|owner|holder|rights?|source|from|by)\b[^:]*: ",
    re.IGNORECASE,
)


def licence_class(licence: str) -> str:
    """ "free" where weights may be used for anything, else "research"; a text that is not understood counts as research."""
    text = " ".join(licence.split())
    return "free" if FREE.fullmatch(text) and not RESTRICTED.search(text) else "research"
