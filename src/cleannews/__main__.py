"""`python -m cleannews` is the same as `cleannews`."""

from cleannews.cli import main

if __name__ == "__main__":
    main()
