extends RefCounted
## The client's side of a session (SPEC.md section 4): greets, proves the token, keeps itself alive, notices that the server is
## gone or silent, comes back and spawns its characters again where they were. `poll` never waits; what happened is in `told`,
## one array per signal of client.gd: its name, then its arguments.

enum { CLOSED, WAITING, CONNECTING, GREETING, OPEN }

const Fields = preload("fields.gd")
const Platform = preload("platform.gd")
const Zmtp = preload("zmtp.gd")
const Reader = preload("msgpack_reader.gd")
const Writer = preload("msgpack_writer.gd")
const Proof = preload("proof.gd")
const PoseFrame = preload("pose_frame.gd")
const Turns = preload("turns.gd")

const MAJOR = 1
const MINOR = 3
const FIRST_RETRY_S = 0.05
const LAST_RETRY_S = 0.5
const REFUSED_RETRY_S = 5.0  # after a wrong token: trying again at once does not help
const ASK_AGAIN_S = 0.3
const GREET_S = 2.0  # for an answer to hello
const ASK_ALIVE_S = 0.5  # silence after which the server is pinged
const SILENCE_S = 2.0  # silence after which it is gone
const ANSWER_S = 1.0  # for a step
const COMPLAIN_S = 0.5  # between two complaints of messages
const GROUPS = 64  # sets of characters whose last frame is remembered

var told := []
var state := CLOSED
var steps_under_way := 0  # sent and not answered

var _host := ""
var _port := 0
var _token := ""
var _hello := {}
var _link: Zmtp
var _reader := Reader.new()
var _retry_s := FIRST_RETRY_S
var _retry_at := 0.0
var _greeted := 0.0  # when the first hello went, and the last one
var _asked := 0.0
var _sent := 0.0
var _stepped := 0.0
var _heartbeat_s := 1.0
var _joints := 0
var _last_problem := ""
var _complained := -COMPLAIN_S
var _spawned := {}  # character -> its spawn
var _asked_for := {}  # ref of a spawn -> character
var _born := {}  # character that lives in this session -> how many frames came before the answer to its spawn
var _taken := 0  # frames that came
var _moving := {}  # character -> its teleport that is not answered: how many of it there were, and the message
var _teleported := {}  # character -> how many teleports of it were answered; frames hold on to it, so it is never changed
var _acts_asked := {}  # ref of an act that is not answered -> its message
var _seen := {}  # hash of a list of characters -> its last frame, and which one that was
var _subscription := {}
var _ids := []  # a list of characters as it went last, and its bytes
var _ids_packed


func open(host: String, port: int, token: String, client: String) -> void:
	_host = host
	_port = port
	_token = token
	_hello = {"t": "hello", "proto": MAJOR, "minor": MINOR, "client": client, "engine": Platform.ENGINE, "ref": 0, "session": ""}
	_retry_at = 0.0
	state = WAITING


func close() -> void:
	if state == OPEN:
		_send({"t": "bye"})
	_spawned.clear()
	_born.clear()
	_moving.clear()
	_acts_asked.clear()
	if state != WAITING and state != CLOSED:
		_link.close()
	state = CLOSED


func is_streaming() -> bool:
	return not _subscription.is_empty()


func poll() -> void:
	var now := Platform.now()
	if state == WAITING and now >= _retry_at:
		_link = Zmtp.new()
		_link.open(_host, _port)
		state = CONNECTING
	if state == WAITING or state == CLOSED:
		return
	for message in _link.poll():
		_take(message)
		if state == WAITING:
			return
	if _link.state == Zmtp.FAILED:
		_lose(_link.reason)
	elif state == CONNECTING and _link.state == Zmtp.OPEN:
		_greet(now)
	elif state == GREETING and now - _greeted > GREET_S:
		_lose("no answer to hello within %d s" % GREET_S)
	elif state == GREETING and now - _asked > ASK_AGAIN_S:
		_say_hello(now)
	elif state == OPEN and now - _link.heard > SILENCE_S:
		_lose("no sign of life for %d s" % SILENCE_S)
	elif state == OPEN and now - _sent > min(ASK_ALIVE_S, _heartbeat_s / 2):
		_send({"t": "ping", "time": now})
	if steps_under_way > 0 and now - _stepped > ANSWER_S:
		steps_under_way = 0
		told.append(["step_lost", "a step was not answered within %d s" % ANSWER_S])


