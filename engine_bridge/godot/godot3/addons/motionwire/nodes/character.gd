class_name MotionwireCharacter
extends Spatial
# A character that Motionwire animates: it walks as `move` says and acts out what `act` says. Below this node stands its rig, a
# model with a skeleton that faces +Z; without one it shows a figure of boxes. Where this node stands when the server is found,
# there the character starts. Speeds and places are those of the world, also for rigs of other sizes.

# foot: 0 left, 1 right; place in the world.
signal footstep(foot, place)
signal act_began(ref)
# Also when it was stopped or replaced.
signal act_ended(ref)
# The model could not act it, the server refused it, or was lost with it.
signal act_failed(ref, message)
# The model returned no numbers; the pose is held.
signal fault(message)

const Fields = preload("../core/fields.gd")
const Platform = preload("../core/platform.gd")
const Turns = preload("../core/turns.gd")
const Retarget = preload("../core/retarget.gd")
const Figure = preload("figure.gd")
const Connection = preload("connection.gd")

const FEET = ["left_ankle", "right_ankle"]
const UNSHOWN = -1

# The MotionwireConnection that it uses; empty: the scene's one.
export var connection: NodePath
# The skeleton that is posed; empty: the first one below this node.
export var skeleton: NodePath
# One of the server's models; empty: its first.
export var model: String = ""
# One of the model's styles, also while it walks; empty: its first.
export var style: String = ""
# The same seed and the same input give the same motion.
export var random_seed: int = 0
# On: this node goes where the character goes. Off: it stays, and `root_delta` tells how it would go.
export var root_motion: bool = true

var bones := {}  # canonical joint -> bone, where the names of the rig tell nothing
var acting := false
var contacts := PoolRealArray([1.0, 1.0, 1.0, 1.0])  # left heel, left toe, right heel, right toe
var phase := 0.0
var root_delta := Vector3()  # x, z in m in the heading frame of before, and turn in rad, since the game's last frame

var _connection
var _number := 0
var _retarget := Retarget.new()
var _scale := Vector3.ONE  # of this node
var _size := 1.0  # m in the world for a metre on the wire
var _figure: Spatial
var _velocity := Vector3()
var _facing := NAN
var _style := 0
var _found_style := ""  # the one that `_style` is of
var _ground := 0.0
var _start: Transform  # where it was told to stand
var _is_sent := false  # there
var _root := Vector3()  # as shown last, x, z in m and heading in rad, and at the end of the game's last frame
var _root_before := Vector3()
var _teleports := 0  # frames with fewer show where it was before
var _shown_in := UNSHOWN  # frame of the game
var _acts := []  # refs of those that were asked for and are not over
var _on_stage := []  # of these, those that began
var _to_act := []  # what is to be asked for when the server knows the character: ref, sentence, seed, seconds, queue
var _was_away := false  # the connection broke: events may be lost
var _names := []


func _ready() -> void:
	if ClassDB.class_has_integer_constant("Node", "PHYSICS_INTERPOLATION_MODE_OFF"):  # it moves in every frame, not in physics'
		set("physics_interpolation_mode", ClassDB.class_get_integer_constant("Node", "PHYSICS_INTERPOLATION_MODE_OFF"))
	var found = get_node_or_null(connection) if connection != NodePath() else _first_connection()
	if found == null:
		push_warning("Motionwire: no MotionwireConnection in the scene; %s waits for one" % name)
		add_to_group(Connection.WAIFS)
	else:
		adopt(found)


func _exit_tree() -> void:
	if _connection != null:
		_connection.remove(_number)
		_connection = null
	_acts.clear()
	_on_stage.clear()
	_to_act.clear()
	request_ready()  # should it be put into a tree again, below another node, say


# Desired velocity over the ground, m/s in the world; holds until it is set again.
func move(velocity: Vector3) -> void:
	_velocity = velocity if Turns.is_place(velocity) else Vector3()


# Where to look while moving, rad about Y (0: +Z); NAN: where it moves.
func face(heading: float) -> void:
	_facing = heading


# Act a sentence out from the present pose, then go on; where there is no server yet, as soon as there is one. seconds 0: the
# model decides. The number that signals carry, 0 without a MotionwireConnection.
func act(sentence: String, seconds := 0.0, queue := false, sentence_seed := 0) -> int:
	if _connection == null:
		return 0
	var ref: int = _connection.client.new_ref()
	_to_act.append([ref, sentence, sentence_seed, seconds, queue])
	if _connection.is_there(_number):
		send_acts()
	return ref


