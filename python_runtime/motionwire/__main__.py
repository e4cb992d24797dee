"""`python -m motionwire`: the command line where the console script is not on the path."""

from motionwire.cli.main import main

main()
