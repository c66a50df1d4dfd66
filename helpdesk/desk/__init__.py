"""The desk itself: all that admins configure, loaded as one."""
