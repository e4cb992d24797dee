extends SceneTree
## What this client makes of the golden files: --script tests/golden.gd -- FOLDER OUT
## Writes OUT, one JSON object: `packed`, each message of messages.json read and written again, hex by name; `proofs`, hex by
## token; `joints`, where a skeleton's bones are for each pose of session.bin, and `events` of it.

const Platform = preload("res://addons/motionwire/core/platform.gd")
const Files = preload("res://tests/files.gd")
const Hex = preload("res://tests/hex.gd")
const Reader = preload("res://addons/motionwire/core/msgpack_reader.gd")
const Writer = preload("res://addons/motionwire/core/msgpack_writer.gd")
const Proof = preload("res://addons/motionwire/core/proof.gd")
const PoseFrame = preload("res://addons/motionwire/core/pose_frame.gd")
const Retarget = preload("res://addons/motionwire/core/retarget.gd")
const Figure = preload("res://addons/motionwire/nodes/figure.gd")


func _init() -> void:
	call_deferred("run")


func run() -> void:
	var words := Files.words()
	var folder: String = words[words.size() - 2]
	var vectors: Dictionary = Files.from_json(Files.text_of(folder + "/messages.json"))
	var reader := Reader.new()
	var packed := {}
	for vector in vectors["messages"]:
		packed[vector["name"]] = Hex.of(Writer.pack(reader.read(Hex.bytes_of(vector["bytes"]))))
	var proofs := {}
	for case in vectors["proofs"]:
		proofs[case["token"]] = Hex.of(Proof.of(case["token"], Hex.bytes_of(case["nonce"])))
	var out := {"packed": packed, "proofs": proofs, "joints": [], "events": []}
	play(Files.bytes_of_file(folder + "/session.bin"), out)
	Files.write_text(words[words.size() - 1], Files.to_json_text(out))
	quit()


func play(session: PackedByteArray, out: Dictionary) -> void:
	var reader := Reader.new()
	var lengths := StreamPeerBuffer.new()
	lengths.data_array = session
	var character := Node3D.new()
	var figure := Figure.new()
	var retarget := Retarget.new()
	while lengths.get_position() < session.size():
		var size := lengths.get_u32()
		var message: Dictionary = reader.read(lengths.get_data(size)[1])
		if message["t"] == "welcome":
			var bones: Dictionary = message["skeleton"]
			var offsets := Platform.floats(bones["offsets"])
			figure.build(bones["names"], bones["parents"], offsets)
			character.add_child(figure)
			get_root().add_child(character)
			if not retarget.set_up(figure, character, bones["names"], bones["parents"], offsets):
				printerr(retarget.problem)
		elif message["t"] == "pose":
			var problem := PoseFrame.problem_of(message, 22)
			if problem != "":
				printerr(problem)
			var frame := PoseFrame.new()
			frame.fill(message, 0.0)
			retarget.pose(frame.root_position(0), frame.rotations(0))
			var places := []
			for joint in frame.joints:
				var place: Vector3 = retarget.place_of(joint)
				places.append([place.x, place.y, place.z])
			out["joints"].append(places)
			out["events"].append(frame.events)
	character.free()
