# Poses a Skeleton from the VMC frames that arrive and prints where each frame puts the bones, a JSON line per frame:
#   godot3-server --path FOLDER --script receiver.gd PORT PARENTS FRAMES
# PARENTS: "Hips:,Spine:Hips,...", parents before children. Ready as soon as it prints "listening". Ends after FRAMES frames.
extends SceneTree

var port = PacketPeerUDP.new()
var skeleton = Skeleton.new()
var body = Spatial.new()
var left = 0

func _init():
	var arguments = OS.get_cmdline_args()
	var count = arguments.size()
	left = int(arguments[count - 1])
	for pair in arguments[count - 2].split(","):
		var names = pair.split(":")
		skeleton.add_bone(names[0])
		if names[1] != "":
			skeleton.set_bone_parent(skeleton.find_bone(names[0]), skeleton.find_bone(names[1]))
	body.add_child(skeleton)
	get_root().add_child(body)
	if port.listen(int(arguments[count - 3]), "127.0.0.1") != OK:
		printerr("cannot listen")
		quit(1)
	print("listening")

func _idle(_delta):
	while left > 0 and port.get_available_packet_count() > 0:
		read_bundle(port.get_packet())

func read_bundle(packet):
	var data = StreamPeerBuffer.new()
	data.big_endian = true
	data.data_array = packet
	data.seek(16)  # "#bundle" and the time tag
	while data.get_position() < data.get_size():
		var end = data.get_32()
		end += data.get_position()
		read_message(data)
		data.seek(end)

func read_message(data):
	var address = read_string(data)
	var kinds = read_string(data)
	if address == "/VMC/Ext/Bone/Pos" and kinds == ",sfffffff":
		var bone = skeleton.find_bone(read_string(data))
		if bone >= 0:  # a rest of nothing but the place: the pose is the rotation alone
			var local = read_transform(data)
			skeleton.set_bone_rest(bone, Transform(Basis(), local.origin))
			skeleton.set_bone_pose(bone, Transform(local.basis, Vector3()))
	elif address == "/VMC/Ext/Root/Pos" and kinds == ",sfffffff":
		read_string(data)
		body.transform = read_transform(data)
	elif address == "/VMC/Ext/T":
		tell()

# Unity's axes are left-handed: x is mirrored.
func read_transform(data):
	var place = Vector3(-data.get_float(), data.get_float(), data.get_float())
	var x = data.get_float()
	var turn = Quat(x, -data.get_float(), -data.get_float(), data.get_float())
	return Transform(Basis(turn.normalized()), place)

func read_string(data):
	var bytes = PoolByteArray()
	while true:
		var word = data.get_data(4)[1]
		bytes.append_array(word)
		if word[3] == 0:
			return bytes.get_string_from_ascii()

func tell():
	var places = {}
	for bone in skeleton.get_bone_count():
		var place = (body.transform * skeleton.get_bone_global_pose(bone)).origin
		places[skeleton.get_bone_name(bone)] = [place.x, place.y, place.z]
	print(to_json(places))
	left -= 1
	if left == 0:
		body.free()
		quit()
