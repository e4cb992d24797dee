"""What `motionwire doctor` finds out: packages, ONNX providers, bundles, ports and folders, each by trying it."""