# Requests. `ref` comes back in the answer.


## transform: x, y, z in m, heading in rad.
func spawn(character: int, model: String, transform: Array, random_seed: int, ref: int) -> void:
	_born.erase(character)  # what was seen before does not count for it
	_moving.erase(character)
	if _teleported.has(character):
		_note_teleport(character, 0)
	_spawned[character] = {
		"t": "spawn", "character": character, "model": model, "transform": transform, "seed": random_seed, "ref": ref
	}
	_asked_for[ref] = character
	_send(_spawned[character])


func forget(character: int) -> void:
	if _spawned.has(character):
		_asked_for.erase(_spawned[character]["ref"])
	_spawned.erase(character)
	_born.erase(character)
	_moving.erase(character)


func despawn(character: int, ref: int) -> void:
	forget(character)
	_send({"t": "despawn", "character": character, "ref": ref})


## The place is kept for a session to come; count: how many teleports of the character that makes.
func teleport(character: int, transform: Array, count: int, ref: int) -> void:
	var message := {"t": "teleport", "character": character, "transform": transform, "ref": ref}
	if _spawned.has(character):
		_spawned[character]["transform"] = transform
		_moving[character] = [count, message]
	_send(message)


## rows: four numbers per character, or none: the input before holds.
func step(seq: int, characters: Array, rows: PackedFloat32Array, dt: float) -> void:
	if state == OPEN:
		steps_under_way += 1
		_stepped = Platform.now()
	_send({"t": "step", "seq": seq, "characters": _packed_ids(characters), "input": Platform.bytes_of(rows), "dt": dt})


func input(characters: Array, rows: PackedFloat32Array) -> void:
	_send({"t": "input", "characters": _packed_ids(characters), "input": Platform.bytes_of(rows)})


func subscribe(characters: Array, fps: float, credit: int, ref: int) -> void:
	_subscription = {"t": "subscribe", "characters": characters, "fps": fps, "credit": credit, "ref": ref}
	_send(_subscription)


func credit(count: int) -> void:
	_send({"t": "credit", "n": count})


func unsubscribe(ref: int) -> void:
	_subscription = {}
	_send({"t": "unsubscribe", "ref": ref})


func act(character: int, text: String, random_seed: int, seconds: float, queue: bool, ref: int) -> void:
	_acts_asked[ref] = {
		"t": "act", "character": character, "text": text, "seed": random_seed, "seconds": seconds, "queue": queue, "ref": ref
	}
	_send(_acts_asked[ref])


func stop(character: int, ref: int) -> void:
	_send({"t": "stop", "character": character, "ref": ref})


func generate(request: int, text: String, frames: int, random_seed: int) -> void:
	if state != OPEN:
		told.append(["clip_lost", request, "there is no connection"])
	_send({"t": "generate", "request": request, "text": text, "frames": frames, "seed": random_seed})


func cancel(request: int) -> void:
	_send({"t": "cancel", "request": request})


# Coming and going.


func _greet(now: float) -> void:
	state = GREETING
	_greeted = now
	_hello["ref"] += 1
	_say_hello(now)


func _say_hello(now: float, answer := {}) -> void:
	_asked = now
	var hello := _hello.duplicate()
	for key in answer:
		hello[key] = answer[key]
	_put(hello)


## The connection is of no use any more: tell why, and try again soon.
func _lose(why: String, pause := 0.0) -> void:
	var was_open := state == OPEN
	steps_under_way = 0
	_link.close()
	state = WAITING
	_retry_at = Platform.now() + max(_retry_s, pause)
	_retry_s = min(2 * _retry_s, LAST_RETRY_S)
	if was_open:
		_last_problem = why
		told.append(["lost", why])
	else:
		_complain(why)


## The same trouble is told once.
func _complain(why: String) -> void:
	if why != _last_problem:
		_last_problem = why
		told.append(["problem", "%s:%d: %s" % [_host, _port, why]])


## A message that makes no sense; of a flood of them one is told now and then.
func _complain_of_message(why: String) -> void:
	var now := Platform.now()
	if now - _complained > COMPLAIN_S:
		_complained = now
		_complain(why)


