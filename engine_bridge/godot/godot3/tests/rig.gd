extends SceneTree
# Poses a rig by retargeting: --script tests/rig.gd -- IN OUT
# IN: `bones` (name, parent, turn xyzw, place), `skeleton_turn`, `skeleton_scale`, the canonical `names`, `parents`, `offsets`,
# and `poses` (place, turns). OUT: `size`, and per pose the place of every bone in the world.

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
		skeleton.set_bone_rest(skeleton.get_bone_count() - 1, Transform(Basis(turn(bone["turn"])), vector(bone["place"])))
	var scale: float = given["skeleton_scale"]
	skeleton.transform = Transform(Basis(turn(given["skeleton_turn"])).scaled(Vector3(scale, scale, scale)), Vector3())
	character.add_child(skeleton)
	get_root().add_child(character)
	var parents := []
	for parent in given["parents"]:
		parents.append(int(parent))
	var retarget := Retarget.new()
	if not retarget.set_up(skeleton, character, given["names"], parents, PoolRealArray(given["offsets"])):
		printerr(retarget.problem)
	var out := {"size": retarget.size, "places": []}
	for pose in given["poses"]:
		var turns := []
		for joint in pose["turns"]:
			turns.append(turn(joint))
		retarget.pose(vector(pose["place"]), turns)
		var places := []
		for bone in skeleton.get_bone_count():
			var place: Vector3 = (skeleton.global_transform * skeleton.get_bone_global_pose(bone)).origin
			places.append([place.x, place.y, place.z])
		out["places"].append(places)
	character.free()
	Files.write_text(words[words.size() - 1], Files.to_json_text(out))
	quit()


static func turn(numbers: Array) -> Quat:
	return Quat(numbers[0], numbers[1], numbers[2], numbers[3]).normalized()


static func vector(numbers: Array) -> Vector3:
	return Vector3(numbers[0], numbers[1], numbers[2])
