extends SceneTree
# What a session says: --script tests/session.gd -- IN OUT
# IN: a list of what happens, one after another: ["greet"] (a connection stands), ["lose"], ["spawn", character, x, ref],
# ["despawn", character], ["teleport", character, x, count, ref], ["hear", a server's message in hex]. OUT: for each, the
# messages that the session says then, in hex.

const Files = preload("res://tests/files.gd")
const Hex = preload("res://tests/hex.gd")
const Session = preload("res://addons/motionwire/core/session.gd")


class Recorder:
	extends "res://addons/motionwire/core/zmtp.gd"
	var said := []

	func send(message: PoolByteArray) -> void:
		said.append(Hex.of(message))


func _init() -> void:
	var words := Files.words()
	var session := Session.new()
	session.open("127.0.0.1", 1, "", "test")
	var answers := []
	for event in Files.from_json(Files.text_of(words[words.size() - 2])):
		match event[0]:
			"greet":
				session._link = Recorder.new()
				session._greet(0.0)
			"lose":
				session._lose("gone")
			"spawn":
				session.spawn(int(event[1]), "", [event[2], 0.0, 0.0, 0.0], 0, int(event[3]))
			"despawn":
				session.despawn(int(event[1]), 0)
			"teleport":
				session.teleport(int(event[1]), [event[2], 0.0, 0.0, 0.0], int(event[3]), int(event[4]))
			"hear":
				session._take(Hex.bytes_of(event[1]))
		answers.append(session._link.said if session._link != null else [])
		if session._link != null:
			session._link.said = []
	Files.write_text(words[words.size() - 1], Files.to_json_text(answers))
	quit()