func _opened(welcome: Dictionary) -> void:
	var bones = welcome.get("skeleton")
	var problem := _problem_of_welcome(welcome)
	if problem != "":
		_lose(problem)
		return
	var resumed: bool = Fields.same(welcome.get("resumed"), true)
	_joints = bones["names"].size()
	_hello["session"] = welcome["session"]
	_heartbeat_s = max(welcome["heartbeat_ms"], 50) / 1000.0
	state = OPEN
	_retry_s = FIRST_RETRY_S
	_last_problem = ""
	_remember_places()
	_bring_back(welcome.get("characters", []) if resumed else [])
	if not _subscription.is_empty():  # also when resumed: its credit went to frames that never came
		_send(_subscription)
	if resumed:
		_ask_for_acts_again()
	else:
		_acts_asked.clear()
	told.append(["opened", resumed, welcome])


## The server may have heard of acts without an answer. A character's newest one may be asked for again whether it has or not;
## what came before that would be acted twice.
func _ask_for_acts_again() -> void:
	var newest := {}
	for ref in _acts_asked:
		newest[_acts_asked[ref]["character"]] = ref
	for ref in _acts_asked.keys():
		if newest[_acts_asked[ref]["character"]] == ref:
			_send(_acts_asked[ref])
		else:
			_acts_asked.erase(ref)
			told.append(["refused", "internal", "the connection was lost", "act", ref])


## Of the characters that the server has already, those go on that lived in this session when the connection was lost. The others
## were despawned since, or asked for as it broke: what the server has of that number may be another one.
func _bring_back(there) -> void:
	var living := {}
	for character in there if typeof(there) == TYPE_ARRAY else []:
		if _born.has(character) and _spawned.has(character):
			living[character] = _born[character]
		else:
			_send({"t": "despawn", "character": character, "ref": 0})
	_born = living
	for character in _spawned:
		if not living.has(character):
			if _moving.has(character):  # it is spawned there
				_note_teleport(character, _moving[character][0])
			_send(_spawned[character])
		elif _moving.has(character):
			_send(_moving[character][1])


## So many teleports of a character are known to the server.
func _note_teleport(character: int, count: int) -> void:
	_teleported = _teleported.duplicate()
	_teleported[character] = count
	_moving.erase(character)


static func _problem_of_welcome(welcome: Dictionary) -> String:
	var bones = welcome.get("skeleton")
	if typeof(bones) != TYPE_DICTIONARY or typeof(bones.get("names")) != TYPE_ARRAY or typeof(bones.get("parents")) != TYPE_ARRAY:
		return "a welcome without a skeleton came"
	var joints: int = bones["names"].size()
	var offsets = bones.get("offsets")
	if bones["parents"].size() != joints or typeof(offsets) != TYPE_PACKED_BYTE_ARRAY or offsets.size() != 12 * joints:
		return "a welcome with half a skeleton came"
	for joint in joints:
		var parent = bones["parents"][joint]
		if typeof(bones["names"][joint]) != TYPE_STRING or typeof(parent) != TYPE_INT or parent >= joint or parent < min(joint, 1) - 1:
			return "a welcome with a skeleton of no order came"
	if typeof(welcome.get("session")) != TYPE_STRING or typeof(welcome.get("heartbeat_ms")) != TYPE_INT:
		return "a welcome without session or heartbeat came"
	if typeof(welcome.get("models")) != TYPE_ARRAY:
		return "a welcome without models came"
	for model in welcome["models"]:
		if typeof(model) != TYPE_DICTIONARY or typeof(model.get("styles")) != TYPE_ARRAY or typeof(model.get("name")) != TYPE_STRING:
			return "a welcome with a model without name or styles came"
	return ""


# What comes.


func _take(bytes: PackedByteArray) -> void:
	var message = _reader.read(bytes)
	if typeof(message) != TYPE_DICTIONARY or typeof(message.get("t")) != TYPE_STRING:
		_complain_of_message("what is no message came: %s" % ("a map with a type is missing" if _reader.error == "" else _reader.error))
		return
	match message["t"]:
		"welcome":
			if Fields.same(message.get("ref"), _hello["ref"]):
				_opened(message)
		"challenge":
			_prove(message)
		"pose":
			_take_pose(message)
		"error":
			_take_error(message)
		"bye":
			if state == OPEN:
				_lose("the server ended the session: %s" % [message.get("reason", "")])
		"accepted":
			_accept(str(message.get("of", "")), _whole(message.get("ref")))
		"progress", "clip_begin", "clip_chunk", "clip_end":
			told.append(["clip_message", message])


