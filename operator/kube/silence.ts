/** Aborts its signal when a stream that is listened to gives nothing for too long: a connection may be dead and look alive. */
export class Silence implements Disposable {
  readonly #controller = new AbortController();
  readonly #seconds: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The same chunks. The time that the reader takes between two of them is no silence. */
  async *between<T>(chunks: AsyncIterable<T>): AsyncGenerator<T> {
    this.#begin();
    for await (const chunk of chunks) {
      clearTimeout(this.#timer);
      yield chunk;
      this.#begin();
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #begin(): void {
    this.#timer = setTimeout(() => {
      this.#controller.abort();
    }, this.#seconds * 1000);
  }
}
