extends SceneTree
# Plays the demo scene by its keys and its prompt, and takes pictures: --script tests/picture.gd -- PORT FOLDER SENTENCE
# walking.png after some steps ahead, acting.png while the sentence is acted; then prints "done".

const Platform = preload("res://addons/motionwire/core/platform.gd")
const Files = preload("res://tests/files.gd")

const WALK_S = 4.0
const ACT_S = 1.2
const GIVE_UP_S = 90.0

var demo: Node
var folder := ""
var sentence := ""
var walking_since := 0.0
var acting_since := 0.0
var begun := 0.0


func _init() -> void:
	var words := Files.words()
	var count := words.size()
	folder = words[count - 2]
	sentence = words[count - 1]
	demo = load("res://demo/demo.tscn").instance()
	demo.get_node("Connection").port = int(words[count - 3])
	demo.get_node("Connection").connect("opened", self, "_on_opened")
	demo.get_node("Character").connect("act_began", self, "_on_act_began")
	get_root().call_deferred("add_child", demo)
	begun = Platform.now()


func _on_opened(_resumed: bool) -> void:
	walking_since = Platform.now()
	press(KEY_W, true)


func _on_act_began(_ref: int) -> void:
	acting_since = Platform.now()


func _idle(_delta: float) -> bool:
	var now := Platform.now()
	if walking_since > 0.0 and now - walking_since > WALK_S:
		walking_since = 0.0
		take("walking.png")
		press(KEY_W, false)
		demo.get_node("Screen/Prompt").emit_signal("text_entered", sentence)
	elif acting_since > 0.0 and now - acting_since > ACT_S:
		take("acting.png")
		print("done")
		quit()
	elif now - begun > GIVE_UP_S:
		quit()
	return false


func press(key: int, pressed: bool) -> void:
	var event := InputEventKey.new()
	event.scancode = key
	event.pressed = pressed
	Input.parse_input_event(event)


func take(name: String) -> void:
	Files.picture_of(get_root()).save_png(folder + "/" + name)
