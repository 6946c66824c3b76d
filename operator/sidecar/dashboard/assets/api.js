/** @import { ModelView, RunSummary, RunView } from "../../api/schemas.ts" */
import { pieces, serverSent } from "./server-sent.js";

/** @typedef {{ model?: string, dryRun?: true, force?: { reason: string }, reason?: string }} Order */
/** @typedef {{ detail?: string, title?: string, run?: string | { name: string } }} Problem */
/** @typedef {{ method?: "POST", headers?: Record<string, string>, body?: string, signal?: AbortSignal }} Request */

/** What the sidecar answered instead of what was asked for; the message is a sentence for people. */
export class Refusal extends Error {
  /**
   * @param {number} status of HTTP; 0 when there was no answer
   * @param {string} message
   * @param {string | undefined} run the run that is in the way
   */
  constructor(status, message, run) {
    super(message);
    /** @readonly */
    this.status = status;
    /** @readonly */
    this.run = run;
  }
}

/** The sidecar's API for whoever has this token, which stays in this object's methods. */
export class Api {
  #token;

  /** @param {string} token */
  constructor(token) {
    this.#token = token;
  }

  /** @returns {Promise<readonly ModelView[]>} */
  async models() {
    /** @type {{ models: ModelView[] }} */
    const answer = await this.#json("api/models");
    return answer.models;
  }

  /**
   * Newest first.
   * @param {string} model all models when empty
   * @param {number} limit
   * @returns {Promise<readonly RunSummary[]>}
   */
  async runs(model, limit) {
    const query = new URLSearchParams({ limit: String(limit), ...(model === "" ? {} : { model }) });
    /** @type {{ runs: RunSummary[] }} */
    const answer = await this.#json(`api/runs?${query.toString()}`);
    return answer.runs;
  }

  /**
   * @param {string} name
   * @returns {Promise<RunView>}
   */
  run(name) {
    return this.#json(`api/runs/${encodeURIComponent(name)}`);
  }

  /**
   * @param {Order} order
   * @param {string} key the same for each try to give the same order: it starts at most one run
   * @returns {Promise<{ run: RunView }>}
   */
  train(order, key) {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
    return this.#json("api/train", { method: "POST", headers, body: JSON.stringify(order) });
  }

  /** @param {string} name */
  async cancel(name) {
    await this.#ask(`api/runs/${encodeURIComponent(name)}/cancel`, { method: "POST" });
  }

  /**
   * @param {string} name
   * @param {string} lastId of the event seen last; empty at first
   * @param {AbortSignal} signal
   */
  async events(name, lastId, signal) {
    const headers = { Accept: "text/event-stream", ...(lastId === "" ? {} : { "Last-Event-ID": lastId }) };
    const response = await this.#ask(`api/runs/${encodeURIComponent(name)}/events`, { headers, signal });
    return serverSent(bodyOf(response));
  }

  /**
   * The trainer's log as far as it is written, and then as it is written.
   * @param {string} name
   * @param {AbortSignal} signal
   */
  async logs(name, signal) {
    return pieces(bodyOf(await this.#ask(`api/runs/${encodeURIComponent(name)}/logs`, { signal })));
  }

  /**
   * The page about a run, as a file.
   * @param {string} name
   */
  async report(name) {
    return (await this.#ask(`api/runs/${encodeURIComponent(name)}/report`)).blob();
  }

  /**
   * Page and API are served by one program: an answer that is no error has the type that its schemas say.
   * @template T
   * @param {string} path
   * @param {Request} [request]
   * @returns {Promise<T>}
   */
  async #json(path, request) {
    const response = await this.#ask(path, request);
    // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- the one door
    return response.json();
  }

  /**
   * @param {string} path
   * @param {Request} [request]
   */
  async #ask(path, request = {}) {
    const headers = { ...request.headers, Authorization: `Bearer ${this.#token}` };
    const response = await fetch(path, { ...request, headers, cache: "no-store" }).catch(unreachable);
    if (response.ok) return response;
    throw await refusalOf(response);
  }
}

/** @param {Response} response */
function bodyOf({ body }) {
  if (body === null) throw new Refusal(0, "The sidecar sent nothing.", undefined);
  return body;
}

/**
 * @param {unknown} error
 * @returns {never}
 */
function unreachable(error) {
  if (error instanceof DOMException && error.name === "AbortError") throw error;
  throw new Refusal(0, "The sidecar cannot be reached.", undefined);
}

/** @param {Response} response */
async function refusalOf(response) {
  const { detail, title, run } = await problemOf(response);
  const what = detail ?? title ?? `The sidecar answered ${String(response.status)} ${response.statusText}`;
  const wait = response.status === 429 ? response.headers.get("Retry-After") : null;
  const sentence = `${what.replace(/[.\s]*$/u, "")}.${wait === null ? "" : ` Try again in ${wait} s.`}`;
  return new Refusal(response.status, sentence, typeof run === "object" ? run.name : run);
}

/**
 * @param {Response} response
 * @returns {Promise<Problem>}
 */
async function problemOf(response) {
  if (!response.headers.get("Content-Type")?.startsWith("application/problem+json")) return {};
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- as in #json
  return response.json();
}
