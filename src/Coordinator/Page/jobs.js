// The list of jobs.

import { follow } from './api.js';
import { fill, h, setHidden, setText } from './dom.js';
import { count, duration, parseTime, percent, plural } from './format.js';
import { stateOf } from './state.js';

export function showJobs(main, onLink) {
  document.title = 'Upweave';
  const summary = h('p', { class: 'muted' });
  const none = h('div', { class: 'panel empty', hidden: true });
  const running = new Section('Running');
  const ended = new Section('Ended');
  main.replaceChildren(h('h1', {}, 'Jobs'), summary, none, running.element, ended.element);
  return follow('/events', (_, { jobs }) => {
    const now = jobs.filter(job => job.state === 'running');
    const before = jobs.filter(job => job.state !== 'running');
    document.title = now.length > 0 ? `(${now.length}) Upweave` : 'Upweave';
    setText(summary, jobs.length === 0 ? ''
      : `${plural(now.length, 'job')} running, ${count(before.length)} ended since the coordinator was started.`);
    setHidden(none, jobs.length > 0);
    fill(none, [], empty);
    running.show(now);
    ended.show(before);
  }, onLink);
}

/** Jobs under one heading. A row stays the element that it is, so that it keeps the focus while its job goes on. */
class Section {
  constructor(title) {
    this.list = h('ul', { class: 'jobs' });
    this.element = h('section', { 'aria-label': title, hidden: true }, h('h2', {}, title), this.list);
    this.rows = new Map();
  }

  show(jobs) {
    setHidden(this.element, jobs.length === 0);
    const known = new Set(jobs.map(job => job.job_id));
    for (const [id, row] of this.rows) {
      if (!known.has(id)) {
        row.element.remove();
        this.rows.delete(id);
      }
    }
    jobs.forEach((job, place) => {
      if (!this.rows.has(job.job_id)) {
        this.rows.set(job.job_id, new Row(job.job_id));
      }
      const row = this.rows.get(job.job_id);
      row.show(job);
      if (this.list.children[place] !== row.element) {
        this.list.insertBefore(row.element, this.list.children[place] ?? null);
      }
    });
  }
}

class Row {
  constructor(id) {
    this.name = h('span', { class: 'name' });
    this.pill = h('span');
    this.bar = h('progress', { max: 1, value: 0 });
    this.facts = h('span', { class: 'facts' });
    this.why = h('span', { class: 'why', hidden: true });
    this.link = h('a', { href: `#/jobs/${id}` }, this.name, this.pill, this.bar, this.facts, this.why);
    this.element = h('li', {}, this.link);
  }

  show(job) {
    const { tiles_done: done, tile_count: all, elapsed, stage } = job.progress;
    const state = stateOf(job);
    const share = all > 0 ? done / all : 0;
    const time = duration(parseTime(elapsed));
    const why = job.warning ?? job.reason ?? '';
    this.link.className = `job ${state.class}`;
    setText(this.name, job.output);
    this.pill.className = `pill ${state.class}`;
    setText(this.pill, state.text);
    this.bar.value = share;
    this.bar.setAttribute('aria-label', `${percent(share)} of the tiles`);
    setText(this.facts, `${count(done)} of ${plural(all, 'tile')} · ${state.class === 'running' ? `${stage}, ${time}` : time}`);
    setText(this.why, why);
    setHidden(this.why, why === '');
  }
}

const empty = () => [
  h('p', {}, 'No jobs are running, and none have ended since the coordinator was started.'),
  h('pre', {}, 'upweave submit data/photo.jpg results/photo-2x.png --preset bicubic --scale 2\n\n'
    + `curl ${location.origin}/api/jobs --json @job.json`),
];
