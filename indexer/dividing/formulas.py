"""Common opening and closing formulas of newsletters, and sections that contain nothing else."""

from __future__ import annotations

import re

from indexer.dividing.tree import opens_with_link
from indexer.model import Block

# Each is matched at the beginning of a paragraph outside lists.
OPENINGS = (
    (
        r"(?:hello|hi|hey|dear|greetings|hallo|liebe[rs]?|moin|guten \w+|bonjour|salut|ch[eè]re?s?|hola|ciao)\b"
        r"[^.!?]{0,60}[,!.]?$"
    ),
    r"(?:hello|hi|welcome)\b[^.!?]{0,40}\b(?:to|and welcome)\b",
    r"happy (?:reading|coding|hacking|new year|\w+day)\b",
    r"in this (?:week|month|issue|edition|newsletter)\b",
    r"this (?:edition|newsletter|(?:week|month)['’]s (?:newsletter|issue|edition))\b",
    (
        r"this issue(?: of\b|,|['’]s\b| (?:we|i|covers|contains|brings|includes|features|looks|marks|takes|highlights"
        r"|starts|focuses|presents|collects|is (?:the (?:first|last|\d|\w+nd|\w+rd|\w+th)|number|about|dedicated"
        r"|devoted|sponsored|brought|all)))\b"
    ),
)
CLOSINGS = (
    (
        r"(?:view|read|open) (?:this |it )?(?:(?:e-?mail|message|newsletter|issue|edition|post|campaign|online) )?"
        r"(?:in|on) (?:your |the )?(?:browser|web)\b"
    ),
    (
        r"(?:(?:this )?(?:e-?mail|message|newsletter) not (?:displaying|rendering|showing)\b|(?:having )?trouble"
        r" viewing(?: (?:this|it|the (?:e-?)?mail)\b|\?))"
    ),
    r"(?:im browser|online) (?:ansehen|anzeigen|lesen|öffnen)\b",
    r"(?:voir|lire|afficher|ver|leer)\b.{0,40}\b(?:navigateur|navegador)\b",
    r"(?:.{0,80}\b)?unsubscribe\b(?! (?:links?|buttons?|headers?|is|are)\b)",
    r"(?:this|the) (?:e-?mail|message|newsletter) was sent\b",
    (
        r"you(?:['’]ve| have| are|['’]re)? (?:received|receiving|getting) (?:this|these|it|our|the|(?:e-?)?mails?)\b"
        r".{0,60}\b(?:because|since|as)\b"
    ),
    r"(?:thanks|thank you) for (?:reading|subscribing)\b",
    r"(?:thanks|thank you) to (?:our|all|everyone|everybody)\b(?!.{0,80}, (?:the|a|an|it|this|that|there|version) )",
    r"(?:that['’]s|that is) (?:all|it)\b.{0,40}\b(?:week|month|now|today|issue|folks)\b",
    (
        r"(?:many )?thanks to .{1,60} for (?:the|this|their|his|her)\b.{0,30}"
        r"\b(?:suggestion|nomination|tip|recommendation)s?\b"
    ),
    r"(?:see you|until) next (?:week|month|time)(?:,? [^.,!?]{0,24})?(?:[.!?…]|\W{0,4}$)",
    r"(?:bis (?:nächste\w*|bald|zum nächsten)|à (?:bientôt|la (?:semaine )?prochaine)|hasta (?:luego|pronto))\b",
    (
        r"(?:if you (?:have|would like|want|enjoy|like)|got|have)\b(?=.{0,200}\b(?:us|me|our|this|these|newsletter"
        r"|issue|next|features?d?|includ\w+|feedback|questions?|comments?|suggest\w+)\b).{0,120}"
        r"\b(?:reply|let us know|contact us|get in touch|submit|subscribe|e-?mail us|write to us)\b"
    ),
    r"(?:please )?(?:submit|send)\b.{0,60}\b(?:suggestions|contributions|submissions|links|items|to us)\b",
    r"(?:you can reach the person managing the list|when replying, please edit your subject)\b",
    r"(?:to subscribe or|or, via e-?mail, send a message with)\b",
    (
        r"(?:would you like|do you want|want) to\b(?=.{0,120}\b(?:here|featured?|listed|included?|mentioned|newsletter"
        r"|next (?:issue|edition|week)|readers|subscribers|sponsor|blogger|author|contributor|introduce)\b).{0,80}"
        r"\b(?:your(?:self)?|us)\b.{0,40}\?"
    ),
    r"(?:share|subscribe(?: now)?|leave a comment|refer a friend|upgrade to paid|read in app|restack)$",
    r"(?:それでは|では、?また|また来週)",
    r"copyright\b.{0,60}(?:©|\(c\)|\b(?:19|20)\d\d\b|all rights reserved)|(?:copyright )?©",
    r"(?:subscribe|sign up)\b.{0,80}\b(?:newsletter|feed|rss|e-?mail|mailing list)\b",
    (
        r"(?:this (?:newsletter|issue|edition|report)|the newsletter)\b.{0,60}"
        r"\b(?:was|is) (?:curated|edited|produced|brought|written|compiled)\b(?! off\b)"
    ),
    r"(?:.{0,40}\bis )?(?:edited|curated) by\b",
    r".{0,40}\b(?:newsletter|weekly|monthly|news|digest|issue|edition|review)\b.{0,20} is (?:written|maintained) by\b",
)
FURNITURE = re.compile(
    r"(?:(?:table of )?contents|in this (?:issue|edition|newsletter)|inhalt|sommaire|impressum|mitmachen"
    r"|credits?|colophon|acknowledge?ments?|unsubscribe|feedback|contact(?: us)?|disclaimer|imprint"
    r"|about (?:us|this (?:newsletter|issue)|the (?:authors?|editors?|newsletter))|follow us.*"
    r"|stay (?:in touch|connected)"
    r"|(?:how to |want to )?(?:subscribe|contribute)(?: to .*(?:newsletter|weekly|news))?"
    r"|digest footer|thanks?(?: you)? for reading|until next time|(?:(?:special|many|our) )?thanks|thank you"
    r"|that['’]s (?:all|it)\b.*|see you (?:soon|next.*)|share (?:this|with).*)",
    re.I,
)
# Names of sections that only thank people: "New contributors", "Thanks to our contributors".
CONTRIBUTORS = re.compile(
    r"(?:(?:thanks?(?: you)? to|our|all|new|first[- ]time|the|this (?:week|month|release)['’]s) ){0,4}+"
    r"(?:contributors?|contributions by|first contributions?)(?: (?:this|to|of|in) .{1,40})?",
    re.I,
)
# Words of a line that thanks people, rather than says what they did.
THANKING = re.compile(
    r"\b(?:thank\w*|thx|kudos|shout[- ]?outs?|credits?|contribut\w+|courtesy|grateful|gratitude|appreciat\w+"
    r"|sponsors?|supporters?|backers?|patrons?|reviewers?|(?:curated|compiled|edited|assembled|written|reviewed) by"
    r"|editors?|dank\w*|merci|gracias|grazie|obrigad[oa]s?)\b|感谢|感謝|ありがとう",
    re.I,
)
# Names of sections that list things of one kind: "Latest articles", "Upcoming events", "News from our partners".
LISTING = re.compile(
    r"(?:[\w'’-]+ ){0,3}(?:articles|news|events|meetups|releases|jobs|videos|talks|podcasts|projects|packages|tools"
    r"|links|tutorials|announcements|posts|papers|presentations|discussions|resources|libraries|conferences)"
    r"(?: (?:and|&|/) [\w'’-]+)?(?: (?:from|in|of|about|for|by|around) .{1,60})?",
    re.I,
)
EDGES = re.compile(r"^\W+|\W+$")

