extends Reference
# Poses any skeleton from canonical joints, relative to its T-pose: a bone stands as the joint's turn times the bone's own
# stand in the T-pose. The T-pose is the rig's rest with arms and legs put straight, so that a rig which rests with its arms
# down follows too. "Model space" is that of the character's node: metres, Y up, facing +Z.

const Platform = preload("platform.gd")
const Turns = preload("turns.gd")
const BoneNames = preload("bone_names.gd")

# Joint -> the next one of its limb, which must lie where it does in the canonical T-pose.
const LIMBS = {
	"left_shoulder": "left_elbow", "left_elbow": "left_wrist", "right_shoulder": "right_elbow", "right_elbow": "right_wrist",
	"left_hip": "left_knee", "left_knee": "left_ankle", "right_hip": "right_knee", "right_knee": "right_ankle",
}
const FOLLOWS = {"left_wrist": "left_elbow", "right_wrist": "right_elbow"}  # hands go with the forearm, feet stay flat

var size := 1.0  # leg length of the rig over that of the canonical skeleton
var problem := ""

var _skeleton: Skeleton
var _parents := []
var _bones := []  # per joint: its bone, -1 without one
var _above := []  # per joint: the joint of the nearest posed bone above its bone, -1 without one
var _between := []  # per joint: turn of the bones in between, at rest; without one above, of all bones above
var _stands := []  # per joint: its bone's turn in the T-pose, model space
var _places := []  # per joint: its bone's place in its parent
var _into := Quat()  # turn from model space into the skeleton's
var _hips := Transform()  # from model space into the space of the hips' parent
var _lift := 0.0  # m, between the hips of the rig and of the canonical skeleton, in their T-poses


# model: the character's node, above the skeleton. own: joint -> bone, where names tell nothing. False: see `problem`.
func set_up(skeleton: Skeleton, model: Spatial, names: Array, parents: Array, offsets: PoolRealArray, own := {}) -> bool:
	_skeleton = skeleton
	_parents = parents
	var named := BoneNames.find(skeleton, own)
	for joint in ["pelvis", "left_hip", "left_knee", "left_ankle", "right_hip", "right_knee", "right_ankle"]:
		if not names.has(joint):
			problem = "the server's skeleton has no %s" % joint
			return false
		if not named.has(joint) or skeleton.find_bone(named[joint]) < 0:
			problem = "no bone for %s: set `bones` of the character" % joint
			return false
	var to_model := model.global_transform.affine_inverse() * skeleton.global_transform
	_into = to_model.basis.get_rotation_quat().inverse()
	_bones = []
	var joint_of := {}
	for joint in names.size():
		_bones.append(skeleton.find_bone(named[names[joint]]) if named.has(names[joint]) else -1)
		joint_of[_bones[joint]] = joint
	_look_up(joint_of)
	_straighten(to_model, names, offsets)
	var hips_parent := Transform()
	var above := skeleton.get_bone_parent(_bones[0])
	if above >= 0:
		hips_parent = _rest(above)
	_hips = (to_model * hips_parent).affine_inverse()
	var thigh := names.find("left_knee")
	var shin := names.find("left_ankle")
	var leg := _offset(offsets, thigh).length() + _offset(offsets, shin).length()
	if not leg > 0.01:
		problem = "the server's skeleton has no legs"
		return false
	var hip := _model_place(to_model, names.find("left_hip"))
	var knee := _model_place(to_model, thigh)
	size = (hip.distance_to(knee) + knee.distance_to(_model_place(to_model, shin))) / leg
	_lift = _model_place(to_model, 0).y - size * _offset(offsets, 0).y
	problem = ""
	return true


# turns: local rotation of each joint, of joint 0 in model space; place: of joint 0 in model space, in the canonical size.
# False: these are no rotations or no place, and the pose stays as it was.
func pose(place: Vector3, turns: Array) -> bool:
	if not Turns.is_place(place):
		return false
	for turn in turns:
		if not Turns.is_turn(turn):
			return false
	var world := []
	var stands := []
	for joint in turns.size():
		world.append(turns[joint] if joint == 0 else world[_parents[joint]] * turns[joint])
		if _bones[joint] < 0:
			stands.append(null)
			continue
		var stand: Quat = (_into * world[joint] * _stands[joint]).normalized()
		stands.append(stand)
		var above: Quat = _between[joint] if _above[joint] < 0 else stands[_above[joint]] * _between[joint]
		var at: Vector3 = _places[joint] if joint > 0 else _hips * (place * size + Vector3(0.0, _lift, 0.0))
		Platform.pose_bone(_skeleton, _bones[joint], (above.inverse() * stand).normalized(), at)
	return true


# Where a joint's bone is now, in the world.
func place_of(joint: int) -> Vector3:
	if _bones[joint] < 0:
		return _skeleton.global_transform.origin
	return (_skeleton.global_transform * _skeleton.get_bone_global_pose(_bones[joint])).origin


# What stands between the posed bones.
func _look_up(joint_of: Dictionary) -> void:
	_above = []
	_between = []
	_places = []
	for joint in _bones.size():
		var between := Quat()
		var bone: int = _bones[joint]
		_places.append(_skeleton.get_bone_rest(bone).origin if bone >= 0 else Vector3())
		var up := _skeleton.get_bone_parent(bone) if bone >= 0 else -1
		while up >= 0 and not joint_of.has(up):
			between = _skeleton.get_bone_rest(up).basis.get_rotation_quat() * between
			up = _skeleton.get_bone_parent(up)
		_above.append(joint_of[up] if up >= 0 else -1)
		_between.append(between)


# How each bone stands in the T-pose.
func _straighten(to_model: Transform, names: Array, offsets: PoolRealArray) -> void:
	_stands = []
	var corrections := {}
	for joint in _bones.size():
		var name: String = names[joint]
		var correction := Quat()
		var next: int = names.find(LIMBS[name]) if LIMBS.has(name) else -1
		if next >= 0 and _bones[joint] >= 0 and _bones[next] >= 0:
			var before: Quat = corrections.get(_parents[joint], Quat()) if LIMBS.has(names[_parents[joint]]) else Quat()
			var lies: Vector3 = before * (_model_place(to_model, next) - _model_place(to_model, joint))
			correction = Turns.arc(lies, _offset(offsets, next)) * before
		elif FOLLOWS.has(name):
			correction = corrections[names.find(FOLLOWS[name])]
		corrections[joint] = correction
		if _bones[joint] < 0:
			_stands.append(Quat())
		else:
			_stands.append(correction * (to_model * _rest(_bones[joint])).basis.get_rotation_quat())


func _model_place(to_model: Transform, joint: int) -> Vector3:
	return (to_model * _rest(_bones[joint])).origin


# A bone at rest, in the skeleton's space.
func _rest(bone: int) -> Transform:
	var rest := Transform()
	while bone >= 0:
		rest = _skeleton.get_bone_rest(bone) * rest
		bone = _skeleton.get_bone_parent(bone)
	return rest


static func _offset(offsets: PoolRealArray, joint: int) -> Vector3:
	return Vector3(offsets[3 * joint], offsets[3 * joint + 1], offsets[3 * joint + 2])
