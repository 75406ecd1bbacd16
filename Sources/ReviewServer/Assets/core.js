'use strict';
// What every view shares: elements, addresses, requests that must not get lost, dialogs.
const fercure = { views: {}, classes: [], reviewer: '', dataset: '' };

// The question for the first face is on its way while the rest of the page still loads.
if (location.pathname === '/' && location.protocol !== 'file:') {
  fercure.early = fetch(`/api/start?${new URLSearchParams(location.search)}`, { headers: { Accept: 'application/json' } });
  fercure.early.catch(() => {});
}

(() => {
  // MARK: Elements. Text is always set as text: nothing a dataset holds becomes markup.
  function el(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else if (name === 'text') element.textContent = value;
      else element.setAttribute(name, value === true ? '' : String(value));
    }
    element.append(...children.flat().filter(child => child !== null && child !== undefined));
    return element;
  }

  function svg(tag, attributes, ...children) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const percent = share => share === null || share === undefined ? '–' : `${Math.round(share * 100)} %`;
  const count = value => value.toLocaleString('en');
  // The tag of the picture makes the address of one face another one's in no other dataset.
  const picture = face => fercure.pictures ? fercure.pictures[face.sample] : `/image/${face.sample}-${face.pixels}.png`;

  // MARK: Addresses. Filters stand in the address, so that a queue can be sent to somebody.
  const parameters = () => new URLSearchParams(location.search);

  function address(view, changes) {
    const values = parameters();
    for (const [name, value] of Object.entries(changes || {})) {
      if (value === null || value === undefined || value === '') values.delete(name);
      else values.set(name, value);
    }
    const query = values.toString();
    return (view === 'queue' ? '/' : `/${view}`) + (query ? `?${query}` : '');
  }

  function go(view, changes) {
    history.pushState(null, '', address(view, changes));
    show();
  }

  // MARK: Requests
  async function ask(path, values) {
    const early = path === '/api/start' ? fercure.early : null;
    fercure.early = null;
    if (early) return answer(await early);
    const query = values || parameters();
    if (!query.has('reviewer') && fercure.reviewer) query.set('reviewer', fercure.reviewer);
    return answer(await fetch(`${path}?${query}`, { headers: { Accept: 'application/json' } }));
  }

  async function answer(response) {
    const value = await response.json().catch(() => ({}));
    if (!response.ok) throw Object.assign(new Error(value.error || `error ${response.status}`), { isRefused: true });
    return value;
  }

  // What is said is sent one after the other. When one fails, the others wait for a second try: nothing is skipped.
  const waiting = [];
  let isSending = false;

  function tell(path, value, done) {
    if (fercure.tellOffline) { fercure.tellOffline(path, value, done); return; }
    waiting.push({ path, value, done });
    send();
  }

  async function send() {
    if (isSending) return;
    isSending = true;
    while (waiting.length) {
      const { path, value, done } = waiting[0];
      try {
        const response = await fetch(path, {
          method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value),
        });
        const result = await answer(response);
        waiting.shift();
        trouble(null);
        done(result, null);
      } catch (error) {
        if (error.isRefused) {
          waiting.shift();
          done(null, error);
          trouble(error.message);
          continue;
        }
        trouble(`Not saved yet: the server does not answer. ${waiting.length} waiting.`, () => send());
        break;
      }
    }
    isSending = false;
  }

  const isBlocked = () => waiting.length > 0 && !isSending;

  function trouble(message, again) {
    const box = document.getElementById('trouble');
    box.replaceChildren();
    if (!message) return;
    box.append(el('span', { text: message }));
    if (again) box.append(el('button', { type: 'button', text: 'Try again', onclick: again }));
    else box.append(el('button', { type: 'button', text: 'Close', onclick: () => trouble(null) }));
  }

  addEventListener('beforeunload', event => { if (waiting.length) event.preventDefault(); });
  setInterval(() => { if (isBlocked()) send(); }, 2000);

  const say = text => { document.getElementById('said').textContent = text; };

  // MARK: Dialogs
  function dialog(title, ...content) {
    const box = document.getElementById('dialog');
    box.replaceChildren(
      el('form', { method: 'dialog' },
        el('div', { class: 'dialog-head' },
          el('h2', { id: 'dialog-title', text: title }),
          el('button', { class: 'quiet', 'aria-label': 'Close', text: '✕' }))),
      ...content);
    if (!box.open) box.showModal();
    return box;
  }

  function help() {
    const view = fercure.views[current()];
    const rows = (view.keys || []).map(([keys, meaning]) =>
      el('tr', null, el('th', { scope: 'row' }, keys.split(' ').map(key => el('kbd', { text: key }))),
        el('td', { text: meaning })));
    dialog('Keys', el('table', { class: 'keys' }, el('tbody', null, rows)), view.note ? el('p', { text: view.note }) : null);
  }

  function changeReviewer() {
    const field = el('input', { id: 'name', value: fercure.reviewer, maxlength: 80, autocomplete: 'off' });
    const box = dialog('Who is reviewing?', el('form', {
      class: 'stack', onsubmit: event => {
        event.preventDefault();
        const name = field.value.trim();
        if (!name) return;
        box.close();
        fercure.reviewer = name;
        if (fercure.startOffline) show(); else go(current(), { reviewer: name });
      },
    }, el('label', { for: 'name', text: 'Name' }), field, el('button', { text: 'Continue' })));
    field.select();
  }

  // MARK: Views
  const names = { queue: 'Queue', grid: 'Grid', matrix: 'Matrix', map: 'Map', people: 'People' };
  const current = () => fercure.startOffline ? 'queue' : location.pathname.slice(1) || 'queue';

  async function show() {
    const name = current();
    const view = fercure.views[name];
    if (!view) return;
    document.body.dataset.view = name;
    const list = document.getElementById('views');
    list.replaceChildren(...(fercure.startOffline ? [] : Object.keys(names).filter(key => fercure.views[key]).map(key => el('li', null, el('a', {
      href: address(key), 'aria-current': key === name ? 'page' : null, text: names[key],
      onclick: event => { event.preventDefault(); go(key); },
    })))));
    try {
      await view.show(document.getElementById('main'));
      trouble(null);
    } catch (error) {
      trouble(error.message, () => show());
    }
    document.title = `${names[name]} – ${fercure.dataset || 'Review'}`;
    document.getElementById('dataset').textContent = fercure.dataset;
    document.getElementById('reviewer').textContent = fercure.reviewer;
    document.getElementById('reviewer').setAttribute('aria-label', `Reviewer ${fercure.reviewer}; change`);
  }

  addEventListener('popstate', () => show());
  addEventListener('keydown', event => {
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (document.getElementById('dialog').open || isTyping || event.altKey || event.metaKey) return;
    if (event.key === '?') { event.preventDefault(); help(); return; }
    if (event.ctrlKey && event.key !== 'z' && event.key !== 'a') return;
    const view = fercure.views[current()];
    if (view && view.press && view.press(event)) event.preventDefault();
  });
  addEventListener('DOMContentLoaded', () => {
    document.getElementById('help').addEventListener('click', help);
    document.getElementById('reviewer').addEventListener('click', changeReviewer);
    show();
  });

  Object.assign(fercure, {
    el, svg, percent, count, picture, parameters, address, go, ask, tell, say, trouble, dialog, isBlocked, show,
    blame, neighbour,
  });

  // MARK: Pieces that several views show
  function neighbour(face, caption) {
    return el('figure', { class: 'small-face' },
      el('img', { src: picture(face), alt: `face labelled ${face.label || 'nothing'}`, width: 64, height: 64,
        title: face.similarity === null || face.similarity === undefined
          ? `${face.key}, ${face.split}` : `${face.key}, ${face.split}, alike ${face.similarity.toFixed(2)}` }),
      el('figcaption', { text: caption === undefined ? face.label || '–' : caption }));
  }

  async function blame(sample, key) {
    const lines = await ask('/api/blame', new URLSearchParams({ sample }));
    dialog(`History of ${key}`, el('ol', { class: 'history' }, lines.map(line => el('li', null,
      el('time', { datetime: line.time, text: line.time.replace('T', ' ').replace('Z', '') }), ' ',
      el('b', { text: line.actor }), ` ${line.what}`, line.reason ? el('span', { text: ` – ${line.reason}` }) : null))));
  }
})();
