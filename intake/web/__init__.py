"""The pages: thin views over the workflow. `patient` and `staff` do not know each other.

Read `services` (what views work with), `guards` and `security`, `rendering`, then the folder of the person you serve.
"""
