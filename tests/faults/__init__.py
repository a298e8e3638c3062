"""What goes wrong on purpose: killed runs, damaged files, full disks, swaps under requests; each in a figure."""
