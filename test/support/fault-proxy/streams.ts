import type { IncomingMessage, ServerResponse } from "node:http";

interface Stream {
  readonly answer: IncomingMessage;
  readonly response: ServerResponse;
}

/** The watches and followed logs that run. */
export class Streams {
  readonly #running = new Set<Stream>();

  add(answer: IncomingMessage, response: ServerResponse): void {
    const stream = { answer, response };
    this.#running.add(stream);
    response.on("close", () => this.#running.delete(stream));
  }

  get size(): number {
    return this.#running.size;
  }

  dropAll(): number {
    return this.#each(({ response }) => response.socket?.destroy());
  }

  halfOpenAll(): number {
    return this.#each(({ answer, response }) => {
      answer.unpipe(response);
      answer.resume();
    });
  }

  #each(act: (stream: Stream) => void): number {
    const running = [...this.#running];
    this.#running.clear();
    for (const stream of running) act(stream);
    return running.length;
  }
}
