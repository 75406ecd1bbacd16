'use strict';
// One face after the other, by the keyboard alone.
(() => {
  const { el, percent, count, picture } = fercure;
  // Faces whose details are there before they are shown, and how few left make the page ask for more.
  const ahead = 24;
  const few = 14;

  const state = {
    ids: [], random: new Set(), faces: new Map(), place: 0, figures: null, decisions: [], shownAt: 0, threshold: 9, isChosen: false,
    isSmooth: readSetting('smooth') === '1',
  };
  const parts = {};

  function readSetting(name) { try { return localStorage.getItem(`fercure-${name}`); } catch { return null; } }
  function keepSetting(name, value) { try { localStorage.setItem(`fercure-${name}`, value); } catch { /* private */ } }

  const scope = () => fercure.parameters().get('state') || 'open';
  const isBlind = () => scope() === 'second';

  // MARK: Loading
  async function show(main) {
    const start = await (fercure.startOffline ? fercure.startOffline() : fercure.ask('/api/start'));
    Object.assign(fercure, { classes: start.classes, reviewer: start.reviewer, dataset: start.dataset });
    // What is said of a face goes with the audit it was shown by: the server may be another one's by then.
    Object.assign(state, { audit: start.audit, ids: start.ids, random: new Set(start.random), place: 0, figures: start.figures, hasHeat: start.hasHeat });
    state.faces = new Map(start.faces.map(face => [face.id, face]));
    state.decisions = [];
    // The first face came with the answer: no other request has to be waited for.
    if (start.picture && start.faces.length) {
      const image = new Image();
      image.src = start.picture;
      await image.decode().catch(() => {});
      warmed.set(start.faces[0].sample, image);
    }
    build(main);
    render();
    if (!start.isReady && !fercure.startOffline) setTimeout(lookAgain, 1500);
  }

  // The server compares all faces once after it started; until then there are no neighbours.
  async function lookAgain() {
    const face = current();
    if (!face || document.body.dataset.view !== 'queue') return;
    await load([face.id]);
    const known = state.faces.get(face.id);
    if (known.alike.length || known.sureGiven.length) { renderNeighbours(known); preload(true); }
    else setTimeout(lookAgain, 2000);
  }

  async function load(ids) {
    if (!ids.length || fercure.startOffline) return;
    const query = new URLSearchParams({ ids: ids.join(',') });
    if (isBlind()) query.set('blind', '1');
    if (state.audit) query.set('audit', state.audit);
    const faces = await fercure.ask('/api/faces', query);
    for (const face of faces) state.faces.set(face.id, face);
    for (const face of faces) warm(face);
  }

  // Decodes the pictures that come next, so that a key press has only to show them.
  const warmed = new Map();
  function warm(face) {
    const near = [...face.sureGiven, ...face.sureSuggested, ...face.alike, ...face.copies];
    for (const other of [face, ...near]) {
      if (warmed.has(other.sample)) continue;
      const image = new Image();
      image.src = picture(other);
      image.decode().catch(() => warmed.delete(other.sample));
      warmed.set(other.sample, image);
    }
    while (warmed.size > 800) warmed.delete(warmed.keys().next().value);
  }

  let isPreloading = false;
  async function preload(again) {
    if (isPreloading) return;
    const next = state.ids.slice(state.place, state.place + ahead);
    for (const id of next) if (state.faces.has(id)) warm(state.faces.get(id));
    const missing = next.filter(id => again ? id !== current()?.id : !state.faces.has(id)).slice(0, 12);
    const known = next.findIndex(id => !state.faces.has(id));
    if (!missing.length || (!again && known > few)) return;
    isPreloading = true;
    try {
      await load(missing);
    } catch (error) {
      isPreloading = false;
      // Another audit is served now: asking again would not help.
      if (error.isRefused) fercure.trouble(error.message); else setTimeout(preload, 2000);
      return;
    }
    isPreloading = false;
    if (!parts.face.dataset.id) render(); else preload();
  }

  const current = () => state.faces.get(state.ids[state.place]);

  // MARK: Building
  function build(main) {
    parts.image = el('img', { class: 'large-face', alt: '', width: 48, height: 48 });
    parts.face = el('div', { class: 'stage' }, parts.image);
    parts.way = el('h1', { class: 'way' });
    parts.facts = el('p', { class: 'facts' });
    parts.classes = el('ol', { class: 'classes', 'aria-label': 'Classes by probability; a digit relabels' });
    parts.actions = el('div', { class: 'actions', role: 'group', 'aria-label': 'Decide' }, actions.map(action =>
      el('button', { type: 'button', class: action.style, 'data-action': action.name,
        onclick: () => action.run(), 'aria-keyshortcuts': action.keys },
      el('span', { text: action.title }), el('kbd', { text: action.keys }))));
    parts.neighbours = el('div', { class: 'neighbours' });
    parts.decisions = el('ol', { class: 'decisions', 'aria-label': 'Your last decisions' });
    parts.figures = el('div', { class: 'figures' });
    parts.position = el('p', { class: 'position' });
    parts.bar = el('progress', { max: 1, value: 0, 'aria-label': 'Decided' });
    parts.empty = el('div', { class: 'empty' });
    parts.work = el('div', { class: 'work' },
      el('section', { class: 'look', 'aria-label': 'Face' }, parts.face, parts.way, parts.facts, parts.actions),
      el('section', { class: 'evidence', 'aria-label': 'Evidence' }, parts.classes, parts.neighbours));
    main.replaceChildren(el('div', { class: 'queue' },
      el('div', { class: 'queue-main' }, fercure.startOffline ? null : filters(), parts.work, parts.empty),
      el('aside', { 'aria-label': 'Progress' }, parts.position, parts.bar, parts.figures,
        el('h2', { text: 'Last decisions' }), parts.decisions,
        fercure.aside ? fercure.aside() : null)));
  }

  function filters() {
    const values = fercure.parameters();
    const choice = (name, label, options) => el('label', null, el('span', { text: label }), el('select', {
      onchange: event => fercure.go('queue', { [name]: event.target.value }),
    }, options.map(([value, text]) => el('option', {
      value, text, selected: (values.get(name) || '') === value || null,
    }))));
    const classes = fercure.classes.map(name => [name, name]);
    return el('form', { class: 'filters', 'aria-label': 'Which faces', onsubmit: event => event.preventDefault() },
      choice('state', 'Faces', [['', 'open'], ['second', 'second pass, blind'], ['conflict', 'conflicts'],
        ['skipped', 'skipped'], ['mine', 'mine'], ['decided', 'decided'], ['all', 'all']]),
      choice('order', 'Order', [['', 'surest first'], ['disagreement', 'disagreement'], ['teaches', 'teaches most'],
        ['budget', 'surest + chance'], ['random', 'by chance'], ['key', 'as in the source']]),
      choice('from', 'Given', [['', 'any'], ...classes]),
      choice('to', 'Suggested', [['', 'any'], ...classes, ['not a face', 'not a face']]),
      choice('min', 'Confidence', [['', 'any'], ...[5, 6, 7, 8, 9].map(tenth => [`0.${tenth}`, `from ${tenth}0 %`])]),
      choice('split', 'Split', [['', 'any'], ['train', 'train'], ['validation', 'validation'], ['test', 'test']]));
  }

  // MARK: Rendering
  function render() {
    const face = current();
    parts.work.hidden = !face;
    parts.empty.hidden = Boolean(face);
    renderFigures();
    if (!face) {
      parts.face.dataset.id = '';
      if (state.place < state.ids.length) { renderWait(); preload(); } else renderEnd();
      return;
    }
    parts.face.dataset.id = face.id;
    const ready = warmed.get(face.sample);
    if (ready && ready.complete) {
      // An image that is decoded already is painted with this frame.
      const image = ready.cloneNode();
      image.className = 'large-face';
      parts.image.replaceWith(image);
      parts.image = image;
    } else {
      parts.image.src = picture(face);
    }
    parts.image.alt = `face labelled ${face.from}`;
    parts.image.width = face.width;
    parts.image.height = face.height;
    parts.image.classList.toggle('smooth', state.isSmooth);
    parts.way.replaceChildren(
      el('span', { class: 'given', text: face.from }), el('span', { class: 'arrow', 'aria-label': 'to', text: '→' }),
      el('b', { text: target(face) }));
    const facts = [`${percent(face.confidence)} sure`, verdicts[face.verdict]];
    if (Math.abs(face.expected - face.confidence) > 0.05) facts.push(`${percent(face.expected)} by your decisions`);
    if (face.importance !== null && face.importance !== undefined) facts.push(`importance ${face.importance.toFixed(2)}`);
    if (face.votes) facts.push('votes: ' + Object.entries(face.votes).sort((a, b) => b[1] - a[1])
      .map(([name, votes]) => `${name} ${votes}`).join(', '));
    parts.facts.replaceChildren(...facts.map(text => el('span', { text })), keyButton(face));
    if (face.state !== 'open' && !isBlind()) {
      parts.facts.append(el('span', { class: 'done', text: `${face.state} by ${(face.decidedBy || '').replace(/^reviewer /, '')}` }));
    }
    for (const said of scope() === 'conflict' ? face.opinions : []) {
      parts.facts.append(el('span', { class: 'done', text: `${said.reviewer}: ${inWords(said, face)}` }));
    }
    renderClasses(face);
    renderNeighbours(face);
    parts.position.replaceChildren(el('b', { text: count(state.place + 1) }), ` of ${count(state.ids.length)} in this queue`);
    state.shownAt = performance.now();
    preload();
  }

  const keyButton = face => fercure.startOffline ? el('span', { text: face.key }) : el('button', {
    type: 'button', class: 'link', text: face.key, title: 'History of this face',
    onclick: () => fercure.blame(face.sample, face.key),
  });

  const verdicts = { wrong: 'wrong label', ambiguous: 'ambiguous', 'not-a-face': 'not a face' };
  const target = face => face.to === null || face.to === undefined ? 'not a face' : face.to;

  function inWords(said, face) {
    switch (said.action) {
      case 'accept': return target(face);
      case 'reject': return face.from;
      case 'exclude': return 'not a face';
      case 'skip': return 'cannot tell';
      case 'ambiguous': return `${said.label || face.from} or ${said.second || target(face)}`;
      default: return said.label;
    }
  }

  // The digits follow the probabilities, as in a list of answers: 1 is what the networks find most likely.
  function ranked(face) {
    return fercure.classes.map((name, index) => ({ name, p: face.probabilities[index] ?? null }))
      .sort((a, b) => (b.p ?? 0) - (a.p ?? 0));
  }

  function renderClasses(face) {
    parts.classes.replaceChildren(...ranked(face).map((item, index) => {
      const role = item.name === face.from ? 'given' : item.name === face.to ? 'suggested' : '';
      const fill = el('span', { class: 'fill' });
      fill.style.width = `${Math.round((item.p ?? 0) * 100)}%`;
      return el('li', null, el('button', { type: 'button', class: role, onclick: () => relabel(item.name) },
        el('kbd', { text: index < 9 ? index + 1 : '' }), el('span', { class: 'name', text: item.name }),
        role ? el('span', { class: 'role', text: role }) : null,
        el('span', { class: 'meter', 'aria-hidden': 'true' }, fill),
        el('span', { class: 'share', text: percent(item.p) })));
    }));
  }

  function renderNeighbours(face) {
    const strip = (title, faces, caption, link) => faces.length ? el('section', { class: 'strip' }, el('h2', null, title, link || ''),
      el('div', { class: 'faces' }, faces.map(other => fercure.neighbour(other, caption)))) : null;
    const strips = [
      strip('The same picture again', face.copies, undefined, fercure.startOffline ? null : el('a', {
        href: fercure.address('grid', { like: face.sample, state: 'all', from: null, to: null, min: null }), text: 'as a grid' })),
      strip(`Surely ${face.from}`, face.sureGiven, null), strip(`Surely ${target(face)}`, face.sureSuggested, null),
      strip('Most alike', face.alike),
    ].filter(Boolean);
    parts.neighbours.replaceChildren(...strips);
    if (!state.hasHeat) return;
    const map = (kind, label) => el('figure', { class: 'small-face' }, el('img', {
      'data-src': `/heat/${face.id}-${kind}.png`, alt: `where the network looks for ${label}`, width: 96, height: 96, class: 'heat',
    }), el('figcaption', { text: label }));
    parts.neighbours.prepend(el('section', { class: 'strip' }, el('h2', { text: 'Where the network looks' }),
      el('div', { class: 'faces' }, map('given', face.from), face.to ? [map('suggested', face.to),
        map('why', `red for ${face.to}, blue for ${face.from}`)] : null)));
    // A network works for every map: only where somebody stays, and after the face is on the screen.
    clearTimeout(state.mapTimer);
    state.mapTimer = setTimeout(() => {
      for (const image of parts.neighbours.querySelectorAll('img[data-src]')) image.src = image.dataset.src;
    }, 200);
  }

  function renderFigures() {
    const { figures } = state;
    if (!figures) return;
    const decided = figures.total - figures.open;
    parts.bar.value = figures.total ? decided / figures.total : 0;
    const lines = [
      el('p', null, el('b', { text: count(decided) }), ` of ${count(figures.total)} decided, `,
        el('b', { text: count(figures.mine) }), ' seen by you'),
    ];
    if (figures.pace) {
      const left = Math.max(0, state.ids.length - state.place) / figures.pace;
      lines.push(el('p', null, el('b', { text: figures.pace.toFixed(0) }), ` faces a minute, ${Math.ceil(left)} min left`));
    }
    if (figures.conflicts) {
      lines.push(el('p', null, el('a', { href: fercure.address('queue', { state: 'conflict' }),
        text: `${figures.conflicts} ${figures.conflicts === 1 ? 'conflict' : 'conflicts'}` })));
    }
    // Until somebody chooses, the highest confidence from which there is something left.
    while (!state.isChosen && state.threshold > 0 && figures.rest && !figures.rest[state.threshold].count) state.threshold -= 1;
    const rest = figures.rest && figures.rest[state.threshold];
    if (rest) {
      const share = rest.count ? rest.right / rest.count : null;
      lines.push(el('label', { class: 'threshold' }, `If you accept the rest from ${state.threshold}0 % on`,
        el('input', { type: 'range', min: 0, max: 9, step: 1, value: state.threshold, oninput: event => {
          state.threshold = Number(event.target.value);
          state.isChosen = true;
          renderFigures();
          parts.figures.querySelector('input').focus();
        } })));
      lines.push(el('p', { class: 'expect' }, rest.count
        ? `expect ${percent(share)} of ${count(rest.count)} right (± ${Math.round(100 * rest.margin / rest.count)} points, from ${count(rest.judged)} decisions)`
        : 'there are none left'));
    }
    for (const budget of (figures.budgets || []).slice(1, 2)) {
      if (budget.reviews) lines.push(el('p', null, `${count(budget.reviews)} more reviews should fix ${Math.round(budget.fixes)} ± ${Math.round(budget.margin)} labels`));
    }
    parts.figures.replaceChildren(...lines);
  }

  // Somebody is faster than the server: what comes next is on its way.
  function renderWait() {
    parts.position.textContent = 'Loading the next faces';
    parts.empty.replaceChildren(el('h1', { text: 'One moment' }));
  }

  function renderEnd() {
    const isDone = state.ids.length > 0;
    parts.position.textContent = isDone ? 'End of this queue' : '';
    const links = fercure.startOffline ? null : [
      el('a', { href: fercure.address('matrix'), text: 'Noise matrix' }), ' ',
      el('a', { href: fercure.address('queue', { state: 'skipped' }), text: 'Skipped faces' }), ' ',
      el('a', { href: fercure.address('queue', { state: 'second' }), text: 'Second pass' })];
    parts.empty.replaceChildren(el('h1', { text: isDone ? 'All done here' : 'No faces in this queue' }),
      el('p', { text: isDone ? 'Every decision is saved. U takes the last one back.' : 'Choose other filters, or run an audit.' }),
      el('p', null, links));
  }

  function renderDecisions() {
    parts.decisions.replaceChildren(...state.decisions.slice(-8).reverse().map(item => el('li', { 'data-state': item.status },
      el('img', { src: picture(item.face), alt: '', width: 32, height: 32 }),
      el('span', { text: item.words === item.face.from ? `${item.face.from} kept` : `${item.face.from} → ${item.words}` }),
      el('span', { class: 'status', text: statusWord(item.status) }))));
  }
  const statusWord = status => ({ sending: 'saving', saved: fercure.startOffline ? 'kept here' : 'saved', second: 'second opinion', failed: 'refused', undone: 'taken back' })[status];

  // MARK: Deciding
  function decide(action, label, second) {
    const face = current();
    if (!face || fercure.isBlocked()) return;
    const opinion = {
      suggestion: face.id, action, label: label || null, second: second || null, origin: origin(),
      seconds: Math.round((performance.now() - state.shownAt) / 10) / 100,
    };
    const item = { face, words: inWords({ action, label, second }, face), status: 'sending', place: state.place };
    state.decisions.push(item);
    state.place += 1;
    render();
    renderDecisions();
    fercure.tell('/api/decide', { reviewer: fercure.reviewer, audit: state.audit, opinions: [opinion] }, (result, error) => {
      item.status = error ? 'failed' : result.reviews[0].isApplied ? 'saved' : 'second';
      if (result) {
        state.figures = result.figures;
        face.state = result.reviews[0].state;
        face.decidedBy = fercure.reviewer;
        renderFigures();
      }
      renderDecisions();
    });
    fercure.say(`${item.words}. Next: ${current() ? `${current().from} to ${target(current())}` : 'end of the queue'}`);
  }

  function origin() {
    if (scope() === 'second') return 'second-pass';
    if (scope() === 'conflict') return 'conflict';
    return state.random.has(state.place) ? 'random' : 'queue';
  }

  const relabel = name => decide('relabel', name);

  function ambiguous(name) {
    const face = current();
    if (!face) return;
    const other = name || (face.to ?? ranked(face).map(item => item.name).find(item => item !== face.from));
    decide('ambiguous', face.from, other);
  }

  function undo() {
    if (fercure.isBlocked()) return;
    fercure.tell('/api/undo', { reviewer: fercure.reviewer, audit: state.audit }, (result, error) => {
      if (error) return;
      if (!result.reviews.length) { fercure.say('There is nothing to take back'); return; }
      state.figures = result.figures;
      const ids = result.reviews.map(review => review.suggestion);
      for (const item of state.decisions) if (ids.includes(item.face.id) && item.status !== 'undone') item.status = 'undone';
      for (const review of result.reviews) {
        const face = state.faces.get(review.suggestion);
        if (face) face.state = review.state;
      }
      const place = state.ids.indexOf(ids[0]);
      if (place >= 0) state.place = place;
      else { state.ids.splice(state.place, 0, ids[0]); state.random = new Set(); }
      if (!current()) load([ids[0]]).then(render);
      render();
      renderDecisions();
      fercure.say('Taken back');
    });
  }

  function move(step) {
    const place = state.place + step;
    if (place < 0 || place > state.ids.length) return;
    state.place = place;
    if (place < state.ids.length && !current()) load([state.ids[place]]).then(render);
    render();
  }

  function smooth() {
    state.isSmooth = !state.isSmooth;
    keepSetting('smooth', state.isSmooth ? '1' : '0');
    parts.image.classList.toggle('smooth', state.isSmooth);
  }

  const actions = [
    { name: 'accept', title: 'Accept', keys: 'W', style: 'primary', run: () => decide('accept') },
    { name: 'reject', title: 'Keep given', keys: 'Q', style: '', run: () => decide('reject') },
    { name: 'ambiguous', title: 'Ambiguous', keys: 'A', style: '', run: () => ambiguous() },
    { name: 'exclude', title: 'Not a face', keys: 'E', style: '', run: () => decide('exclude') },
    { name: 'skip', title: 'Skip', keys: 'N', style: '', run: () => decide('skip') },
    { name: 'undo', title: 'Undo', keys: 'U', style: 'quiet', run: undo },
  ];

  function press(event) {
    const start = event.timeStamp;
    const key = event.key.toLowerCase();
    const digit = /^Digit([1-9])$/.exec(event.code);
    const onControl = event.target.closest('button, a, select, input');
    if (event.repeat && key !== 'arrowleft' && key !== 'arrowright') return true;
    if (digit && current()) {
      const item = ranked(current())[Number(digit[1]) - 1];
      if (!item) return false;
      if (event.shiftKey) ambiguous(item.name); else relabel(item.name);
    } else if (key === 'z' && event.ctrlKey) undo();
    else if (event.ctrlKey) return false;
    else if (key === 'w' || (key === 'enter' && !onControl)) decide('accept');
    else if (key === 'q') decide('reject');
    else if (key === 'e') decide('exclude');
    else if (key === 'n') decide('skip');
    else if (key === 'a') ambiguous();
    else if (key === 'u' || key === 'backspace') undo();
    else if (key === 'b' || key === 'arrowleft') move(-1);
    else if (key === 'arrowright') move(1);
    else if (key === 's') smooth();
    else if (key === 'h' && current() && !fercure.startOffline) fercure.blame(current().sample, current().key);
    else if (key === 'g' && current() && !fercure.startOffline) fercure.go('grid', { from: current().from, to: target(current()) });
    else return false;
    measure(start);
    return true;
  }

  // How long a key press takes until the next face is painted: read by the tests, and by whoever is curious.
  function measure(start) {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => performance.measure('next-face', { start, end: performance.now() });
      channel.port2.postMessage(null);
    });
  }

  fercure.views.queue = {
    show, press,
    keys: [
      ['W', 'accept the suggestion (Enter too)'], ['Q', 'keep the given label'], ['1 … 9', 'relabel: classes in order of probability'],
      ['A', 'ambiguous: given and suggested label share the face'], ['Shift 1 … 9', 'ambiguous: the given label and this class'],
      ['E', 'not a face: take the sample out'], ['N', 'skip: cannot tell'], ['U', 'undo (Backspace, Ctrl Z too)'],
      ['B', 'back, → forward, without deciding'], ['S', 'smooth or crisp pixels'], ['H', 'history of this face'],
      ['G', 'grid of this pair of labels'], ['?', 'this help'],
    ],
    note: 'A decision is saved on disk before it is called saved.',
  };
})();
