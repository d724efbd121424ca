"""The PDF service: HTML in, tagged PDF out. It knows nothing of plans, people or Django.

    python -m gunicorn --config recovery_plans/pdf_service/gunicorn.conf.py

runs it. The app speaks to it through `recovery_plans.pdf_service.client` only.
"""
