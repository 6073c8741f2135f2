// One job: what it is, how far it is, its tiles, and what can be done about it.

import { ApiError, follow, post } from './api.js';
import { chart } from './chart.js';
import { fill, h, setHidden, setText } from './dom.js';
import { bytes, count, duration, parseTime, percent, plural, rate, shape } from './format.js';
import { TileMap } from './map.js';
import { stateOf } from './state.js';

const FAILURES_SHOWN = 8;
const SLOWEST_SHOWN = 5;

export function showJob(main, id, onLink) {
  const view = new JobPage(id);
  main.replaceChildren(...view.parts);
  const stop = follow(`/${id}/events`, (_, job) => view.show(job), state => {
    onLink(state);
    if (state instanceof ApiError && state.status === 404) {
      view.showUnknown(state);
    }
  });
  return () => {
    stop();
    view.map.stop();
  };
}

class JobPage {
  constructor(id) {
    this.id = id;
    this.showsAll = false;
    document.title = 'Upweave';
    this.title = h('h1', { class: 'reference' }, id);
    this.pill = h('span', { class: 'pill' });
    this.alert = h('p', { class: 'banner failed', role: 'alert', hidden: true });
    this.note = h('p', { class: 'banner', hidden: true });
    this.buttons = {
      pause: this.button('pause', 'Pause', 'Sends out no more tiles'),
      resume: this.button('resume', 'Resume', 'Goes on'),
      retry: this.button('retry', 'Retry', 'Runs the missing tiles again'),
      cancel: this.button('cancel', 'Cancel…', 'Stops the job and removes what it staged'),
    };
    this.bar = h('progress', { max: 1, value: 0, 'aria-label': 'Tiles done' });
    this.share = h('strong', { class: 'share' });
    this.figures = h('dl', { class: 'figures' });
    this.map = new TileMap(id);
    this.chart = h('section', { class: 'panel' });
    this.workers = h('section', { class: 'panel' });
    this.failures = h('section', { class: 'panel wide', 'aria-label': 'Failed tiles' });
    this.slowest = h('section', { class: 'panel wide' });
    this.facts = h('section', { class: 'panel wide' });
    this.parts = [
      h('nav', { 'aria-label': 'Where you are' }, h('a', { href: '#/' }, '← Jobs')),
      h('div', { class: 'title' }, this.title, this.pill, h('div', { class: 'buttons' }, Object.values(this.buttons))),
      this.alert,
      this.note,
      h('section', { class: 'panel progress', 'aria-label': 'Progress' }, h('div', { class: 'barline' }, this.bar, this.share), this.figures),
      h('div', { class: 'columns' }, this.map.element, h('div', { class: 'side' }, this.chart, this.workers)),
      this.failures,
      this.slowest,
      this.facts,
    ];
    for (const part of [...Object.values(this.buttons), ...this.parts.slice(4)]) {
      part.hidden = true;
    }
  }

  button(order, text, title) {
    return h('button', { type: 'button', title, class: order === 'cancel' ? 'danger' : null, click: () => this.order(order) }, text);
  }

  async order(order) {
    if (order === 'cancel' && !await isConfirmed()) {
      return;
    }
    const button = this.buttons[order];
    button.disabled = true;
    try {
      await post(`/${this.id}/${order}`);
      setHidden(this.alert, true);
    } catch (error) {
      setText(this.alert, `It could not be done: ${error.message}`);
      setHidden(this.alert, false);
    } finally {
      button.disabled = false;
    }
  }

  showUnknown(error) {
    setText(this.alert, error.message);
    setHidden(this.alert, false);
  }

  show(job) {
    const { status, activity } = job;
    const { progress } = status;
    const state = stateOf(status);
    const share = progress.tile_count > 0 ? progress.tiles_done / progress.tile_count : 0;
    for (const part of this.parts.slice(4)) {
      setHidden(part, false);
    }
    document.title = `${state.class === 'running' ? percent(share) : state.text} ${status.output}`;
    setText(this.title, status.output);
    setText(this.pill, state.class === 'running' ? `running: ${progress.stage}` : state.text);
    this.pill.className = `pill ${state.class}`;
    this.showButtons(status);
    this.showNote(status);
    this.bar.value = share;
    this.bar.className = state.class;
    setText(this.share, percent(share));
    this.showFigures(job, state);
    setHidden(this.parts[5], !activity);
    setHidden(this.failures, !activity || activity.failures.length === 0);
    setHidden(this.slowest, !activity || activity.slowest.length === 0);
    if (activity) {
      this.map.show(job);
      fill(this.chart, [activity.steps, activity.step_seconds], () => chart(activity, status.state === 'running'));
      this.showWorkers(activity, status);
      fill(this.failures, [activity.failures, activity.tiles_again, this.showsAll], () => [
        h('h2', {}, `${plural(activity.tiles_failed, 'tile')} failed`
          + (activity.tiles_again > 0 ? `, ${count(activity.tiles_again)} tried again` : '')),
        table(['Tile', 'Error', 'Attempt', 'Worker', 'Trace'], activity.failures.slice(0, this.showsAll ? undefined : FAILURES_SHOWN), tile => [
          tileName(tile),
          h('span', {}, h('span', { class: `pill ${tile.is_final ? 'failed' : 'paused'}` }, tile.is_final ? tile.kind : 'tried again'), ' ', tile.message),
          count(tile.attempt), tile.worker || 'lost', trace(tile.trace_id)]),
        this.showsAll || activity.failures.length <= FAILURES_SHOWN ? '' : h('button', {
          type: 'button', class: 'more', click: () => {
            this.showsAll = true;
            this.show(job);
          },
        }, `Show ${count(activity.failures.length - FAILURES_SHOWN)} more`),
      ]);
      const slowest = activity.slowest.slice(0, SLOWEST_SHOWN);
      fill(this.slowest, slowest, () => [
        h('h2', {}, 'Slowest tiles'),
        table(['Tile', 'Took', 'Worker', 'Trace'], slowest, tile => [
          tileName(tile), duration(tile.seconds), tile.worker, trace(tile.trace_id)]),
      ]);
    }
    this.showFacts(job);
  }

