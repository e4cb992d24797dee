extends Reference
# MessagePack of one message. Integers take their shortest form, numbers with a fraction are float 64.

const Platform = preload("platform.gd")


# Bytes that are MessagePack already: a long list that stays the same is packed once.
class Packed:
	var bytes: PoolByteArray


static func packed(value) -> Packed:
	var made := Packed.new()
	made.bytes = pack(value)
	return made


static func pack(value) -> PoolByteArray:
	var out := StreamPeerBuffer.new()
	out.big_endian = true
	_put(out, value)
	return out.data_array


static func _put(out: StreamPeerBuffer, value) -> void:
	match typeof(value):
		TYPE_NIL:
			out.put_u8(0xc0)
		TYPE_BOOL:
			out.put_u8(0xc3 if value else 0xc2)
		TYPE_INT:
			_put_int(out, value)
		TYPE_REAL:
			out.put_u8(0xcb)
			out.put_double(value)
		TYPE_STRING:
			var text: PoolByteArray = value.to_utf8()
			_put_size(out, text.size(), 0xa0, 32, [0xd9, 0xda, 0xdb])
			_put_bytes(out, text)
		TYPE_RAW_ARRAY:
			_put_size(out, value.size(), 0, 0, [0xc4, 0xc5, 0xc6])
			_put_bytes(out, value)
		TYPE_ARRAY, TYPE_INT_ARRAY:
			_put_size(out, value.size(), 0x90, 16, [0, 0xdc, 0xdd])
			for item in value:
				_put(out, item)
		TYPE_DICTIONARY:
			_put_size(out, value.size(), 0x80, 16, [0, 0xde, 0xdf])
			for key in value:
				_put(out, key)
				_put(out, value[key])
		TYPE_OBJECT:
			_put_bytes(out, value.bytes)
		_:
			push_error("MessagePack has no form for this: %s" % [value])
			out.put_u8(0xc0)


static func _put_int(out: StreamPeerBuffer, value: int) -> void:
	if value >= 0:
		if value < 0x80:
			out.put_u8(value)
		elif value < 0x100:
			out.put_u8(0xcc)
			out.put_u8(value)
		elif value < 0x10000:
			out.put_u8(0xcd)
			out.put_u16(value)
		elif value < 0x100000000:
			out.put_u8(0xce)
			out.put_u32(value)
		else:
			out.put_u8(0xcf)
			out.put_64(value)
	elif value >= -32:
		out.put_8(value)
	elif value >= -0x80000000:
		out.put_u8(0xd2)
		out.put_32(value)
	else:
		out.put_u8(0xd3)
		out.put_64(value)


# The head of what has a size: short form below `short_below`, else 8, 16 or 32 bits; 0 where there is no such form.
static func _put_size(out: StreamPeerBuffer, size: int, short: int, short_below: int, codes: Array) -> void:
	if size < short_below:
		out.put_u8(short | size)
	elif size < 0x100 and codes[0] != 0:
		out.put_u8(codes[0])
		out.put_u8(size)
	elif size < 0x10000:
		out.put_u8(codes[1])
		out.put_u16(size)
	else:
		out.put_u8(codes[2])
		out.put_u32(size)


static func _put_bytes(out: StreamPeerBuffer, bytes: PoolByteArray) -> void:
	if bytes.size() > 0:
		out.put_data(bytes)
