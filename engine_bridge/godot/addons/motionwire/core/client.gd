extends RefCounted
## The main thread's side of a session: requests and signals. A thread of its own moves bytes, reads messages and keeps the
## session alive, also while the game loads a level; `poll`, once a frame, emits what happened since. No call waits for the
## network.

signal opened(resumed)  # there is a session; resumed: the server knew it
signal lost(reason)  # it is gone; the client comes back by itself, with its characters
signal problem(text)  # what keeps it from coming back, or what the server sent that makes no sense
signal accepted(of, ref)
signal refused(code, message, of, ref)
signal posed(frame)  # core/pose_frame.gd
signal clip_progress(request, frames, total)
signal clip_made(request, clip)  # core/clip.gd
signal clip_failed(request, message)

const Fields = preload("fields.gd")
const Platform = preload("platform.gd")
const Worker = preload("worker.gd")
const Clip = preload("clip.gd")

const MINOR_WITH_TELEPORT = 3
const WAIT_US = 60  # between two looks while it is waited for an answer
const EMIT_S = 0.001  # per `poll`: what is left of a flood comes with the next ones

var is_open := false
var models := []  # as in `welcome`
var joint_names := []
var joint_parents := []
var joint_offsets := PackedFloat32Array()  # three numbers per joint, m
var steps_under_way := 0  # sent and not answered

var _worker: Worker  # null: closed
var _news := []  # what `poll` has fetched and not emitted yet, from `_emitted` on
var _emitted := 0
var _last_ref := 0
var _last_seq := 0
var _minor := 0  # of the protocol that is spoken
var _teleports := {}  # character -> how many were asked for
var _clips := {}


## A client that is let go must not leave its thread behind.
func _notification(what: int) -> void:
	if what == NOTIFICATION_PREDELETE and _worker != null:
		_worker.stop()  # methods of this object cannot be called any more


## Begin to connect, and to come back whenever the connection is lost.
func open(host: String, port: int, token := "", client := "motionwire godot client") -> void:
	close()
	_news = []
	_emitted = 0
	_worker = Worker.new()
	_worker.ask("open", [host, port, token, client])
	_worker.start()


func close() -> void:
	if _worker == null:
		return
	_worker.stop()
	_worker = null
	is_open = false
	steps_under_way = 0
	_lose_clips("the client was closed")


## Emit what happened; once a frame.
func poll() -> void:
	if _news.size() == 0 and _worker != null:
		_news = _worker.take()
	var until := Platform.now() + EMIT_S
	while _emitted < _news.size() and Platform.now() < until:
		_emitted += 1
		_note(_news[_emitted - 1])
	if _emitted >= _news.size():
		_news = []
		_emitted = 0


## Wait for the answers that are under way, at most so long (ms): poses of this frame instead of the next.
func wait(milliseconds: float) -> void:
	var until := Platform.now() + milliseconds / 1000.0
	poll()
	while steps_under_way > 0 and Platform.now() < until:
		OS.delay_usec(WAIT_US)
		poll()


func spawn(character: int, place: Vector3, heading := 0.0, model := "", random_seed := 0) -> int:
	var ref := new_ref()
	_teleports.erase(character)
	_ask("spawn", [character, model, [place.x, place.y, place.z, heading], random_seed, ref])
	return ref


## Do not spawn it again: the server has refused it.
func forget(character: int) -> void:
	_ask("forget", [character])


func despawn(character: int) -> void:
	_ask("despawn", [character, new_ref()])


## Put a character elsewhere as it is: what it does and acts goes on there. How many teleports of it that makes: frames with
## fewer (`teleports_of`) show the place before. 0: there is no session, or the server does not know how (protocol 1.2).
func teleport(character: int, place: Vector3, heading: float) -> int:
	if not is_open or _minor < MINOR_WITH_TELEPORT:
		return 0
	_teleports[character] = _teleports.get(character, 0) + 1
	_ask("teleport", [character, [place.x, place.y, place.z, heading], _teleports[character], new_ref()])
	return _teleports[character]


