extends Reference
# One ZMTP 3.1 connection of a DEALER with the NULL mechanism (ZeroMQ RFC 37) over a StreamPeerTCP. `poll` never waits.

enum { CLOSED, RESOLVING, CONNECTING, GREETING, HANDSHAKE, OPEN, FAILED }

const Platform = preload("platform.gd")

const OPEN_S = 1.0  # for connecting and the handshake
const MORE = 1  # flags of a frame
const LONG = 2
const COMMAND = 4
const GREETING_BYTES = 64
const LONGEST = 16 * 1024 * 1024  # bytes of a frame, far more than 4096 characters take
const READ_AT_ONCE = 4 * 1024 * 1024
const LONGEST_QUEUE = 4 * 1024 * 1024  # bytes that the server has not taken yet

var state := CLOSED
var reason := ""  # why it failed
var heard := 0.0  # s of Platform.now() when bytes came last

var _stream: StreamPeerTCP
var _begun := 0.0
var _port := 0
var _lookup := -1  # number of the question for a host's address
var _in := PoolByteArray()
var _at := 0  # what of `_in` is read already
var _out := PoolByteArray()


func open(host: String, port: int) -> void:
	_stream = StreamPeerTCP.new()
	_begun = Platform.now()
	_port = port
	state = RESOLVING
	if host.is_valid_ip_address():
		_connect_to(host)
	else:
		_lookup = IP.resolve_hostname_queue_item(host, IP.TYPE_IPV4)


func close() -> void:
	if _stream != null:
		_stream.disconnect_from_host()
	_forget_lookup()
	if state != FAILED:
		state = CLOSED


# Bytes that are still to be sent.
func queued() -> int:
	return _out.size()


# One message of one part.
func send(message: PoolByteArray) -> void:
	_out.append_array(_frame(0, message))
	_flush()


# Move bytes; the messages that came.
func poll() -> Array:
	var messages := []
	if state == CLOSED or state == FAILED:
		return messages
	if state == RESOLVING:
		_resolve()
	var status := Platform.status(_stream)
	if state == RESOLVING or state == FAILED:
		pass
	elif status == StreamPeerTCP.STATUS_CONNECTED:
		if state == CONNECTING:
			_greet()
		_receive()
		messages = _parse()
		_flush()
	elif status != StreamPeerTCP.STATUS_CONNECTING:
		_fail("nobody listens there" if state == CONNECTING else "the connection was closed")
	if state < OPEN and Platform.now() - _begun > OPEN_S:
		_fail("no ZeroMQ server answered within %d s" % OPEN_S)
	return messages


func _fail(why: String) -> void:
	if state == FAILED:
		return
	reason = why
	state = FAILED
	_forget_lookup()
	_stream.disconnect_from_host()


func _resolve() -> void:
	match IP.get_resolve_item_status(_lookup):
		IP.RESOLVER_STATUS_DONE:
			_connect_to(IP.get_resolve_item_address(_lookup))
		IP.RESOLVER_STATUS_ERROR, IP.RESOLVER_STATUS_NONE:
			_fail("no such host")


func _connect_to(address: String) -> void:
	_forget_lookup()
	state = CONNECTING
	if _stream.connect_to_host(address, _port) != OK:
		_fail("cannot connect")


func _forget_lookup() -> void:
	if _lookup >= 0:
		IP.erase_resolve_item(_lookup)
	_lookup = -1


func _greet() -> void:
	_stream.set_no_delay(true)
	state = GREETING
	var greeting := PoolByteArray([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 1])
	greeting.append_array("NULL".to_utf8())
	while greeting.size() < GREETING_BYTES:
		greeting.append(0)
	_out.append_array(greeting)


func _receive() -> void:
	var count: int = min(_stream.get_available_bytes(), READ_AT_ONCE)
	if count <= 0:
		return
	var got := _stream.get_partial_data(count)
	if got[0] != OK:
		_fail("the connection broke")
	elif got[1].size() > 0:
		heard = Platform.now()
		_in.append_array(got[1])


