class_name MotionwireConnection
extends Node
## The link to `motionwire serve`, and the frame loop of all characters that use it. One node serves a whole scene.
## Lock-step: the game asks for each frame, with its own time step. Stream: the server keeps the pace, frames are interpolated.

## There is a session; resumed: the server knew it.
signal opened(resumed)
## The session is gone; this node comes back by itself, with its characters.
signal lost(reason)
## What keeps it from coming back, or what the server sent that makes no sense.
signal problem(text)
## The server refused a request of this type.
signal refused(code, message, of)

const Client = preload("../core/client.gd")
const JitterBuffer = preload("../core/jitter_buffer.gd")
const Platform = preload("../core/platform.gd")

const GROUP = "motionwire_connection"
const WAIFS = "motionwire_without_connection"  # characters that wait for one
const LONGEST_STEP_S = 0.25
const LONGEST_WAIT_MS = 2.0
const CREDIT = 4
const SET_UP_S = 0.0005  # per frame, for characters that are new

## Where `motionwire serve` runs. What stands here is read when this node enters the tree.
@export var host: String = "127.0.0.1"
## The port that it listens at.
@export var port: int = 5588
## The server's token; empty: that of the environment variable MOTIONWIRE_TOKEN, if there is one.
@export var token: String = ""
## Off: lock-step, the game asks for each frame with its own time step. On: the server keeps the pace, frames are interpolated.
@export var streamed: bool = false
## Streamed: frames per second that the server sends.
@export var stream_fps: float = 60.0
## Lock-step: 0 shows poses a frame later, up to 2 waits for them so many ms in the frame.
@export var wait_ms: float = 0.0

var client := Client.new()
var origin := Vector3()  # of the server's places in the world, see `shift_origin`

var _characters := {}  # number -> character
var _waiting := []  # numbers of those that are to be set up, and spawned if they were not yet
var _order := []  # numbers as they are stepped
var _refs := {}  # number -> ref of its spawn
var _rows := PackedFloat32Array()
var _rows_sent := PackedByteArray()
var _last_number := 0
var _has_shown := false  # a pose, in this frame of the game
var _owed := 0.0  # s that passed and were not stepped yet
var _buffer: JitterBuffer


func _enter_tree() -> void:
	add_to_group(GROUP)
	client.opened.connect(_on_opened)
	client.lost.connect(_on_lost)
	client.problem.connect(_on_problem)
	client.refused.connect(_on_refused)
	client.posed.connect(_on_posed)
	client.open(host, port, token if token != "" else OS.get_environment("MOTIONWIRE_TOKEN"))
	if streamed:
		_buffer = JitterBuffer.new(stream_fps)
		client.subscribe([], stream_fps, CREDIT)
	for character in get_tree().get_nodes_in_group(WAIFS):
		character.adopt(self)


func _exit_tree() -> void:
	remove_from_group(GROUP)
	client.close()
	client = Client.new()
	_order = []  # should this node come back, its session knows none of them
	_refs = {}
	_owed = 0.0
	_buffer = null
	origin = Vector3()
	for character in _characters.values():
		character.lose_acts("the connection was closed")


func _notification(what: int) -> void:
	if what == NOTIFICATION_PREDELETE:
		for character in _characters.values():
			character.orphan()


## A character's own number. It is spawned as soon as there is a session, and again whenever the server forgot it.
func add(character: Node) -> int:
	_last_number += 1
	_characters[_last_number] = character
	_waiting.append(_last_number)
	return _last_number


func remove(number: int) -> void:
	_characters.erase(number)
	_waiting.erase(number)
	_refs.erase(number)
	if _order.has(number):
		_order = _order.duplicate()  # the thread may hold the list
		_order.erase(number)
		_rows_sent = PackedByteArray()
		client.despawn(number)


## Put a character elsewhere as it is; place in the server's metres. As `teleport` of client.gd; 0 also for one that is not
## spawned.
func teleport(number: int, place: Vector3, heading: float) -> int:
	return client.teleport(number, place, heading) if is_there(number) else 0


## Whether the server knows this character, or is about to.
func is_there(number: int) -> bool:
	return client.is_open and _order.has(number) and not _waiting.has(number)


