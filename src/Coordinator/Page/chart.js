// Throughput over time, as bars.

import { h } from './dom.js';
import { duration, rate } from './format.js';

const WIDTH = 600;
const HEIGHT = 120;
const SVG = 'http://www.w3.org/2000/svg';

/** @param isRunning The last step is not over yet then. */
export function chart({ steps, step_seconds: seconds }, isRunning) {
  const whole = isRunning && steps.length > 1 ? steps.slice(0, -1) : steps;
  const highest = Math.max(...whole, 1e-9);
  const slot = WIDTH / Math.max(whole.length, 20);
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `Throughput over ${duration(steps.length * seconds)}, ${rate(highest / seconds)} at most`);
  whole.forEach((tiles, step) => {
    const height = tiles > 0 ? Math.max(2, tiles / highest * HEIGHT) : 0;
    const bar = document.createElementNS(SVG, 'rect');
    Object.entries({ x: step * slot, y: HEIGHT - height, width: slot * 0.82, height }).forEach(([name, value]) => bar.setAttribute(name, value));
    svg.append(bar);
  });
  return [
    h('h2', {}, 'Throughput'),
    h('div', { class: 'chart' }, h('span', { class: 'muted' }, highest >= 1 ? rate(highest / seconds) : ''), svg),
    h('div', { class: 'axis muted' }, h('span', {}, 'start'), h('span', {}, whole.length >= 20 ? duration(whole.length * seconds) : duration(20 * seconds))),
  ];
}
