// MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md), as far as the wire protocol uses it: nil, booleans,
// numbers, strings, binary, arrays and maps with string keys. Extension types and integers past 2^53 are refused.

const MAX_DEPTH = 32;

/** Decode one message. `bytes`: Uint8Array or ArrayBuffer. Binary values come back as Uint8Array views into it. */
export function decode(bytes) {
  const data = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  const reader = new Reader(data);
  const value = reader.value(0);
  if (reader.at !== data.length) throw new RangeError(`${data.length - reader.at} bytes after the end of the message`);
  return value;
}

/** Encode one value. Whole numbers become integers, others float64; Uint8Array becomes binary. */
export function encode(value) {
  const writer = new Writer();
  writer.value(value, 0);
  return writer.data.slice(0, writer.at);
}

/** A little-endian float32 payload as Float32Array (copied, since the view may start at an odd byte). */
export function floats(bytes) {
  return new Float32Array(bytes.slice().buffer);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const utf8Encoder = new TextEncoder();

class Reader {
  constructor(data) {
    this.data = data;
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.at = 0;
  }

  take(count) {
    const start = this.at;
    if (start + count > this.data.length) throw new RangeError("message ends too early");
    this.at += count;
    return start;
  }

  unsigned(size) {
    const start = this.take(size);
    if (size === 1) return this.view.getUint8(start);
    if (size === 2) return this.view.getUint16(start);
    if (size === 4) return this.view.getUint32(start);
    return safe(this.view.getBigUint64(start));
  }

  signed(size) {
    const start = this.take(size);
    if (size === 1) return this.view.getInt8(start);
    if (size === 2) return this.view.getInt16(start);
    if (size === 4) return this.view.getInt32(start);
    return safe(this.view.getBigInt64(start));
  }

  binary(count) {
    const start = this.take(count);
    return this.data.subarray(start, start + count);
  }

  string(count) {
    return utf8.decode(this.binary(count));
  }

  array(count, depth) {
    if (count > this.data.length - this.at) throw new RangeError("array longer than the message");
    return Array.from({ length: count }, () => this.value(depth + 1));
  }

  map(count, depth) {
    if (2 * count > this.data.length - this.at) throw new RangeError("map longer than the message");
    const entries = [];
    for (let i = 0; i < count; i++) {
      const key = this.value(depth + 1);
      if (typeof key !== "string") throw new TypeError("map keys must be strings");
      entries.push([key, this.value(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  value(depth) {
    if (depth > MAX_DEPTH) throw new RangeError(`message nests deeper than ${MAX_DEPTH}`);
    const tag = this.unsigned(1);
    if (tag < 0x80) return tag;
    if (tag < 0x90) return this.map(tag & 0x0f, depth);
    if (tag < 0xa0) return this.array(tag & 0x0f, depth);
    if (tag < 0xc0) return this.string(tag & 0x1f);
    if (tag >= 0xe0) return tag - 0x100;
    switch (tag) {
      case 0xc0: return null;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4: case 0xc5: case 0xc6: return this.binary(this.unsigned(1 << (tag - 0xc4)));
      case 0xca: return this.view.getFloat32(this.take(4));
      case 0xcb: return this.view.getFloat64(this.take(8));
      case 0xcc: case 0xcd: case 0xce: case 0xcf: return this.unsigned(1 << (tag - 0xcc));
      case 0xd0: case 0xd1: case 0xd2: case 0xd3: return this.signed(1 << (tag - 0xd0));
      case 0xd9: case 0xda: case 0xdb: return this.string(this.unsigned(1 << (tag - 0xd9)));
      case 0xdc: case 0xdd: return this.array(this.unsigned(2 << (tag - 0xdc)), depth);
      case 0xde: case 0xdf: return this.map(this.unsigned(2 << (tag - 0xde)), depth);
      default: throw new TypeError(`MessagePack type 0x${tag.toString(16)} is not used on this wire`);
    }
  }
}

function safe(big) {
  const number = Number(big);
  if (!Number.isSafeInteger(number)) throw new RangeError(`integer ${big} does not fit a JavaScript number`);
  return number;
}

class Writer {
  constructor() {
    this.data = new Uint8Array(256);
    this.view = new DataView(this.data.buffer);
    this.at = 0;
  }

  room(count) {
    if (this.at + count > this.data.length) {
      const larger = new Uint8Array(Math.max(2 * this.data.length, this.at + count));
      larger.set(this.data);
      this.data = larger;
      this.view = new DataView(larger.buffer);
    }
    const start = this.at;
    this.at += count;
    return start;
  }

  put(setter, size, value) {
    const start = this.room(size); // may replace the view
    this.view[setter](start, value);
  }

  byte(value) {
    this.put("setUint8", 1, value);
  }

  // One tag byte and a big-endian unsigned length of 1, 2 or 4 bytes; `tags` are the tags of those sizes (null: no such size).
  head(tags, count) {
    if (tags[0] !== null && count < 0x100) {
      this.byte(tags[0]);
      this.byte(count);
    } else if (count < 0x10000) {
      this.byte(tags[1]);
      this.put("setUint16", 2, count);
    } else {
      this.byte(tags[2]);
      this.put("setUint32", 4, count);
    }
  }

  bytes(values) {
    const start = this.room(values.length);
    this.data.set(values, start);
  }

  number(value) {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      this.byte(0xcb);
      this.put("setFloat64", 8, value);
    } else if (value >= 0 && value < 0x80) this.byte(value);
    else if (value < 0 && value >= -0x20) this.byte(value + 0x100);
    else if (value >= 0 && value < 0x100000000) this.head([0xcc, 0xcd, 0xce], value);
    else if (value >= 0) {
      this.byte(0xcf);
      this.put("setBigUint64", 8, BigInt(value));
    } else if (value >= -0x80) {
      this.byte(0xd0);
      this.put("setInt8", 1, value);
    } else if (value >= -0x8000) {
      this.byte(0xd1);
      this.put("setInt16", 2, value);
    } else if (value >= -0x80000000) {
      this.byte(0xd2);
      this.put("setInt32", 4, value);
    } else {
      this.byte(0xd3);
      this.put("setBigInt64", 8, BigInt(value));
    }
  }

  value(value, depth) {
    if (depth > MAX_DEPTH) throw new RangeError(`value nests deeper than ${MAX_DEPTH}`);
    if (value === null || value === undefined) this.byte(0xc0);
    else if (typeof value === "boolean") this.byte(value ? 0xc3 : 0xc2);
    else if (typeof value === "number") this.number(value);
    else if (typeof value === "string") {
      const text = utf8Encoder.encode(value);
      if (text.length < 32) this.byte(0xa0 | text.length);
      else this.head([0xd9, 0xda, 0xdb], text.length);
      this.bytes(text);
    } else if (value instanceof Uint8Array) {
      this.head([0xc4, 0xc5, 0xc6], value.length);
      this.bytes(value);
    } else if (Array.isArray(value)) {
      if (value.length < 16) this.byte(0x90 | value.length);
      else this.head([null, 0xdc, 0xdd], value.length);
      for (const item of value) this.value(item, depth + 1);
    } else if (typeof value === "object") {
      const entries = Object.entries(value);
      if (entries.length < 16) this.byte(0x80 | entries.length);
      else this.head([null, 0xde, 0xdf], entries.length);
      for (const [key, item] of entries) {
        this.value(key, depth + 1);
        this.value(item, depth + 1);
      }
    } else throw new TypeError(`cannot send a ${typeof value}`);
  }
}
