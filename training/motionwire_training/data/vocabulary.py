"""Words for the labels of the Bandai Namco, CMU and ReActIdle clips: what captions.py combines into sentences.

A content's predicates complete "a person ...". Sides are written out as left and right: a mirrored clip swaps the words.
"""

LOCOMOTION = (
    "walks", "walks forward", "walks ahead", "takes a walk", "strolls along", "goes on foot", "steps forward at a walk",
    "walks in a straight line", "moves forward walking", "paces ahead",
)  # fmt: skip
RUNNING = (
    "runs", "runs forward", "jogs", "jogs ahead", "goes for a run", "runs along", "runs in a straight line", "moves at a run",
    "keeps running",
)  # fmt: skip
SPRINTING = (
    "dashes", "sprints", "dashes forward", "runs at full speed", "breaks into a sprint", "races ahead", "runs as fast as possible",
    "makes a dash", "rushes forward",
)  # fmt: skip


def _turn(side: str) -> tuple[str, ...]:
    return (
        f"walks and turns {side}", f"turns {side} while walking", f"walks, then turns to the {side}", f"makes a {side} turn while walking",
        f"walks around a corner to the {side}", f"walks forward and veers {side}", f"strolls and takes a {side} turn",
        f"changes direction to the {side} at a walk", f"walks in a curve to the {side}",
    )  # fmt: skip


def _aside(side: str) -> tuple[str, ...]:
    return (
        f"walks to the {side}", f"walks {side}", f"walks towards the {side} side", f"heads {side} at a walk", f"walks off to the {side}",
        f"moves to the {side} on foot", f"walks {side} with the body turned", f"walks diagonally to the {side}", f"goes {side} at a walk",
    )  # fmt: skip


def _raise(hand: str) -> tuple[str, ...]:
    return (
        f"raises {hand}", f"lifts {hand}", f"puts {hand} up", f"holds {hand} up", f"raises {hand} in the air", f"lifts {hand} overhead",
        f"reaches up with {hand}", f"stands and raises {hand}", f"brings {hand} up",
    )  # fmt: skip


def _wave(hand: str) -> tuple[str, ...]:
    return (
        f"waves {hand}", f"waves with {hand}", f"stands and waves {hand}", f"greets someone by waving {hand}",
        f"swings {hand} to say hello",
        f"gives a wave with {hand}", f"shakes {hand} in greeting", f"signals with a wave of {hand}", f"lifts and waves {hand}",
    )  # fmt: skip


BYE = (
    "waves goodbye", "says goodbye with a wave", "waves farewell", "bids farewell", "waves to someone who leaves", "says bye",
    "gives a parting wave", "takes leave with a wave",
)  # fmt: skip

PREDICATES: dict[str, tuple[str, ...]] = {
    "walk": LOCOMOTION,
    "run": RUNNING,
    "dash": SPRINTING,
    "walk-turn-left": _turn("left"),
    "walk-turn-right": _turn("right"),
    "walk-left": _aside("left"),
    "walk-right": _aside("right"),
    "walk-back": (
        "walks backward", "walks backwards", "steps back", "moves backward at a walk", "backs away", "retreats on foot",
        "takes steps backward", "goes in reverse on foot", "walks back",
    ),
    "raise-up-left-hand": _raise("the left hand"),
    "raise-up-right-hand": _raise("the right hand"),
    "raise-up-both-hands": _raise("both hands"),
    "wave-left-hand": _wave("the left hand"),
    "wave-right-hand": _wave("the right hand"),
    "wave-both-hands": _wave("both hands"),
    "bow": (
        "bows", "takes a bow", "bends forward in a bow", "bows in greeting", "makes a polite bow", "bows down", "lowers the head and bows",
        "greets with a bow", "bows from the waist",
    ),
    "bye": BYE,
    "byebye": BYE,
    "call": (
        "calls someone over", "beckons", "calls out to someone", "waves someone closer", "gestures to come here", "signals someone to come",
        "hails someone", "summons somebody with a gesture",
    ),
    "respond": (
        "responds to a call", "answers someone", "reacts to being called", "gives a response", "replies with a gesture",
        "acknowledges somebody", "responds with a gesture", "turns attention to someone who calls",
    ),
    "guide": (
        "shows the way", "guides someone", "points out the way", "gestures in a direction", "directs someone with an arm",
        "ushers a guest along", "indicates where to go", "leads the way with a gesture",
    ),
    "kick": (
        "kicks", "throws a kick", "kicks forward", "swings a leg in a kick", "delivers a kick", "strikes with a foot", "performs a kick",
        "lashes out with a leg",
    ),
    "punch": (
        "punches", "throws a punch", "punches forward", "strikes with a fist", "delivers a punch", "hits out with a fist",
        "throws a jab", "performs a punch",
    ),
    "slash": (
        "slashes", "swings a sword", "cuts with a blade", "makes a slashing swing", "slashes with a sword", "strikes with a blade",
        "performs a slash", "swings a weapon down",
    ),
    "dance-short": (
        "dances", "does a short dance", "dances on the spot", "performs a dance", "dances for a moment", "makes a few dance moves",
        "moves to music", "shows a short dance routine",
    ),
    "dance-long": (
        "dances", "does a long dance", "performs a dance", "dances on and on", "keeps dancing", "shows a dance routine", "moves to music",
        "dances for a while",
    ),
    "idle": (
        "stands idle", "stands still", "waits", "stands around", "stands and waits", "idles", "stays in place",
        "stands there doing nothing",
        "shifts weight while standing", "lingers on the spot",
    ),
    "salsa": (
        "dances salsa", "dances the salsa", "performs salsa steps", "salsa dances", "does a salsa dance", "steps and turns in a salsa",
        "moves through a salsa routine", "dances to latin music",
    ),
    "indian": (
        "performs an Indian dance", "dances a classical Indian dance", "does an Indian dance", "dances in the Indian style",
        "moves through an Indian dance", "dances with Indian hand gestures", "shows a traditional Indian dance",
        "performs Indian dance steps",
    ),
    "martial": (
        "practises martial arts", "performs martial arts", "does martial arts moves", "trains fighting moves",
        "goes through a martial arts form",
        "kicks and punches in a martial arts routine", "shows martial arts techniques", "practises kung fu",
    ),
}  # fmt: skip

