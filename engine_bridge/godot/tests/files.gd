extends RefCounted
## Files, JSON and pictures, for the programs in this folder: Godot 3 has its own file of the same functions.


static func text_of(path: String) -> String:
	return FileAccess.get_file_as_string(path)


static func bytes_of_file(path: String) -> PackedByteArray:
	return FileAccess.get_file_as_bytes(path)


static func from_json(text: String):
	return JSON.parse_string(text)


static func to_json_text(value) -> String:
	return JSON.stringify(value)


## What a viewport shows.
static func picture_of(viewport: Viewport) -> Image:
	return viewport.get_texture().get_image()


static func write_text(path: String, text: String) -> void:
	var file := FileAccess.open(path, FileAccess.WRITE)
	file.store_string(text)
	file.close()


static func listen(port: PacketPeerUDP, number: int) -> void:
	port.bind(number, "127.0.0.1")


## Seconds of the system's clock, which all programs share.
static func unix_time() -> float:
	return Time.get_unix_time_from_system()


## What stands after `--`: the words for the program.
static func words() -> PackedStringArray:
	return OS.get_cmdline_user_args()


## How long this thread has stood ready while others had the processors, s: the second of schedstat's three numbers, in ns.
## What is left of a call's time without it is its own.
static func robbed_s() -> float:
	var file := FileAccess.open("/proc/thread-self/schedstat", FileAccess.READ)
	return float(file.get_line().split(" ")[1]) / 1e9 if file != null else 0.0
