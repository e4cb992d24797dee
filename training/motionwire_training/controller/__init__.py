"""The gamepad controller: a phase-functioned network trained on clips of locomotion and standing."""