## Advance characters by dt seconds; `posed` follows. rows: desired velocity x, z in m/s, facing in rad (NAN: where it moves)
## and style of each; empty: as before. The number that the frame carries, 0 without a session.
func step(characters: Array, rows: PackedFloat32Array, dt: float) -> int:
	if not is_open:
		return 0
	_last_seq += 1
	steps_under_way += 1
	_ask("step", [_last_seq, characters, rows, clamp(dt, 0.0, 0.25)])
	return _last_seq


## Let the server pace the characters (none listed: all); each frame that `poll` hands on is asked for anew.
func subscribe(characters := [], fps := 60.0, credit := 4) -> void:
	_ask("subscribe", [characters, fps, credit, new_ref()])


func unsubscribe() -> void:
	_ask("unsubscribe", [new_ref()])


## Input of characters in a stream; rows as in `step`.
func input(characters: Array, rows: PackedFloat32Array) -> void:
	_ask("input", [characters, rows])


## The character acts a sentence out; the number that its events carry as ref, which may be one of `new_ref`. seconds 0: the model
## decides.
func act(character: int, text: String, random_seed := 0, seconds := 0.0, queue := false, ref := 0) -> int:
	if ref == 0:
		ref = new_ref()
	_ask("act", [character, text, random_seed, seconds, queue, ref])
	return ref


func stop(character: int) -> void:
	_ask("stop", [character, new_ref()])


## A clip from a sentence: `clip_made` or `clip_failed` with this number follows. seconds 0: the model decides.
func generate(text: String, seconds := 0.0, random_seed := 0) -> int:
	var request := new_ref()
	_clips[request] = Clip.new()
	if _worker == null:
		_news.append(["clip_lost", request, "the client is closed"])
	_ask("generate", [request, text, int(ceil(30 * seconds)), random_seed])
	return request


func cancel(request: int) -> void:
	_ask("cancel", [request])


## A number that no request had yet.
func new_ref() -> int:
	_last_ref += 1
	return _last_ref


func _lose_clips(why: String) -> void:
	var lost_clips := _clips
	_clips = {}  # who hears of it may ask anew
	for request in lost_clips:
		emit_signal("clip_failed", request, why)


func _ask(method: String, arguments: Array) -> void:
	if _worker != null:
		_worker.ask(method, arguments)


## On the main thread: keep what concerns this object, then emit.
func _note(happened: Array) -> void:
	match happened[0]:
		"opened":
			_note_welcome(happened[2])
			happened = ["opened", happened[1]]
		"lost":
			is_open = false
			steps_under_way = 0
			_lose_clips("the connection was lost")
		"posed":
			if happened[1].stream:
				_ask("credit", [1])
			else:
				steps_under_way = int(max(0, steps_under_way - 1))
		"refused":
			if happened[3] == "step":
				steps_under_way = int(max(0, steps_under_way - 1))
			elif happened[3] == "generate" and _clips.erase(happened[4]):
				emit_signal("clip_failed", happened[4], happened[2])
		"step_lost":
			steps_under_way = 0
			happened = ["problem", happened[1]]
		"clip_message":
			_note_clip(happened[1])
			return
		"clip_lost":
			if _clips.erase(happened[1]):
				emit_signal("clip_failed", happened[1], happened[2])
			return
	callv("emit_signal", happened)


func _note_welcome(welcome: Dictionary) -> void:
	is_open = true
	steps_under_way = 0
	_minor = welcome["minor"] if typeof(welcome.get("minor")) == TYPE_INT else 0
	models = welcome["models"]
	joint_names = welcome["skeleton"]["names"]
	joint_parents = welcome["skeleton"]["parents"]
	joint_offsets = Platform.floats(welcome["skeleton"]["offsets"])


func _note_clip(message: Dictionary) -> void:
	var request = message.get("request")
	if not _clips.has(request):
		return
	match message["t"]:
		"progress":
			emit_signal("clip_progress", request, message.get("frames"), message.get("total"))
		"clip_begin":
			_clips[request].begin(message, joint_names, joint_parents)
		"clip_chunk":
			_clips[request].add(message)
		"clip_end":
			var clip = _clips[request]
			_clips.erase(request)
			var cancelled: bool = Fields.same(message.get("cancelled"), true)
			if cancelled or not clip.is_whole(message):
				emit_signal("clip_failed", request, "cancelled" if cancelled else "frames are missing")
			else:
				emit_signal("clip_made", request, clip)
