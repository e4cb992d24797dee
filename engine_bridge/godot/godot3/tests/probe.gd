extends SceneTree
# A game to test with: --script tests/probe.gd -- HOST PORT CONTROL CHARACTERS step|wait|stream|stream30
# Characters stand in a row, 2 m apart. Prints what happens as JSON lines, ten times a second a `status` among them, and obeys
# JSON that comes to the UDP port CONTROL: {"do": "move", "x": 0, "z": 1.4}, {"do": "face", "heading": 0}, {"do": "act", "text":
# ...}, {"do": "teleport", ...}, {"do": "add", "model": "", "scale": 1, "rig": false} (rig: with a skeleton of its own),
# {"do": "again"} (the first character leaves the tree and comes back), {"do": "connect"} (another connection takes the place of
# this one), {"do": "shift", "x": ..., "z": ...} (of the world's origin), {"do": "style", "name": ...} and {"do": "row"} (says
# the first one's input), {"do": "joint", "character": 0, "name": "head"} (says where it is), {"do": "generate", ...},
# {"do": "quit"}.

const Platform = preload("res://addons/motionwire/core/platform.gd")
const Files = preload("res://tests/files.gd")
const Connection = preload("res://addons/motionwire/nodes/connection.gd")
const Character = preload("res://addons/motionwire/nodes/character.gd")
const Figure = preload("res://addons/motionwire/nodes/figure.gd")

const STATUS_S = 0.1
const SLOW_S = 0.002

var connection := Connection.new()
var characters := []
var control := PacketPeerUDP.new()
var frames := 0
var calls := 0
var slow := 0
var worst := 0.0
var worst_own := 0.0
var longest_own := 0.0
var told_at := 0.0
var way := 0.0  # m that the first character's root_delta tells


func _init() -> void:
	Engine.target_fps = 60
	var words := Files.words()
	var count := words.size()
	connection.host = words[count - 5]
	connection.port = int(words[count - 4])
	connection.streamed = words[count - 1].begins_with("stream")
	connection.stream_fps = 30.0 if words[count - 1] == "stream30" else 60.0
	connection.wait_ms = 2.0 if words[count - 1] == "wait" else 0.0
	Files.listen(control, int(words[count - 3]))
	listen()
	for index in int(words[count - 2]):
		var character = Character.new()
		character.transform.origin = Vector3(2.0 * index, 0.5, 0.0)
		character.connect("footstep", self, "_on_footstep")
		character.connect("act_began", self, "_on_act_began")
		character.connect("act_ended", self, "_on_act_ended")
		character.connect("act_failed", self, "_on_act_failed")
		characters.append(character)
	call_deferred("begin")


func listen() -> void:
	connection.connect("opened", self, "_on_opened")
	connection.connect("lost", self, "_on_lost")
	connection.connect("problem", self, "_on_problem")
	connection.connect("refused", self, "_on_refused")
	connection.client.connect("posed", self, "_on_posed")
	connection.client.connect("clip_made", self, "_on_clip_made")
	connection.client.connect("clip_failed", self, "_on_clip_failed")


func begin() -> void:
	get_root().add_child(connection)
	for character in characters:
		get_root().add_child(character)
	connection.set_process(false)
	say({"t": "begun"})


func _idle(delta: float) -> bool:
	if not is_instance_valid(connection) or not connection.is_inside_tree():
		return false
	var robbed := Files.robbed_s()
	var before := Platform.now()
	connection._process(delta)
	var took := Platform.now() - before
	var own := took - (Files.robbed_s() - robbed)
	calls += 1
	if took > worst:
		worst = took
		worst_own = own
	longest_own = max(longest_own, own)
	if own > SLOW_S:
		slow += 1
	if is_instance_valid(characters[0]):
		var delta_now: Vector3 = characters[0].root_delta
		way += Vector2(delta_now.x, delta_now.y).length()
	if before - told_at > STATUS_S:
		told_at = before
		tell()
	while control.get_available_packet_count() > 0:
		obey(Files.from_json(control.get_packet().get_string_from_utf8()))
	return false


