extends Node3D
## Walk with WASD or a gamepad, run with Shift or B; type a sentence below and the character acts it out. Start
## `motionwire serve` first.

const WALK_M_S = 1.4
const RUN_M_S = 3.2
const DEAD_ZONE = 0.2
const CAMERA_M = Vector3(0.0, 1.9, 3.2)  # behind the character and above
const HINT = "connecting to %s:%d; is `motionwire serve` running?"

var _steps := [0, 0]

@onready var connection = $Connection
@onready var character = $Character
@onready var camera = $Camera
@onready var status = $Screen/Status
@onready var prompt = $Screen/Prompt


func _ready() -> void:
	status.text = HINT % [connection.host, connection.port]
	connection.opened.connect(_on_opened)
	connection.lost.connect(_on_lost)
	character.footstep.connect(_on_footstep)
	character.act_began.connect(_on_act_began)
	character.act_ended.connect(_on_act_ended)
	character.act_failed.connect(_on_act_failed)
	prompt.text_submitted.connect(_on_prompt)


func _process(delta: float) -> void:
	var stick := Vector2() if prompt.has_focus() else _stick()
	var right: Vector3 = camera.global_transform.basis.x
	var ahead := Vector3.UP.cross(right)
	var speed := RUN_M_S if _runs() else WALK_M_S
	character.move((right * stick.x + ahead * stick.y) * speed)
	_follow(delta)


func _input(event: InputEvent) -> void:
	if event is InputEventKey and event.pressed and Input.is_key_pressed(KEY_ESCAPE):
		prompt.release_focus()
		character.stop_acting()


## x to the right, y ahead; at most 1 long.
func _stick() -> Vector2:
	var pad := Vector2(Input.get_joy_axis(0, JOY_AXIS_LEFT_X), -Input.get_joy_axis(0, JOY_AXIS_LEFT_Y))
	if pad.length() < DEAD_ZONE:
		pad = Vector2()
	pad.x += _pressed(KEY_D) - _pressed(KEY_A)
	pad.y += _pressed(KEY_W) - _pressed(KEY_S)
	return pad.normalized() if pad.length() > 1.0 else pad


func _runs() -> bool:
	return Input.is_key_pressed(KEY_SHIFT) or Input.is_joy_button_pressed(0, JOY_BUTTON_B)


func _pressed(key: int) -> float:
	return 1.0 if Input.is_key_pressed(key) else 0.0


## The camera keeps its distance and looks at the character: it turns when the character walks past.
func _follow(delta: float) -> void:
	var target: Vector3 = character.global_transform.origin
	var away: Vector3 = camera.global_transform.origin - target
	away.y = 0.0
	var wanted := target + away.normalized() * CAMERA_M.z + Vector3.UP * CAMERA_M.y
	var at: Vector3 = camera.global_transform.origin.lerp(wanted, min(1.0, 4.0 * delta))
	camera.look_at_from_position(at, target + Vector3.UP, Vector3.UP)


func _on_opened(_resumed: bool) -> void:
	status.text = "connected"


func _on_lost(reason: String) -> void:
	status.text = "lost: %s" % reason


func _on_footstep(foot: int, _place: Vector3) -> void:
	_steps[foot] += 1
	status.text = "footsteps: left %d, right %d" % _steps


func _on_act_began(_ref: int) -> void:
	status.text = "acting"


func _on_act_ended(_ref: int) -> void:
	status.text = "done acting"


func _on_act_failed(_ref: int, message: String) -> void:
	status.text = "cannot act this: %s" % message


func _on_prompt(sentence: String) -> void:
	if sentence.strip_edges() != "" and character.act(sentence) > 0:
		status.text = "asked for: %s" % sentence
	prompt.clear()
	prompt.release_focus()