# style -> (adverbials behind the predicate, subjects instead of "a person")
STYLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "active": (
        ("actively", "energetically", "with a lot of energy", "briskly", "full of vigor", "in a lively way"),
        ("an energetic person", "a lively person"),
    ),
    "normal": (("", "", "normally", "in a neutral way", "casually", "as usual"), ("a person", "someone")),
    "exhausted": (
        ("exhaustedly", "wearily", "while tired", "worn out", "drained of energy", "in an exhausted way", "as if about to collapse"),
        ("an exhausted person", "a worn out person", "a tired person"),
    ),
    "tired": (
        ("tiredly", "wearily", "in a tired way", "sluggishly", "with little energy", "as if short of sleep"),
        ("a tired person", "a weary person"),
    ),
    "elderly": (
        ("like an old man", "like an elderly person", "slowly with age", "in an elderly way", "frailly", "with a stooped back"),
        ("an elderly person", "an old man", "an old person"),
    ),
    "old": (
        ("like an old man", "like an old person", "in an old way", "stiffly with age", "frailly", "as the aged do"),
        ("an old person", "an elderly person", "an old man"),
    ),
    "feminine": (
        ("femininely", "like a woman", "in a feminine way", "gracefully like a lady", "with feminine poise", "daintily"),
        ("a woman", "a lady"),
    ),
    "masculine": (
        ("like a man", "in a masculine way", "with a manly bearing", "in a macho way", "with broad shoulders", "like a tough guy"),
        ("a man", "a manly person"),
    ),
    "masculinity": (
        ("like a man", "in a masculine way", "with masculinity", "in a manly way", "in a macho way", "like a tough guy"),
        ("a man", "a manly person"),
    ),
    "youthful": (
        ("youthfully", "like a youngster", "in a youthful way", "with youthful spirit", "like a teenager", "with a spring in the step"),
        ("a young person", "a youngster", "a teenager"),
    ),
    "angry": (
        ("angrily", "in anger", "in an angry way", "furiously", "while mad at someone", "in a rage"),
        ("an angry person", "a furious person"),
    ),
    "childish": (
        ("childishly", "like a child", "in a childish way", "like a little kid", "playfully like a child"),
        ("a child", "a little kid"),
    ),
    "chimpira": (
        ("like a thug", "like a young gangster", "with a swagger", "like a street punk", "in a cocky way"),
        ("a thug", "a punk", "a hoodlum"),
    ),
    "giant": (
        ("like a giant", "heavily like a giant", "ponderously", "like a huge creature", "with enormous weight"),
        ("a giant", "a huge person"),
    ),
    "happy": (
        ("happily", "in a happy mood", "cheerfully", "joyfully", "full of joy", "in high spirits"),
        ("a happy person", "a cheerful person"),
    ),
    "musical": (
        ("to the music", "rhythmically", "as in a musical", "like a musical performer", "in time with music", "theatrically"),
        ("a musical performer", "a stage performer"),
    ),
    "not-confident": (
        ("without confidence", "timidly", "hesitantly", "shyly", "unsure of themselves", "in an insecure way"),
        ("a timid person", "an insecure person"),
    ),
    "sad": (
        ("sadly", "in a sad mood", "sorrowfully", "dejectedly", "while feeling down", "unhappily"),
        ("a sad person", "a dejected person"),
    ),
    "acted": (("", "deliberately", "in a posed way"), ("a person", "an actor")),
    "genuine": (("", "naturally", "while waiting"), ("a person", "someone")),
}

