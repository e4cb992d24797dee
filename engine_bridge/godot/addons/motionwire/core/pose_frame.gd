extends RefCounted
## Characters at one moment. Numbers are unpacked when they are first asked for: a crowd costs nothing per character before.

const Fields = preload("fields.gd")
const Platform = preload("platform.gd")

var seq := 0
var stream := false
var ts := 0.0  # s of the server's clock
var arrived := 0.0  # s of this program's clock
var characters := []
var count := 0
var joints := 0
var events := []  # dictionaries: kind, character, foot, ref, message, ago (s; left out where it is 0)
var teleported := {}  # see `teleports_of`

var _blobs := {}
var _numbers := {}
var _rows := {}  # row of each character


## What is wrong with a `pose` message, or the frame.
static func problem_of(message: Dictionary, joints_wanted: int) -> String:
	var sizes := {"data": 3 + 4 * joints_wanted, "phase": 1, "contacts": 4, "root_delta": 3, "root": 3}
	if typeof(message.get("characters")) != TYPE_ARRAY or typeof(message.get("events")) != TYPE_ARRAY:
		return "a pose without characters or events"
	var listed: int = message["characters"].size()
	if typeof(message.get("seq")) != TYPE_INT or not typeof(message.get("ts")) in [TYPE_FLOAT, TYPE_INT]:
		return "a pose without seq or ts"
	if not abs(message["ts"]) < 1e12:  # NAN, too
		return "a pose of no time"
	if typeof(message.get("joints")) != TYPE_INT or message["joints"] != joints_wanted:
		return "a pose of other joints than the skeleton's"
	for name in sizes:
		if typeof(message.get(name)) != TYPE_PACKED_BYTE_ARRAY or message[name].size() != 4 * sizes[name] * listed:
			return "a pose whose %s is not of %d characters" % [name, listed]
	if typeof(message.get("acting")) != TYPE_PACKED_BYTE_ARRAY or message["acting"].size() != listed:
		return "a pose whose acting is not of %d characters" % listed
	for event in message["events"]:
		if typeof(event) != TYPE_DICTIONARY or typeof(event.get("kind")) != TYPE_STRING:
			return "a pose with an event that has no kind"
	return ""


## From a message that is without problem.
func fill(message: Dictionary, at: float) -> void:
	seq = message["seq"]
	stream = Fields.same(message.get("stream"), true)
	ts = message["ts"]
	arrived = at
	characters = message["characters"]
	count = characters.size()
	joints = message["joints"]
	events = message["events"]
	_blobs = message


## The row of a character in this frame, -1 without it.
func row_of(character: int) -> int:
	if _rows.size() != count:
		for row in count:
			_rows[characters[row]] = row
	return _rows.get(character, -1)


## How many teleports of a character had been answered: a pose with fewer than were asked for shows the place before.
func teleports_of(character: int) -> int:
	return teleported.get(character, 0)


func root_position(row: int) -> Vector3:
	return _vector("data", row * (3 + 4 * joints))


## Local rotation of a joint; of joint 0 the rotation in the world.
func rotation(row: int, joint: int) -> Quaternion:
	var numbers := _floats("data")
	var at := row * (3 + 4 * joints) + 3 + 4 * joint
	return Quaternion(numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3])


func rotations(row: int) -> Array:
	var numbers := _floats("data")
	var at := row * (3 + 4 * joints) + 3
	var turns := []
	for _joint in joints:
		turns.append(Quaternion(numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]))
		at += 4
	return turns


## x, z in m and heading in rad of the root in the world.
func root(row: int) -> Vector3:
	return _vector("root", 3 * row)


## x, z in m in the heading frame of the frame before, and turn in rad.
func root_delta(row: int) -> Vector3:
	return _vector("root_delta", 3 * row)


## Left heel, left toe, right heel, right toe: 0..1.
func contacts(row: int) -> PackedFloat32Array:
	var numbers := _floats("contacts")
	return PackedFloat32Array([numbers[4 * row], numbers[4 * row + 1], numbers[4 * row + 2], numbers[4 * row + 3]])


## Gait phase in rad.
func phase(row: int) -> float:
	return _floats("phase")[row]


func acting(row: int) -> bool:
	return _blobs["acting"][row] == 1


func _vector(name: String, at: int) -> Vector3:
	var numbers := _floats(name)
	return Vector3(numbers[at], numbers[at + 1], numbers[at + 2])


func _floats(name: String) -> PackedFloat32Array:
	if not _numbers.has(name):
		_numbers[name] = Platform.floats(_blobs[name])
	return _numbers[name]
