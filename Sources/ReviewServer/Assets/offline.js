'use strict';
// The queue without a server: everything is in this file, decisions stay in the browser until they are saved as a file.
(() => {
  const { el } = fercure;
  const data = JSON.parse(document.getElementById('data').textContent);
  // Every queue has a place of its own, by what it asks about: a browser keeps all files of a disk together.
  const place = `fercure-${data.dataset}-${data.audit}-${digest(data.faces.map(face => [face.id, face.key, face.from, face.to]))}`;
  const asked = new Set(data.faces.map(face => face.id));
  let batches = [];
  try { batches = JSON.parse(localStorage.getItem(place)).filter(opinion => asked.has(opinion.suggestion)); } catch { /* private or new */ }
  let isSaved = true;

  fercure.pictures = data.pictures;
  fercure.reviewer = data.reviewer;
  for (const name of Object.keys(fercure.views)) if (name !== 'queue') delete fercure.views[name];

  // FNV-1a: short, and different for different queues.
  function digest(value) {
    let hash = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(JSON.stringify(value))) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    return hash.toString(36);
  }

  // The last word about every face, in order.
  function decisions() {
    const last = new Map();
    for (const opinion of batches) last.set(opinion.suggestion, opinion);
    return [...last.values()];
  }

  const states = { accept: 'accepted', reject: 'rejected', relabel: 'relabelled', ambiguous: 'rejected', exclude: 'rejected', skip: 'skipped' };

  function figures() {
    const mine = decisions();
    const decided = mine.filter(opinion => opinion.action !== 'skip').length;
    return { total: data.faces.length, open: data.faces.length - decided, mine: mine.length, conflicts: 0 };
  }

  function keep() {
    isSaved = !batches.length;
    try { localStorage.setItem(place, JSON.stringify(batches)); } catch { /* private */ }
  }

  fercure.startOffline = () => {
    const done = new Set(decisions().map(opinion => opinion.suggestion));
    const ids = data.faces.map(face => face.id);
    return Promise.resolve({
      classes: data.classes, reviewer: fercure.reviewer, dataset: data.dataset, isReady: true,
      ids: [...ids.filter(id => !done.has(id))], random: [], faces: data.faces, figures: figures(),
    });
  };

  fercure.tellOffline = (path, value, finished) => {
    if (path === '/api/undo') {
      const opinion = batches.pop();
      keep();
      finished({ reviews: opinion ? [{ suggestion: opinion.suggestion, isApplied: true, state: 'open' }] : [], figures: figures() }, null);
      return;
    }
    for (const opinion of value.opinions) batches.push({ ...opinion, time: new Date().toISOString().replace(/\.\d+/, '') });
    keep();
    finished({
      reviews: value.opinions.map(opinion => ({ suggestion: opinion.suggestion, isApplied: true, state: states[opinion.action] })),
      figures: figures(),
    }, null);
  };

  function contents() {
    const faces = new Map(data.faces.map(face => [face.id, face]));
    return {
      fercure: 'decisions', version: 1, dataset: data.dataset, reviewer: fercure.reviewer,
      decisions: decisions().map(opinion => {
        const face = faces.get(opinion.suggestion);
        return {
          key: face.key, action: opinion.action, label: opinion.label, second: opinion.second, from: face.from,
          to: face.to ?? null, seconds: opinion.seconds, time: opinion.time,
        };
      }),
    };
  }

  function save() {
    const blob = new Blob([JSON.stringify(contents(), null, 1)], { type: 'application/json' });
    const link = el('a', { href: URL.createObjectURL(blob), download: 'decisions.json' });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    isSaved = true;
  }

  fercure.aside = () => el('section', { class: 'offline' },
    el('h2', { text: 'When you are done' }),
    el('p', { text: 'Save your decisions and send the file back: fercure resolve --from decisions.json takes it.' }),
    el('button', { type: 'button', class: 'primary', id: 'save', text: 'Save decisions', onclick: save }));

  addEventListener('beforeunload', event => { if (!isSaved) event.preventDefault(); });
})();
