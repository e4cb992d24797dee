// A recording as a file: BVH is written by the server, GLB here.

import { encode } from "./msgpack.js";
import { post } from "./server.js";

/** kind: "bvh" or "glb"; recording: {times, poses}; the browser then saves the file. Throws an Error with words for the user. */
export async function download(kind, skeleton, { times, poses }) {
  const content = kind === "glb" ? await glb(skeleton, times, poses) : await bvh(times, poses);
  save(new Blob([content]), `motionwire.${kind}`);
}

async function bvh(times, poses) {
  const answer = await post("recording.bvh", encode({ times: new Uint8Array(times.buffer), poses: new Uint8Array(poses.buffer) }));
  return answer.arrayBuffer();
}

async function glb(skeleton, times, poses) {
  const { toGlb } = await import("./glb.js"); // loaded when it is first wanted
  return toGlb(skeleton, times, poses);
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
