"""Running the portal: the supervisor of its processes, backup and restore."""
