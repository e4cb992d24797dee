extends Reference
# How a client proves to know the server's token without sending it: HMAC-SHA256 (RFC 2104) over the server's nonce.

const PREFIX = "motionwire-hello-1"
const BLOCK = 64  # bytes of SHA-256's block


static func of(token: String, nonce: PoolByteArray) -> PoolByteArray:
	var key := token.to_utf8()
	if key.size() > BLOCK:
		key = _sha256(key, PoolByteArray())
	while key.size() < BLOCK:
		key.append(0)
	var message := PREFIX.to_utf8()
	message.append_array(nonce)
	return _sha256(_masked(key, 0x5c), _sha256(_masked(key, 0x36), message))


static func _masked(key: PoolByteArray, mask: int) -> PoolByteArray:
	var masked := PoolByteArray()
	for byte in key:
		masked.append(byte ^ mask)
	return masked


static func _sha256(first: PoolByteArray, second: PoolByteArray) -> PoolByteArray:
	var hashing := HashingContext.new()
	hashing.start(HashingContext.HASH_SHA256)
	for bytes in [first, second]:
		if bytes.size() > 0:
			hashing.update(bytes)
	return hashing.finish()
