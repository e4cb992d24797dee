extends Reference
# Files, JSON and pictures, for the programs in this folder.


static func text_of(path: String) -> String:
	return bytes_of_file(path).get_string_from_utf8()


static func bytes_of_file(path: String) -> PoolByteArray:
	var file = File.new()
	var bytes = PoolByteArray()
	if file.open(path, File.READ) == OK:
		bytes = file.get_buffer(file.get_len())
		file.close()
	return bytes


static func from_json(text: String):
	return JSON.parse(text).result


static func to_json_text(value) -> String:
	return to_json(value)


# What a viewport shows.
static func picture_of(viewport: Viewport) -> Image:
	var picture = viewport.get_texture().get_data()
	picture.flip_y()
	return picture


static func write_text(path: String, text: String) -> void:
	var file = File.new()
	if file.open(path, File.WRITE) == OK:
		file.store_string(text)
		file.close()


static func listen(port: PacketPeerUDP, number: int) -> void:
	port.listen(number, "127.0.0.1")


# Seconds of the system's clock, which all programs share.
static func unix_time() -> float:
	return OS.get_system_time_msecs() / 1000.0


# The words of the command line; those for the program come last.
static func words() -> PoolStringArray:
	return OS.get_cmdline_args()


# How long this thread has stood ready while others had the processors, s: the second number of Linux's "ran_ns waited_ns slices".
# What is left of a call's time without it is its own.
static func robbed_s() -> float:
	var file = File.new()
	return float(file.get_line().split(" ")[1]) / 1e9 if file.open("/proc/thread-self/schedstat", File.READ) == OK else 0.0
