extends SceneTree
## What the benchmark and the tests run, a program for the console:
##   godot --headless --path . --script tests/bench.gd -- bench HOST PORT CHARACTERS BEGIN TURNS
##   godot --headless --path . --script tests/bench.gd -- reconnect HOST PORT
## Each prints one JSON object.

const Client = preload("res://addons/motionwire/core/client.gd")
const Platform = preload("res://addons/motionwire/core/platform.gd")
const Files = preload("res://tests/files.gd")

const FPS = 60.0
const WARM_UP = 10  # frames of a turn that are not counted
const COUNTED = 48
const REST_S = 0.05  # between two looks at a connection that waits for its turn
const ANSWER_S = 2.0  # a frame that is later is lost
const GIVE_UP_S = 120.0

var client := Client.new()
var frame_seq := 0
var frame_at := 0.0
var frame_root := Vector3()
var lost_at := 0.0


func _init() -> void:
	client.posed.connect(_on_posed)
	client.lost.connect(_on_lost)
	var words := Files.words()
	var at := words.size() - 1
	while at > 0 and not words[at] in ["bench", "reconnect"]:
		at -= 1
	client.open(words[at + 1], int(words[at + 2]), OS.get_environment("MOTIONWIRE_TOKEN"))
	if not wait_until_open():
		printerr("no server at %s:%s" % [words[at + 1], words[at + 2]])
	elif words[at] == "bench":
		bench(int(words[at + 3]), int(words[at + 4]) / 1000.0, words[at + 5].split_floats(","))
	else:
		reconnect()
	client.close()
	quit()


## A second at a time by turns with other programs: they begin so many s after `begin` (unix time), later by as much as the
## first one is, which is not counted.
func bench(count: int, begin: float, turns: Array) -> void:
	for character in count:
		client.spawn(character, Vector3(2.0 * (character % 40), 0.0, 2.0 * (character / 40)))
	var trips := []
	var frames := 0
	var late: float = max(0.0, Files.unix_time() - begin - turns[0])
	for number in turns.size():
		rest_until(begin + turns[number] + late)
		var took := seconds_trips(count, 60 * number)
		if number > 0:
			trips.append(took)
			frames += took.size()
	var lost := (turns.size() - 1) * COUNTED - frames
	var said := {"rtt_ms": trips, "frames": frames, "lost": lost, "late_s": late, "bytes_allocated_per_frame": null}
	print(Files.to_json_text(said))


## The round trips of a turn, ms; those that were lost are not among them.
func seconds_trips(count: int, first: int) -> Array:
	var trips := []
	var due := Platform.now()
	for tick in WARM_UP + COUNTED:
		var characters := []
		var rows := PackedFloat32Array()
		for character in count:
			var angle: float = character + 0.01 * (first + tick)
			characters.append(character)
			rows.append_array(PackedFloat32Array([1.3 * sin(angle), 1.3 * cos(angle), NAN, 0.0]))
		var sent := Platform.now()
		if ask(characters, rows) and tick >= WARM_UP:
			trips.append(1000.0 * (frame_at - sent))
		due += 1.0 / FPS
		var left := due - Platform.now()
		if left > 0.0:
			OS.delay_usec(int(1e6 * left))
		else:
			due -= left
	return trips


## Until a time, keeping the session alive.
func rest_until(time: float) -> void:
	while Files.unix_time() < time:
		OS.delay_usec(int(1e6 * clamp(time - Files.unix_time(), 0.0, REST_S)))
		client.poll()


func reconnect() -> void:
	client.spawn(1, Vector3(3.0, 0.0, 4.0))
	var rows := PackedFloat32Array([0.0, 0.0, 0.0, 0.0])
	var before := frame_root
	while lost_at == 0.0:
		before = frame_root
		ask([1], rows)
		OS.delay_usec(int(1e6 / FPS))
	var kept: bool = wait_until_open() and ask([1], rows) and frame_root.distance_to(before) < 0.5
	print(Files.to_json_text({"reconnect_ms": 1000.0 * (Platform.now() - lost_at), "characters_kept": kept}))


func wait_until_open() -> bool:
	var until := Platform.now() + GIVE_UP_S
	while not client.is_open and Platform.now() < until:
		OS.delay_usec(500)
		client.poll()
	return client.is_open


## A step; whether its frame came.
func ask(characters: Array, rows: PackedFloat32Array) -> bool:
	var seq := client.step(characters, rows, 1.0 / FPS)
	if seq == 0:
		return false
	var until := Platform.now() + ANSWER_S
	while frame_seq != seq and client.is_open and Platform.now() < until:
		OS.delay_usec(50)
		client.poll()
	return frame_seq == seq


func _on_posed(frame) -> void:
	frame_seq = frame.seq
	frame_at = Platform.now()
	frame_root = frame.root(0)


func _on_lost(_reason: String) -> void:
	lost_at = Platform.now()
