"""Grafana's dashboards, alert rules and data sources, made of one table of panels for both stores.

`python -m deploy.grafana` writes the files an operator imports or provisions (docs/dashboards.md).
"""