## Take a character off the server and put it elsewhere, under another number, which is given back: poses of the old place may be
## on their way.
func respawn(number: int) -> int:
	if not _order.has(number):
		return number  # it is to be spawned yet
	var who = _characters[number]
	var waits := _waiting.has(number)
	remove(number)
	_last_number += 1
	_characters[_last_number] = who
	who.renumber(_last_number)
	_order = _order + [_last_number]
	if waits:
		_waiting.append(_last_number)
	_spawn(_last_number)
	return _last_number


## The world was moved by so much, all nodes with it: a floating origin. Call it after moving them.
func shift_origin(by: Vector3) -> void:
	origin += by
	for character in _characters.values():
		character.shift(by)


func _spawn(number: int) -> void:
	var who = _characters[number]
	_rows_sent = PackedByteArray()
	_refs[number] = client.spawn(number, who.spawn_place(), who.spawn_heading(), who.model, who.random_seed)


func _process(delta: float) -> void:
	_has_shown = false
	client.poll()
	_set_up_some()
	if not client.is_open or _order.size() == 0:
		_owed = 0.0
	elif _buffer != null:
		_follow()
	else:
		_advance(delta)
	if not _has_shown:
		for number in _order:
			_characters[number].hold()


func _advance(delta: float) -> void:
	_owed = min(_owed + delta, LONGEST_STEP_S)
	if client.steps_under_way > 0:
		return
	_gather()
	client.step(_order, _rows, _owed)
	_owed = 0.0
	if wait_ms > 0.0:
		client.wait(min(wait_ms, LONGEST_WAIT_MS))


func _follow() -> void:
	_gather()
	var bytes := Platform.bytes_of(_rows)  # no NAN is like another one
	if bytes != _rows_sent:
		client.input(_order, _rows)
		_rows_sent = bytes
	var shown := _buffer.sample(Platform.now())
	for frame in _buffer.due:
		_tell_events(frame)
	_buffer.due.clear()
	if shown.size() > 0:
		_has_shown = true
		for number in _order:
			_characters[number].show_between(shown[0], shown[1], shown[2])


func _gather() -> void:
	_rows = PackedFloat32Array()
	for number in _order:
		_rows.append_array(_characters[number].input_row())


## Many characters at once would hold a frame up.
func _set_up_some() -> void:
	var until := Platform.now() + SET_UP_S
	while client.is_open and _waiting.size() > 0 and Platform.now() < until:
		var number: int = _waiting.pop_front()
		var character = _characters[number]
		var size: float = character.size()
		if not character.set_up(client):
			_on_problem("%s: %s" % [character.name, character.rig_problem()])
			character.lose_acts(character.rig_problem())
			continue
		elif not _order.has(number):
			_order = _order + [number]
			_spawn(number)
		elif character.size() != size:  # by another skeleton: its place is another one for the server
			respawn(number)
		character.send_acts()


func _tell_events(frame) -> void:
	for event in frame.events:
		var character = _characters.get(event.get("character"))
		if character != null:
			character.tell(event)


func _on_opened(resumed: bool) -> void:
	_rows_sent = PackedByteArray()
	if not resumed:
		_waiting = _characters.keys()  # another bundle may have another skeleton
	for character in _characters.values():
		if resumed:
			character.resume_acts()
		else:
			character.lose_acts_sent()
	opened.emit(resumed)


func _on_lost(reason: String) -> void:
	lost.emit(reason)


func _on_problem(text: String) -> void:
	push_warning("Motionwire: %s" % text)
	problem.emit(text)


func _on_refused(code: String, message: String, of: String, ref: int) -> void:
	push_warning("Motionwire: the server refuses %s: %s: %s" % [of, code, message])
	if of == "spawn":
		for number in _order:
			if _refs.get(number) == ref:  # the others must not wait for it
				_order = _order.duplicate()
				_order.erase(number)
				client.forget(number)
				_characters[number].lose_acts(message)
				break
	elif of == "act":
		for character in _characters.values():
			character.fail_act(ref, message)
	refused.emit(code, message, of)


func _on_posed(frame) -> void:
	if frame.stream:
		if _buffer != null:
			_buffer.push(frame)
		return
	_has_shown = true
	for row in frame.count:
		var character = _characters.get(frame.characters[row])
		if character != null:
			character.show_between_rows(frame, row, frame, row, 0.0)
	_tell_events(frame)