SUBJECTS = ("a person", "someone", "the character", "a figure", "a human")

# CMU's descriptions are notes ("walk", "basketball - dribble, shoot"): whole notes that have better words.
NOTES: dict[str, str] = {
    "walk": "walk",
    "slow walk": "walk slowly",
    "brisk walk": "walk briskly",
    "run": "run",
    "run/jog": "run",
    "stands idle": "idle",
    "salsa dance": "salsa",
    "Indian dance": "indian",
    "martial arts": "martial",
}
NOTE_SENTENCES: dict[str, tuple[str, ...]] = {
    "walk slowly": (
        "walks slowly", "strolls slowly", "walks at a slow pace", "takes a slow walk", "ambles along", "moves forward at a slow walk",
        "walks leisurely", "saunters ahead",
    ),
    "walk briskly": (
        "walks briskly", "walks fast", "walks at a quick pace", "strides along quickly", "hurries forward at a walk", "power walks",
        "walks in a hurry", "marches ahead",
    ),
    "slow walk/stride": (
        "walks slowly with long strides", "strides slowly", "takes slow strides", "walks at a slow, striding pace", "strides along slowly",
        "walks slowly", "takes long slow steps", "walks forward in slow strides",
    ),
    "walk/stride": (
        "strides forward", "walks with long strides", "walks in strides", "takes long steps", "strides along", "walks ahead striding",
        "walks with a long stride", "marches forward",
    ),
    "walk, exaggerated stride": (
        "walks with an exaggerated stride", "takes exaggerated steps", "walks with huge strides", "strides in an exaggerated way",
        "walks with very long steps", "stomps forward with big strides", "takes giant strides", "walks with oversized steps",
    ),
    "walk on uneven terrain": (
        "walks on uneven terrain", "walks over rough ground", "walks across uneven ground", "picks a way over rough terrain",
        "steps over bumpy ground", "hikes over uneven ground", "walks up and down over obstacles", "makes a way across rough terrain",
    ),
    "navigate - walk forward, backward, sideways": (
        "walks forward, backward and sideways", "walks around in different directions", "walks forward, then back, then to the side",
        "navigates by walking in all directions", "steps forward, backward and sideways", "walks about changing direction",
        "paces forward, back and sideways", "wanders in several directions",
    ),
    "jump, balance": (
        "jumps and balances", "jumps and keeps balance", "hops, then balances", "leaps and lands in balance", "jumps, then holds still",
        "makes a jump and balances", "jumps up and steadies", "balances after a jump",
    ),
    "punch/strike": (
        "punches and strikes", "throws punches", "strikes out with the fists", "boxes", "punches the air", "hits with both fists",
        "delivers several punches", "fights with punches",
    ),
    "bend over, scoop up, rise, lift arm": (
        "bends over, scoops something up and lifts an arm", "bends down and scoops something up", "picks something up and raises an arm",
        "scoops up something from the ground", "bends over, rises and lifts an arm", "stoops, scoops and stands up again",
        "gathers something from the floor and lifts it", "leans down, scoops up and reaches high",
    ),
    "wash self": (
        "washes", "washes the body", "scrubs arms and body", "takes a wash", "pretends to wash", "cleans the body",
        "rubs down while washing",
        "takes a shower",
    ),
    "swordplay": (
        "fights with a sword", "swings a sword", "practises swordplay", "fences", "does sword moves", "cuts the air with a sword",
        "wields a sword", "strikes and parries with a sword",
    ),
    "playground - forward jumps, turn around": (
        "jumps forward and turns around", "makes forward jumps, then turns around", "hops forward and turns",
        "leaps ahead, then turns around",
        "jumps ahead several times and turns back", "jumps forward on a playground", "takes jumps forward and spins around",
        "bounds forward, then turns around",
    ),
}  # fmt: skip
