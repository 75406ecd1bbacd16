#!/usr/bin/env python3
"""Takes pictures of the review page and of a report, light and dark, wide and narrow, and measures what can be measured.

    tools/review/look.py --address http://127.0.0.1:8348/ [--report FILE.html] --to DIR [--axe axe.min.js]

Prints the lowest contrast of any text, controls without a name, and whether every control can be reached with Tab; with
--axe also what axe-core finds. Exits with 1 when a contrast is below 4.5, a name is missing or a control out of reach.
"""

import argparse
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser  # noqa: E402

MEASURE = r"""
(() => {
  const parse = text => {
    const srgb = /color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)/.exec(text);
    if (srgb) return [srgb[1] * 255, srgb[2] * 255, srgb[3] * 255, srgb[4] === undefined ? 1 : Number(srgb[4])];
    const n = text.match(/[\d.]+/g).map(Number);
    return [n[0], n[1], n[2], n.length > 3 ? n[3] : 1];
  };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = c => { const f = c.slice(0, 3).map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
  const ground = e => {
    const layers = [];
    for (let n = e; n; n = n.parentElement) { const c = parse(getComputedStyle(n).backgroundColor); if (c[3]) layers.push(c); if (c[3] === 1) break; }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const results = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), e = walker.currentNode.parentElement;
    if (!text || !e.checkVisibility() || e.closest('[disabled], .unseen, script, style, .skip')) continue;
    const style = getComputedStyle(e);
    const isDrawn = e instanceof SVGElement;
    const under = ground(isDrawn ? e.closest('svg').parentElement : e);
    if (isDrawn && e.closest('.heat, svg')?.querySelector('rect.cell')) continue;
    const ink = over(parse(isDrawn ? style.fill : style.color), under);
    const [a, b] = [light(ink), light(under)].sort((x, y) => y - x);
    results.push([(a + .05) / (b + .05), text.slice(0, 40)]);
  }
  results.sort((a, b) => a[0] - b[0]);
  const name = e => (e.getAttribute('aria-label') || e.textContent || e.title || e.alt || (e.labels && [...e.labels].map(l => l.textContent).join(' ')) || '').trim();
  const controls = [...document.querySelectorAll('a[href], button, input, select, [tabindex="0"]')].filter(e => e.checkVisibility() && !e.disabled);
  return {
    lowest: results.slice(0, 3), texts: results.length,
    nameless: controls.filter(e => !name(e)).map(e => e.outerHTML.slice(0, 90)),
    pictures: [...document.images].filter(e => !e.hasAttribute('alt')).length, controls: controls.length,
    wider: document.documentElement.scrollWidth - innerWidth,
  };
})()
"""


def reach(browser, controls):
    """Presses Tab until the focus comes round, and counts the different controls on the way."""
    seen = set()
    browser.run("window.numbers = new Map(); document.activeElement.blur()")
    for _ in range(controls + 5):
        browser.press("Tab")
        seen.add(browser.run(
            "(() => { const e = document.activeElement; if (e === document.body) return -1;"
            " if (!numbers.has(e)) numbers.set(e, numbers.size); return numbers.get(e); })()"))
    return len(seen - {-1})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--address", required=True)
    parser.add_argument("--report")
    parser.add_argument("--to", required=True)
    parser.add_argument("--axe")
    arguments = parser.parse_args()
    os.makedirs(arguments.to, exist_ok=True)
    pages = {"queue": "", "grid": "grid", "matrix": "matrix", "map": "map", "people": "people"}
    faults, lowest = [], 99
    for dark in (False, True):
        for width, height in ((1440, 900), (390, 844)):
            with Browser(width, height, dark) as browser:
                addresses = {name: arguments.address + path for name, path in pages.items()}
                if arguments.report:
                    addresses["report"] = "file://" + os.path.abspath(arguments.report)
                for name, address in addresses.items():
                    browser.open(address, "document.querySelector('main').children.length")
                    time.sleep(1)
                    browser.screenshot(os.path.join(
                        arguments.to, f"{name}-{width}-{'dark' if dark else 'light'}.png"))
                    found = browser.run(MEASURE)
                    where = f"{name} at {width}, {'dark' if dark else 'light'}"
                    lowest = min(lowest, found["lowest"][0][0])
                    if found["lowest"][0][0] < 4.5:
                        faults.append(f"{where}: contrast {found['lowest'][0]}")
                    if found["nameless"] or found["pictures"]:
                        faults.append(f"{where}: without a name {found['nameless'][:2]}, {found['pictures']} pictures")
                    if found["wider"] > 0:
                        faults.append(f"{where}: {found['wider']} pixels too wide")
                    if width > 600 and not dark and found["controls"] < 150:
                        reached = reach(browser, found["controls"])
                        if reached < found["controls"]:
                            faults.append(f"{where}: Tab reaches {reached} of {found['controls']} controls")
                    if arguments.axe and width > 600:
                        with open(arguments.axe) as script:
                            browser.run(script.read() + "; undefined")
                        for violation in browser.run("axe.run().then(r => r.violations.map(v => [v.id, v.impact, v.nodes.length, v.nodes[0].html.slice(0, 120)]))"):
                            faults.append(f"{where}: axe {violation}")
                    faults += [f"{where}: {message}" for message in browser.messages()]
    print(json.dumps({"lowestContrast": round(lowest, 2), "faults": faults}, indent=1))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
