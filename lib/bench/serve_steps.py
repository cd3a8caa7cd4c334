"""Makes a Python program one that the benchmark can ask for steps, as serve-steps.ts does.

It writes a line {"milliseconds": [], "residentMegabytes", "peakMegabytes"}, and answers each line of
standard input, {"steps", "milliseconds"}, with another.
"""

import json
import resource
import sys
import time


def memory():
    """Resident memory now and at its peak, in 10^6 bytes (Linux: elsewhere the peak for both)."""
    usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = usage if sys.platform == "darwin" else usage * 1024
    try:
        with open("/proc/self/statm") as file:
            resident = int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        resident = peak
    return {"residentMegabytes": resident / 1e6, "peakMegabytes": peak / 1e6}


def forget_peak():
    """Lets the peak begin anew at what is resident now, where Linux allows it; elsewhere it stays."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


def be_first_to_go():
    """When memory runs short, Linux is to end this process and not a neighbour."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass


def answer(milliseconds):
    print(json.dumps({"milliseconds": milliseconds, **memory()}), flush=True)


def serve_steps(make_step):
    """make_step prepares a function that takes a step."""
    answer([])
    step = None
    for line in sys.stdin:
        limit = json.loads(line)
        steps = limit.get("steps", float("inf"))
        most = limit.get("milliseconds", float("inf"))
        times = []
        begin = time.perf_counter()
        while len(times) < steps:
            start = time.perf_counter()
            if times and 1000 * (start - begin) >= most:
                break
            step = step or make_step()
            step()
            times.append(1000 * (time.perf_counter() - start))
        step = step or make_step()
        answer(times)
        if steps == 0:
            forget_peak()
