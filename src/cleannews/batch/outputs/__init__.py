"""Where results go. A module for each way, which is imported when that way is taken.

stream    everything into one stream, at once
joined    everything into one file, which can be taken up
tree      a file for each input, in another folder
in_place  over the inputs
"""
