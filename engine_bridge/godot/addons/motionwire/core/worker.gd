extends RefCounted
## The thread of a client, and what the two hand to each other. It does not hold the client: one that is let go unclosed is freed,
## and ends this.

const Platform = preload("platform.gd")
const Session = preload("session.gd")

const ACTIVE_S = 1.0  # after a request, answers are looked for often
const BUSY_US = 60  # between two looks while an answer is due: GDScript has no way to wait for a socket
const ACTIVE_US = 250
const IDLE_US = 2000
const MOST_TOLD = 5000  # that `take` did not fetch; until it does, nothing more is read

var _thread: Thread
var _lock := Mutex.new()
var _requests := []  # method of Session, arguments
var _told := []
var _closing := false


func start() -> void:
	_thread = Thread.new()
	Platform.start(_thread, self, "_run")


## End the thread; it takes a few ms.
func stop() -> void:
	_lock.lock()
	_closing = true
	_lock.unlock()
	_thread.wait_to_finish()


func ask(method: String, arguments: Array) -> void:
	_lock.lock()
	_requests.append([method, arguments])
	_lock.unlock()


## What happened since the last time, as in Session's `told`.
func take() -> Array:
	_lock.lock()
	var told := _told
	_told = []
	_lock.unlock()
	return told


func _run(_nothing = null) -> void:
	var session := Session.new()
	var active_until := 0.0
	while true:
		_lock.lock()
		var requests := _requests
		_requests = []
		var closing := _closing
		var is_flooded := _told.size() > MOST_TOLD
		_lock.unlock()
		for request in requests:
			session.callv(request[0], request[1])
			active_until = Platform.now() + ACTIVE_S
		if not is_flooded:
			session.poll()
		if session.told.size() > 0:
			_lock.lock()
			_told += session.told
			_lock.unlock()
			session.told = []
		if closing:
			session.close()
			return
		OS.delay_usec(_pause_us(session, active_until))


static func _pause_us(session: Session, active_until: float) -> int:
	if session.steps_under_way > 0:
		return BUSY_US
	return ACTIVE_US if Platform.now() < active_until or session.is_streaming() else IDLE_US
