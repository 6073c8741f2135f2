// How the state of a job is called and coloured.

const texts = { completed: 'completed', failed: 'failed', cancelled: 'cancelled', running: 'running' };

export function stateOf(status) {
  return status.paused ? { class: 'paused', text: 'paused' } : { class: status.state, text: texts[status.state] ?? status.state };
}
