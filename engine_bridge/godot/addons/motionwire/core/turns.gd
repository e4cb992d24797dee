extends RefCounted
## Rotations that both engine generations lack or name differently.


## The shortest turn of one direction into another.
static func arc(from: Vector3, to: Vector3) -> Quaternion:
	var a := from.normalized()
	var b := to.normalized()
	var axis := a.cross(b)
	if a.dot(b) < -0.99999:  # opposite: about any axis across
		axis = a.cross(Vector3.UP if abs(a.y) < 0.9 else Vector3.RIGHT).normalized()
		return Quaternion(axis.x, axis.y, axis.z, 0.0)
	return Quaternion(axis.x, axis.y, axis.z, 1.0 + a.dot(b)).normalized()


static func about_up(angle: float) -> Quaternion:
	return Quaternion(0.0, sin(angle / 2), 0.0, cos(angle / 2))


## Whether three numbers are a place: what a network sends need not be.
static func is_place(place: Vector3) -> bool:
	return abs(place.x) + abs(place.y) + abs(place.z) < 1e7  # false for NAN


## Whether four numbers are a rotation at all.
static func is_turn(turn: Quaternion) -> bool:
	return abs(turn.length_squared() - 1.0) < 0.01  # false for NAN
