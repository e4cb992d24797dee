"""Small BVH, ASF and AMC files as text, made by formula: the format tests vary and damage them."""

import numpy as np

BVH_HIERARCHY = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Spine
  {
    OFFSET 0 10 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    JOINT Head
    {
      OFFSET 0 5 1
      CHANNELS 3 Zrotation Xrotation Yrotation
      End Site
      {
        OFFSET 0 2 0
      }
    }
  }
  JOINT Leg
  {
    OFFSET 1 -2 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0 -8 0
    }
  }
}
"""
BVH_CHANNELS = 15


def bvh_values(frames: int = 4, seed: int = 0) -> np.ndarray:
    """Numbers of BVH_HIERARCHY [frames, 15]: positions, then angles in degrees."""
    return np.random.default_rng(seed).uniform(-120, 120, (frames, BVH_CHANNELS)).round(4)


def bvh_text(
    values: np.ndarray | None = None, hierarchy: str = BVH_HIERARCHY, frames: object = None, frame_time: object = "0.0333333"
) -> bytes:
    """A BVH file of these numbers; `frames` and `frame_time` stand in the header as they are."""
    values = bvh_values() if values is None else values
    rows = "\n".join(" ".join(repr(value) for value in row) for row in values.tolist())
    return f"{hierarchy}MOTION\nFrames: {len(values) if frames is None else frames}\nFrame Time: {frame_time}\n{rows}\n".encode()


ASF = b"""# a made-up skeleton
:version 1.10
:name test
:units
  mass 1.0
  length 0.45
  angle deg
:root
   order TX TY TZ RX RY RZ
   axis XYZ
   position 0 0 0
   orientation 0 0 0
:bonedata
  begin
     id 1
     name hipjoint
     direction 0.6 -0.8 0
     length 2
     axis 0 0 0  XYZ
  end
  begin
     id 2
     name femur
     direction 0 -1 0
     length 7
     axis 0 0 20  XYZ
    dof rx ry rz
    limits (-160.0 20.0)
           (-70.0 70.0)
           (-60.0 70.0)
  end
  begin
     id 3
     name tibia
     direction 0 -2 0
     length 8
     axis 10 20 30  ZYX
    dof rx
    limits (-10.0 170.0)
  end
:hierarchy
  begin
    root hipjoint
    hipjoint femur
    femur tibia
  end
"""
AMC = b"""#!a made-up motion
:FULLY-SPECIFIED
:DEGREES
1
root 1 17 3 10 20 30
femur 5 -6 7
tibia 40
2
root 1.5 17 3.25 11 -21 31e0
femur 5.5 -6.5 7.5
tibia 41
"""
