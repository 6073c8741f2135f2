// Shows the list of jobs at #/ and a job at #/jobs/ID.

import { ApiError } from './api.js';
import { setText } from './dom.js';
import { showJob } from './job.js';
import { showJobs } from './jobs.js';

const main = document.getElementById('main');
const link = document.getElementById('link');
let leave = () => {};

function onLink(state) {
  const isLive = state === 'live';
  link.className = `link ${isLive ? 'live' : 'broken'}`;
  if (isLive) {
    setText(link, 'live');
  } else if (state instanceof ApiError) {
    setText(link, state.message);
  } else {
    setText(link, 'connecting again…');
  }
}

function route() {
  leave();
  const [, id] = /^#\/jobs\/([0-9a-f-]{36})$/.exec(location.hash) ?? [];
  leave = id ? showJob(main, id, onLink) : showJobs(main, onLink);
  scrollTo(0, 0);
}

addEventListener('hashchange', () => {
  route();
  main.focus();
});
route();
