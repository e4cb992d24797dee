extends SceneTree
# Poses a rig by retargeting: --script tests/rig.gd -- IN OUT
# IN: `bones` (name, parent, turn xyzw, place, scale), `skeleton_turn`, `skeleton_scale`, the canonical `names`, `parents`,
# `offsets`, and `poses` (place, turns). OUT: `size`, and per pose the place and the scale of every bone in the world.

const Platform = preload("res://addons/motionwire/core/platform.gd")
const Files = preload("res://tests/files.gd")
const Retarget = preload("res://addons/motionwire/core/retarget.gd")


func _init() -> void:
	call_deferred("run")


func run() -> void:
	var words := Files.words()
	var given: Dictionary = Files.from_json(Files.text_of(words[words.size() - 2]))
	var character := Spatial.new()
	var skeleton := Skeleton.new()
	for bone in given["bones"]:
		skeleton.add_bone(bone["name"])
		if bone["parent"] >= 0:
			skeleton.set_bone_parent(skeleton.get_bone_count() - 1, bone["parent"])
		skeleton.set_bone_rest(skeleton.get_bone_count() - 1, Transform(basis(bone["turn"], bone["scale"]), vector(bone["place"])))
	Platform.stand(skeleton)
	skeleton.transform = Transform(basis(given["skeleton_turn"], given["skeleton_scale"]), Vector3())
	character.add_child(skeleton)
	get_root().add_child(character)
	var parents := []
	for parent in given["parents"]:
		parents.append(int(parent))
	var retarget := Retarget.new()
	if not retarget.set_up(skeleton, character, given["names"], parents, PoolRealArray(given["offsets"])):
		printerr(retarget.problem)
	var out := {"size": retarget.size, "places": [], "scales": []}
	for pose in given["poses"]:
		var turns := []
		for joint in pose["turns"]:
			turns.append(turn(joint))
		retarget.pose(vector(pose["place"]), turns)
		var places := []
		var scales := []
		for bone in skeleton.get_bone_count():
			var at: Transform = skeleton.global_transform * skeleton.get_bone_global_pose(bone)
			places.append([at.origin.x, at.origin.y, at.origin.z])
			scales.append(at.basis.get_scale().y)
		out["places"].append(places)
		out["scales"].append(scales)
	character.free()
	Files.write_text(words[words.size() - 1], Files.to_json_text(out))
	quit()


static func turn(numbers: Array) -> Quat:
	return Quat(numbers[0], numbers[1], numbers[2], numbers[3]).normalized()


static func basis(numbers: Array, scale: float) -> Basis:
	return Basis(turn(numbers)).scaled(Vector3(scale, scale, scale))


static func vector(numbers: Array) -> Vector3:
	return Vector3(numbers[0], numbers[1], numbers[2])
