extends Skeleton3D
## The canonical skeleton with a box for each bone, for characters without a rig: left is blue, right is orange.

const Platform = preload("../core/platform.gd")
const Turns = preload("../core/turns.gd")

const WIDTH_M = 0.08
const TRUNK_M = 0.24  # across
const HEAD_M = 0.11
const LEFT = Color(0.25, 0.5, 0.95)
const RIGHT = Color(0.95, 0.55, 0.2)
const MIDDLE = Color(0.85, 0.85, 0.88)

# Of all boxes: a figure is made within one frame of the game.
var _cube := BoxMesh.new()
var _paints := {LEFT: Platform.paint(LEFT), RIGHT: Platform.paint(RIGHT), MIDDLE: Platform.paint(MIDDLE)}


## offsets: three numbers per joint, m.
func build(names: Array, parents: Array, offsets: PackedFloat32Array) -> void:
	_cube.size = Vector3.ONE
	for joint in names.size():
		var offset := Vector3(offsets[3 * joint], offsets[3 * joint + 1], offsets[3 * joint + 2])
		add_bone(names[joint])
		if parents[joint] >= 0:
			set_bone_parent(joint, parents[joint])
			_add_box(names[parents[joint]], offset, _colour(names[joint]))
		set_bone_rest(joint, Transform3D(Basis(), offset))
		if names[joint] == "head":
			_add_head(names[joint])
	Platform.stand(self)


static func _colour(joint: String) -> Color:
	if joint.begins_with("left"):
		return LEFT
	return RIGHT if joint.begins_with("right") else MIDDLE


func _add_box(bone: String, tip: Vector3, colour: Color) -> void:
	var width: float = TRUNK_M if colour == MIDDLE and bone != "neck" else WIDTH_M
	var size := Basis().scaled(Vector3(width, max(tip.length(), WIDTH_M), 1.3 * WIDTH_M))
	_attach(bone, _cube, Transform3D(Basis(Turns.arc(Vector3.UP, tip)) * size, tip / 2), colour)


func _add_head(bone: String) -> void:
	var ball := SphereMesh.new()
	ball.radius = HEAD_M
	ball.height = 2.4 * HEAD_M
	ball.radial_segments = 16
	ball.rings = 8
	_attach(bone, ball, Transform3D(Basis(), Vector3(0.0, 0.06, 0.02)), MIDDLE)


func _attach(bone: String, shape: Mesh, at: Transform3D, colour: Color) -> void:
	var mesh := MeshInstance3D.new()
	mesh.mesh = shape
	mesh.transform = at
	mesh.material_override = _paints[colour]
	var attachment := BoneAttachment3D.new()
	attachment.bone_name = bone
	attachment.add_child(mesh)
	add_child(attachment)
