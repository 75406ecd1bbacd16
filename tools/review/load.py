#!/usr/bin/env python3
"""Ten reviewers at once for a minute, each deciding five faces a second, on a server on loopback.

    tools/review/load.py --fercure .build/release/fercure --dataset FILE [--reviewers 10] [--rate 5] [--seconds 60]

Works on a copy of the dataset. Holds that no decision is lost or doubled and prints the latencies as JSON.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import Server, hold  # noqa: E402


def review(host, name, ids, rate, seconds, latencies, said):
    """One reviewer: decides at a steady rate, and notes every answer."""
    connection = http.client.HTTPConnection(host, timeout=30)
    generator = random.Random(name)
    start = time.monotonic()
    for number, identifier in enumerate(ids):
        due = start + number / rate
        if due - start > seconds:
            break
        time.sleep(max(0, due - time.monotonic()))
        action = generator.choice(["accept", "reject", "skip"])
        body = json.dumps({"reviewer": name, "opinions": [
            {"suggestion": identifier, "action": action, "origin": "queue", "seconds": 1.0}]})
        begun = time.monotonic()
        connection.request("POST", "/api/decide", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read())
        latencies.append(time.monotonic() - begun)
        hold(response.status == 200, f"{name} was refused: {answer}")
        said.append((name, identifier, action, answer["reviews"][0]["id"]))
    connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fercure", required=True)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("--reviewers", type=int, default=10)
    parser.add_argument("--rate", type=float, default=5)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fercure-load-") as folder:
        dataset = os.path.join(folder, "faces.fercure")
        shutil.copy(arguments.dataset, dataset)
        database = sqlite3.connect(dataset)
        ids = [row[0] for row in database.execute("SELECT id FROM suggestion WHERE state = 'open' ORDER BY id")]
        database.close()
        server = Server(arguments.fercure, dataset)
        host = server.address.split("/")[2]
        time.sleep(3)
        latencies, said, threads = [], [], []
        # Half of the faces are their own, half they share with everybody: both must hold.
        needed = int(arguments.rate * arguments.seconds) + 1
        shared = ids[:needed // 2]
        for number in range(arguments.reviewers):
            own = ids[len(shared) + number::arguments.reviewers][:needed - len(shared)]
            mixed = [identifier for pair in zip(own, shared) for identifier in pair]
            threads.append(threading.Thread(target=review, args=(
                host, f"reviewer{number}", mixed, arguments.rate, arguments.seconds, latencies, said)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        memory = server.memory()
        server.kill()
        database = sqlite3.connect(f"file:{dataset}?mode=ro", uri=True)
        kept = {(name, identifier, action, number) for name, identifier, action, number in database.execute(
            "SELECT reviewer, suggestion, action, id FROM review WHERE undone IS NULL")}
        applied = database.execute(
            "SELECT count(*) FROM (SELECT suggestion FROM review WHERE applied GROUP BY suggestion HAVING count(*) > 1"
            " AND count(DISTINCT reviewer) > 1 AND sum(action <> 'skip') > 1)").fetchone()[0]
        database.close()
        hold(len(said) == len(set(said)), "an answer came twice")
        hold(kept == set(said), f"{len(set(said) - kept)} decisions are lost, {len(kept - set(said))} were never said")
        hold(applied == 0, f"{applied} suggestions were decided by two reviewers at once")
        latencies.sort()
        print(json.dumps({
            "decisions": len(said), "perSecond": round(len(said) / arguments.seconds, 1),
            "milliseconds": {name: round(1000 * latencies[int(len(latencies) * share)], 1)
                             for name, share in (("median", 0.5), ("p99", 0.99), ("worst", 0.9999))},
            "serverMegabytes": round(memory)}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
