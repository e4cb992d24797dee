"""What a motion is: skeleton, rotations, kinematics, clip, contacts, phase, features, retargeting, resampling, mirroring."""