func tell() -> void:
	var places := []
	for character in characters:
		var place: Vector3 = character.global_transform.origin
		places.append([place.x, place.y, place.z])
	say({
		"t": "status", "open": connection.client.is_open, "frames": frames, "places": places, "way": way,
		"calls": calls, "over_2_ms": slow,
		"worst": {"wall_ms": 1000.0 * worst, "own_ms": 1000.0 * worst_own}, "longest_own_ms": 1000.0 * longest_own
	})
	calls = 0
	slow = 0
	worst = 0.0
	longest_own = 0.0


func obey(order: Dictionary) -> void:
	match order["do"]:
		"move":
			for character in characters:
				character.move(Vector3(order["x"], 0.0, order["z"]))
		"face":
			for character in characters:
				character.face(order["heading"])
		"act":
			say({"t": "asked", "ref": characters[0].act(order["text"], order["seconds"])})
		"teleport":
			characters[0].teleport(Vector3(order["x"], 0.5, order["z"]), order["heading"])
		"add":
			var another = Character.new()
			another.model = order.get("model", "")
			another.transform = Transform(Basis().scaled(order.get("scale", 1.0) * Vector3.ONE), Vector3(5.0, 0.5, 0.0))
			if order.get("rig", false):
				var rig = Figure.new()
				rig.build(connection.client.joint_names, connection.client.joint_parents, connection.client.joint_offsets)
				another.add_child(rig)
			characters.append(another)
			get_root().add_child(another)
		"again":
			get_root().remove_child(characters[0])
			get_root().add_child(characters[0])
		"connect":
			var next := Connection.new()
			next.host = connection.host
			next.port = connection.port
			connection.free()
			connection = next
			listen()
			get_root().add_child(connection)
			connection.set_process(false)
		"shift":
			for character in characters:
				character.global_translate(Vector3(order["x"], 0.0, order["z"]))
			connection.shift_origin(Vector3(order["x"], 0.0, order["z"]))
		"style":
			characters[0].style = order["name"]
		"row":
			var row: PoolRealArray = characters[0].input_row()
			say({"t": "row", "row": [row[0], row[1], row[3]]})
		"joint":
			var who = characters[int(order["character"])]
			var at: Vector3 = who._retarget.place_of(who._names.find(order["name"]))
			say({"t": "joint", "place": [at.x, at.y, at.z], "scale": who.scale.x})
		"generate":
			connection.client.generate(order["text"], order["seconds"], 7)
		"quit":
			for character in characters:
				character.free()
			var before := Platform.now()
			connection.free()
			say({"t": "closed", "ms": 1000.0 * (Platform.now() - before)})
			quit()


func say(line: Dictionary) -> void:
	line["at"] = Platform.now()
	print(Files.to_json_text(line))


func _on_posed(_frame) -> void:
	frames += 1


func _on_opened(resumed: bool) -> void:
	say({"t": "opened", "resumed": resumed})


func _on_lost(reason: String) -> void:
	say({"t": "lost", "reason": reason})


func _on_problem(text: String) -> void:
	say({"t": "problem", "text": text})


func _on_refused(code: String, message: String, of: String) -> void:
	say({"t": "refused", "code": code, "message": message, "of": of})


func _on_footstep(foot: int, place: Vector3) -> void:
	say({"t": "footstep", "foot": foot, "place": [place.x, place.y, place.z]})


func _on_act_began(ref: int) -> void:
	say({"t": "act_began", "ref": ref})


func _on_act_ended(ref: int) -> void:
	say({"t": "act_ended", "ref": ref})


func _on_act_failed(ref: int, message: String) -> void:
	say({"t": "act_failed", "ref": ref, "message": message})


func _on_clip_made(_request: int, clip) -> void:
	say({"t": "clip", "frames": clip.frames, "fps": clip.fps})


func _on_clip_failed(_request: int, message: String) -> void:
	say({"t": "clip_failed", "message": message})
