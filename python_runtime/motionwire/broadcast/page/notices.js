// What the page says in words: how the connection is, and what went wrong.

const NOTICE_MS = 6000;

const get = (id) => document.getElementById(id);
let timer = 0;

/** How things are; "" while all is well. */
export function status(text) {
  get("status").textContent = text;
}

/** Something went wrong; goes away by itself. */
export function notice(text) {
  get("notice").textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => (get("notice").textContent = ""), NOTICE_MS);
}

/** Start the page: start() may throw, now or later. */
export async function begin(start) {
  try {
    await start();
  } catch (error) {
    status(`The viewer cannot start: ${error.message}`);
    throw error;
  }
}
