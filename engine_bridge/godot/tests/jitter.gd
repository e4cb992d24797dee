extends SceneTree
## What the jitter buffer shows of frames that come unevenly: --script tests/jitter.gd -- IN OUT
## IN: `fps`, `frames` (ts, arrived, both s, in order of arrival) and `looks` (s of this clock). OUT: the server time that each
## look sees, null before the first frame, and the server times of the frames whose events were told by then.

const Files = preload("res://tests/files.gd")
const JitterBuffer = preload("res://addons/motionwire/core/jitter_buffer.gd")
const PoseFrame = preload("res://addons/motionwire/core/pose_frame.gd")


func _init() -> void:
	var words := Files.words()
	var given: Dictionary = Files.from_json(Files.text_of(words[words.size() - 2]))
	var buffer := JitterBuffer.new(given["fps"])
	var coming: Array = given["frames"]
	var seen := []
	var told := []
	for look in given["looks"]:
		while coming.size() > 0 and coming[0][1] <= look:
			var frame := PoseFrame.new()
			frame.ts = coming[0][0]
			frame.arrived = coming[0][1]
			buffer.push(frame)
			coming.pop_front()
		var shown := buffer.sample(look)
		seen.append(null if shown.size() == 0 else lerp(shown[0].ts, shown[1].ts, shown[2]))
		for frame in buffer.due:
			told.append(frame.ts)
		buffer.due.clear()
	Files.write_text(words[words.size() - 1], Files.to_json_text({"seen": seen, "told": told}))
	quit()
