// Makes elements, and changes them only where something is new, so that focus and selection stay where they are.

/** h('p', { class: 'note' }, 'text', child): properties that are functions are listeners; null children are left out. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === 'function') {
      element.addEventListener(key, value);
    } else if (value !== null && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function setHidden(element, isHidden) {
  if (element.hidden !== isHidden) {
    element.hidden = isHidden;
  }
}

const filled = new WeakMap();

/** Puts what make() returns into the element when the state is another one than last time. */
export function fill(element, state, make) {
  const key = JSON.stringify(state);
  if (filled.get(element) !== key) {
    filled.set(element, key);
    element.replaceChildren(...[make()].flat());
  }
}
