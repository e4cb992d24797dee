// Reads {"decode": [hex...], "refuse": [hex...]} on standard input; decodes each message with the page's msgpack.js, encodes
// it again, and prints {"fields": [value...], "again": [hex...], "refused": [message or null...]}; binary is {"bin": hex}.

import { readFileSync } from "node:fs";

// Node takes a .js file without a package.json for CommonJS, so the module's text is imported.
const text = readFileSync(new URL("../../python_runtime/motionwire/broadcast/page/msgpack.js", import.meta.url));
const { decode, encode } = await import(`data:text/javascript;base64,${text.toString("base64")}`);

const { decode: good, refuse } = JSON.parse(readFileSync(0, "utf8"));
const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"));

const plain = (key, value) => (value instanceof Uint8Array ? { bin: Buffer.from(value).toString("hex") } : value);

const again = good.map((hex) => Buffer.from(encode(decode(bytes(hex)))).toString("hex"));
const refused = refuse.map((hex) => {
  try {
    decode(bytes(hex));
    return null;
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
});
const fields = good.map((hex) => decode(bytes(hex)));
console.log(JSON.stringify({ fields, again, refused }, plain));
