// The list of jobs.

import { follow } from './api.js';
import { fill, h } from './dom.js';
import { count, duration, parseTime, percent, plural } from './format.js';
import { stateOf } from './state.js';

export function showJobs(main, onLink) {
  document.title = 'Upweave';
  const summary = h('p', { class: 'muted' });
  const list = h('div');
  main.replaceChildren(h('h1', {}, 'Jobs'), summary, list);
  return follow('/events', (_, { jobs }) => {
    const running = jobs.filter(job => job.state === 'running');
    const ended = jobs.filter(job => job.state !== 'running');
    document.title = running.length > 0 ? `(${running.length}) Upweave` : 'Upweave';
    fill(summary, [running.length, ended.length], () =>
      jobs.length === 0 ? '' : `${plural(running.length, 'job')} running, ${count(ended.length)} ended since the coordinator was started.`);
    fill(list, jobs, () => jobs.length === 0 ? empty() : [section('Running', running), section('Ended', ended)].filter(Boolean));
  }, onLink);
}

function section(title, jobs) {
  return jobs.length === 0 ? null : h('section', { 'aria-label': title },
    h('h2', {}, title),
    h('ul', { class: 'jobs' }, jobs.map(row)));
}

function row(job) {
  const { tiles_done: done, tile_count: all, elapsed, stage } = job.progress;
  const state = stateOf(job);
  const share = all > 0 ? done / all : 0;
  return h('li', {}, h('a', { class: `job ${state.class}`, href: `#/jobs/${job.job_id}` },
    h('span', { class: 'name' }, job.output),
    h('span', { class: `pill ${state.class}` }, state.text),
    h('progress', { max: 1, value: share, 'aria-label': `${percent(share)} of the tiles` }),
    h('span', { class: 'facts' },
      `${count(done)} of ${plural(all, 'tile')}`, ' · ',
      state.class === 'running' ? `${stage}, ${duration(parseTime(elapsed))}` : duration(parseTime(elapsed))),
    job.warning || job.reason ? h('span', { class: 'why' }, job.warning ?? job.reason) : null));
}

function empty() {
  return h('div', { class: 'panel empty' },
    h('p', {}, 'No jobs are running, and none have ended since the coordinator was started.'),
    h('pre', {}, `upweave submit data/photo.jpg results/photo-2x.png --preset bicubic --scale 2\n\ncurl ${location.origin}/api/jobs --json @job.json`));
}
