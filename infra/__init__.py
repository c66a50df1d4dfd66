"""The desk's infrastructure: a CDK app that reads nothing of the product but its contracts."""
