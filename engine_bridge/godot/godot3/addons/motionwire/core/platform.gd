extends Reference
# What Godot 3 does otherwise than Godot 4; the rest of this addon is made from the Godot 4 sources by to_godot3.py.

const ENGINE = "godot 3"


# Seconds of a clock that only goes forward.
static func now() -> float:
	return OS.get_ticks_usec() * 1e-6


# Little-endian float32 numbers as they travel: Godot's own format has a head of two 32-bit numbers before them.
static func floats(bytes: PoolByteArray) -> PoolRealArray:
	var size = bytes.size() / 4
	var packed = PoolByteArray([TYPE_REAL_ARRAY, 0, 0, 0, size & 0xff, size >> 8 & 0xff, size >> 16 & 0xff, size >> 24 & 0xff])
	packed.append_array(bytes)
	return bytes2var(packed)


static func bytes_of(numbers: PoolRealArray) -> PoolByteArray:
	return part(var2bytes(numbers), 8, 8 + 4 * numbers.size())


# Bytes from .. to, without the last.
static func part(bytes: PoolByteArray, from: int, to: int) -> PoolByteArray:
	return bytes.subarray(from, to - 1) if to > from else PoolByteArray()


# The stream's status, as it is now.
static func status(stream: StreamPeerTCP) -> int:
	return stream.get_status()


static func start(thread: Thread, object: Object, method: String) -> int:
	return thread.start(object, method)


# A bone's turn and place in its parent's space; its scale stays. Godot 3 counts a pose from the rest, which has the scale.
static func pose_bone(skeleton: Skeleton, bone: int, turn: Quat, place: Vector3) -> void:
	var rest = skeleton.get_bone_rest(bone)
	var turned = Basis(turn * rest.basis.get_rotation_quat().inverse()) * rest.basis
	skeleton.set_bone_pose(bone, rest.affine_inverse() * Transform(turned, place))


# Put a new skeleton into its rest pose: Godot 3 counts poses from there.
static func stand(_skeleton: Skeleton) -> void:
	pass


# The number of the game's frame.
static func frame() -> int:
	return Engine.get_idle_frames()


# What a mesh in one colour is made of.
static func paint(colour: Color) -> Material:
	var material = SpatialMaterial.new()
	material.albedo_color = colour
	return material
