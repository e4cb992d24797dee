extends Reference
# Reads one MessagePack value that a stranger may have sent: sizes, depth and the number of values are bounded, and what is
# wrong is told in `error` (empty: nothing). Binary values are PoolByteArray, extensions are null.

const DEPTH = 32  # levels
const VALUES = 50000  # in one message, lists of numbers met before not counted
const LONG_LIST = 16  # items from which a list is worth remembering

var error := ""

var _in := StreamPeerBuffer.new()
var _size := 0
var _left := 0
var _list_bytes := PoolByteArray()  # the long list read last, and what it held
var _list := []


func _init() -> void:
	_in.big_endian = true


func read(bytes: PoolByteArray):
	error = ""
	_in.data_array = bytes
	_size = bytes.size()
	_left = VALUES
	var value = _value(0)
	if error == "" and _in.get_position() != _size:
		error = "%d bytes too many" % (_size - _in.get_position())
	return null if error != "" else value


func _value(depth: int):
	_left -= 1
	if depth > DEPTH or _left < 0:
		return _fail("nested too deeply" if depth > DEPTH else "too many values")
	if not _has(1):
		return null
	var code := _in.get_u8()
	if code < 0x80:
		return code
	if code < 0x90:
		return _map(code & 0x0f, depth)
	if code < 0xa0:
		return _array(code & 0x0f, depth)
	if code < 0xc0:
		return _text(code & 0x1f)
	if code >= 0xe0:
		return code - 0x100
	match code:
		0xc0:
			return null
		0xc2:
			return false
		0xc3:
			return true
		0xc4:
			return _bin(_unsigned(1))
		0xc5:
			return _bin(_unsigned(2))
		0xc6:
			return _bin(_unsigned(4))
		0xc7:
			return _extension(_unsigned(1))
		0xc8:
			return _extension(_unsigned(2))
		0xc9:
			return _extension(_unsigned(4))
		0xca:
			return _in.get_float() if _has(4) else 0.0
		0xcb:
			return _in.get_double() if _has(8) else 0.0
		0xcc:
			return _unsigned(1)
		0xcd:
			return _unsigned(2)
		0xce:
			return _unsigned(4)
		0xcf:
			return _unsigned(8)
		0xd0:
			return _in.get_8() if _has(1) else 0
		0xd1:
			return _in.get_16() if _has(2) else 0
		0xd2:
			return _in.get_32() if _has(4) else 0
		0xd3:
			return _in.get_64() if _has(8) else 0
		0xd4, 0xd5, 0xd6, 0xd7, 0xd8:
			return _extension(1 << (code - 0xd4))
		0xd9:
			return _text(_unsigned(1))
		0xda:
			return _text(_unsigned(2))
		0xdb:
			return _text(_unsigned(4))
		0xdc:
			return _array(_unsigned(2), depth)
		0xdd:
			return _array(_unsigned(4), depth)
		0xde:
			return _map(_unsigned(2), depth)
		0xdf:
			return _map(_unsigned(4), depth)
	return _fail("no MessagePack: byte %d" % code)


func _fail(why: String):
	if error == "":
		error = "%s at byte %d" % [why, _in.get_position()]
	return null


func _has(count: int) -> bool:
	if count < 0 or count > _size - _in.get_position():
		_fail("cut off")
		return false
	return error == ""


func _unsigned(width: int) -> int:
	if not _has(width):
		return 0
	match width:
		1:
			return _in.get_u8()
		2:
			return _in.get_u16()
		4:
			return _in.get_u32()
	return _in.get_64()  # numbers from 2^63 on come out negative: no key of the protocol has them


func _bin(size: int) -> PoolByteArray:
	if size == 0 or not _has(size):
		return PoolByteArray()
	return _in.get_data(size)[1]


func _text(size: int) -> String:
	if size == 0 or not _has(size):
		return ""
	return _in.get_utf8_string(size)


func _extension(size: int):
	if _has(size + 1):
		_in.seek(_in.get_position() + 1 + size)
	return null


func _array(size: int, depth: int) -> Array:
	if not _has(size):  # each item has a byte at least
		return []
	if size < LONG_LIST:
		return _items(size, depth)
	var begin := _in.get_position()
	if size == _list.size() and _list_bytes.size() <= _size - begin:
		if _in.get_data(_list_bytes.size())[1] == _list_bytes:
			return _list
		_in.seek(begin)
	var items := _items(size, depth)
	if error == "":
		var end := _in.get_position()
		_in.seek(begin)
		_list_bytes = _in.get_data(end - begin)[1]
		_list = items
	return items


func _items(size: int, depth: int) -> Array:
	var items := []
	for _item in size:
		items.append(_value(depth + 1))
		if error != "":
			break
	return items


func _map(size: int, depth: int) -> Dictionary:
	var map := {}
	if not _has(2 * size):
		return map
	for _item in size:
		var key = _value(depth + 1)
		if error != "":
			break
		if typeof(key) == TYPE_STRING:
			map[key] = _value(depth + 1)
		else:
			_value(depth + 1)
	return map
