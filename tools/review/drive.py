#!/usr/bin/env python3
"""Drives the review page in a headless browser by real key presses and holds it to what it shows.

    tools/review/drive.py --fercure .build/release/fercure [--dataset FILE] [--decisions 200] [--figures]

Decides suggestions, undoes, relabels, decides a pair in bulk, reloads in the middle, kills the server after a decision
and starts it again; then the dataset file must hold exactly what the screen said. Prints one JSON document; exits with 1
and a sentence when something does not hold, with 77 when there is no browser.
"""

import argparse
import atexit
import contextlib
import http.server
import json
import os
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser  # noqa: E402
from plant import plant  # noqa: E402


class Server:
    """A running `fercure review`."""

    def __init__(self, program, dataset, *options):
        self.process = subprocess.Popen(
            [program, "review", dataset, "--quiet", *(() if "--port" in options else ("--port", "0")), *options],
            stdout=subprocess.PIPE, text=True)
        # Whatever fails on the way, no server is left behind.
        atexit.register(lambda: self.process.poll() is None and self.process.kill())
        self.address = self.process.stdout.readline().strip()
        if not self.address.startswith("http"):
            raise SystemExit(f"error: no address but '{self.address}'")

    def memory(self):
        """Resident megabytes."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


def hold(condition, sentence):
    if not condition:
        raise SystemExit(f"error: {sentence}")


HOSTILE = "<img src=x onerror=hacked=1>"
SHOWN = "document.querySelector('.stage')?.dataset.id"


class Reviewer:
    """Presses keys and keeps a book of what the screen said."""

    def __init__(self, browser):
        self.browser = browser
        self.book = {}
        self.history = []

    def face(self):
        """What the screen shows: the suggestion, its labels, and the classes behind the digits."""
        return self.browser.run(
            "(() => ({id: Number(document.querySelector('.stage').dataset.id),"
            " given: document.querySelector('.way .given').textContent,"
            " suggested: document.querySelector('.way b').textContent,"
            " classes: [...document.querySelectorAll('.classes .name')].map(e => e.textContent)}))()")

    def press(self, key, **modifiers):
        """Presses a key that decides, and notes what it means for the face that is shown."""
        face = self.face()
        label, excluded = face["given"], False
        state = {"w": "accepted", "Enter": "accepted", "q": "rejected", "n": "skipped", "a": "rejected",
                 "e": "rejected"}.get(key)
        if key in ("w", "Enter"):
            label, excluded = (face["given"], True) if face["suggested"] == "not a face" else (face["suggested"], False)
        elif key == "e":
            excluded = True
            if face["suggested"] == "not a face":
                state = "accepted"
        elif key.isdigit():
            label = face["classes"][int(key) - 1]
            state = "accepted" if label == face["suggested"] else "rejected" if label == face["given"] else "relabelled"
        self.history.append((face["id"], self.book.get(face["id"])))
        self.book[face["id"]] = (state, label, excluded)
        self.browser.press(key, **modifiers)
        self.browser.wait(f"{SHOWN} && {SHOWN} !== '{face['id']}'")
        return face["id"]

    def undo(self):
        identifier, before = self.history.pop()
        if before is None:
            self.book.pop(identifier)
        else:
            self.book[identifier] = before
        self.browser.press("u")
        self.browser.wait(f"{SHOWN} === '{identifier}'")

    def saved(self):
        """Waits until the screen says of every decision that it is saved."""
        self.browser.wait("![...document.querySelectorAll('.decisions .status')].some(e => e.textContent === 'saving')")


class Stranger(http.server.BaseHTTPRequestHandler):
    """A page of another origin."""

    def do_GET(self):
        page = b"<!DOCTYPE html><title>another site</title><body></body>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


# Whatever a page can try: reading, embedding, sending as a form or a script may.
ATTACKS = """
(async () => {
  const target = %s, body = JSON.stringify({reviewer: 'eve', opinions: [{suggestion: %d, action: 'accept', origin: 'queue'}]});
  const read = async (path, options) => {
    try { const answer = await fetch(target + path, options); return answer.type === 'opaque' ? 'opaque' : await answer.text(); }
    catch (error) { return 'refused'; }
  };
  const picture = source => new Promise(done => { const image = new Image(); image.onload = () => done('shown'); image.onerror = () => done('refused'); image.src = source; });
  const form = document.createElement('form');
  const frame = document.createElement('iframe'); frame.name = 'frame'; document.body.append(form, frame);
  Object.assign(form, {method: 'post', action: target + 'api/decide', enctype: 'text/plain', target: 'frame'});
  const field = document.createElement('input'); field.name = body.slice(0, -1) + ',"x":"'; field.value = '"}'; form.append(field); form.submit();
  return [
    await read('api/start'), await read('api/start', {mode: 'no-cors'}), await read('api/start', {credentials: 'include'}),
    await read('api/decide', {method: 'POST', body, headers: {'Content-Type': 'application/json'}}),
    await read('api/decide', {method: 'POST', body, mode: 'no-cors'}),
    await read('api/decide', {method: 'POST', body, mode: 'no-cors', headers: {'Content-Type': 'text/plain'}}),
    await picture(target + 'image/1.png'),
    await new Promise(done => { const script = document.createElement('script'); script.onload = () => done('ran'); script.onerror = () => done('refused'); script.src = target + 'assets/core.js'; document.body.append(script); }),
  ];
})()
"""


def attack(browser, server, suggestion):
    """Lets a page of another origin try to read and to change something."""
    stranger = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    threading.Thread(target=stranger.serve_forever, daemon=True).start()
    browser.open(f"http://127.0.0.1:{stranger.server_port}/")
    results = browser.run(ATTACKS % (json.dumps(server.address), suggestion))
    time.sleep(0.3)
    stranger.shutdown()
    hold(all(result in ("refused", "opaque") for result in results), f"another origin got {results}")
    browser.messages()
    return len(results) + 1


def offline(arguments, browser, dataset, folder):
    """Decides in a queue without a server, and brings the decisions back."""
    page = os.path.join(folder, "queue.html")
    copy = os.path.join(folder, "copy.fercure")
    database = sqlite3.connect(dataset)
    database.execute("VACUUM INTO ?", (copy,))
    database.close()
    subprocess.run([arguments.fercure, "review", copy, "--to", page, "--reviewer", HOSTILE, "--limit", "20", "--quiet"],
                   check=True, stdout=subprocess.DEVNULL)
    browser.open("file://" + urllib.parse.quote(page), SHOWN)
    reviewer = Reviewer(browser)
    for key in ("w", "q", "4", "e", "a", "n", "1"):
        reviewer.press(key)
    reviewer.undo()
    reviewer.press("2")
    browser.run("(() => { const make = URL.createObjectURL; URL.createObjectURL = blob => { window.file = blob; return make.call(URL, blob); }; })()")
    browser.click("#save")
    browser.wait("window.file")
    hold(browser.run("typeof hacked") == "undefined", "markup in a name ran in the offline queue")
    decisions = os.path.join(folder, "decisions.json")
    with open(decisions, "w") as file:
        file.write(browser.run("window.file.text()"))
    before = contents(copy)
    subprocess.run([arguments.fercure, "resolve", copy, "--from", decisions, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    after = contents(copy)
    for identifier, said in reviewer.book.items():
        hold(after[identifier] == said, f"offline: suggestion {identifier} is {after[identifier]}, the screen said {said}")
    untouched = {key: value for key, value in before.items() if key not in reviewer.book}
    hold(all(after[key] == value for key, value in untouched.items()), "offline: something else changed")
    return len(reviewer.book)


def contents(dataset):
    """State, label and exclusion of every suggestion."""
    database = sqlite3.connect(f"file:{urllib.parse.quote(dataset)}?mode=ro", uri=True)
    rows = database.execute(
        "SELECT suggestion.id, state, label, excluded FROM suggestion JOIN sample ON sample.id = sample").fetchall()
    database.close()
    return {identifier: (state, label, bool(excluded)) for identifier, state, label, excluded in rows}


def compare(dataset, book, given):
    """Holds the file against the book: decided suggestions as noted, all others untouched."""
    wrong = []
    rows = contents(dataset)
    for identifier, found in rows.items():
        expected = book.get(identifier, ("open", given[identifier], False))
        if found != tuple(expected):
            wrong.append(f"suggestion {identifier} is {found}, the screen said {expected}")
    database = sqlite3.connect(f"file:{urllib.parse.quote(dataset)}?mode=ro", uri=True)
    doubled = database.execute(
        "SELECT count(*) FROM (SELECT suggestion FROM review WHERE undone IS NULL GROUP BY suggestion, reviewer"
        " HAVING count(*) > 1)").fetchone()[0]
    database.close()
    hold(not wrong, f"{len(wrong)} of {len(rows)} differ: " + "; ".join(wrong[:3]))
    hold(doubled == 0, f"{doubled} suggestions were decided twice")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fercure", required=True)
    parser.add_argument("--dataset", help="a dataset with suggestions, which stays as it is")
    parser.add_argument("--model", help="a model that draws maps beside every face")
    parser.add_argument("--decisions", type=int, default=200)
    parser.add_argument("--figures", action="store_true", help="also measure: first page, key to face, memory")
    arguments = parser.parse_args()
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        print("no chromium here: the page was not driven", file=sys.stderr)
        return 77
    with tempfile.TemporaryDirectory(prefix="fercure-drive-") as folder:
        dataset = os.path.join(folder, HOSTILE.replace("/", "") + ".fercure")
        if arguments.dataset:
            shutil.copy(arguments.dataset, dataset)
        else:
            drawn = os.path.join(folder, "drawn")
            labels = ",".join([HOSTILE, "disgust", "fear", "happy", "sad", "surprise", "neutral"])
            for command in (["samples", "--into", drawn, "--count", "900", "--seed", "3"],
                            ["ingest", os.path.join(drawn, "faces.csv"), "--into", dataset, "--labels", labels]):
                subprocess.run([arguments.fercure, *command, "--quiet"], check=True, stdout=subprocess.DEVNULL)
            plant(dataset, 400)
        print(json.dumps(drive(arguments, dataset), indent=1))
    return 0


def drive(arguments, dataset):
    database = sqlite3.connect(dataset)
    given = dict(database.execute("SELECT suggestion.id, label FROM suggestion JOIN sample ON sample.id = sample"))
    pairs = database.execute(
        'SELECT "from", "to", count(*) FROM suggestion WHERE "to" IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 1').fetchone()
    database.close()
    generator = random.Random(1)
    result = {"suggestions": len(given)}
    server = Server(arguments.fercure, dataset, "--reviewer", "ann", *(["--model", arguments.model] if arguments.model else []))
    with Browser() as browser:
        browser.open(server.address, SHOWN)
        if arguments.figures:
            time.sleep(3)
            loads = []
            for _ in range(9):
                browser.open("about:blank")
                browser.open(server.address, SHOWN)
                browser.wait("document.querySelector('.large-face').complete")
                loads.append(browser.run(
                    "new Promise(done => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)))"))
            result["firstPageMilliseconds"] = {"median": round(statistics.median(loads)), "worst": round(max(loads))}
        reviewer = Reviewer(browser)

        # Two hundred decisions, five taken back and five relabelled on the way, a reload in the middle.
        keys = ["w"] * 5 + ["q"] * 3 + ["e", "n", "a", "3", "Enter", "5", "2"]
        for number in range(arguments.decisions):
            reviewer.press(generator.choice(keys))
            if number % 40 == 20:
                reviewer.undo()
                reviewer.press(str(generator.randint(1, 7)))
            if number == arguments.decisions // 2:
                reviewer.saved()
                browser.open(server.address, SHOWN)
        reviewer.saved()
        timings = browser.run("performance.getEntriesByName('next-face').map(e => e.duration)")
        result["keyToFaceMilliseconds"] = {
            "median": round(statistics.median(timings), 1), "p95": round(sorted(timings)[int(len(timings) * 0.95)], 1),
            "presses": len(timings)}
        compare(dataset, reviewer.book, given)
        result["decided"] = len(reviewer.book)

        # A pair of labels at once in the grid, taken back as one, and decided again.
        query = urllib.parse.urlencode({"from": pairs[0], "to": pairs[1]})
        browser.open(server.address + f"grid?{query}", "document.querySelector('.sheet [role=option]')")
        faces = [int(name.removeprefix("face-")) for name in browser.run(
            "[...document.querySelectorAll('.sheet [role=option]')].map(e => e.id)")]
        hold(faces, "the grid of a pair is empty")
        open_book = dict(reviewer.book)
        browser.press("t")
        browser.press("w")
        browser.wait("document.querySelector('.position').textContent.includes('saved')")
        for face in faces:
            reviewer.book[face] = ("accepted", pairs[1], False)
        compare(dataset, reviewer.book, given)
        browser.press("u")
        browser.wait("document.querySelector('.position').textContent.includes('taken back')")
        compare(dataset, open_book, given)
        browser.press("t")
        browser.press("w")
        browser.wait("document.querySelector('.position').textContent.includes('saved')")
        compare(dataset, reviewer.book, given)
        result["decidedTogether"] = len(faces)

        # Killed after a decision that was called saved: the file has it, and a new server goes on from there.
        browser.open(server.address, SHOWN)
        reviewer.press("w")
        reviewer.saved()
        server.kill()
        compare(dataset, reviewer.book, given)
        server = Server(arguments.fercure, dataset, "--reviewer", "ann")
        browser.open(server.address, SHOWN)
        hold(reviewer.face()["id"] not in reviewer.book, "a decided face came again after the restart")
        reviewer.press("q")
        reviewer.saved()
        compare(dataset, reviewer.book, given)

        # A server that does not answer: the page says so, keeps the decision, and saves it when there is one again.
        port = server.address.rsplit(":", 1)[1].strip("/")
        # The next faces have come: on a busy machine they take longer than a key press.
        browser.wait("performance.getEntriesByType('resource').some(entry => entry.name.includes('/api/faces'))")
        server.kill()
        reviewer.press("w")
        browser.wait("document.getElementById('trouble').textContent.includes('Not saved yet')")
        server = Server(arguments.fercure, dataset, "--reviewer", "ann", "--port", port)
        reviewer.saved()
        compare(dataset, reviewer.book, given)
        # Another dataset is reviewed at the same address: it takes nothing from the page that shows this one.
        other = os.path.join(os.path.dirname(dataset), "other.fercure")
        with contextlib.closing(sqlite3.connect(dataset)) as source, contextlib.closing(sqlite3.connect(other)) as target:
            source.backup(target)
            with target:
                target.execute("UPDATE run SET started = '2026-01-02T00:00:00Z' WHERE kind = 'audit'")
        before = contents(other)
        server.kill()
        server = Server(arguments.fercure, other, "--reviewer", "ann", "--port", port)
        browser.press("w")
        browser.wait("document.getElementById('trouble').textContent.includes('load it again')")
        hold(contents(other) == before, "a page of another dataset changed this one")
        server.kill()
        server = Server(arguments.fercure, dataset, "--reviewer", "ann", "--port", port)
        compare(dataset, reviewer.book, given)

        # Names that are markup stay text, in every view.
        for view in ("", "grid", "matrix", "map", "people"):
            browser.open(server.address + view + "?" + urllib.parse.urlencode({"reviewer": HOSTILE}),
                         f"document.getElementById('reviewer').textContent === {json.dumps(HOSTILE)}")
            time.sleep(0.2)
            hold(browser.run("typeof hacked") == "undefined", f"markup in a name ran in /{view}")

        if arguments.figures:
            result["serverMegabytes"] = round(server.memory())
        open_one = next(identifier for identifier in given if identifier not in reviewer.book)
        # The servers that were killed, in whatever moment of a request, and the one that refused what was meant for another.
        expected = ("ERR_CONNECTION", "ERR_SOCKET_NOT_CONNECTED", "ERR_EMPTY_RESPONSE", "409 (Conflict)")
        complaints = [text for text in browser.messages() if not any(part in text for part in expected)]
        hold(not complaints, f"the page complained: {complaints[:3]}")

        result["refusedFromElsewhere"] = attack(browser, server, open_one)
        compare(dataset, reviewer.book, given)
        result["decidedOffline"] = offline(arguments, browser, dataset, os.path.dirname(dataset))
    status = server.stop()
    hold(status == 0, f"the server ended with {status} after Ctrl-C")
    compare(dataset, reviewer.book, given)
    return result


if __name__ == "__main__":
    sys.exit(main())
