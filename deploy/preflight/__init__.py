"""Holds a zip and its properties to the contract of Managed Service for Apache Flink, before the upload.

    python -m deploy.preflight dist/beacon-job-<version>.zip [--properties application_properties.json]

The service says little about a zip it cannot run, and says it late; every problem here is one sentence:
what was found, what is allowed, where. Limits: developer guide of the service (Quotas, Python applications)
and the API model of kinesisanalyticsv2.
"""
