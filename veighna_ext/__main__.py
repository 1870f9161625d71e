"""`python -m veighna_ext` opens the desktop."""

import sys

if __name__ == "__main__":
    from veighna_ext.launch import main

    sys.exit(main(sys.argv[1:]))
