"""`python -m beauty_vlm`: the command line."""

from beauty_vlm.cli import main

if __name__ == "__main__":
    main()
