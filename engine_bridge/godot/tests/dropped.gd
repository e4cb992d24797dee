extends SceneTree
## A client that is let go while it is open: --script tests/dropped.gd -- HOST PORT. Its thread must not outlive it.

const Files = preload("res://tests/files.gd")
const Client = preload("res://addons/motionwire/core/client.gd")

const RUN_MS = 200


func _init() -> void:
	var words := Files.words()
	var client = Client.new()
	client.open(words[words.size() - 2], int(words[words.size() - 1]))
	OS.delay_msec(RUN_MS)
	client = null
	quit()
