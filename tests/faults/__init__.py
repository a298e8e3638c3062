"""Deliberate faults: killed runs, damaged files, full disks, and new indexes under load."""
