extends SceneTree
## What the benchmark and the tests run, a program for the console:
##   godot --headless --path . --script tests/bench.gd -- bench HOST PORT CHARACTERS SECONDS
##   godot --headless --path . --script tests/bench.gd -- reconnect HOST PORT
## Each prints one JSON object.

const Client = preload("res://addons/motionwire/core/client.gd")
const Platform = preload("res://addons/motionwire/core/platform.gd")
const Files = preload("res://tests/files.gd")

const FPS = 60.0
const WARM_UP = 60  # frames that are not counted
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
		bench(int(words[at + 3]), float(words[at + 4]))
	else:
		reconnect()
	client.close()
	quit()


func bench(count: int, seconds: float) -> void:
	var characters := []
	var rows := PackedFloat32Array()
	for character in count:
		characters.append(character)
		client.spawn(character, Vector3(2.0 * (character % 40), 0.0, 2.0 * (character / 40)))
		rows.append_array(PackedFloat32Array([1.3 * sin(character), 1.3 * cos(character), NAN, 0.0]))
	var trips := []
	var lost := 0
	var due := Platform.now()
	for tick in range(-WARM_UP, int(seconds * FPS)):
		var sent := Platform.now()
		var answered := ask(characters, rows)
		if tick >= 0:
			if answered:
				trips.append(1000.0 * (frame_at - sent))
			else:
				lost += 1
		due += 1.0 / FPS
		var left := due - Platform.now()
		if left > 0.0:
			OS.delay_usec(int(1e6 * left))
		else:
			due -= left
	print(Files.to_json_text({"rtt_ms": trips, "frames": trips.size(), "lost": lost, "bytes_allocated_per_frame": null}))


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
