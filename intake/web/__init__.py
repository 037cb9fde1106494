"""The pages: thin views over the workflow. `patient`, `desk` and `staff` do not know each other.

Read `services` (what views work with), `guards`, `security`, `sessions` and `fields` (who may call and send what),
`rendering` and `errors` (what goes out), then the folder of the person you serve. `health` is for the machine in front.
"""