# End what it acts and what is queued.
func stop_acting() -> void:
	var unasked := _to_act
	_to_act = []
	for asked in unasked:
		emit_signal("act_ended", asked[0])
	if _connection != null:
		_connection.client.stop(_number)


# Be somewhere else at once, as it is: walking and acting go on there. (Where there is no server, or one older than protocol
# 1.3, it is made to stand there, and what it acted is over.)
func teleport(place: Vector3, heading: float) -> void:
	var on_wire := Vector3()
	var asked := 0
	if _connection != null:
		on_wire = (place - _connection.origin) / _size
		asked = _connection.teleport(_number, on_wire, heading)
	root_delta = Vector3()
	if root_motion:
		var own_scale := global_transform.basis.get_scale()
		global_transform = Transform(Basis(Turns.about_up(heading)) * Basis().scaled(own_scale), place)
	if asked == 0:
		_begin_anew_at(place, heading)
		return
	_teleports = asked
	_ground = place.y
	_root = Vector3(on_wire.x, on_wire.z, heading)
	_root_before = _root


func _begin_anew_at(place: Vector3, heading: float) -> void:
	_start = Transform(Basis(Turns.about_up(heading)), place)
	_is_sent = true
	if _connection != null:
		_number = _connection.respawn(_number)
	var over := _acts
	_acts = []
	_on_stage = []
	for ref in over:
		emit_signal("act_ended", ref)


# For the connection.


func adopt(by: Node) -> void:
	if is_in_group(Connection.WAIFS):
		remove_from_group(Connection.WAIFS)
	_connection = by
	_number = by.add(self)


# The connection is freed.
func orphan() -> void:
	_connection = null
	lose_acts("the connection is gone")
	if is_inside_tree():
		add_to_group(Connection.WAIFS)


# It has another number from now on.
func renumber(number: int) -> void:
	_number = number


# Find the rig, or make a figure, once the server's skeleton is known; false: see `rig_problem`.
func set_up(client) -> bool:
	_names = client.joint_names
	_find_style(client)
	var rig = get_node_or_null(skeleton) if skeleton != NodePath() else _first_skeleton(self)
	if rig == null or rig == _figure:
		if _figure != null:
			_figure.free()
		_figure = Figure.new()
		_figure.build(client.joint_names, client.joint_parents, client.joint_offsets)
		add_child(_figure)
		rig = _figure
	_scale = global_transform.basis.get_scale()
	if not _retarget.set_up(rig, self, client.joint_names, client.joint_parents, client.joint_offsets, bones):
		return false
	_size = _retarget.size * _scale.y
	return true


func rig_problem() -> String:
	return _retarget.problem


# Metres in the world for a metre on the wire.
func size() -> float:
	return _size


func spawn_place() -> Vector3:
	if not _is_sent:
		_start = global_transform
	_is_sent = false
	_shown_in = UNSHOWN
	_teleports = 0
	_ground = _start.origin.y
	return (_start.origin - _connection.origin) / _size


func spawn_heading() -> float:
	var ahead := _start.basis * Vector3(0.0, 0.0, 1.0)
	return atan2(ahead.x, ahead.z)


# Velocity x, z, facing, style: what the wire calls input.
func input_row() -> PoolRealArray:
	if style != _found_style:
		_find_style(_connection.client)
	return PoolRealArray([_velocity.x / _size, _velocity.z / _size, _facing, _style])


func show_between(before, after, weight: float) -> void:
	var first: int = before.row_of(_number)
	var second: int = after.row_of(_number)
	if first >= 0 and second >= 0:
		show_between_rows(before, first, after, second, weight)


