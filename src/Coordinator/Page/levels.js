// The choice of a resolution, for outputs that have several.

import { fill, h, setHidden } from './dom.js';
import { shape } from './format.js';

/** @param onChoice Called with the level: 0 is the full resolution. */
export function levelChoice(onChoice) {
  const list = h('select', { id: 'level', change: () => onChoice(list.selectedIndex) });
  const element = h('div', { class: 'slice', hidden: true }, h('label', { for: 'level' }, 'Resolution'), list);
  const name = (level, extents) => `${level === 0 ? 'full' : `level ${level}`}: ${shape(extents)}`;
  return {
    element,
    show(levels) {
      setHidden(element, levels.length === 1);
      fill(list, levels.map(level => level.shape), () => levels.map((level, at) => h('option', {}, name(at, level.shape))));
    },
  };
}