func _accept(of: String, ref: int) -> void:
	if of == "spawn" and _asked_for.has(ref):
		_born[_asked_for[ref]] = _taken
	elif of == "teleport":
		_end_teleport(ref)
	elif of == "act":
		_acts_asked.erase(ref)
	told.append(["accepted", of, ref])


func _end_teleport(ref: int) -> void:
	for character in _moving.keys():
		if _moving[character][1]["ref"] == ref:
			_born[character] = _taken  # frames of before do not place it
			_note_teleport(character, _moving[character][0])


func _prove(challenge: Dictionary) -> void:
	var nonce = challenge.get("nonce")
	if state != GREETING or not Fields.same(challenge.get("ref"), _hello["ref"]) or typeof(nonce) != TYPE_PACKED_BYTE_ARRAY:
		return
	if _token == "":
		_lose("the server asks for a token, and none is set", REFUSED_RETRY_S)
	else:
		_say_hello(Platform.now(), {"nonce": nonce, "proof": Proof.of(_token, nonce)})


func _take_pose(message: Dictionary) -> void:
	if state != OPEN:
		return
	var problem := PoseFrame.problem_of(message, _joints)
	if problem != "":
		_complain_of_message(problem)
		return
	var frame := PoseFrame.new()
	frame.fill(message, _link.heard)
	frame.teleported = _teleported
	if not frame.stream:
		_end_step()
	_taken += 1
	_seen[hash(frame.characters)] = [frame, _taken]
	if _seen.size() > GROUPS:
		_remember_places()
	told.append(["posed", frame])


## An answer to a step; one that comes after it was given up is of none that is under way.
func _end_step() -> void:
	steps_under_way = int(max(0, steps_under_way - 1))


func _take_error(message: Dictionary) -> void:
	var code := str(message.get("code", "internal"))
	var words := str(message.get("message", ""))
	var of := str(message.get("of", ""))
	if state == GREETING and of == "hello":
		_lose("the server refuses: %s: %s" % [code, words], REFUSED_RETRY_S)
	elif state == OPEN and of == "spawn" and code == "character_exists":
		_accept(of, _whole(message.get("ref")))  # a hello that was sent twice was answered twice
	elif state == OPEN and code == "no_session":
		steps_under_way = 0
		told.append(["lost", "the server has ended the session"])
		_greet(Platform.now())
	elif state == OPEN:
		if of == "step":
			_end_step()
		elif of == "teleport":
			_end_teleport(_whole(message.get("ref")))
		elif of == "act":
			_acts_asked.erase(_whole(message.get("ref")))
		told.append(["refused", code, words, of, _whole(message.get("ref"))])


## Where each character was seen last: there it would be spawned again.
func _remember_places() -> void:
	for key in _seen:
		var frame = _seen[key][0]
		var number: int = _seen[key][1]
		for row in frame.count:
			var character = frame.characters[row]
			if not _spawned.has(character) or _moving.has(character) or number <= _born.get(character, number):
				continue
			var root: Vector3 = frame.root(row)
			if Turns.is_place(root):
				var spawn_message: Dictionary = _spawned[character]
				spawn_message["transform"] = [root.x, spawn_message["transform"][1], root.y, root.z]
	_seen.clear()


static func _whole(value) -> int:
	return value if typeof(value) == TYPE_INT else 0


# What goes.


func _packed_ids(characters: Array) -> Writer.Packed:
	if characters != _ids or _ids_packed == null:
		_ids = characters
		_ids_packed = Writer.packed(characters)
	return _ids_packed


## A request; while there is no session it is dropped, and the characters are spawned when there is one.
func _send(message: Dictionary) -> void:
	if state == OPEN:
		_put(message)


func _put(message: Dictionary) -> void:
	message["v"] = MAJOR
	_sent = Platform.now()
	_link.send(Writer.pack(message))
