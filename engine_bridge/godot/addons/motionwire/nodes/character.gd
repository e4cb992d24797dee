class_name MotionwireCharacter
extends Node3D
## A character that Motionwire animates: it walks as `move` says and acts out what `act` says. Below this node stands its rig, a
## model with a skeleton that faces +Z; without one it shows a figure of boxes. Where this node stands at first, there the
## character starts. Speeds and places are those of the world, also for rigs of other sizes.

signal footstep(foot, place)  # foot: 0 left, 1 right; place in the world
signal act_began(ref)
signal act_ended(ref)
signal act_failed(ref, message)
signal fault(message)  # the model returned no numbers; the pose is held

const Turns = preload("../core/turns.gd")
const Retarget = preload("../core/retarget.gd")
const Figure = preload("figure.gd")
const Connection = preload("connection.gd")

const FEET = ["left_ankle", "right_ankle"]

@export var connection: NodePath  # empty: the scene's one connection
@export var skeleton: NodePath  # empty: the first skeleton below this node
@export var model: String = ""  # empty: the server's first
@export var style: String = ""  # one of the model's; empty: its first
@export var random_seed: int = 0
@export var root_motion: bool = true  # this node goes where the character goes; false: it stays, and `root_delta` tells

var bones := {}  # canonical joint -> bone, where the names of the rig tell nothing
var acting := false
var contacts := PackedFloat32Array([1.0, 1.0, 1.0, 1.0])  # left heel, left toe, right heel, right toe
var phase := 0.0
var root_delta := Vector3()  # x, z in m in the heading frame of before, and turn in rad, of the frame shown last

var _connection
var _number := 0
var _retarget := Retarget.new()
var _figure: Node3D
var _velocity := Vector3()
var _facing := NAN
var _style := 0
var _ground := 0.0
var _start: Transform3D
var _names := []


func _ready() -> void:
	_start = global_transform
	var found = get_node(connection) if connection != NodePath() else _first_connection()
	if found == null:
		push_warning("Motionwire: no MotionwireConnection in the scene; %s waits for one" % name)
		add_to_group(Connection.WAIFS)
	else:
		adopt(found)


func _exit_tree() -> void:
	if _connection != null:
		_connection.remove(_number)
		_connection = null
	request_ready()  # should it be put into a tree again, below another node, say


## Desired velocity over the ground, m/s in the world; holds until it is set again.
func move(velocity: Vector3) -> void:
	_velocity = velocity


## Where to look while moving, rad about Y (0: +Z); NAN: where it moves.
func face(heading: float) -> void:
	_facing = heading


## Act a sentence out from the present pose, then go on. seconds 0: the model decides. The number that signals carry, 0 if
## there is no connection now.
func act(sentence: String, seconds := 0.0, queue := false, sentence_seed := 0) -> int:
	if _connection == null or not _connection.client.is_open:
		return 0
	return _connection.client.act(_number, sentence, sentence_seed, seconds, queue)


## End what it acts and what is queued.
func stop_acting() -> void:
	if _connection != null:
		_connection.client.stop(_number)


## Stand somewhere else from the next frame on.
func teleport(place: Vector3, heading: float) -> void:
	_start = Transform3D(Basis(Turns.about_up(heading)), place)
	if _connection != null:
		_connection.respawn(_number)


# For the connection.


func adopt(by: Node) -> void:
	if is_in_group(Connection.WAIFS):
		remove_from_group(Connection.WAIFS)
	_connection = by
	_number = by.add(self)


## The connection is freed.
func orphan() -> void:
	_connection = null
	if is_inside_tree():
		add_to_group(Connection.WAIFS)


## Find the rig, or make a figure, once the server's skeleton is known; false: see `rig_problem`.
func set_up(client) -> bool:
	_names = client.joint_names
	_style = _style_index(client)
	var rig = get_node(skeleton) if skeleton != NodePath() else _first_skeleton(self)
	if rig == null or rig == _figure:
		if _figure != null:
			_figure.free()
		_figure = Figure.new()
		_figure.build(client.joint_names, client.joint_parents, client.joint_offsets)
		add_child(_figure)
		rig = _figure
	return _retarget.set_up(rig, self, client.joint_names, client.joint_parents, client.joint_offsets, bones)


func rig_problem() -> String:
	return _retarget.problem


func spawn_place() -> Vector3:
	_ground = _start.origin.y
	return _start.origin / _retarget.size


func spawn_heading() -> float:
	var ahead := _start.basis * Vector3(0.0, 0.0, 1.0)
	return atan2(ahead.x, ahead.z)


## Velocity x, z, facing, style: what the wire calls input.
func input_row() -> PackedFloat32Array:
	return PackedFloat32Array([_velocity.x / _retarget.size, _velocity.z / _retarget.size, _facing, _style])


func show_between(before, after, weight: float) -> void:
	var first: int = before.row_of(_number)
	var second: int = after.row_of(_number)
	if first >= 0 and second >= 0:
		show_between_rows(before, first, after, second, weight)


func show_between_rows(before, first: int, after, second: int, weight: float) -> void:
	var place: Vector3 = before.root_position(first)
	var root: Vector3 = before.root(first)
	var turns: Array = before.rotations(first)
	if weight > 0.0:
		var next_root: Vector3 = after.root(second)
		var next_turns: Array = after.rotations(second)
		place = place.lerp(after.root_position(second), weight)
		root = Vector3(lerp(root.x, next_root.x, weight), lerp(root.y, next_root.y, weight), lerp_angle(root.z, next_root.z, weight))
		for joint in turns.size():
			if Turns.is_turn(turns[joint]) and Turns.is_turn(next_turns[joint]):
				turns[joint] = turns[joint].slerp(next_turns[joint], weight)
	var size: float = _retarget.size
	turns[0] = Turns.about_up(-root.z) * turns[0]
	if not Turns.is_place(root) or not _retarget.pose(Vector3(0.0, place.y - _ground / size, 0.0), turns):
		return
	acting = before.acting(first)
	contacts = before.contacts(first)
	phase = before.phase(first)
	root_delta = before.root_delta(first) * Vector3(size, size, 1.0)
	if root_motion:
		global_transform = Transform3D(Basis(Turns.about_up(root.z)), Vector3(root.x * size, _ground, root.y * size))


func tell(event: Dictionary) -> void:
	var ref = event.get("ref", 0)
	var message := str(event.get("message", ""))
	match event["kind"]:
		"footstep":
			var foot: int = 1 if event.get("foot") == 1 else 0
			footstep.emit(foot, _retarget.place_of(_names.find(FEET[foot])))
		"act_begin":
			act_began.emit(ref)
		"act_end":
			act_ended.emit(ref)
		"act_failed":
			act_failed.emit(ref, message)
		"fault":
			fault.emit(message)


func _first_connection():
	var found := get_tree().get_nodes_in_group(Connection.GROUP)
	return found[0] if found.size() > 0 else null


func _first_skeleton(node: Node):
	for child in node.get_children():
		if child is Skeleton3D:
			return child
		var below = _first_skeleton(child)
		if below != null:
			return below
	return null


func _style_index(client) -> int:
	for offered in client.models:
		if (model == "" or offered["name"] == model) and style != "":
			if offered["styles"].has(style):
				return offered["styles"].find(style)
			push_warning("Motionwire: no style %s among %s" % [style, offered["styles"]])
			return 0
	return 0
