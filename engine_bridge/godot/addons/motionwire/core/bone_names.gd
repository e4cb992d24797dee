extends RefCounted
## Which bone of a rig follows which canonical joint: by the names of the usual rigs.

## Canonical joint -> its name in Godot's humanoid profile, Mixamo and the Unreal mannequin.
const RIGS = {
	"pelvis": ["Hips", "Hips", "pelvis"],
	"left_hip": ["LeftUpperLeg", "LeftUpLeg", "thigh_l"],
	"right_hip": ["RightUpperLeg", "RightUpLeg", "thigh_r"],
	"spine1": ["Spine", "Spine", "spine_01"],
	"left_knee": ["LeftLowerLeg", "LeftLeg", "calf_l"],
	"right_knee": ["RightLowerLeg", "RightLeg", "calf_r"],
	"spine2": ["Chest", "Spine1", "spine_02"],
	"left_ankle": ["LeftFoot", "LeftFoot", "foot_l"],
	"right_ankle": ["RightFoot", "RightFoot", "foot_r"],
	"spine3": ["UpperChest", "Spine2", "spine_03"],
	"left_foot": ["LeftToes", "LeftToeBase", "ball_l"],
	"right_foot": ["RightToes", "RightToeBase", "ball_r"],
	"neck": ["Neck", "Neck", "neck_01"],
	"left_collar": ["LeftShoulder", "LeftShoulder", "clavicle_l"],
	"right_collar": ["RightShoulder", "RightShoulder", "clavicle_r"],
	"head": ["Head", "Head", "head"],
	"left_shoulder": ["LeftUpperArm", "LeftArm", "upperarm_l"],
	"right_shoulder": ["RightUpperArm", "RightArm", "upperarm_r"],
	"left_elbow": ["LeftLowerArm", "LeftForeArm", "lowerarm_l"],
	"right_elbow": ["RightLowerArm", "RightForeArm", "lowerarm_r"],
	"left_wrist": ["LeftHand", "LeftHand", "hand_l"],
	"right_wrist": ["RightHand", "RightHand", "hand_r"],
}
const RIG_COUNT = 3
const PREFIXES = ["", "mixamorig:", "mixamorig_", "mixamorig1_", "Armature_"]


## Canonical joint -> bone's name, of the naming that fits most bones; `own` entries win.
static func find(skeleton: Skeleton3D, own: Dictionary) -> Dictionary:
	var best := {}
	for rig in range(-1, RIG_COUNT):  # -1: the canonical names themselves
		for prefix in PREFIXES:
			var found := {}
			for joint in RIGS:
				var bone: String = prefix + (joint if rig < 0 else RIGS[joint][rig])
				if skeleton.find_bone(bone) >= 0:
					found[joint] = bone
			if found.size() > best.size():
				best = found
	for joint in own:
		best[joint] = own[joint]
	return best
