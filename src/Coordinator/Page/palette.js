// The colours of the map's cells. Over a picture, what is done is clear and the rest is veiled: the picture develops.

const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
probe.canvas.width = probe.canvas.height = 1;

/** A colour of CSS as red, green, blue and alpha, 0 to 255. */
function bytesOf(colour) {
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  return [...probe.getImageData(0, 0, 1, 1).data];
}

const swatch = document.createElement('i');

/** The value that a property of the style sheet has now, in the light or in the dark. */
export function named(property) {
  swatch.hidden = true;
  document.body.append(swatch);
  swatch.style.color = `var(${property})`;
  const colour = getComputedStyle(swatch).color;
  swatch.remove();
  return colour;
}

/** Neighbouring numbers get colours far apart. */
export const category = number => `hsl(${Math.round(number * 137.508) % 360} 52% ${number % 2 === 0 ? 48 : 62}%)`;

const STOPS = [[61, 50, 117], [49, 104, 142], [38, 150, 135], [116, 195, 87], [253, 224, 71]];

/** From dark for short to light for long, with a share of 0 to 1. */
export function ramp(share) {
  const place = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
  const [low, part] = [Math.floor(place), place % 1];
  const high = Math.min(low + 1, STOPS.length - 1);
  return `rgb(${STOPS[low].map((value, at) => Math.round(value + (STOPS[high][at] - value) * part)).join(' ')})`;
}

/** Draws a pixel for each cell. */
export function paint(canvas, map, colour, hasPicture) {
  const [, rows, columns] = map.cells;
  const waiting = withAlpha(bytesOf(named('--waiting')), hasPicture ? 0.86 : 1);
  const done = hasPicture ? [0, 0, 0, 0] : bytesOf(named('--done'));
  const states = [waiting, done, ...['--out', '--again', '--failed'].map(name => withAlpha(bytesOf(named(name)), hasPicture ? 0.85 : 1))];
  const workers = new Map();
  const known = map.seconds.filter(value => value > 0);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const durations = Array.from({ length: 256 }, (_, value) => withAlpha(
    bytesOf(ramp(most > least ? (value - least) / (most - least) : 0.5)), hasPicture ? 0.7 : 1));
  const image = new ImageData(columns, rows);
  for (let at = 0; at < rows * columns; at++) {
    image.data.set(pixel(at), at * 4);
  }
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext('2d').putImageData(image, 0, 0);

  function pixel(at) {
    const state = map.state[at];
    if (colour === 'worker' && map.worker[at] > 0) {
      const worker = map.worker[at];
      if (!workers.has(worker)) {
        workers.set(worker, withAlpha(bytesOf(category(worker)), hasPicture ? 0.7 : 1));
      }
      return mix(waiting, workers.get(worker), map.done[at] / 255);
    }
    if (colour === 'duration' && map.seconds[at] > 0) {
      return mix(waiting, durations[map.seconds[at]], map.done[at] / 255);
    }
    return state > 1 && colour === 'state' ? states[state] : mix(waiting, done, map.done[at] / 255);
  }
}

const withAlpha = ([red, green, blue], alpha) => [red, green, blue, Math.round(alpha * 255)];

/** Of two colours with alpha; a clear one leaves the other's hue. */
function mix(from, to, share) {
  if (share === 0 || share === 1) {
    return share === 0 ? from : to;
  }
  const alpha = from[3] + (to[3] - from[3]) * share;
  return [0, 1, 2].map(at => (to[3] === 0 ? from[at] : from[at] + (to[at] - from[at]) * share)).concat(alpha);
}
