'use strict';
// The entrances: which labels are doubted, how the suggestions lie, who reviewed.
(() => {
  const { el, svg, percent, count, picture } = fercure;

  async function start() {
    const values = fercure.parameters();
    values.set('min', '1');
    const grid = await fercure.ask('/api/cells', values);
    Object.assign(fercure, { classes: grid.classes, reviewer: grid.reviewer, dataset: grid.dataset });
    return grid.figures;
  }

  // MARK: Matrix
  async function showMatrix(main) {
    const [figures, cells] = await Promise.all([start(), fercure.ask('/api/matrix', new URLSearchParams())]);
    const columns = [...fercure.classes, ...(cells.some(cell => cell.to === 'not a face') ? ['not a face'] : [])];
    const byPlace = new Map(cells.map(cell => [`${cell.from}\n${cell.to}`, cell]));
    const most = Math.max(1, ...cells.map(cell => cell.open));
    const cellOf = (from, to) => {
      const cell = byPlace.get(`${from}\n${to}`);
      if (!cell) return el('td', { class: 'none', text: from === to ? '' : '·' });
      const level = cell.open ? 1 + Math.round(3 * Math.sqrt(cell.open / most)) : 0;
      const words = `${from} to ${to}: ${cell.open} open of ${cell.total}, ${cell.accepted} accepted, ${cell.otherwise} kept or changed otherwise`
        + (cell.open ? `, ${Math.round(cell.expected)} of the open ones expected right` : '');
      const changes = { from, to, state: cell.open ? null : 'all', min: null, order: null };
      return el('td', { class: `level-${level}` }, el('a', {
        href: fercure.address('grid', changes), title: words, 'aria-label': words,
        onclick: event => { event.preventDefault(); fercure.go('grid', changes); },
      }, el('b', { text: count(cell.open) }), el('span', { text: cell.total === cell.open ? '' : `of ${count(cell.total)}` })));
    };
    main.replaceChildren(el('div', { class: 'overview-page' },
      el('h1', { text: 'Which labels are doubted' }),
      el('p', { class: 'lead' }, `${count(figures.open)} of ${count(figures.total)} suggestions are open. `,
        'Rows are the given labels, columns the suggested ones; a cell opens its faces.'),
      el('div', { class: 'scroll' }, el('table', { class: 'matrix' },
        el('thead', null, el('tr', null, el('td', { class: 'corner', text: 'given ↓ suggested →' }), columns.map(name => el('th', { scope: 'col', text: name })))),
        el('tbody', null, fercure.classes.map(from => el('tr', null, el('th', { scope: 'row', text: from }), columns.map(to => cellOf(from, to))))))),
      budgets(figures)));
  }

  function budgets(figures) {
    if (!figures.open) return null;
    const rows = figures.budgets.filter((budget, index, all) => !index || budget.reviews !== all[index - 1].reviews);
    return el('section', { class: 'tables' },
      el('table', { class: 'plain' }, el('caption', { text: 'What more reviews are worth, the surest first' }),
        el('thead', null, el('tr', null, ['Reviews', 'Labels fixed'].map(text => el('th', { scope: 'col', text })))),
        el('tbody', null, rows.map(budget => el('tr', null, el('td', { text: count(budget.reviews) }),
          el('td', { text: `${Math.round(budget.fixes)} ± ${Math.round(budget.margin)}` }))))),
      el('table', { class: 'plain' }, el('caption', { text: 'If the open ones are accepted' }),
        el('thead', null, el('tr', null, ['From confidence', 'Faces', 'Right', 'Decisions behind it'].map(text => el('th', { scope: 'col', text })))),
        el('tbody', null, figures.rest.map((rest, tenth) => ({ rest, tenth })).filter(item => item.rest.count).reverse().map(({ rest, tenth }) => el('tr', null,
          el('td', { text: percent(tenth / 10) }), el('td', { text: count(rest.count) }),
          el('td', { text: `${percent(rest.right / rest.count)} ± ${Math.round(100 * rest.margin / rest.count)}` }),
          el('td', { text: count(rest.judged) }))))));
  }

  // MARK: Map
  const map = { data: null, box: null };

  async function showMap(main) {
    const [, data] = await Promise.all([start(), fercure.ask('/api/map', new URLSearchParams())]);
    map.data = data;
    map.box = null;
    const size = 640;
    const margin = 12;
    const at = value => margin + value * (size - 2 * margin);
    const drawing = svg('svg', { viewBox: `0 0 ${size} ${size}`, class: 'map', role: 'img', tabindex: 0,
      'aria-label': `${data.ids.length} suggestions; select a part with the pointer, or with the fields below` });
    data.ids.forEach((id, index) => drawing.append(svg('circle', {
      cx: at(data.x[index]).toFixed(1), cy: at(data.y[index]).toFixed(1), r: data.isOpen[index] ? 3 : 2,
      class: `class-${data.suggested[index] < 0 ? 'none' : data.suggested[index] % 8}${data.isOpen[index] ? '' : ' closed'}`,
    })));
    const frame = svg('rect', { class: 'frame', x: 0, y: 0, width: 0, height: 0 });
    drawing.append(frame);
    const result = el('p', { class: 'lead', role: 'status' }, 'Draw a rectangle to see its faces.');
    const faces = el('div', { class: 'faces' });
    let from = null;
    const point = event => {
      const box = drawing.getBoundingClientRect();
      const clamp = value => Math.min(1, Math.max(0, value));
      return [clamp(((event.clientX - box.left) / box.width * size - margin) / (size - 2 * margin)),
        clamp(((event.clientY - box.top) / box.height * size - margin) / (size - 2 * margin))];
    };
    const select = box => {
      map.box = box;
      frame.setAttribute('x', at(box[0]));
      frame.setAttribute('y', at(box[1]));
      frame.setAttribute('width', at(box[2]) - at(box[0]));
      frame.setAttribute('height', at(box[3]) - at(box[1]));
      const inside = data.ids.map((_, index) => index).filter(index =>
        data.x[index] >= box[0] && data.x[index] <= box[2] && data.y[index] >= box[1] && data.y[index] <= box[3]);
      const text = box.map(value => value.toFixed(4)).join(',');
      const changes = { box: text, from: null, to: null, min: null };
      result.replaceChildren(`${count(inside.length)} suggestions. `, el('a', { href: fercure.address('grid', changes),
        text: 'Open them in the grid', onclick: event => { event.preventDefault(); fercure.go('grid', changes); } }));
      faces.replaceChildren(...inside.slice(0, 48).map(index => fercure.neighbour(
        { sample: data.samples[index], pixels: data.pixels[index], key: '', split: '', label: data.classes[data.given[index]] },
        `${data.classes[data.given[index]]} → ${data.suggested[index] < 0 ? 'not a face' : data.classes[data.suggested[index]]}`)));
    };
    drawing.addEventListener('pointerdown', event => { from = point(event); drawing.setPointerCapture(event.pointerId); });
    const ordered = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])];
    drawing.addEventListener('pointermove', event => { if (from) select(ordered(from, point(event))); });
    drawing.addEventListener('pointerup', () => { from = null; });
    // Arrow keys move a rectangle of a fifth, with Shift they change its size.
    map.nudge = event => {
      const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      const move = moves[event.key];
      if (!move) return false;
      const box = map.box || [0.4, 0.4, 0.6, 0.6];
      const by = 0.05;
      const next = event.shiftKey ? [box[0], box[1], box[2] + move[0] * by, box[3] + move[1] * by]
        : [box[0] + move[0] * by, box[1] + move[1] * by, box[2] + move[0] * by, box[3] + move[1] * by];
      if (next[0] < 0 || next[1] < 0 || next[2] > 1.0001 || next[3] > 1.0001 || next[2] - next[0] < by / 2 || next[3] - next[1] < by / 2) return true;
      select(next);
      return true;
    };
    const legend = el('ul', { class: 'legend', 'aria-label': 'Suggested class' }, data.classes.map((name, index) =>
      el('li', null, el('i', { class: `class-${index % 8}` }), name)));
    main.replaceChildren(el('div', { class: 'overview-page' }, el('h1', { text: 'Map of the suggestions' }),
      el('p', { class: 'lead', text: 'Near each other lies what the networks think alike: the two directions in which their class probabilities differ most. Colours are the suggested classes.' }),
      el('div', { class: 'map-side' }, el('div', null, drawing, legend), el('div', null, result, faces))));
    if (!data.ids.length) result.textContent = 'The last audit left no probabilities, so there is no map.';
  }

  // MARK: People
  async function showPeople(main) {
    const [figures, people] = await Promise.all([start(), fercure.ask('/api/people', new URLSearchParams())]);
    const number = value => value === null || value === undefined ? '–' : value.toFixed(2);
    const actions = ['accept', 'reject', 'relabel', 'ambiguous', 'exclude', 'skip'];
    main.replaceChildren(el('div', { class: 'overview-page' },
      el('h1', { text: 'Who reviewed' }),
      el('p', { class: 'lead' }, people.reviewers.length ? `${count(people.shared)} faces were seen by two people or more` : 'Nobody has decided anything yet',
        people.kappa === null || people.kappa === undefined ? '. ' : `; Fleiss’ kappa ${number(people.kappa)}. `,
        people.conflicts ? el('a', { href: fercure.address('queue', { state: 'conflict' }), text: `${people.conflicts} conflicts to settle` }) : null),
      el('div', { class: 'tables' },
        people.reviewers.length ? el('div', { class: 'scroll' }, el('table', { class: 'plain' }, el('caption', { text: 'Reviewers' }),
          el('thead', null, el('tr', null, ['Name', 'Faces', ...actions, 's a face'].map(text => el('th', { scope: 'col', text })))),
          el('tbody', null, people.reviewers.map(person => el('tr', null, el('th', { scope: 'row', text: person.name }),
            el('td', { text: count(person.decisions) }), actions.map(action => el('td', { text: count(person.actions[action] || 0) })),
            el('td', { text: person.seconds === null || person.seconds === undefined ? '–' : person.seconds.toFixed(1) })))))) : null,
        people.pairs.length ? el('div', { class: 'scroll' }, el('table', { class: 'plain' }, el('caption', { text: 'Agreement of two' }),
          el('thead', null, el('tr', null, ['Reviewers', 'Faces', 'Agreed', 'Cohen’s kappa'].map(text => el('th', { scope: 'col', text })))),
          el('tbody', null, people.pairs.map(pair => el('tr', null, el('th', { scope: 'row', text: `${pair.first}, ${pair.second}` }),
            el('td', { text: count(pair.faces) }), el('td', { text: percent(pair.agreed / pair.faces) }), el('td', { text: number(pair.kappa) })))))) : null),
      el('h2', { text: 'Take it along' }),
      el('p', { class: 'lead' }, el('a', { href: '/files/decisions.csv', text: 'Decisions as csv' }), ' for ', el('code', { text: 'fercure resolve --from' }), ', ',
        el('a', { href: '/files/offline.html', text: 'the queue as one HTML file' }), ' for somebody without fercure, ',
        el('a', { href: '/files/label-studio.json', text: 'tasks for Label Studio' }), '.'),
      budgets(figures)));
  }

  fercure.views.matrix = { show: showMatrix, keys: [['Tab', 'to the next cell'], ['Enter', 'open its faces'], ['?', 'this help']] };
  fercure.views.map = { show: showMap, press: event => map.nudge ? map.nudge(event) : false,
    keys: [['← → ↑ ↓', 'move the rectangle'], ['Shift ← → ↑ ↓', 'change its size'], ['?', 'this help']] };
  fercure.views.people = { show: showPeople, keys: [['?', 'this help']] };
})();
