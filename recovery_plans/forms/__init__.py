"""Forms of a plan: they check, they never save; their fields are the verbs' arguments. One module a noun."""
