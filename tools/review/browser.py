"""A headless Chromium, driven over its debugging pipe: real key presses, real pixels, nothing to install but Chromium."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time


class Browser:
    """One browser with one page."""

    def __init__(self, width=1440, height=900, dark=False, scale=1):
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if program is None:
            raise FileNotFoundError("no chromium here: apt-get install chromium")
        self.profile = tempfile.mkdtemp(prefix="fercure-browser-")
        to_read, self.to = os.pipe()
        self.source, to_write = os.pipe()
        # The browser reads commands from descriptor 3 and writes answers to descriptor 4.
        def connect():
            os.dup2(to_read, 30)
            os.dup2(to_write, 31)
            os.dup2(30, 3)
            os.dup2(31, 4)
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--remote-debugging-pipe", f"--user-data-dir={self.profile}", f"--window-size={width},{height}",
             "--disable-background-networking", "--disable-component-update", "about:blank"],
            preexec_fn=connect, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.buffer = b""
        self.number = 0
        self.session = None
        self.events = []
        page = [target for target in self.call("Target.getTargets")["targetInfos"] if target["type"] == "page"][0]
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.size(width, height, scale)
        self.scheme(dark)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.next()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def next(self):
        while b"\0" not in self.buffer:
            part = os.read(self.source, 1 << 20)
            if not part:
                raise RuntimeError("the browser went away")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def size(self, width, height, scale=1):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
                  mobile=width < 600)

    def scheme(self, dark):
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, address, ready="true"):
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete'")
        self.wait(ready)

    def run(self, script):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description") or details["text"])
        return result["result"].get("value")

    def wait(self, condition, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.run(f"Boolean({condition})"):
                    return
            except RuntimeError as error:
                if "Execution context" not in str(error) and "navigat" not in str(error) and "null" not in str(error):
                    raise
            time.sleep(0.01)
        raise TimeoutError(f"waited {seconds} s for {condition}")

    KEYS = {"Enter": 13, "Backspace": 8, "Escape": 27, "Tab": 9, " ": 32, "ArrowLeft": 37, "ArrowUp": 38,
            "ArrowRight": 39, "ArrowDown": 40, "Home": 36, "End": 35}

    def press(self, key, shift=False, control=False):
        """Presses and releases a key as the keyboard would."""
        code = self.KEYS.get(key, ord(key.upper()[0]) if len(key) == 1 else 0)
        name = f"Digit{key}" if key.isdigit() else f"Key{key.upper()}" if key.isalpha() and len(key) == 1 else key
        if key == " ":
            name = "Space"
        common = dict(key=key, code=name, windowsVirtualKeyCode=code, modifiers=(8 if shift else 0) + (2 if control else 0))
        text = key if len(key) == 1 and not control else "\r" if key == "Enter" else None
        down = dict(common, type="keyDown" if text else "rawKeyDown")
        if text:
            down["text"] = text
        self.call("Input.dispatchKeyEvent", **down)
        self.call("Input.dispatchKeyEvent", **dict(common, type="keyUp"))

    def click(self, selector, shift=False):
        x, y = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center'}});"
            " const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()")
        self.mouse("mousePressed", x, y, shift)
        self.mouse("mouseReleased", x, y, shift)

    def mouse(self, kind, x, y, shift=False):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1,
                  buttons=0 if kind == "mouseReleased" else 1, modifiers=8 if shift else 0)

    def screenshot(self, path, whole=False):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def messages(self):
        """What the page complained about since it was asked last."""
        complaints = []
        for event in self.events:
            if event.get("method") == "Runtime.exceptionThrown":
                complaints.append(event["params"]["exceptionDetails"].get("exception", {}).get("description", "exception"))
            if event.get("method") == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
                complaints.append(event["params"]["entry"]["text"])
        self.events = []
        return complaints

    def close(self):
        try:
            self.call("Browser.close")
        except (RuntimeError, OSError, BrokenPipeError):
            pass
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
        os.close(self.to)
        os.close(self.source)
        shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
