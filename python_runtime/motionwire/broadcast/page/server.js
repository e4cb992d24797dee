// Requests to the viewer's own server. The key comes in the address that the viewer is opened with, after the #.

const key = () => new URLSearchParams(location.hash.slice(1)).get("key") ?? "";

/** GET with the key; throws an Error with words for the user. */
export function get(path) {
  return request(path, {});
}

/** POST with the key; body: Uint8Array or text. */
export function post(path, body) {
  return request(path, { method: "POST", body });
}

async function request(path, options) {
  const answer = await fetch(path, { ...options, headers: { Authorization: `Bearer ${key()}` } });
  if (!answer.ok) throw new Error((await answer.text()) || answer.statusText);
  return answer;
}
