#!/usr/bin/env node
'use strict';
// Opens two offline queues of one audit in one browser, and holds each to its own decisions.
//
//     tools/review/offline.js LARGE.html SMALL.html
//
// The small queue has none of the last faces of the large one. Exits with 1 and a sentence when something does not hold.

const fs = require('fs');
const vm = require('vm');

const stored = new Map();
const localStorage = {
  getItem: name => stored.has(name) ? stored.get(name) : null,
  setItem: (name, value) => stored.set(name, String(value)),
};

// A page as far as its last script needs one: the script that keeps the decisions.
function open(path) {
  const page = fs.readFileSync(path, 'utf8');
  const data = /id="data">([^]*?)<\/script>/.exec(page)[1];
  const scripts = [...page.matchAll(/<script nonce="[^"]*">\n([^]*?)<\/script>/g)].map(match => match[1]);
  const files = [];
  const el = (tag, attributes) => ({ tag, ...attributes, click() {} });
  const context = {
    fercure: { el: (tag, attributes, ...children) => ({ ...el(tag, attributes), children }), views: { queue: {}, grid: {} } },
    document: { getElementById: () => ({ textContent: data }) },
    localStorage, TextEncoder, setTimeout: () => {}, addEventListener: () => {},
    Blob: class { constructor(parts) { files.push(parts.join('')); } },
    URL: { createObjectURL: () => '', revokeObjectURL: () => {} },
  };
  vm.runInNewContext(scripts[scripts.length - 1], context);
  const { fercure } = context;
  return {
    faces: JSON.parse(data).faces,
    waiting: async () => (await fercure.startOffline()).ids,
    say: (id, action) => fercure.tellOffline('/api/decide', { opinions: [{ suggestion: id, action }] }, () => {}),
    saved() {
      fercure.aside().children.find(child => child.onclick).onclick();
      return JSON.parse(files.pop()).decisions;
    },
  };
}

function hold(condition, sentence) {
  if (condition) return;
  console.error(`error: ${sentence}`);
  process.exit(1);
}

(async () => {
  const [large, small] = process.argv.slice(2).map(open);
  const last = large.faces[large.faces.length - 1];
  hold(!small.faces.some(face => face.id === last.id), 'the small queue has the last face of the large one');
  large.say(last.id, 'reject');
  large.say(large.faces[0].id, 'accept');

  const fresh = open(process.argv[3]);
  hold((await fresh.waiting()).length === fresh.faces.length, 'a queue begins with the decisions of another one');
  hold(fresh.saved().length === 0, 'a queue saves the decisions of another one');
  fresh.say(fresh.faces[1].id, 'skip');
  hold(fresh.saved().map(decision => decision.key).join() === fresh.faces[1].key, 'a queue does not save its own decision');

  const again = open(process.argv[2]);
  const said = again.saved().map(decision => `${decision.key} ${decision.action} ${decision.from}`);
  const expected = [last, large.faces[0]].map((face, number) => `${face.key} ${number ? 'accept' : 'reject'} ${face.from}`);
  hold(said.join() === expected.join(), `a queue that is opened again has ${said}, not ${expected}`);
  hold((await again.waiting()).length === large.faces.length - 2, 'a queue that is opened again asks for decided faces');
})();
