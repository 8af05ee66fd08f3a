"""Events, traces and error reports, without anybody's words."""
