extends RefCounted
## A clip that was generated from a sentence, and how it becomes an Animation for a skeleton.

const Fields = preload("fields.gd")
const Platform = preload("platform.gd")

var fps := 30.0
var frames := 0
var joints := 0
var names := []
var parents := []
var offsets := PackedFloat32Array()
var data := PackedFloat32Array()  # per frame root position, then local rotations x, y, z, w

var _broken := false


func begin(message: Dictionary, joint_names: Array, joint_parents: Array) -> void:
	var rate = message.get("fps")
	fps = rate if typeof(rate) in [TYPE_FLOAT, TYPE_INT] and rate > 0 else 30.0
	names = joint_names
	parents = joint_parents
	joints = names.size()
	var blob = message.get("offsets")
	if typeof(blob) == TYPE_PACKED_BYTE_ARRAY and blob.size() == 12 * joints:
		offsets = Platform.floats(blob)
	else:
		_broken = true


func add(message: Dictionary) -> void:
	var blob = message.get("data")
	var fits: bool = typeof(blob) == TYPE_PACKED_BYTE_ARRAY and blob.size() % (4 * (3 + 4 * joints)) == 0
	if not fits or not Fields.same(message.get("first"), frames):
		_broken = true
		return
	data.append_array(Platform.floats(blob))
	frames = data.size() / (3 + 4 * joints)


## Whether all that was announced has come.
func is_whole(end_message: Dictionary) -> bool:
	return not _broken and frames > 0 and end_message.get("frames") == frames


func root_position(frame: int) -> Vector3:
	var at := frame * (3 + 4 * joints)
	return Vector3(data[at], data[at + 1], data[at + 2])


func rotations(frame: int) -> Array:
	var at := frame * (3 + 4 * joints) + 3
	var turns := []
	for _joint in joints:
		turns.append(Quaternion(data[at], data[at + 1], data[at + 2], data[at + 3]))
		at += 4
	return turns
