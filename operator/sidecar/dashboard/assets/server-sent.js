/** @typedef {{ readonly event: string, readonly data: string, readonly id: string }} ServerSent */

/** One event may not be larger; a run with all its attempts has a few KiB. */
const largest = 1_048_576;

/**
 * The events of a text/event-stream body (WHATWG HTML, "Server-sent events"). EventSource would read it too, but
 * cannot send a token.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 * @returns {AsyncGenerator<ServerSent, void, undefined>}
 */
export async function* serverSent(body) {
  let rest = "";
  let id = "";
  for await (const text of pieces(body)) {
    // A CR at the end may be the first half of a CRLF: it waits for what follows.
    const blocks = (rest + text).replace(/\r\n|\r(?!$)/gu, "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    if (rest.length > largest) throw new Error("The sidecar sent an event that does not end");
    for (const block of blocks) {
      const event = parsed(block, id);
      id = event.id;
      if (event.data !== "") yield event;
    }
  }
}

/**
 * The body as text; it is cancelled when whoever reads it stops.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 * @returns {AsyncGenerator<string, void, undefined>}
 */
export async function* pieces(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // It may be broken already, and whoever reads was told.
  }
}

/**
 * @param {string} block
 * @param {string} id of the event before, which holds until another one is sent
 * @returns {ServerSent}
 */
function parsed(block, id) {
  /** @type {string[]} */
  const data = [];
  const fields = { event: "message", id };
  for (const line of block.split("\n")) {
    const [, name, value = ""] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? [];
    if (name === "data") data.push(value);
    if (name === "event" || name === "id") fields[name] = value;
  }
  return { ...fields, data: data.join("\n") };
}