func show_between_rows(before, first: int, after, second: int, weight: float) -> void:
	if before.teleports_of(_number) != _teleports:  # where it was before
		root_delta = Vector3()
		return
	if before.joints != _names.size() or after.joints != _names.size():  # of another server: it is set up for that one soon
		return
	var place: Vector3 = before.root_position(first)
	var root: Vector3 = before.root(first)
	var turns: Array = before.rotations(first)
	if weight > 0.0:
		var next_root: Vector3 = after.root(second)
		var next_turns: Array = after.rotations(second)
		place = place.linear_interpolate(after.root_position(second), weight)
		root = Vector3(lerp(root.x, next_root.x, weight), lerp(root.y, next_root.y, weight), lerp_angle(root.z, next_root.z, weight))
		for joint in turns.size():
			if Turns.is_turn(turns[joint]) and Turns.is_turn(next_turns[joint]):
				turns[joint] = turns[joint].slerp(next_turns[joint], weight)
	var origin: Vector3 = _connection.origin
	turns[0] = Turns.about_up(-root.z) * turns[0]
	if not Turns.is_place(root) or not _retarget.pose(Vector3(0.0, place.y - (_ground - origin.y) / _size, 0.0), turns):
		return
	acting = before.acting(first)
	if _was_away and not acting:
		_was_away = false
		_end_acts_before(0)
	contacts = before.contacts(first)
	phase = before.phase(first)
	_note_way(root)
	if root_motion:
		var basis := Basis(Turns.about_up(root.z)) * Basis().scaled(_scale)
		global_transform = Transform(basis, Vector3(root.x * _size + origin.x, _ground, root.y * _size + origin.z))


# No pose came in this frame of the game.
func hold() -> void:
	root_delta = Vector3()


func tell(event: Dictionary) -> void:
	var ref = event.get("ref", 0)
	var message := str(event.get("message", ""))
	match event["kind"]:
		"footstep":
			var foot: int = 1 if Fields.same(event.get("foot"), 1) else 0
			emit_signal("footstep", foot, _retarget.place_of(_names.find(FEET[foot])))
		"act_begin":
			_end_acts_before(ref)
			_on_stage.append(ref)
			emit_signal("act_began", ref)
		"act_end":
			if _acts.has(ref):  # it may have been told with the beginning of the next one
				_acts.erase(ref)
				_on_stage.erase(ref)
				emit_signal("act_ended", ref)
		"act_failed":
			fail_act(ref, message)
		"fault":
			emit_signal("fault", message)


# An act that nothing more is told of, if it is one of this character's.
func fail_act(ref, message: String) -> void:
	if _acts.has(ref):
		_acts.erase(ref)
		_on_stage.erase(ref)
		emit_signal("act_failed", ref, message)


# A server that was restarted knows nothing of what was acted.
func lose_acts_sent() -> void:
	for ref in _acts.duplicate():
		fail_act(ref, "the connection was lost")


# Nor will there be one.
func lose_acts(why: String) -> void:
	for asked in _to_act:
		_acts.append(asked[0])
	_to_act = []
	for ref in _acts.duplicate():
		fail_act(ref, why)


# The server knows the character.
func send_acts() -> void:
	for asked in _to_act:
		_acts.append(_connection.client.act(_number, asked[1], asked[2], asked[3], asked[4], asked[0]))
	_to_act = []


# The connection is back, with the character.
func resume_acts() -> void:
	_was_away = true
	if _connection.is_there(_number):
		send_acts()


# Those that began before this one are over, as the server may have said while it was not heard.
func _end_acts_before(ref) -> void:
	for earlier in _on_stage.duplicate():
		if not Fields.same(earlier, ref):
			_acts.erase(earlier)
			_on_stage.erase(earlier)
			emit_signal("act_ended", earlier)


# The world's nodes, this one among them, were moved by so much.
func shift(by: Vector3) -> void:
	_ground += by.y
	if _is_sent:
		_start.origin += by


# How far it came since the game's last frame, in which there may have been several poses, or none.
func _note_way(root: Vector3) -> void:
	var frame := Platform.frame()
	if _shown_in != frame:
		_root_before = root if _shown_in == UNSHOWN else _root
		_shown_in = frame
	_root = root
	var way := root - _root_before
	var ahead := Vector2(sin(_root_before.z), cos(_root_before.z))
	root_delta = Vector3(
		_size * (way.x * ahead.y - way.y * ahead.x), _size * (way.x * ahead.x + way.y * ahead.y), lerp_angle(0.0, way.z, 1.0)
	)


func _first_connection():
	var found := get_tree().get_nodes_in_group(Connection.GROUP)
	return found[0] if found.size() > 0 else null


func _first_skeleton(node: Node):
	for child in node.get_children():
		if child is Skeleton:
			return child
		var below = _first_skeleton(child)
		if below != null:
			return below
	return null


func _find_style(client) -> void:
	_found_style = style
	_style = 0
	for offered in client.models:
		if (model == "" or offered["name"] == model) and style != "":
			_style = int(max(0, offered["styles"].find(style)))
			if not offered["styles"].has(style):
				push_warning("Motionwire: no style %s among %s" % [style, offered["styles"]])
			return