func _flush() -> void:
	if _out.size() == 0 or state <= CONNECTING or state == FAILED:
		return
	var sent := _stream.put_partial_data(_out)
	if sent[0] != OK and sent[0] != ERR_BUSY:
		_fail("the connection broke")
	elif sent[1] >= _out.size():
		_out = PoolByteArray()
	elif sent[1] > 0:
		_out = Platform.part(_out, sent[1], _out.size())
	if _out.size() > LONGEST_QUEUE:
		_fail("the server does not read")


# The messages that are complete.
func _parse() -> Array:
	var messages := []
	if state == GREETING and _in.size() >= GREETING_BYTES:
		_read_greeting()
	while state == HANDSHAKE or state == OPEN:
		var left := _in.size() - _at
		if left < 2:
			break
		var flags := _in[_at]
		if flags > 7 or (flags & MORE and flags & COMMAND):
			_fail("what is no ZMTP frame came")
			break
		var head := 9 if flags & LONG else 2
		if left < head:
			break
		var size := _in[_at + 1]
		if flags & LONG:
			size = 0
			for index in 8:
				size = size << 8 | _in[_at + 1 + index]
		if size < 0 or size > LONGEST:
			_fail("a frame of %d bytes was announced" % size)
			break
		if left < head + size:
			break
		var body := Platform.part(_in, _at + head, _at + head + size)
		_at += head + size
		if flags & COMMAND:
			_obey(body)
		elif state != OPEN or flags & MORE:
			_fail("a message of several parts came" if state == OPEN else "a message came before READY")
		else:
			messages.append(body)
	if _at > 0 and _at == _in.size():
		_in = PoolByteArray()
		_at = 0
	elif _at > READ_AT_ONCE:
		_in = Platform.part(_in, _at, _in.size())
		_at = 0
	return messages


func _read_greeting() -> void:
	var mechanism := Platform.part(_in, 12, 32).get_string_from_ascii()
	if _in[0] != 0xff or _in[9] & 1 != 1 or _in[10] < 3:
		_fail("what answers is no ZeroMQ 4 server")
	elif mechanism != "NULL":
		_fail("the server wants the mechanism %s, this client speaks NULL" % mechanism.left(20))
	else:
		_at = GREETING_BYTES
		state = HANDSHAKE
		_command("READY", PoolByteArray([11]), "Socket-Type", PoolByteArray([0, 0, 0, 6]), "DEALER")


func _obey(body: PoolByteArray) -> void:
	var size := body[0] if body.size() > 0 else 0
	if size == 0 or body.size() < 1 + size:
		_fail("what is no ZMTP command came")
		return
	match Platform.part(body, 1, 1 + size).get_string_from_ascii():
		"READY":
			state = OPEN
		"ERROR":
			_fail("the server refuses: %s" % Platform.part(body, 2 + size, body.size()).get_string_from_ascii())
		"PING":  # 2 bytes say how long the server waits, the rest comes back
			if body.size() >= 7 and body.size() <= 7 + 16:
				_command("PONG", Platform.part(body, 7, body.size()))


func _command(name: String, first: PoolByteArray, text := "", second := PoolByteArray(), value := "") -> void:
	var body := PoolByteArray([name.length()])
	body.append_array(name.to_utf8())
	body.append_array(first)
	body.append_array(text.to_utf8())
	body.append_array(second)
	body.append_array(value.to_utf8())
	_out.append_array(_frame(COMMAND, body))  # `poll` sends it, with the others that came meanwhile


func _frame(flags: int, body: PoolByteArray) -> PoolByteArray:
	var size := body.size()
	var frame := PoolByteArray()
	if size < 256:
		frame.append_array(PoolByteArray([flags, size]))
	else:
		frame.append(flags | LONG)
		for index in 8:
			frame.append(size >> (8 * (7 - index)) & 0xff)
	frame.append_array(body)
	return frame
