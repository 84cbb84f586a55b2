"""CMCD (CTA-5004, CTA-5004-B): its text, its keys, and what a record of either mode says. Knows no JSON."""
