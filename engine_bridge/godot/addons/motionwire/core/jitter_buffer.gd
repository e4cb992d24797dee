extends RefCounted
## Frames of a stream, shown a little late so that there is always a frame before and one after to interpolate between:
## at least 1.5 frames, and more where the network is uneven.

const FRAMES_LATE = 1.5
const MOST_LATE_S = 0.1  # longer gaps are not hidden but shown: the pose is held
const KEPT = 32
const FORGET = 0.995  # per frame: how fast an uneven moment is forgotten
const DRIFT_S = 2e-5  # per frame: how fast the two clocks may run apart

var due := []  # frames that came to be shown since this was emptied: their events are to be told

var _interval := 1.0 / 60
var _frames := []
var _passed := 0.0  # server time of the frame in `due` last
var _offset := 0.0  # this clock minus the server's, by the promptest frame
var _uneven := 0.0  # s that others come later


func _init(fps: float) -> void:
	_interval = 1.0 / fps


func push(frame) -> void:
	var offset: float = frame.arrived - frame.ts
	if _frames.size() == 0 or frame.ts <= _frames[_frames.size() - 1].ts:  # the first, or another server's clock
		_frames = []
		_offset = offset
		_passed = frame.ts - _interval
	_offset = min(_offset + DRIFT_S, offset)
	_uneven = max(_uneven * FORGET, min(offset - _offset, MOST_LATE_S))
	_frames.append(frame)
	while _frames.size() > KEPT:
		_pass(_frames.pop_front())


## How late frames are shown, s.
func delay() -> float:
	return max(FRAMES_LATE * _interval, _interval + _uneven)


## [the frame before, the frame after, how far between them 0..1], empty without a frame.
func sample(now: float) -> Array:
	if _frames.size() == 0:
		return []
	var shown := now - _offset - delay()
	while _frames.size() > 1 and _frames[1].ts <= shown:
		_pass(_frames.pop_front())
	var before = _frames[0]
	if before.ts <= shown:
		_pass(before)
	if _frames.size() == 1:
		return [before, before, 0.0]
	return [before, _frames[1], clamp((shown - before.ts) / (_frames[1].ts - before.ts), 0.0, 1.0)]


func _pass(frame) -> void:
	if frame.ts > _passed:
		_passed = frame.ts
		due.append(frame)
