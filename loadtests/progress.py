"""The line that says how far a run is."""

from loadtests.recording import Recorder, percentile


def line(recorder: Recorder, elapsed_s: float, planned_s: float) -> str:
    """The elapsed time, users, requests a second, P95 so far and errors."""
    whole, place = recorder.whole, max(recorder.users, default=0)
    p95 = percentile(whole.times, 0.95)
    return (
        f"  {elapsed_s:5.0f} of {planned_s:.0f} s   {recorder.users.get(place, 0):5d} users   "
        f"{whole.count / max(elapsed_s, 1e-9):7.1f} requests/s   P95 {'-' if p95 is None else p95} ms   "
        f"{whole.errors.total()} errors   {whole.refused} refused   {whole.degraded} degraded"
    )
