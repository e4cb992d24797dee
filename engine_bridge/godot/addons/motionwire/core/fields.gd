extends RefCounted
## Fields of messages. What the other side sent may be of any type, and a function ends where it compares two that do not compare.


static func same(value, wanted) -> bool:
	return typeof(value) == typeof(wanted) and value == wanted
