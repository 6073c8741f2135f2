// Numbers, sizes and times for people.

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

export const count = value => whole.format(value);

export const plural = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${short.format(value)} ${units[unit]}`;
}

export const rate = perSecond => perSecond >= 0.1 || perSecond === 0
  ? `${short.format(perSecond)} tiles/s`
  : `${short.format(perSecond * 60)} tiles/min`;

/** 0.004 is 4 ms, 75 is 1 min 15 s. */
export function duration(seconds) {
  if (seconds < 0.9995) {
    return `${short.format(seconds * 1000)} ms`;
  }
  if (seconds < 60) {
    return `${seconds < 10 ? short.format(seconds) : Math.round(seconds)} s`;
  }
  const total = Math.round(seconds);
  const [days, hours, minutes] = [Math.floor(total / 86400), Math.floor(total / 3600) % 24, Math.floor(total / 60) % 60];
  if (days > 0) {
    return `${days} d ${hours} h`;
  }
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${total % 60} s`;
}

/** [d.]hh:mm:ss[.fraction] in seconds. */
export function parseTime(text) {
  const [, days, hours, minutes, seconds] = /^(?:(\d+)\.)?(\d+):(\d+):([\d.]+)$/.exec(text) ?? [0, 0, 0, 0, 0];
  return Number(days ?? 0) * 86400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

export const percent = share => `${share >= 1 ? 100 : Math.floor(share * 1000) / 10}%`;

/** [3,512,512] is 3 × 512 × 512. */
export const shape = extents => extents.map(count).join(' × ');
