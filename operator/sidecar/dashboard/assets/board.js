/** @import { ModelView, RunSummary } from "../../api/schemas.ts" */
/** @import { Api } from "./api.js" */
import { announcement, showActive } from "./active.js";
import { announce, notice } from "./announcer.js";
import { Refusal } from "./api.js";
import { byId } from "./dom.js";
import { Live } from "./live.js";
import { showModels } from "./models.js";
import { showRuns } from "./runs.js";

const refreshMilliseconds = 10_000;
const tickMilliseconds = 1000;
const [fewRuns, allRuns] = [20, 200];

/** What one signed-in person sees, kept up to date until it is closed. */
export class Board {
  #api;
  #signOut;
  #live;
  /** @type {readonly ModelView[]} */
  #models = [];
  /** @type {readonly RunSummary[]} */
  #runs = [];
  #limit = fewRuns;
  #loads = 0;
  #closing = new AbortController();

  /**
   * @param {Api} api
   * @param {(why: string) => void} signOut
   */
  constructor(api, signOut) {
    this.#api = api;
    this.#signOut = signOut;
    this.#live = new Live(api, {
      onRun: (run) => {
        this.#take(run);
      },
      onEnd: () => void this.refresh(),
      onRefusal: (error) => {
        this.refused(error);
      },
    });
  }

  /** Shows everything for the first time; rejects when the sidecar refuses, and then shows nothing. */
  async open() {
    await this.#load();
    const { signal } = this.#closing;
    const timers = [
      setInterval(() => void (document.hidden ? undefined : this.refresh()), refreshMilliseconds),
      setInterval(() => {
        this.#show();
      }, tickMilliseconds),
    ];
    signal.addEventListener("abort", () => {
      timers.forEach(clearInterval);
    });
    document.addEventListener("visibilitychange", () => void this.refresh(), { signal });
    const more = byId("more", HTMLButtonElement);
    const filter = byId("filter", HTMLSelectElement);
    filter.addEventListener("change", () => void this.#filter(), { signal });
    more.addEventListener("click", () => void this.#showMore(), { signal });
  }

  close() {
    this.#closing.abort();
    this.#live.follow([]);
    this.#models = [];
    this.#runs = [];
    this.#show();
  }

  async refresh() {
    try {
      await this.#load();
      notice("");
    } catch (error) {
      this.refused(error);
    }
  }

  /**
   * A refusal that no dialog shows.
   * @param {unknown} error
   */
  refused(error) {
    if (this.#closing.signal.aborted) return;
    if (error instanceof Refusal && error.status === 401) this.#signOut(error.message);
    else notice(error instanceof Error ? error.message : String(error));
  }

  /** What is known is shown at once; the sidecar may know more, or be out of reach. */
  async #filter() {
    this.#show();
    await this.refresh();
  }

  async #showMore() {
    this.#limit = allRuns;
    await this.refresh();
  }

  async #load() {
    const filter = byId("filter", HTMLSelectElement);
    const load = ++this.#loads;
    const [models, runs] = await Promise.all([this.#api.models(), this.#api.runs(filter.value, this.#limit)]);
    // An answer that was overtaken is of an older state, or of another filter.
    if (this.#closing.signal.aborted || load !== this.#loads) return;
    for (const run of runs) this.#tell(run);
    [this.#models, this.#runs] = [models, runs];
    this.#show();
    this.#live.follow(this.#worthFollowing());
  }

  /** @param {RunSummary} run newer than the one that is shown */
  #take(run) {
    if (this.#closing.signal.aborted) return;
    this.#tell(run);
    this.#runs = this.#runs.map((one) => (one.uid === run.uid ? run : one));
    this.#models = this.#models.map((model) =>
      model.active?.uid === run.uid ? { ...model, active: run } : model,
    );
    this.#show();
  }

  /** @param {RunSummary} run */
  #tell(run) {
    announce(
      announcement(
        this.#runs.find(({ uid }) => uid === run.uid),
        run,
      ),
    );
  }

  /** The runs that have not ended, oldest first; those of models that the filter leaves out are known from the models. */
  #active() {
    const all = [...this.#runs, ...this.#models.flatMap(({ active }) => active ?? [])];
    const byUid = new Map(all.toReversed().map((run) => [run.uid, run]));
    return [...byUid.values()]
      .filter(({ verdict }) => verdict === undefined)
      .toSorted((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt));
  }

  /** Those that have started come first: there are fewer streams than runs may be waiting. */
  #worthFollowing() {
    const [started, waiting] = [true, false].map((has) =>
      this.#active().filter(({ active, startTime }) => active && (startTime !== undefined) === has),
    );
    return [...(started ?? []), ...(waiting ?? [])].map(({ name }) => name);
  }

  #show() {
    const now = Date.now();
    showModels(this.#models, now);
    showActive(this.#active(), now);
    const filter = byId("filter", HTMLSelectElement).value;
    showRuns(filter === "" ? this.#runs : this.#runs.filter(({ model }) => model === filter), now);
    offer(byId("filter", HTMLSelectElement), this.#models);
    offer(byId("train-model", HTMLSelectElement), this.#models);
    byId("more", HTMLButtonElement).hidden = this.#limit === allRuns || this.#runs.length < fewRuns;
  }
}

/**
 * Adds the models that a list of choices does not have yet.
 * @param {HTMLSelectElement} select
 * @param {readonly ModelView[]} models
 */
function offer(select, models) {
  const known = new Set([...select.options].map(({ value }) => value));
  for (const { model } of models) if (!known.has(model)) select.add(new Option(model, model));
}