  showButtons(status) {
    const isRunning = status.state === 'running';
    setHidden(this.buttons.pause, !isRunning || Boolean(status.paused));
    setHidden(this.buttons.resume, !isRunning || !status.paused);
    setHidden(this.buttons.cancel, !isRunning);
    setHidden(this.buttons.retry, status.state !== 'failed');
  }

  showNote(status) {
    const text = status.warning ?? status.reason ?? '';
    setText(this.note, text);
    this.note.className = `banner ${status.reason ? 'failed' : 'paused'}`;
    setHidden(this.note, text === '');
  }

  showFigures({ status, activity }, state) {
    const { progress } = status;
    const elapsed = parseTime(progress.elapsed);
    const figures = [['tiles', `${count(progress.tiles_done)} of ${count(progress.tile_count)}`]];
    if (state.class === 'running' && activity) {
      figures.push(['rate', rate(activity.tiles_per_second)]);
      figures.push(['left', activity.remaining_seconds == null ? 'not known yet' : `about ${duration(activity.remaining_seconds)}`]);
    }
    figures.push([state.class === 'running' ? 'so far' : 'time', duration(elapsed)], ['written', bytes(progress.bytes_written)]);
    fill(this.figures, figures, () => figures.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
  }

  showWorkers(activity, status) {
    const elapsed = parseTime(status.progress.elapsed);
    const quiet = worker => (status.state === 'running' && elapsed - worker.heard_seconds > 60
      ? ` · silent for ${duration(elapsed - worker.heard_seconds)}` : '');
    const shown = activity.workers.slice(0, 12).map(worker => [worker.name || 'others', count(worker.tiles) + quiet(worker)]);
    fill(this.workers, [shown, activity.workers.length], () => [
      h('h2', {}, plural(activity.workers.length, 'worker')),
      shown.length === 0 ? h('p', { class: 'muted' }, 'None has completed a tile yet.')
        : h('ul', { class: 'workers' }, shown.map(([name, tiles]) => h('li', {}, h('span', { class: 'clip', title: name }, name), h('span', {}, tiles)))),
      activity.workers.length > shown.length ? h('p', { class: 'muted' }, `and ${count(activity.workers.length - shown.length)} more`) : '',
    ]);
  }

  showFacts(job) {
    const facts = [
      ['input', `${job.input}, ${shape(job.input_shape)}`],
      ['output', `${shape(job.shape)} (${[...job.axes].join(', ')}) ${job.dtype}, ${job.format}`],
      ['tile', shape(job.tile)],
      ['job', this.id],
      ['plan', job.plan_hash],
      ['trace', job.activity?.trace_id ?? 'not kept'],
      ['started', job.activity ? new Date(job.activity.started_at).toLocaleString() : ''],
    ].filter(([, value]) => value !== '');
    fill(this.facts, facts, () => [
      h('h2', {}, 'Job'),
      h('dl', { class: 'facts' }, facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
    ]);
  }
}

const trace = id => (id ? h('code', { class: 'trace' }, id) : null);

const tileName = tile => h('span', {},
  tile.stage === 'compute' || tile.stage === 'pyramid' ? count(tile.tile) : tile.stage,
  tile.level ? h('span', { class: 'muted' }, ` of level ${tile.level}`) : null,
  tile.box ? h('span', { class: 'muted' }, ` ${tile.box}`) : null);

/** Columns in which no row has anything, such as traces where none are kept, are left out. */
function table(heads, rows, cellsOf) {
  const cells = rows.map(cellsOf);
  const columns = heads.map((_, column) => column).filter(column => cells.some(row => row[column] !== null));
  return h('table', {},
    h('thead', {}, h('tr', {}, columns.map(column => h('th', { scope: 'col' }, heads[column])))),
    h('tbody', {}, cells.map(row => h('tr', {}, columns.map(column => h('td', { 'data-head': heads[column] }, row[column] ?? '–'))))));
}

function isConfirmed() {
  const dialog = document.getElementById('confirm');
  return new Promise(resolve => {
    dialog.returnValue = 'no';
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
    dialog.showModal();
  });
}
