"""What runs inside the box, and the encoding that crosses its wall.

This folder alone is shown inside, under another name: nothing here may import from the rest of the package, whose folder
can hold the keys of a course.
"""

WORK = "/tmp/work"  # where learners' code finds itself: in a folder of it that is named as the assignment
