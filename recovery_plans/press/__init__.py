"""The print shop: HTML in, tagged PDF out. It knows nothing of plans, people or Django.

`python -m recovery_plans.press --socket PATH` runs it. The app speaks to it through `recovery_plans.press.client` only.
"""
