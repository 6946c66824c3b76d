import { KubeError, resources, type Kube } from "./api.ts";
import type { Clock } from "./clock.ts";
import { EventMemory, type Series } from "./event-memory.ts";
import { eventObject, seriesPatch, type Occurrence, type Reporter } from "./event-object.ts";
import { hasStatus } from "./failure.ts";

export interface EventRecorderOptions extends Reporter {
  readonly kube: Pick<Kube, "create" | "patch">;
  readonly clock: Clock;
  /** So many occurrences could not be written, or there was no room for them: nobody will read of them. */
  onDropped(occurrence: Occurrence, count: number, error: unknown): void;
}

const mostTries = 3;
const retryMilliseconds = 2000;
/** Between two writes of one series. */
const seriesMilliseconds = 10_000;
/** What was given up is left alone for so long, though it happens again. */
const givenUpMilliseconds = 60_000;
const flushMilliseconds = 5000;

/**
 * Writes Events of events.k8s.io/v1 in the background, one at a time. What happens again within six minutes is no new Event but counts up
 * the series of the first. Recording never waits and never throws: what cannot be written is given up, after three tries where another try may
 * help.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #memory = new EventMemory();
  #writing: Promise<void> | undefined;
  #flushing = false;
  #sooner = new AbortController();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  record(occurrence: Occurrence): void {
    const { clock } = this.#options;
    const lost = this.#memory.add(occurrence, { now: clock.now(), monotonic: clock.monotonic() });
    for (const series of lost) this.#drop(series, new Error("Too many Events wait to be written"));
    this.#hurry();
    this.#writing ??= this.#write();
  }

  /** Writes what waits, each once, and gives up what is left after some seconds. */
  async flush(): Promise<void> {
    this.#flushing = true;
    this.#hurry();
    const written = new AbortController();
    const late = this.#options.clock.sleep(flushMilliseconds, written.signal);
    await Promise.race([this.#writing, late]);
    written.abort();
    for (const series of this.#memory.unsettled) this.#drop(series, new Error("There was no time left"));
    this.#flushing = false;
  }

  #hurry(): void {
    this.#sooner.abort();
    this.#sooner = new AbortController();
  }

  /** Until nothing waits. */
  async #write(): Promise<void> {
    for (let series = this.#memory.next(); series !== undefined; series = this.#memory.next()) {
      const wait = this.#flushing ? 0 : series.notBefore - this.#options.clock.monotonic();
      if (wait > 0) await this.#options.clock.sleep(Math.ceil(wait), this.#sooner.signal);
      else await this.#writeOne(series);
    }
    this.#writing = undefined;
  }

  async #writeOne(series: Series): Promise<void> {
    try {
      if (series.exists) await this.#count(series);
      else await this.#create(series);
      series.failures = 0;
    } catch (error) {
      this.#failed(series, error);
    }
  }

  async #create(series: Series): Promise<void> {
    const { occurrence, name, firstAt: at } = series;
    const { kube } = this.#options;
    const place = { resource: resources.events, namespace: occurrence.regarding.namespace };
    try {
      await kube.create(place, eventObject(occurrence, this.#options, { name, at }));
    } catch (error) {
      // The name says what and when: it is this one, whose answer was lost.
      if (!hasStatus(error, 409)) throw error;
    }
    series.exists = true;
    this.#memory.settle(series, Math.max(1, series.settled));
  }

  async #count(series: Series): Promise<void> {
    const { occurrence, name, count, lastAt } = series;
    const { kube, clock } = this.#options;
    const at = { resource: resources.events, namespace: occurrence.regarding.namespace, name };
    try {
      await kube.patch(at, seriesPatch(count, lastAt));
      this.#memory.settle(series, count);
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
      // Deleted, or older than Events are kept: it begins again, and is counted up with the next write.
      await this.#create(series);
    }
    series.notBefore = clock.monotonic() + seriesMilliseconds;
  }

  #failed(series: Series, error: unknown): void {
    series.failures++;
    const mayHelp = isPassing(error) && series.failures < mostTries && !this.#flushing;
    if (!mayHelp) this.#drop(series, error);
    const wait = mayHelp ? retryMilliseconds * series.failures : givenUpMilliseconds;
    series.notBefore = this.#options.clock.monotonic() + wait;
  }

  #drop(series: Series, error: unknown): void {
    const dropped = series.count - series.settled;
    series.failures = 0;
    this.#memory.settle(series, series.count);
    this.#options.onDropped(series.occurrence, dropped, error);
  }
}

/** No answer, asked to wait, or a fault of the server. */
const isPassing = (error: unknown): boolean =>
  error instanceof KubeError && (error.status === 0 || error.status === 429 || error.status >= 500);
