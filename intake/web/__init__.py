"""The pages: thin views over the workflow; the blueprints do not know each other."""
