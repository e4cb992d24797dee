"""The `motionwire` command: one file per subcommand."""
