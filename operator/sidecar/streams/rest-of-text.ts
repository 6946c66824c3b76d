/** Reads a text that is sent from its beginning each time, and gives each byte once. */
export class RestOfText {
  #given = 0;

  async *of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let at = 0;
    for await (const chunk of chunks) {
      const unread = chunk.subarray(Math.max(0, this.#given - at));
      at += chunk.length;
      if (unread.length === 0) continue;
      this.#given = at;
      yield unread;
    }
  }
}