SHORT = 30  # words of a paragraph whose last sentences decide
ENDING = re.compile(rf"(?<=[.!?]) +(?:{'|'.join(CLOSINGS)})", re.I)
OPENING, CLOSING = (re.compile(rf"^\W{{0,4}}(?:{'|'.join(each)})", re.I) for each in (OPENINGS, CLOSINGS))


def is_formula(block: Block) -> bool:
    """Return whether a paragraph is a greeting, a sign-off or a notice to subscribers, or a short one ends as such."""
    if block.kind != "paragraph" or block.depth:
        return False
    if CLOSING.search(block.text) or (OPENING.search(block.text) and not opens_with_link(block)):
        return True
    return len(block.text.split()) <= SHORT and not any(block.links()) and ENDING.search(block.text) is not None


def is_furniture(name: str) -> bool:
    """Return whether a section with this name contains credits, notices to subscribers and the like."""
    return FURNITURE.fullmatch(EDGES.sub("", " ".join(name.split()))) is not None


def names_contributors(name: str) -> bool:
    """Return whether a section with this name lists the people who contributed."""
    return CONTRIBUTORS.fullmatch(EDGES.sub("", " ".join(name.split()))) is not None


def thanks(text: str) -> bool:
    """Return whether a text contains words of thanks or credit."""
    return THANKING.search(text) is not None


def is_listing(name: str) -> bool:
    """Return whether a section's name announces a list of things of one kind."""
    return LISTING.fullmatch(EDGES.sub("", " ".join(name.split()))) is not None
