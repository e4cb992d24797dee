extends RefCounted
## What Godot 4 does otherwise than Godot 3; the rest of this addon is one source for both. Godot 3 has its own file of the
## same functions, everything else there is made from here by to_godot3.py.

const ENGINE = "godot 4"


## Seconds of a clock that only goes forward.
static func now() -> float:
	return Time.get_ticks_usec() * 1e-6


## Little-endian float32 numbers as they travel.
static func floats(bytes: PackedByteArray) -> PackedFloat32Array:
	return bytes.to_float32_array()


static func bytes_of(numbers: PackedFloat32Array) -> PackedByteArray:
	return numbers.to_byte_array()


## Bytes from .. to, without the last.
static func part(bytes: PackedByteArray, from: int, to: int) -> PackedByteArray:
	return bytes.slice(from, to)


## The stream's status, as it is now.
static func status(stream: StreamPeerTCP) -> int:
	if stream.get_status() != StreamPeerTCP.STATUS_NONE:
		stream.poll()
	return stream.get_status()


static func start(thread: Thread, object: Object, method: String) -> int:
	return thread.start(Callable(object, method))


## A bone's turn and place in its parent's space; its scale stays.
static func pose_bone(skeleton: Skeleton3D, bone: int, turn: Quaternion, place: Vector3) -> void:
	skeleton.set_bone_pose_rotation(bone, turn)
	skeleton.set_bone_pose_position(bone, place)


## Put a new skeleton into its rest pose: its bones lie in one point else.
static func stand(skeleton: Skeleton3D) -> void:
	skeleton.reset_bone_poses()


## The number of the game's frame.
static func frame() -> int:
	return Engine.get_process_frames()


## What a mesh in one colour is made of.
static func paint(colour: Color) -> Material:
	var material := StandardMaterial3D.new()
	material.albedo_color = colour
	return material
