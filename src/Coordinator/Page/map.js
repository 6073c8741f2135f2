// The map of a job's tiles: a cell for each, or for some where there are very many, over a small picture of the input where there is one.

import { get, getBlob } from './api.js';
import { fill, h, setHidden, setText } from './dom.js';
import { count, duration, plural } from './format.js';
import { levelChoice } from './levels.js';
import { category, named, paint, ramp } from './palette.js';

const WAITING = 0, DONE = 1, OUT = 2, AGAIN = 3, FAILED = 4;
const STATES = [['waiting', 'waiting'], ['done', 'done'], ['out', 'with workers'], ['again', 'tried again'], ['failed', 'failed']];
const REST_MS = 700; // between two questions for the map
const PREVIEW_REST_MS = 2000; // between two questions for the picture
const GRID_PIXELS = 7; // cells of fewer have no lines between them
const HEIGHT_SHARE = 0.72; // of the window, at most

export class TileMap {
  constructor(id) {
    this.id = id;
    this.abort = new AbortController();
    this.level = 0;
    this.slice = 0;
    this.colour = 'state';
    this.cursor = null;
    this.previewAt = 0;
    this.cells = document.createElement('canvas');
    this.canvas = h('canvas', {
      tabindex: 0, role: 'img', 'aria-describedby': 'map-cell',
      pointermove: event => this.point(event), pointerdown: event => this.point(event), pointerleave: () => this.move(null),
      keydown: event => this.key(event), blur: () => this.move(null),
    });
    this.what = h('p', { id: 'map-cell', class: 'cell', role: 'status' });
    this.legend = h('ul', { class: 'legend', 'aria-label': 'Legend' });
    this.slider = h('input', { type: 'range', min: 0, value: 0, id: 'slice', input: () => this.setSlice(Number(this.slider.value)) });
    this.sliceText = h('output', { for: 'slice' });
    this.sliceRow = h('div', { class: 'slice', hidden: true }, h('label', { for: 'slice' }, 'Slice'), this.slider, this.sliceText);
    this.levelChoice = levelChoice(level => this.setLevel(level));
    this.element = h('section', { class: 'panel map', 'aria-label': 'Tiles' },
      h('div', { class: 'head' }, h('h2', {}, 'Tiles'), this.choice()),
      h('div', { class: 'canvas' }, this.canvas), this.levelChoice.element, this.sliceRow, this.legend, this.what);
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.element);
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.scheme.addEventListener('change', () => this.draw(), { signal: this.abort.signal });
  }

  stop() {
    this.abort.abort();
    this.resized.disconnect();
  }

  choice() {
    return h('fieldset', { class: 'choice' }, h('legend', {}, 'Colour by'), ['state', 'worker', 'duration'].map(name => h('label', {},
      h('input', { type: 'radio', name: 'colour', value: name, checked: name === 'state', change: () => this.setColour(name) }), h('span', {}, name))));
  }

  /** Called for each event of the job. */
  show(job) {
    this.job = job;
    this.levels = job.activity.levels ?? [{ shape: job.shape, slices: job.activity.slices }];
    this.levelChoice.show(this.levels);
    this.fitSlider();
    this.wanted = job.activity.map_version;
    this.loadPreview(job.activity.preview_planes, job.status.state === 'running');
    this.load();
  }

  fitSlider() {
    const { slices } = this.levels[this.level];
    this.slider.max = slices - 1;
    setHidden(this.sliceRow, slices === 1);
  }

  setLevel(level) {
    this.level = level;
    this.fitSlider();
    this.slider.value = 0;
    this.setSlice(0);
  }

  setSlice(slice) {
    this.slice = slice;
    this.cursor = null;
    this.shown = null;
    this.load();
  }

  setColour(colour) {
    this.colour = colour;
    this.draw();
  }

  /** Loads what is wanted, one question at a time. */
  async load() {
    if (this.isLoading || this.abort.signal.aborted || this.shown === this.wanted) {
      return;
    }
    this.isLoading = true;
    try {
      const version = this.wanted;
      const answer = await get(`/${this.id}/tiles?level=${this.level}&slice=${this.slice}`, this.abort.signal);
      const bytes = text => Uint8Array.fromBase64?.(text) ?? Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
      this.map = { ...answer, state: bytes(answer.state), done: bytes(answer.done), seconds: bytes(answer.seconds), worker: bytes(answer.worker) };
      this.shown = this.isCurrent() ? version : null;
      setText(this.sliceText, answer.slice_text);
      this.draw();
      await new Promise(resolve => setTimeout(resolve, this.isCurrent() ? REST_MS : 0));
    } catch {
      this.shown = null;
      return; // the next event asks again
    } finally {
      this.isLoading = false;
    }
    if (this.shown !== null || !this.isCurrent()) {
      this.load();
    }
  }

  /** Whether what was loaded last is what was chosen last. */
  isCurrent() {
    return this.slice === this.map?.slice && this.level === (this.map.level ?? 0);
  }

  /** Asks for the picture now and then until there is one: a worker draws it when it begins the first tile. */
  async loadPreview(planes, isRunning) {
    if (planes === 0 || this.image || Date.now() < this.previewAt) {
      return;
    }
    this.previewAt = isRunning ? Date.now() + PREVIEW_REST_MS : Infinity;
    try {
      const blob = await getBlob(`/${this.id}/preview`, this.abort.signal);
      if (blob) {
        this.planes = planes;
        this.image = await createImageBitmap(blob);
        this.draw();
      }
    } catch {
      // The next event asks again.
    }
  }

  draw() {
    if (!this.map || !this.element.clientWidth) {
      return;
    }
    const { job, map } = this;
    const [, rows, columns] = map.cells;
    const { shape } = this.levels[map.level ?? 0];
    const [height, width] = job.axes.includes('y') ? shape.slice(-2) : [Math.ceil(shape.at(-1) / 16), shape.at(-1)];
    const room = this.canvas.parentElement.clientWidth;
    const scale = Math.min(room / width, innerHeight * HEIGHT_SHARE / height);
    const dots = devicePixelRatio || 1;
    const [canvasWidth, canvasHeight] = [Math.max(1, width * scale), Math.max(12, height * scale)];
    this.canvas.style.width = `${canvasWidth}px`;
    this.canvas.style.height = `${canvasHeight}px`;
    this.canvas.width = Math.round(canvasWidth * dots);
    this.canvas.height = Math.round(canvasHeight * dots);
    const tileHeight = job.axes.includes('y') ? job.tile.at(-2) * map.tiles_per_cell[1] : height;
    this.cell = {
      width: this.canvas.width * Math.min(1, job.tile.at(-1) * map.tiles_per_cell[2] / width),
      height: this.canvas.height * Math.min(1, tileHeight / height),
    };
    const context = this.canvas.getContext('2d');
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const { image } = this;
    if (image) {
      const at = Math.floor((map.slice + 0.5) / map.cells[0] * this.planes);
      const plane = image.height / this.planes;
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, 0, at * plane, image.width, plane, 0, 0, this.canvas.width, this.canvas.height);
    }
    paint(this.cells, map, this.colour, Boolean(image));
    context.imageSmoothingEnabled = false;
    context.drawImage(this.cells, 0, 0, columns * this.cell.width, rows * this.cell.height);
    this.drawLines(context, rows, columns, dots);
    this.drawMarks(context, dots);
    this.drawLegend();
    this.canvas.setAttribute('aria-label', this.summary());
  }

  drawLines(context, rows, columns, dots) {
    if (Math.min(this.cell.width, this.cell.height) < GRID_PIXELS * dots) {
      return;
    }
    context.strokeStyle = named('--gap');
    context.lineWidth = Math.max(1, Math.round(dots));
    context.beginPath();
    for (let column = 1; column < columns; column++) {
      const x = Math.round(column * this.cell.width) + 0.5;
      context.moveTo(x, 0);
      context.lineTo(x, this.canvas.height);
    }
    for (let row = 1; row < rows; row++) {
      const y = Math.round(row * this.cell.height) + 0.5;
      context.moveTo(0, y);
      context.lineTo(this.canvas.width, y);
    }
    context.stroke();
  }

  /** A cross on what has failed, for those who cannot tell red, and a frame around the cell that is pointed at. */
  drawMarks(context, dots) {
    const columns = this.map.cells[2];
    const { width, height } = this.cell;
    const corner = at => [(at % columns) * width, Math.floor(at / columns) * height];
    if (this.colour === 'state' && Math.min(width, height) >= GRID_PIXELS * dots) {
      context.strokeStyle = '#fff';
      context.lineWidth = 1.5 * dots;
      context.beginPath();
      this.map.state.forEach((state, at) => {
        if (state === FAILED) {
          const [x, y] = corner(at);
          const arm = Math.min(width, height) * 0.22;
          context.moveTo(x + width / 2 - arm, y + height / 2 - arm);
          context.lineTo(x + width / 2 + arm, y + height / 2 + arm);
          context.moveTo(x + width / 2 + arm, y + height / 2 - arm);
          context.lineTo(x + width / 2 - arm, y + height / 2 + arm);
        }
      });
      context.stroke();
    }
    if (this.cursor !== null) {
      const [x, y] = corner(this.cursor);
      for (const [colour, line] of [['#fff', 4], ['#111', 2]]) {
        context.strokeStyle = colour;
        context.lineWidth = line * dots;
        context.strokeRect(x, y, Math.max(width, 3 * dots), Math.max(height, 3 * dots));
      }
    }
  }

  drawLegend() {
    const { map, colour } = this;
    const entry = (style, text) => h('li', {}, h('i', { class: style }), text);
    if (colour === 'state') {
      const found = new Set(map.state);
      const shown = STATES.filter((_, state) => state === WAITING || state === DONE || found.has(state));
      const isClear = Boolean(this.image);
      fill(this.legend, [colour, shown, isClear], () => shown.map(([name, text]) => entry(name === 'done' && isClear ? 'clear' : name, text)));
    } else if (colour === 'worker') {
      const found = [...new Set(map.worker)].filter(worker => worker > 0).sort((a, b) => a - b);
      fill(this.legend, [colour, found, map.workers.length], () => found.length === 0 ? [entry('waiting', 'none yet')] : [
        ...found.slice(0, 8).map(worker => {
          const item = entry('', map.workers[worker] ?? 'others');
          item.firstChild.style.background = category(worker);
          return item;
        }),
        found.length > 8 ? h('li', {}, `and ${found.length - 8} more`) : '',
      ]);
    } else {
      const known = map.seconds.filter(value => value > 0);
      const [least, most] = [Math.min(...known), Math.max(...known)];
      fill(this.legend, [colour, least, most], () => {
        const bar = h('i', { class: 'ramp' });
        bar.style.background = `linear-gradient(to right, ${ramp(0)}, ${ramp(0.25)}, ${ramp(0.5)}, ${ramp(0.75)}, ${ramp(1)})`;
        return known.length === 0 ? [entry('waiting', 'none yet')] : [h('li', {}, duration(secondsOf(least)), bar, duration(secondsOf(most)))];
      });
    }
  }

  summary() {
    const names = STATES.map(([, text], state) => [text, this.map.state.reduce((sum, value) => sum + (value === state), 0)]);
    return `Map of tiles${this.map.level ? ` of level ${this.map.level}` : ''}, ${plural(this.map.state.length, 'cell')}: ${names.filter(([, number]) => number > 0)
      .map(([text, number]) => `${count(number)} ${text}`).join(', ')}. Arrow keys move from cell to cell.`;
  }

  point(event) {
    if (!this.map || !this.cell) {
      return;
    }
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / box.width * this.canvas.width / this.cell.width);
    const row = Math.floor((event.clientY - box.top) / box.height * this.canvas.height / this.cell.height);
    const [, rows, columns] = this.map.cells;
    this.move(column >= 0 && column < columns && row >= 0 && row < rows ? row * columns + column : null);
  }

  key(event) {
    const [, rows, columns] = this.map?.cells ?? [0, 0, 0];
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const step = steps[event.key];
    if (!step || rows === 0) {
      return;
    }
    event.preventDefault();
    const [column, row] = this.cursor === null ? [0, 0] : [this.cursor % columns + step[0], Math.floor(this.cursor / columns) + step[1]];
    this.move(Math.min(rows - 1, Math.max(0, row)) * columns + Math.min(columns - 1, Math.max(0, column)));
  }

  move(cursor) {
    if (cursor === this.cursor) {
      return;
    }
    this.cursor = cursor;
    setText(this.what, cursor === null ? '' : this.describe(cursor));
    if (this.map) {
      this.draw();
    }
  }

  describe(at) {
    const { map } = this;
    const [row, column] = [Math.floor(at / map.cells[2]), at % map.cells[2]];
    const isOne = map.tiles_per_cell.every(tiles => tiles === 1);
    const [, rows, columns] = map.tiles;
    const name = isOne
      ? `Tile ${count((map.slice * rows + row) * columns + column)}`
      : `Row ${row * map.tiles_per_cell[1]}, column ${column * map.tiles_per_cell[2]}: ${Math.round(map.done[at] / 2.55)}% done`;
    const parts = [name, STATES[map.state[at]][1]];
    if (map.seconds[at] > 0) {
      parts.push(isOne ? duration(secondsOf(map.seconds[at])) : `${duration(secondsOf(map.seconds[at]))} at most`);
    }
    if (map.worker[at] > 0) {
      parts.push(map.workers[map.worker[at]] ?? 'one of many workers');
    }
    return parts.join(' · ');
  }
}

/** As Insight/TileSeconds.cs writes them. */
const secondsOf = byte => 0.001 * 2 ** ((byte - 1) / 12);
