extends RefCounted
## Bytes as hex digits, as the golden files write them.


static func bytes_of(text: String) -> PackedByteArray:
	var bytes := PackedByteArray()
	for index in text.length() / 2:
		bytes.append(("0x" + text.substr(2 * index, 2)).hex_to_int())
	return bytes


static func of(bytes: PackedByteArray) -> String:
	var text := ""
	for byte in bytes:
		text += "%02x" % byte
	return text
