"""The load that is put on a set before a release, the checks of what comes back, and the gate that stops a bad one."""
