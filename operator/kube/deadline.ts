/** A call's time: its signal is aborted when the time is up or when `given` is. Disposed, the time no longer runs out. */
export class Deadline implements Disposable {
  readonly signal: AbortSignal;
  readonly #end: number;
  readonly #timer: NodeJS.Timeout;

  constructor(seconds: number, given?: AbortSignal) {
    const late = new AbortController();
    this.signal = given === undefined ? late.signal : AbortSignal.any([given, late.signal]);
    this.#end = performance.now() + seconds * 1000;
    this.#timer = setTimeout(() => {
      late.abort();
    }, seconds * 1000);
  }

  secondsLeft(): number {
    return (this.#end - performance.now()) / 1000;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
