/** @import { RunView } from "../../api/schemas.ts" */
/** @import { Api } from "./api.js" */
import { Refusal } from "./api.js";

/** A browser keeps six connections to a host: some are left for what people ask for. */
const mostStreams = 3;
const [shortestWait, longestWait] = [1000, 30_000];

/** @typedef {{ onRun: (run: RunView) => void, onEnd: () => void, onRefusal: (error: unknown) => void }} Listener */

/** Follows the runs that are under way through their event streams. */
export class Live {
  #api;
  #listener;
  /** @type {Map<string, AbortController>} by name of the run */
  #streams = new Map();

  /**
   * @param {Api} api
   * @param {Listener} listener
   */
  constructor(api, listener) {
    this.#api = api;
    this.#listener = listener;
  }

  /**
   * Follows the first few of these runs and no others.
   * @param {readonly string[]} names
   */
  follow(names) {
    const wanted = names.slice(0, mostStreams);
    for (const [name, stream] of this.#streams) {
      if (!wanted.includes(name)) this.#stop(name, stream);
    }
    for (const name of wanted.filter((one) => !this.#streams.has(one))) {
      const stream = new AbortController();
      this.#streams.set(name, stream);
      this.#untilItEnds(name, stream.signal)
        .catch(this.#listener.onRefusal)
        .finally(() => {
          if (this.#streams.get(name) === stream) this.#streams.delete(name);
        });
    }
  }

  /**
   * @param {string} name
   * @param {AbortController} stream
   */
  #stop(name, stream) {
    this.#streams.delete(name);
    stream.abort();
  }

  /**
   * @param {string} name
   * @param {AbortSignal} signal
   */
  async #untilItEnds(name, signal) {
    const heard = { id: "", wait: shortestWait };
    while (!(await this.#listen(name, heard, signal))) {
      await pause(heard.wait, signal);
      heard.wait = Math.min(2 * heard.wait, longestWait);
    }
  }

  /**
   * Reads one stream to its end. A broken one is opened again; a refusal is not a broken stream.
   * @param {string} name
   * @param {{ id: string, wait: number }} heard
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} whether nothing follows
   */
  async #listen(name, heard, signal) {
    try {
      for await (const { event, data, id } of await this.#api.events(name, heard.id, signal)) {
        [heard.id, heard.wait] = [id, shortestWait];
        if (event === "run") this.#listener.onRun(runOf(data));
        // After `closing` another replica goes on.
        if (event === "end" && !data.includes("closing")) {
          this.#listener.onEnd();
          return true;
        }
      }
    } catch (error) {
      if (!signal.aborted && error instanceof Refusal && [401, 403, 404].includes(error.status)) throw error;
    }
    return signal.aborted;
  }
}

/**
 * @param {string} data
 * @returns {RunView} as the sidecar's schema says
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-return -- one door, as in api.js
const runOf = (data) => JSON.parse(data);

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
const pause = (milliseconds, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
