extends Reference
# Bytes as hex digits, as the golden files write them.


static func bytes_of(text: String) -> PoolByteArray:
	var bytes := PoolByteArray()
	for index in text.length() / 2:
		bytes.append(("0x" + text.substr(2 * index, 2)).hex_to_int())
	return bytes


static func of(bytes: PoolByteArray) -> String:
	var text := ""
	for byte in bytes:
		text += "%02x" % byte
	return text
