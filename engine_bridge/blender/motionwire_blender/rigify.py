"""Rigify's generated rigs: the controls that an animator keys, since the deforming bones follow them by constraints.

Legs and arms are set to FK, neck and head to follow the trunk, limbs to follow what they hang on; so switched, the controls hang
together like plain bones. Names: Rigify 0.6 (Blender 3.4 to 4.5). ORG-shoulder follows its control and carries the arm.
"""

NAME = "rigify controls"
_SIDES = (("left", "L"), ("right", "R"))

# As in `packed.RIGS`: joint -> for each bone that plays it, the names that it may have.
CONTROLS = {
    "pelvis": [["torso"], ["spine_fk"]],
    "spine1": [["spine_fk.001"]],
    "spine2": [["spine_fk.002"]],
    "spine3": [["spine_fk.003"]],
    "neck": [["neck"]],
    "head": [["head"]],
    **{f"{side}_hip": [[f"thigh_fk.{letter}"]] for side, letter in _SIDES},
    **{f"{side}_knee": [[f"shin_fk.{letter}"]] for side, letter in _SIDES},
    **{f"{side}_ankle": [[f"foot_fk.{letter}"]] for side, letter in _SIDES},
    **{f"{side}_foot": [[f"toe_fk.{letter}", f"toe.{letter}"]] for side, letter in _SIDES},
    **{f"{side}_collar": [[f"shoulder.{letter}"], [f"ORG-shoulder.{letter}"]] for side, letter in _SIDES},
    **{f"{side}_shoulder": [[f"upper_arm_fk.{letter}"]] for side, letter in _SIDES},
    **{f"{side}_elbow": [[f"forearm_fk.{letter}"]] for side, letter in _SIDES},
    **{f"{side}_wrist": [[f"hand_fk.{letter}"]] for side, letter in _SIDES},
}
# bone -> custom property -> value; keyed with the motion, so that another Action is free to have it otherwise.
SWITCHES = {
    "torso": {"neck_follow": 1.0, "head_follow": 1.0},
    **{f"{limb}_parent.{letter}": {"IK_FK": 1.0, "FK_limb_follow": 0.0} for limb in ("thigh", "upper_arm") for _, letter in _SIDES},
}


def switches(armature):
    """[(pose bone, name of its property, value)] of those switches that an armature object has."""
    bones = armature.pose.bones
    return [
        (bones[bone], key, value)
        for bone, values in SWITCHES.items()
        for key, value in values.items()
        if bone in bones and bones[bone].get(key) is not None
    ]
