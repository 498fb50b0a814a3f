"""What users of other tools hit, each as a test of jobtui named for its lesson.

The numbers are those of the list of complaints that the design began with; ``test_all`` sees that none is
left out. Other tests prove most of them in depth; here is the essence of each, on the whole app.
"""
