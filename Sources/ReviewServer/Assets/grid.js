'use strict';
// Many faces at once: a pair of labels or a group of copies as a contact sheet, decided together.
(() => {
  const { el, percent, count, picture } = fercure;
  const step = 200;
  const state = { faces: [], total: 0, selected: new Set(), focus: 0, anchor: 0, undoable: [] };
  const parts = {};

  async function show(main) {
    const grid = await page(0);
    Object.assign(fercure, { classes: grid.classes, reviewer: grid.reviewer, dataset: grid.dataset });
    Object.assign(state, { audit: grid.audit, faces: grid.faces, total: grid.total, selected: new Set(), focus: 0, anchor: 0 });
    build(main);
    render();
    parts.list.focus({ preventScroll: true });
  }

  function page(offset) {
    const query = fercure.parameters();
    query.set('offset', offset);
    query.set('limit', step);
    return fercure.ask('/api/cells', query);
  }

  async function more() {
    const grid = await page(state.faces.length);
    const known = new Set(state.faces.map(face => face.id));
    state.faces.push(...grid.faces.filter(face => !known.has(face.id)));
    render();
  }

  const target = face => face.to === null || face.to === undefined ? 'not a face' : face.to;

  function build(main) {
    const values = fercure.parameters();
    const choice = (name, label, options) => el('label', null, el('span', { text: label }), el('select', {
      onchange: event => fercure.go('grid', { [name]: event.target.value }),
    }, options.map(([value, text]) => el('option', { value, text, selected: (values.get(name) || '') === value || null }))));
    const classes = fercure.classes.map(name => [name, name]);
    parts.title = el('h1');
    parts.list = el('div', {
      class: 'sheet', role: 'listbox', tabindex: 0, 'aria-multiselectable': 'true', 'aria-label': 'Faces',
    });
    parts.more = el('button', { type: 'button', text: 'More faces', onclick: more });
    parts.bar = el('div', { class: 'actions', role: 'group', 'aria-label': 'Decide about the selected faces' },
      actions.map(action => el('button', { type: 'button', class: action.style, 'aria-keyshortcuts': action.keys,
        'data-action': action.name, onclick: () => { action.run(); parts.list.focus(); } },
      el('span', { text: action.title }), el('kbd', { text: action.keys }))));
    parts.selected = el('p', { class: 'position' });
    main.replaceChildren(el('div', { class: 'grid' },
      el('form', { class: 'filters', 'aria-label': 'Which faces', onsubmit: event => event.preventDefault() },
        choice('from', 'Given', [['', 'any'], ...classes]),
        choice('to', 'Suggested', [['', 'any'], ...classes, ['not a face', 'not a face']]),
        choice('state', 'Faces', [['', 'open'], ['decided', 'decided'], ['skipped', 'skipped'], ['conflict', 'conflicts'], ['all', 'all']]),
        choice('min', 'Confidence', [['', 'any'], ...[5, 6, 7, 8, 9].map(tenth => [`0.${tenth}`, `from ${tenth}0 %`])])),
      parts.title, parts.selected, parts.list, parts.more, el('div', { class: 'dock' }, parts.bar)));
  }

  function render() {
    const values = fercure.parameters();
    const pair = values.get('from') || values.get('to')
      ? `${values.get('from') || 'any'} → ${values.get('to') || 'any'}` : 'All suggestions';
    parts.title.textContent = values.get('like') ? 'Copies of one picture' : values.get('box') ? `${pair}, part of the map` : pair;
    parts.list.replaceChildren(...state.faces.map((face, index) => {
      const option = el('div', {
        role: 'option', id: `face-${face.id}`, 'aria-selected': String(state.selected.has(face.id)),
        'data-state': face.state, class: index === state.focus ? 'focus' : '',
        onclick: event => click(index, event), ondblclick: () => fercure.go('queue', { from: face.from, to: target(face) }),
      }, el('img', { src: picture(face), alt: '', width: 84, height: 84, loading: 'lazy' }),
      el('span', { class: 'caption' }, el('span', { text: face.from }), ' → ', el('b', { text: target(face) })),
      el('span', { class: 'share', text: face.state === 'open' ? percent(face.confidence) : face.state }));
      return option;
    }));
    parts.more.hidden = state.faces.length >= state.total;
    if (!state.faces.length) parts.list.append(el('p', { class: 'empty', text: 'No faces here.' }));
    renderSelection();
  }

  function renderSelection() {
    const options = parts.list.querySelectorAll('[role=option]');
    options.forEach((option, index) => {
      option.setAttribute('aria-selected', String(state.selected.has(state.faces[index].id)));
      option.classList.toggle('focus', index === state.focus);
    });
    const focused = state.faces[state.focus];
    if (focused) parts.list.setAttribute('aria-activedescendant', `face-${focused.id}`);
    parts.selected.replaceChildren(el('b', { text: count(state.selected.size) }), ` selected of ${count(state.faces.length)} shown, ${count(state.total)} in all`);
    for (const button of parts.bar.querySelectorAll('[data-needs]')) button.disabled = !state.selected.size;
  }

  function click(index, event) {
    const id = state.faces[index].id;
    if (event.shiftKey) range(state.anchor, index);
    else if (state.selected.has(id)) state.selected.delete(id);
    else state.selected.add(id);
    if (!event.shiftKey) state.anchor = index;
    state.focus = index;
    renderSelection();
  }

  function range(from, to) {
    for (let index = Math.min(from, to); index <= Math.max(from, to); index++) state.selected.add(state.faces[index].id);
  }

  function decide(action) {
    const chosen = state.faces.filter(face => state.selected.has(face.id));
    if (!chosen.length || fercure.isBlocked()) return;
    const opinions = chosen.map(face => ({ suggestion: face.id, action, origin: 'grid' }));
    fercure.tell('/api/decide', { reviewer: fercure.reviewer, audit: state.audit, opinions }, (result, error) => {
      if (error) return;
      const states = new Map(result.reviews.map(review => [review.suggestion, review.state]));
      for (const face of chosen) face.state = states.get(face.id) || face.state;
      state.selected.clear();
      render();
      fercure.say(`${chosen.length} decided and saved`);
      parts.selected.append(` – ${count(chosen.length)} saved as ${result.reviews[0].state}`);
    });
  }

  function undo() {
    fercure.tell('/api/undo', { reviewer: fercure.reviewer, audit: state.audit }, (result, error) => {
      if (error) return;
      const states = new Map(result.reviews.map(review => [review.suggestion, review.state]));
      for (const face of state.faces) face.state = states.get(face.id) || face.state;
      render();
      fercure.say(`${result.reviews.length} taken back`);
      parts.selected.append(` – ${count(result.reviews.length)} taken back`);
    });
  }

  const actions = [
    { name: 'accept', title: 'Accept selected', keys: 'W', style: 'primary', run: () => decide('accept') },
    { name: 'reject', title: 'Keep given', keys: 'Q', style: '', run: () => decide('reject') },
    { name: 'exclude', title: 'Not a face', keys: 'E', style: '', run: () => decide('exclude') },
    { name: 'skip', title: 'Skip', keys: 'N', style: '', run: () => decide('skip') },
    { name: 'all', title: 'Select all', keys: 'T', style: 'quiet', run: selectAll },
    { name: 'undo', title: 'Undo', keys: 'U', style: 'quiet', run: undo },
  ];

  function selectAll() {
    const open = state.faces.filter(face => face.state === 'open');
    if (state.selected.size === open.length) state.selected.clear();
    else state.selected = new Set(open.map(face => face.id));
    renderSelection();
  }

  const columns = () => {
    const options = parts.list.querySelectorAll('[role=option]');
    if (!options.length) return 1;
    const top = options[0].offsetTop;
    let number = 0;
    while (number < options.length && options[number].offsetTop === top) number++;
    return Math.max(1, number);
  };

  function press(event) {
    const key = event.key.toLowerCase();
    const steps = { arrowleft: -1, arrowright: 1, arrowup: -columns(), arrowdown: columns(), home: -1e9, end: 1e9 };
    if (event.ctrlKey) {
      if (key === 'a') selectAll(); else if (key === 'z') undo(); else return false;
      return true;
    }
    if (key in steps) {
      const next = Math.min(state.faces.length - 1, Math.max(0, state.focus + steps[key]));
      if (event.shiftKey) range(state.focus, next); else state.anchor = next;
      state.focus = next;
      renderSelection();
      parts.list.querySelectorAll('[role=option]')[next]?.scrollIntoView({ block: 'nearest' });
      return true;
    }
    const onControl = event.target.closest('button, a');
    if ((key === ' ' || key === 'x') && !onControl) { click(state.focus, { shiftKey: event.shiftKey }); return true; }
    const action = actions.find(item => item.keys.toLowerCase() === key);
    if (action) { action.run(); return true; }
    if (key === 'escape') { state.selected.clear(); renderSelection(); return true; }
    return false;
  }

  fercure.views.grid = {
    show, press,
    keys: [
      ['← → ↑ ↓', 'move; with Shift select on the way'], ['Space', 'select or deselect (X too)'],
      ['T', 'select all open ones (Ctrl A too)'], ['W', 'accept the selected'], ['Q', 'keep their given labels'],
      ['E', 'not faces: take them out'], ['N', 'skip them'], ['U', 'undo the last decision, all of it'],
      ['Esc', 'select none'], ['?', 'this help'],
    ],
    note: 'Faces that are decided together are taken back together.',
  };
})();
