"""Training and measuring the scorer. Part of the source, never imported when cleannews runs.

    python -m cleannews.train --gold ../shared/gold

reads the gold, prints the cross-validation by publisher, and writes the model that the package carries.
"""
