const hashOf = (bytes: Uint8Array, start: number, end: number): number => {
  let hash = 0x811c9dc5; // FNV-1a, 32 bits
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash >>> 0;
};

/** As rows' own texts are decoded: a byte order mark is part of an id, and two ids never become one. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Gives each station id a small number in the order of first appearance, from the bytes of the row as they
 * arrive: millions of rows name a few hundred stations, so a string is made only once per station.
 */
export class StationCodes {
  readonly ids: string[] = [];
  readonly #bytes: Uint8Array[] = [];
  #slots = new Int32Array(1024).fill(-1);

  /** Throws TypeError when a new id is not valid UTF-8. */
  codeOf(buffer: Uint8Array, start: number, end: number): number {
    const slot = this.#find(buffer, start, end);
    const known = this.#slots[slot] ?? -1;
    return known === -1 ? this.#add(slot, new Uint8Array(buffer.subarray(start, end))) : known;
  }

  #find(buffer: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(buffer, start, end) & mask;
    for (;;) {
      const code = this.#slots[slot] ?? -1;
      if (code === -1 || this.#equals(code, buffer, start, end)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #equals(code: number, buffer: Uint8Array, start: number, end: number): boolean {
    const known = this.#bytes[code];
    if (known === undefined || known.length !== end - start) return false;
    for (let i = known.length - 1; i >= 0; i--) if (known[i] !== buffer[start + i]) return false; // ids differ at their end
    return true;
  }

  #add(slot: number, bytes: Uint8Array): number {
    const code = this.ids.push(utf8.decode(bytes)) - 1;
    this.#bytes.push(bytes);
    this.#slots[slot] = code;
    if (this.ids.length * 2 > this.#slots.length) this.#grow();
    return code;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (const [code, bytes] of this.#bytes.entries()) this.#slots[this.#find(bytes, 0, bytes.length)] = code;
  }
}
