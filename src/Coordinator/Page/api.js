// Talks to the coordinator: questions, orders, and streams of events that come back by themselves.

const TOKEN = 'upweave-token';
const QUIET_MS = 25000; // there is a ping every 10 s; without any for so long the stream is dead
const PAUSES_MS = [500, 1000, 2000, 4000, 8000];

export class ApiError extends Error {
  constructor(status, problems) {
    super(problems.map(problem => (problem.hint ? `${problem.message} hint: ${problem.hint}` : problem.message)).join(' ') || `HTTP ${status}`);
    this.status = status;
  }
}

export const get = async (path, signal) => (await ask(path, { signal, cache: 'no-cache' })).json();

export const post = async path => (await ask(path, { method: 'POST' })).json();

/** What is at the address, or null when it is nothing. */
export async function getBlob(path, signal) {
  const answer = await ask(path, { signal, cache: 'no-cache' });
  return answer.status === 204 ? null : answer.blob();
}

/**
 * Follows a stream for as long as nobody calls the function that it returns. Each event says everything, so after a break there is nothing
 * to be asked for.
 * @param onEvent Called with (name, data).
 * @param onLink Called with 'live', or with what is wrong: an Error.
 */
export function follow(path, onEvent, onLink) {
  const stop = new AbortController();
  run();
  return () => stop.abort();

  async function run() {
    for (let failures = 0; !stop.signal.aborted; failures++) {
      try {
        await read(() => {
          failures = -1;
          onLink('live');
        });
        throw new Error('The coordinator has ended the stream.');
      } catch (error) {
        if (stop.signal.aborted) {
          return;
        }
        onLink(error);
        if (error instanceof ApiError && error.status === 404) {
          return;
        }
      }
      await pause(PAUSES_MS[Math.min(Math.max(failures, 0), PAUSES_MS.length - 1)]);
    }
  }

  async function read(onOpen) {
    const quiet = new AbortController();
    let timer = setTimeout(() => quiet.abort(), QUIET_MS);
    try {
      const answer = await ask(path, { signal: AbortSignal.any([stop.signal, quiet.signal]) });
      onOpen();
      let text = '';
      for await (const piece of pieces(answer.body.pipeThrough(new TextDecoderStream()))) {
        clearTimeout(timer);
        timer = setTimeout(() => quiet.abort(), QUIET_MS);
        const blocks = (text + piece).split('\n\n');
        text = blocks.pop();
        blocks.forEach(tell);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  function tell(block) {
    const field = name => block.split('\n').filter(line => line.startsWith(`${name}: `)).map(line => line.slice(name.length + 2)).join('\n');
    if (field('event') !== 'ping') {
      onEvent(field('event'), JSON.parse(field('data')));
    }
  }
}

async function* pieces(stream) {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      yield next.value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** A browser that finds its network again need not wait any longer. */
function pause(milliseconds) {
  return new Promise(resolve => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener('online', go);
      resolve();
    };
    const timer = setTimeout(go, milliseconds);
    addEventListener('online', go);
  });
}

async function ask(path, options) {
  while (true) {
    const token = sessionStorage.getItem(TOKEN);
    const answer = await fetch(`api/jobs${path}`, { ...options, headers: token ? { Authorization: `Bearer ${token}` } : {} });
    if (answer.ok) {
      return answer;
    }
    if (answer.status !== 401) {
      throw new ApiError(answer.status, (await answer.json().catch(() => ({}))).problems ?? []);
    }
    await askToken(token);
  }
}

let asking = null;

/** Asks once, whoever needs it. @param refused The token that was refused; another may have been given since. */
function askToken(refused) {
  if (sessionStorage.getItem(TOKEN) !== refused) {
    return Promise.resolve();
  }
  asking ??= new Promise(resolve => {
    const dialog = document.getElementById('token');
    const value = document.getElementById('token-value');
    if (refused) {
      document.getElementById('token-text').textContent = 'That is not its token. Ask whoever runs the coordinator.';
    }
    value.value = '';
    dialog.addEventListener('cancel', event => event.preventDefault());
    dialog.addEventListener('close', () => {
      sessionStorage.setItem(TOKEN, value.value.trim());
      asking = null;
      resolve();
    }, { once: true });
    dialog.showModal();
  });
  return asking;
}
